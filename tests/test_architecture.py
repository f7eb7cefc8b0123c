"""Who may import whom: the rooms of the package stand in one order, and imports only descend."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from dativo_lint.checks import CHECKS, SHARED, check

PACKAGE = Path(__file__).resolve().parent.parent / "dativo_lint"

PICTURE = (PACKAGE.parent / "docs" / "architecture.md").read_text("utf-8")
ROOMS = tuple(reversed(re.findall(r"(?m)^  (\w+)(?:\.py|/) ", PICTURE)))
"""The rooms of the picture, lowest first; each may import those before it."""

THIRD_PARTIES: dict[str, tuple[str, ...]] = {
    "click": ("cli",),
    "msgspec": ROOMS,
    "re2": ("patterns", "terraform.functions.matching", "documents.globs", "documents.walk"),
    "sqlite3": ("engine.cache",),
    "jsonschema": ("schemas.violations",),
    "jsonschema_rs": ("schemas.violations",),
    "pathspec": ("documents.walk",),
    "tabulate": ("reports", "cli"),
    "tomli": ("documents",),
    "tomllib": ("documents",),
    "watchfiles": ("cli.watch",),
    "yaml": ("documents", "terraform.functions.notations"),
}
"""Of each package that is not ours: the modules and rooms that may import it."""

SHARED_WITHIN = {
    "checks": {f"checks.{name}" for name in SHARED},
    "reports": {
        "reports.escape",
        "reports.columns",
        "reports.entries",
        "reports.excerpt",
        "reports.line_hashes",
        "reports.sarif_limits",
        "reports.sarif_results",
        "reports.sarif_rules",
        "reports.style",
        "reports.sentences",
    },
}
"""Of rooms whose modules do not know each other: the modules that all of them may import."""

NAMES_THAT_SAY_NOTHING = {"base", "common", "core", "helpers", "manager", "misc", "utils"}

MODULES: dict[str, ast.Module] = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): ast.parse(path.read_bytes())
    for path in sorted(PACKAGE.rglob("*.py"))
}
"""Every module of the package by its name below the package; a package is its `__init__`."""


def module_named(name: str) -> str | None:
    """The module of ours that a dotted name means, without the package's own name."""
    head, _, rest = name.partition(".")
    if head != PACKAGE.name:
        return None
    return next((m for m in (rest, f"{rest}.__init__".lstrip(".")) if m in MODULES), None)


def imports_of(module: str) -> Iterator[str]:
    """The full names of all that a module imports, wherever in its text the import stands."""
    for node in ast.walk(MODULES[module]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if module_named(submodule) else node.module


def our_imports_of(module: str) -> set[str]:
    """The modules of ours that a module imports."""
    return {found for name in imports_of(module) if (found := module_named(name))}


def room_of(module: str) -> str:
    """The room that a module stands in."""
    return module.partition(".")[0]


def stands_in(module: str, places: tuple[str, ...]) -> bool:
    """Whether a module is one of some modules, or stands in one of some rooms."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


def test_every_module_stands_in_a_room_of_the_picture() -> None:
    assert sorted({room_of(module) for module in MODULES}) == sorted(ROOMS)


def test_no_import_runs_up() -> None:
    arrows = [
        f"{module} imports {other}"
        for module in MODULES
        for other in sorted(our_imports_of(module))
        if ROOMS.index(room_of(other)) > ROOMS.index(room_of(module))
    ]
    assert [] == arrows


@pytest.mark.parametrize("room", ["documents", "terraform"])
def test_rooms_for_files_and_modules_know_nothing_of_jobs_and_rules(room: str) -> None:
    used = {room_of(o) for m in MODULES if room_of(m) == room for o in our_imports_of(m)}
    assert used <= {room, "documents", "git", "names"}


def test_the_page_about_the_architecture_names_files_that_there_are() -> None:
    named = re.findall(r"`(\w+(?:/\w+)*(?:\.py|/))`", PICTURE)
    known = (PACKAGE, PACKAGE.parent)
    assert [] == [name for name in named if not any((it / name).exists() for it in known)]


@pytest.mark.parametrize("name", CHECKS)
def test_a_module_beside_the_checks_is_a_check_or_named_as_shared(name: str) -> None:
    lacking = {"Check", "APPLIES_TO"} - vars(check(name)).keys()
    assert not lacking, f"checks/{name}.py lacks {lacking}; what is no check is named in SHARED"


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter({module: our_imports_of(module) for module in MODULES}).prepare()


@pytest.mark.parametrize("room", sorted(SHARED_WITHIN))
def test_no_check_and_no_report_knows_another(room: str) -> None:
    arrows = [
        f"{module} imports {other}"
        for module in MODULES
        if room_of(module) == room and not module.endswith("__init__")
        for other in sorted(our_imports_of(module))
        if room_of(other) == room and other not in SHARED_WITHIN[room]
    ]
    assert [] == arrows


@pytest.mark.parametrize("package", sorted(THIRD_PARTIES))
def test_third_parties_stand_only_where_they_are_expected(package: str) -> None:
    strays = [
        module
        for module in MODULES
        if any(name.partition(".")[0] == package for name in imports_of(module))
        and not stands_in(module, THIRD_PARTIES[package])
    ]
    assert [] == strays


def test_every_import_is_absolute_and_of_names() -> None:
    relative = [
        f"{module}:{node.lineno}"
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.level or any(alias.name == "*" for alias in node.names))
    ]
    assert [] == relative


def test_every_module_says_what_it_is_for() -> None:
    assert [] == [module for module, tree in MODULES.items() if not ast.get_docstring(tree)]


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [] == [m for m in MODULES if NAMES_THAT_SAY_NOTHING & set(m.split("."))]
