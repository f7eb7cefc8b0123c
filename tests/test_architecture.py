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

ROOMS: dict[str, frozenset[str]] = {
    "version": frozenset(),
    "schemas": frozenset(),
    "git": frozenset(),
    "patterns": frozenset(),
    "documents": frozenset({"git"}),
    "errors": frozenset({"documents"}),
    "terraform": frozenset({"documents"}),
    "jobs": frozenset({"documents", "terraform"}),
    "checks": frozenset({"schemas", "patterns", "documents", "terraform", "jobs"}),
    "rulebook": frozenset({"version", "schemas", "documents", "errors", "jobs", "checks"}),
    "rule_settings": frozenset({"documents", "jobs"}),
    "settings": frozenset({"schemas", "documents", "errors", "jobs", "rule_settings", "rulebook"}),
    "settings_file": frozenset({"documents", "errors", "settings"}),
    "ruleset": frozenset(
        {"documents", "errors", "jobs", "checks", "rulebook", "rule_settings", "settings"}
    ),
    "findings": frozenset({"documents", "jobs", "checks", "rulebook", "ruleset"}),
    "suppressions": frozenset({"documents", "jobs", "findings"}),
    "baseline": frozenset(
        {"git", "schemas", "documents", "errors", "jobs", "rulebook", "findings"}
    ),
    "secrets": frozenset({"documents", "jobs", "findings"}),
    "file_results": frozenset({"jobs", "ruleset", "findings", "secrets"}),
    "identity": frozenset({"version", "rulebook", "settings"}),
    "shards": frozenset(
        {"version", "rulebook", "settings", "baseline", "file_results", "identity"}
    ),
    "report": frozenset({"baseline", "findings", "rulebook", "shards"}),
    "results": frozenset(
        {
            "documents",
            "jobs",
            "ruleset",
            "findings",
            "suppressions",
            "baseline",
            "secrets",
            "file_results",
            "report",
        }
    ),
    "dependents": frozenset({"documents", "jobs", "file_results"}),
    "selection": frozenset({"documents", "jobs", "settings", "shards"}),
    "unmatched": frozenset({"documents", "errors", "jobs", "settings", "selection"}),
    "engine": frozenset(
        {
            "documents",
            "errors",
            "jobs",
            "rulebook",
            "settings",
            "ruleset",
            "findings",
            "secrets",
            "file_results",
            "dependents",
            "selection",
        }
    ),
    "workers": frozenset({"documents", "file_results", "selection", "engine"}),
    "cache": frozenset({"documents"}),
    "means": frozenset(),
    "merging": frozenset(
        {
            "errors",
            "settings",
            "ruleset",
            "secrets",
            "baseline",
            "file_results",
            "shards",
            "report",
            "results",
            "selection",
            "unmatched",
        }
    ),
    "run": frozenset(
        {
            "baseline",
            "documents",
            "errors",
            "jobs",
            "settings",
            "ruleset",
            "file_results",
            "report",
            "results",
            "dependents",
            "selection",
            "unmatched",
            "engine",
            "workers",
            "identity",
            "cache",
            "means",
            "merging",
        }
    ),
    "api": frozenset(
        {
            "baseline",
            "git",
            "identity",
            "documents",
            "errors",
            "jobs",
            "rulebook",
            "settings",
            "settings_file",
            "ruleset",
            "report",
            "selection",
            "shards",
            "engine",
            "means",
            "run",
            "unmatched",
        }
    ),
    "roots": frozenset({"documents", "findings", "report"}),
    "coverage": frozenset({"documents", "jobs", "checks", "rulebook", "ruleset"}),
    "coverage_part": frozenset({"documents", "shards", "coverage"}),
    "__init__": frozenset({"version", "api"}),
    "reports": frozenset({"version", "documents", "rulebook", "findings", "shards", "report"}),
    "cli": frozenset(
        {
            "baseline",
            "version",
            "schemas",
            "documents",
            "errors",
            "terraform",
            "jobs",
            "checks",
            "rulebook",
            "rule_settings",
            "settings",
            "settings_file",
            "ruleset",
            "report",
            "cache",
            "means",
            "merging",
            "shards",
            "api",
            "roots",
            "coverage",
            "coverage_part",
            "reports",
        }
    ),
    "__main__": frozenset({"cli"}),
}
"""Of each room, lowest first: the rooms that it may import."""

THIRD_PARTIES: dict[str, tuple[str, ...]] = {
    "click": ("cli",),
    "msgspec": tuple(ROOMS),
    "re2": ("patterns", "terraform.functions.matching", "documents.globs", "documents.walk"),
    "sqlite3": ("cache",),
    "jsonschema": ("schemas.violations",),
    "jsonschema_rs": ("schemas.violations",),
    "pathspec": ("documents.walk",),
    "tabulate": ("reports", "cli"),
    "tomli": ("documents",),
    "tomllib": ("documents",),
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
        "reports.style",
        "reports.wording",
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


def test_the_table_of_rooms_runs_one_way() -> None:
    seen: set[str] = set()
    for room, below in ROOMS.items():
        assert below <= seen, f"{room} imports a room that stands above it"
        seen.add(room)


def test_every_module_stands_in_a_room_of_the_table() -> None:
    assert [] == sorted({room_of(module) for module in MODULES} - set(ROOMS))


def test_no_import_runs_up() -> None:
    arrows = [
        f"{module} imports {other}"
        for module in MODULES
        for other in sorted(our_imports_of(module))
        if room_of(other) not in {room_of(module), *ROOMS.get(room_of(module), ())}
    ]
    assert [] == arrows


def test_the_picture_shows_the_rooms_in_their_order_and_names_files_that_there_are() -> None:
    text = (PACKAGE.parent / "docs" / "architecture.md").read_text("utf-8")
    picture = re.findall(r"(?m)^  (\w+)(?:\.py|/) ", text)
    named = re.findall(r"`(\w+(?:/\w+)*(?:\.py|/))`", text)

    assert list(reversed(ROOMS)) == picture
    known = (PACKAGE, PACKAGE.parent)
    assert [] == [name for name in named if not any((it / name).exists() for it in known)]


def test_every_arrow_of_the_table_is_used() -> None:
    used = {(room_of(m), room_of(other)) for m in MODULES for other in our_imports_of(m)}
    spare = [(room, to) for room, below in ROOMS.items() for to in below if (room, to) not in used]
    assert [] == spare


@pytest.mark.parametrize("name", CHECKS)
def test_a_module_beside_the_checks_is_a_check_or_named_as_shared(name: str) -> None:
    lacking = {"Params", "APPLIES_TO", "prepare"} - vars(check(name)).keys()
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
