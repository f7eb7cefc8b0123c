"""Settings: what a shop decided, where it said so, and what holds where it said nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dativo_lint.misuse import Misuse
from dativo_lint.rulebook.builtin import builtin_folder
from dativo_lint.rulebook.rule import Severity
from dativo_lint.schemas import schema
from dativo_lint.schemas.violations import violations
from dativo_lint.subject.condition import Condition, condition
from dativo_lint.subject.propagation import Propagation
from dativo_lint.texts.discovery import find_root
from dativo_lint.texts.document import Document, Limits
from dativo_lint.texts.place import Place
from dativo_lint.texts.yaml_reader import read_yaml

FILE_NAMES = (".dativo-lint.yml", ".dativo-lint.yaml")
PRESETS = ("minimal", "recommended", "strict")
OFF = "off"


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What a shop says of one rule: another severity, `off`, or parameters laid over its own."""

    severity: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    place: Place | None = None

    def over(self, weaker: RuleSetting | None) -> RuleSetting:
        """This laid over what was said before."""
        if weaker is None:
            return self
        return RuleSetting(
            self.severity or weaker.severity, {**weaker.params, **self.params}, self.place
        )


@dataclass(frozen=True, slots=True, eq=False)
class Override:
    """Other settings of rules for the jobs for which a condition holds."""

    when: Condition
    rules: Mapping[str, RuleSetting]


@dataclass(frozen=True, slots=True, eq=False)
class Settings:
    """Every setting, with its effective value.

    `root` is the repository root, to which paths are relative; `file` the settings file, where
    there is one. `origins` tells by dotted name where a setting comes from; what it does not
    name is a default.
    """

    root: Path
    file: Path | None = None
    preset: str = "recommended"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    jobs: tuple[str, ...] = ()
    runners: tuple[str, ...] = ("runner.yaml", "configs/runner*.yaml")
    exclude: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=lambda: {"/app/": "."})
    rule_folders: tuple[Path, ...] = ()
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    limits: Limits = Limits()
    propagation: Propagation = Propagation()
    origins: Mapping[str, str] = field(default_factory=dict)


def find_settings(
    start: Path, *, file: Path | None = None, isolated: bool = False, preset: str | None = None
) -> Settings:
    """The settings for a run that starts in a folder.

    The nearest `.dativo-lint.yml`, or `pyproject.toml` with `[tool.dativo-lint]`, from `start`
    upwards to the repository root and no further; `file` names one instead, `isolated` looks for
    none; `preset` takes the place of theirs. Raises Misuse for a file that cannot be used.
    """
    root = find_root(start)
    found = file
    if file is None and not isolated:
        found = _nearest(start, root)
    data: Mapping[str, Any] = {}
    document = None
    if found is not None:
        if not found.is_file():
            raise Misuse(f"settings file {found} is not there")
        data, document = _read(found, root)
    if preset is not None:
        data = {**data, "preset": preset}
    return settings_from(data, root, document, file=found)


def settings_from(
    data: Mapping[str, Any],
    root: Path,
    document: Document | None = None,
    *,
    file: Path | None = None,
) -> Settings:
    """Settings from plain data of the shape of a settings file.

    `document` is where the data stands, for the places of errors. Raises Misuse for a setting
    that there is not or that has a wrong value, with the nearest known name.
    """
    for route, message in violations(dict(data), schema("settings")):
        place = document.place(route) if document is not None else None
        name = ".".join(map(str, route))
        raise Misuse(f"{name} {message}".lstrip(), place)
    preset = data.get("preset", "recommended")
    rules = _rule_settings(_preset(preset).get("rules", {}), None)
    for name, said in _rule_settings(data.get("rules") or {}, document).items():
        rules[name] = said.over(rules.get(name))
    sinks = (data.get("sinks") or {}).get("dagster") or {}
    terraform = data.get("terraform") or {}
    given = {
        "preset": preset,
        "select": _words(data, "select"),
        "ignore": (*_preset(preset).get("ignore", ()), *_words(data, "ignore")),
        "rules": rules,
        "overrides": tuple(_overrides(data.get("overrides") or (), document)),
        "limits": Limits(**(data.get("limits") or {})),
        "propagation": Propagation(
            merge_lists=(data.get("propagation") or {}).get("lists", "merge") == "merge",
            dagster_namespaces=_words(sinks, "namespaces"),
            supplied=_words(terraform, "supplied"),
            withheld=_words(terraform, "withheld"),
        ),
        "rule_folders": tuple(
            (file.parent if file else root) / name for name in _words(data, "rule_folders")
        ),
    }
    if "fail_on" in data:
        given["fail_on"] = Severity(data["fail_on"])
    for name in ("jobs", "runners", "exclude"):
        if name in data:
            given[name] = _words(data, name)
    if "prefixes" in data:
        given["prefixes"] = dict(data["prefixes"])
    return Settings(root=root, file=file, origins=dict(_origins(data, document, file)), **given)


