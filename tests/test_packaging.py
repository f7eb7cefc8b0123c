"""However the package is installed, it is whole: its rules come with it, and its locks fit it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

import dativo_lint

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CHECKOUT = Path(__file__).resolve().parent.parent
RULES = sorted(path.stem for path in CHECKOUT.glob("rules/*/*.yaml"))
LOCKS = sorted(CHECKOUT.glob("requirements/*.txt"))

COUNT = """
import json
from pathlib import Path
from dativo_lint.rulebook.index import builtin_path
print(json.dumps(sorted(path.stem for path in Path(builtin_path()).glob("*/*.yaml"))))
"""


def run(
    command: Sequence[str | Path], cwd: Path, environment: Mapping[str, str] | None = None
) -> str:
    """What a command prints; a command that fails fails the test with all that it said."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(folder: Path, target: Path) -> dict[str, Path]:
    """The source archive and the wheel of a folder, by the ends of their names."""
    backend = [sys.executable, "-m", "hatchling", "build", "-d", target]
    run(backend, folder, {**os.environ, "SOURCE_DATE_EPOCH": "1790000000"})
    return {path.suffix: path for path in target.iterdir()}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Path], dict[str, Path]]:
    """What is built from this checkout, and what is built from that source archive elsewhere."""
    top = tmp_path_factory.mktemp("archives")
    first = build(CHECKOUT, top / "first")
    (top / "unpacked").mkdir()
    run(["tar", "-xzf", first[".gz"]], top / "unpacked")
    (folder,) = (top / "unpacked").iterdir()
    for path in folder.rglob("*"):
        os.utime(path, (0, 0))
    return first, build(folder, top / "second")


def test_builds_at_other_times_in_other_folders_are_equal_byte_for_byte(
    archives: tuple[dict[str, Path], dict[str, Path]],
) -> None:
    first, second = archives
    assert {".gz", ".whl"} == first.keys()
    assert [path.name for path in first.values()] == [path.name for path in second.values()]
    assert [] == [kind for kind in first if first[kind].read_bytes() != second[kind].read_bytes()]


@pytest.mark.parametrize("way", ["action", "wheel", "editable"])
def test_every_kind_of_installation_has_all_the_rules(
    way: str,
    tmp_path: Path,
    offline: Mapping[str, str],
    archives: tuple[dict[str, Path], dict[str, Path]],
) -> None:
    elsewhere, python = tmp_path / "elsewhere", tmp_path / "dativo-lint" / "bin" / "python"
    elsewhere.mkdir()
    if way == "action":
        (elsewhere / "json.py").write_text("raise SystemExit('ran a file of the repository')")
        environment = {**offline, "RUNNER_TEMP": str(tmp_path), "INPUT_VERSION": ""}
        step = [sys.executable, "-I", CHECKOUT / ".github" / "action" / "steps.py", "install"]
        run(step, elsewhere, {**environment, "PYTHONPATH": str(elsewhere)})
    else:  # uv compiles nothing, and takes a third of the time of pip
        uv = [Path(sys.executable).with_name("uv"), "--no-cache"]
        run([*uv, "venv", "--python", sys.executable, python.parents[1]], elsewhere, offline)
        what = [archives[1][".whl"]] if way == "wheel" else ["--editable", CHECKOUT]
        run([*uv, "pip", "install", "--python", python, *what], elsewhere, offline)

    counted = run([python, "-c", COUNT], tmp_path, offline)
    listed = run([python.with_name("dativo-lint"), "rules"], elsewhere, offline)

    assert RULES
    assert RULES == json.loads(counted)
    assert [] == [rule for rule in RULES if rule not in listed]


def test_the_package_alone_loads_nothing_but_itself() -> None:
    script = """
import __future__, importlib, sys
before = set(sys.modules)
import dativo_lint
print(*sorted(set(sys.modules) - before))
"""
    assert ["dativo_lint"] == run([sys.executable, "-c", script], CHECKOUT).split()


@pytest.mark.parametrize("name", [n for n in dativo_lint.__all__ if not n.startswith("_")])
def test_a_public_name_is_a_function_whatever_was_imported_before(name: str) -> None:
    script = f"""
import dativo_lint.cli, dativo_lint.api
from dativo_lint import {name}
print(type({name}).__name__)
"""
    assert "function\n" == run([sys.executable, "-c", script], CHECKOUT)


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = dativo_lint.nothing_like_it


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_index_and_pins_every_package_by_hash(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert [] == re.findall(r"\S+://\S+|^\s*--(?!hash)\S+", text, re.MULTILINE)
    pinned = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert pinned
    assert [] == [entry for entry in pinned if "==" not in entry or "--hash=sha256:" not in entry]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_what_the_package_asks_for(lock: Path) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = pins_of(lock)
    for needed in map(Requirement, project["dependencies"]):
        versions = pins.get(needed.name.lower(), [])
        assert versions, f"{needed} is not in {lock.name}"
        assert [] == [v for v in versions if v not in needed.specifier]


def test_the_lowest_lock_holds_the_lowest_versions_that_the_package_allows() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = pins_of(CHECKOUT / "requirements" / "lowest.txt")
    for needed in map(Requirement, project["dependencies"]):
        (bound,) = needed.specifier
        assert [Version(bound.version)] == pins[needed.name.lower()]


def pins_of(lock: Path) -> dict[str, list[Version]]:
    """Of each package in a lock: the versions that it is pinned to, one for each marker."""
    pins: dict[str, list[Version]] = {}
    for name, version in re.findall(r"^([a-z0-9.-]+)==([^ \\]+)", lock.read_text(), re.MULTILINE):
        pins.setdefault(name, []).append(Version(version))
    return pins
