"""Settings: their values, where each comes from, and their defaults."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field

from dativo_lint.documents.document import Document, Limits
from dativo_lint.documents.globs import GlobError, path_matcher
from dativo_lint.documents.place import Place, spell, start_of
from dativo_lint.documents.quoting import quoted
from dativo_lint.errors import UsageError, hold, nearest
from dativo_lint.jobs.condition import condition
from dativo_lint.jobs.propagation import Propagation
from dativo_lint.jobs.suppression_comment import Suppression, day_of
from dativo_lint.rule_settings import Override, RuleSetting, SuppressionPolicy, rule_settings
from dativo_lint.rulebook.index import builtin_path
from dativo_lint.rulebook.rule import Severity

FILE_NAMES = (".dativo-lint.yml", ".dativo-lint.yaml")
PRESETS = ("minimal", "recommended", "strict")
COMMAND_LINE = "command line"
_BLOCKS = ("rules", "suppressions", "limits", "propagation", "sinks", "terraform")
"""Settings of whose parts each has an origin of its own."""
_ADDED = ("ignore", "exclude")
"""Settings to which the command line adds."""


class WrittenGlob(Struct, frozen=True):
    """A glob as it stands in the settings, with the name of its setting."""

    setting: str
    pattern: str
    place: Place


class Settings(Struct, frozen=True, eq=False):
    """Every setting, with its effective value.

    `root` is the root of the repository, to which paths are relative; `file` the settings file, if
    there is one; `baseline` is from the root. `origins` has the source of a setting by its dotted
    name; without one it is a default. `globs` are those in the settings file.
    """

    root: str
    file: str | None = None
    preset: str = "recommended"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    jobs: tuple[str, ...] = ()
    runners: tuple[str, ...] = tuple(
        f"{name}.{suffix}" for name in ("runner", "configs/runner*") for suffix in ("yaml", "yml")
    )
    rendered: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=lambda: {"/app/": "."})
    rule_folders: tuple[str, ...] = ()
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    ignores: tuple[Suppression, ...] = ()
    suppressions: SuppressionPolicy = SuppressionPolicy()
    baseline: str | None = None
    limits: Limits = Limits()
    propagation: Propagation = Propagation()
    origins: Mapping[str, str] = field(default_factory=dict)
    globs: tuple[WrittenGlob, ...] = ()


def settings_from(
    data: Mapping[str, Any],
    root: str,
    document: Document | None = None,
    *,
    file: str | None = None,
    over: Mapping[str, Any] | None = None,
) -> Settings:
    """Settings from the plain data of a settings file.

    `document` is where the data is, for the places of errors; `over` has the options of the command
    line, which replace settings, or add to those to ignore or exclude. Raises UsageError for all
    unknown settings and wrong values at once, with the nearest known names.
    """
    if data:  # an empty file is valid, and its schema need not be read
        from dativo_lint.rulebook.shape import misshapen
        from dativo_lint.schemas import schema

        hold(misshapen(dict(data), schema("settings"), document, noun="setting"))
    over = over or {}
    said = {**data, **over}
    preset = said.get("preset") or "recommended"
    preset_data = _preset(preset)
    select = _words(said, "select")
    meant = (*select, *_words(over, "extend_select"))
    ignored = [name for name in _words(preset_data, "ignore") if name not in meant]
    rules = rule_settings(preset_data.get("rules") or {}, None, f"preset {preset}")
    for name, setting in rule_settings(data.get("rules") or {}, document).items():
        rules[name] = setting.over(rules.get(name))
    base = os.path.dirname(file) if file else root
    given: dict[str, Any] = {name: _words(data, name) for name in _LISTS if name in data}
    overrides = data.get("overrides") or ()
    hold([*_unusable_globs(given, document), *_unusable_conditions(overrides, document)])
    hold(list(_unusable_globs({"--exclude": _words(over, "exclude")}, None)))
    given["exclude"] = (*_words(data, "exclude"), *_words(over, "exclude"))
    if "fail_on" in said:
        given["fail_on"] = Severity(said["fail_on"])
    if "baseline" in said:
        path = os.path.relpath(os.path.join(base, said["baseline"]), root)
        given["baseline"] = path.replace(os.sep, "/")
    if "prefixes" in data:
        given["prefixes"] = dict(data["prefixes"])
    return Settings(
        root=root,
        file=file,
        preset=preset,
        select=select,
        ignore=tuple(dict.fromkeys((*ignored, *_words(data, "ignore"), *_words(over, "ignore")))),
        extend_select=_words(over, "extend_select"),
        rule_folders=tuple(
            os.path.realpath(os.path.join(base, name)) for name in _words(data, "rule_folders")
        ),
        rules=rules,
        overrides=tuple(_overrides(overrides, document)),
        ignores=tuple(_ignores(data.get("ignores") or (), document, root)),
        suppressions=_suppression_policy(data.get("suppressions") or {}),
        limits=Limits(**(data.get("limits") or {})),
        propagation=_propagation(data),
        origins=dict(_origins(data, document, preset, over)),
        globs=tuple(_written_globs(data, document)) if document is not None else (),
        **given,
    )


def known_settings() -> tuple[str, ...]:
    """The names of the settings, in the order in which they are listed."""
    hidden = ("root", "file", "origins", "globs")
    return tuple(name for name in Settings.__match_args__ if name not in hidden)


_LISTS = ("jobs", "runners", "rendered", "exclude")


def _written_globs(data: Mapping[str, Any], document: Document) -> Iterator[WrittenGlob]:
    routes: list[tuple[str | int, ...]] = [(name,) for name in _LISTS]
    for number in range(len(data.get("overrides") or ())):
        routes.append(("overrides", number, "when", "path"))
    for number in range(len(data.get("ignores") or ())):
        routes.append(("ignores", number, "paths"))
    for route in routes:
        value = document.value(route)
        if isinstance(value, str):
            yield WrittenGlob(spell(route), value, document.place(route))
        for number, pattern in enumerate(value if isinstance(value, list) else ()):
            yield WrittenGlob(spell(route), str(pattern), document.place((*route, number)))


def _unusable_globs(
    globs: Mapping[str, Sequence[str]], document: Document | None
) -> Iterator[UsageError]:
    for name, patterns in globs.items():
        for number, pattern in enumerate(patterns):
            try:
                path_matcher([pattern])
            except GlobError:
                place = document.place((name, number)) if document is not None else None
                yield UsageError(
                    f"{name}: a pattern of {len(pattern)} characters is too long", place
                )


def _propagation(data: Mapping[str, Any]) -> Propagation:
    dagster = (data.get("sinks") or {}).get("dagster") or {}
    terraform = data.get("terraform") or {}
    return Propagation(
        merge_lists=(data.get("propagation") or {}).get("lists", "merge") == "merge",
        dagster_namespaces=_words(dagster, "namespaces"),
        supplied=_words(terraform, "supplied"),
        withheld=_words(terraform, "withheld"),
    )


def _preset(name: str) -> Mapping[str, Any]:
    """The settings of a preset; they are data beside the rules."""
    if name == "recommended":
        return {}
    from dativo_lint.documents.yaml_reader import (
        read_yaml,  # most shops keep to what is recommended
    )

    with open(os.path.join(builtin_path(), "presets.yaml"), "rb") as stream:
        content = stream.read()
    presets: Mapping[str, Any] = read_yaml("rules/presets.yaml", content).documents[0].data
    found: Mapping[str, Any] = presets[name]
    return found


def _overrides(written: Any, document: Document | None) -> Iterator[Override]:
    for number, data in enumerate(written):
        rules = rule_settings(data.get("rules") or {}, document, "", "overrides", number)
        fields = {name: values for name, values in data["when"].items() if name != "path"}
        yield Override(condition(fields), rules, tuple(map(str, _words(data["when"], "path"))))


def _ignores(written: Any, document: Document | None, root: str) -> Iterator[Suppression]:
    for number, data in enumerate(written):
        where = ("ignores", number)
        place = document.place((*where, "rules")) if document is not None else start_of(root)
        until = data.get("until")
        day = until if type(until) is date or until is None else day_of(str(until))
        if until is not None and day is None:
            message = f"{spell((*where, 'until'))} is {quoted(until)}; expected a day, YYYY-MM-DD"
            raise UsageError(message, document.place((*where, "until")) if document else None)
        paths = _words(data, "paths")
        hold(list(_unusable_globs({spell((*where, "paths")): paths}, None)))
        reason, owner, ticket = (
            (data.get(name) or "").strip() for name in ("reason", "owner", "ticket")
        )
        yield Suppression(
            place, _words(data, "rules"), reason, day, 1, 1, "", paths, None, owner, ticket
        )


def _suppression_policy(data: Mapping[str, Any]) -> SuppressionPolicy:
    require = data.get("require") or {}
    return SuppressionPolicy(
        {part: _words(require, part) for part in require}, _words(data, "never")
    )


def _unusable_conditions(written: Any, document: Document | None) -> Iterator[UsageError]:
    """What is wrong with the fields and globs of overrides."""
    if not written:
        return
    from dativo_lint.schemas import schema
    from dativo_lint.schemas.fields import fields_of

    fields = fields_of(schema("job"))
    for number, data in enumerate(written):
        for name in data["when"]:
            where = ("overrides", number, "when", name)
            place = document.key_place(where) if document is not None else None
            if name == "path":
                globs = tuple(map(str, _words(data["when"], name)))
                yield from _unusable_globs({spell(where): globs}, None)
            elif not fields.knows(name.split(".")):
                hint = nearest(name, ("path", *fields.names()))
                yield UsageError(f"{spell(where)} is not a field of a job{hint}", place)


def _words(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    written = data.get(name)
    if written is None:
        return ()
    return (written,) if isinstance(written, str) else tuple(written)


def _origins(
    data: Mapping[str, Any], document: Document | None, preset: str, over: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Where the settings come from, by dotted name; of several origins the strongest last."""
    found: dict[str, list[str]] = {}
    for name, value in _preset(preset).items():
        for below in value if name in _BLOCKS else (None,):
            found.setdefault(_dotted(name, below), []).append(f"preset {preset}")
    for name, value in data.items():
        for below in value if name in _BLOCKS else (None,):
            route = (name,) if below is None else (name, below)
            place = document.key_place(route) if document is not None else "given"
            found.setdefault(_dotted(name, below), []).append(str(place))
    for name in over:
        before = found.get(name, []) if name in _ADDED else []
        found[name] = [*before, COMMAND_LINE]
    return ((name, ", ".join(origins)) for name, origins in found.items())


def _dotted(name: str, below: str | None) -> str:
    return name if below is None else f"{name}.{below}"