def known_settings() -> tuple[str, ...]:
    """The names of the settings, in the order in which they are told."""
    hidden = ("root", "file", "origins")
    return tuple(it.name for it in fields(Settings) if it.name not in hidden)


def _nearest(start: Path, root: Path) -> Path | None:
    for folder in (start, *start.parents):
        for name in FILE_NAMES:
            if (folder / name).is_file():
                return folder / name
        project = folder / "pyproject.toml"
        if project.is_file() and b"[tool.dativo-lint" in project.read_bytes():
            return project
        if folder == root:
            return None
    return None


def _read(file: Path, root: Path) -> tuple[Mapping[str, Any], Document | None]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Misuse(f"settings file {file}: {error.strerror or error}") from error
    name = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()
    if file.suffix == ".toml":
        return _table(content, name), None
    reading = read_yaml(name, content)
    for fault in reading.faults:
        if not reading.documents and fault.kind.value == "empty":
            return {}, None
        raise Misuse(fault.message, fault.place)
    document = reading.documents[0]
    if document.data is None:
        return {}, document
    if len(reading.documents) > 1 or not isinstance(document.data, dict):
        raise Misuse("expected one mapping of settings", document.place(()))
    return document.data, document


def _table(content: bytes, name: str) -> Mapping[str, Any]:
    """The table of a pyproject.toml."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        data = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misuse(f"{name}: {error}") from error
    table = (data.get("tool") or {}).get("dativo-lint")
    if not isinstance(table, dict):
        raise Misuse(f"{name}: expected a table [tool.dativo-lint]")
    return table


def _preset(name: str) -> Mapping[str, Any]:
    """The settings of a preset; they are data beside the rules."""
    if name == "recommended":
        return {}
    content = (builtin_folder() / "presets.yaml").read_bytes()
    presets: Mapping[str, Any] = read_yaml("rules/presets.yaml", content).documents[0].data
    found: Mapping[str, Any] = presets[name]
    return found


def _rule_settings(
    data: Mapping[str, Any], document: Document | None, *above: str | int
) -> dict[str, RuleSetting]:
    return {
        name: RuleSetting(
            severity=said.get("severity"),
            params=said.get("params") or {},
            place=document.place((*above, "rules", name)) if document is not None else None,
        )
        for name, said in data.items()
    }


def _overrides(written: Any, document: Document | None) -> Iterator[Override]:
    for number, data in enumerate(written):
        rules = _rule_settings(data.get("rules") or {}, document, "overrides", number)
        yield Override(condition(data["when"]), rules)


def _words(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    written = data.get(name)
    if written is None:
        return ()
    return (written,) if isinstance(written, str) else tuple(written)


def _origins(
    data: Mapping[str, Any], document: Document | None, file: Path | None
) -> Iterator[tuple[str, str]]:
    for name, value in data.items():
        for below in value if isinstance(value, dict) and name != "prefixes" else (None,):
            route = (name,) if below is None else (name, below)
            where = str(document.key_place(route)) if document is not None else str(file or "")
            yield ".".join(map(str, route)), where


def nearest(name: str, known: tuple[str, ...]) -> str:
    """A hint at the nearest known name, or nothing."""
    near = get_close_matches(name, known, n=1)
    return f"; nearest: {near[0]}" if near else ""
