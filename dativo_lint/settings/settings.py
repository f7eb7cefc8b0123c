"""Settings: their values, where each comes from, and their defaults."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from dativo_lint.documents.document import Document, Limits
from dativo_lint.documents.globs import glob_below, path_matcher
from dativo_lint.documents.place import Place, spell, start_of
from dativo_lint.documents.quoting import quoted
from dativo_lint.errors import UsageError, hold
from dativo_lint.jobs.layers import Propagation
from dativo_lint.jobs.suppression_comment import Suppression, day_of
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings.presets import with_presets
from dativo_lint.settings.rule_settings import (
    Layer,
    RuleSetting,
    SuppressionPolicy,
    ignoring,
    layers_in,
    unusable_globs,
)
from dativo_lint.settings.source import OF_FOLDERS, Source, hold_only, hold_shape, words

COMMAND_LINE = "command line"
_BLOCKS = ("rules", "suppressions", "limits", "propagation", "sinks", "terraform")
"""Settings of whose parts each has an origin of its own."""
_ADDED = ("ignore", "exclude")
"""Settings to which the command line adds."""
_GLOBS = ("jobs", "runners", "rendered", "exclude")


class WrittenGlob(Struct, frozen=True):
    """A glob as it stands in the settings for a folder, with the name of its setting."""

    setting: str
    pattern: str
    place: Place
    folder: str = ""


class Settings(Struct, frozen=True, eq=False):
    """Every setting, with its effective value.

    `root` is the root of the repository, to which paths are relative; `file` the settings file, if
    there is one; `baseline` is from the root. `layers` are what presets, settings files and the
    command line say of rules, weakest first. `origins` has the source of a setting by its dotted
    name; without one it is a default. `globs` are those in settings files; `files` are all files of
    settings and presets, with the folders that they are for; `faults` what is wrong with those of
    folders, which fails a run over anything in them.
    """

    root: str
    file: str | None = None
    preset: tuple[str, ...] = ("recommended",)
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    layers: tuple[Layer, ...] = ()
    fail_on: Severity = Severity.ERROR
    jobs: tuple[str, ...] = ()
    runners: tuple[str, ...] = tuple(
        f"{name}.{suffix}" for name in ("runner", "configs/runner*") for suffix in ("yaml", "yml")
    )
    rendered: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=lambda: {"/app/": "."})
    rule_folders: tuple[str, ...] = ()
    ignores: tuple[Suppression, ...] = ()
    suppressions: SuppressionPolicy = SuppressionPolicy()
    baseline: str | None = None
    limits: Limits = Limits()
    propagation: Propagation = Propagation()
    origins: Mapping[str, str] = field(default_factory=dict)
    globs: tuple[WrittenGlob, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    faults: tuple[tuple[str, UsageError], ...] = ()

    @property
    def ignore(self) -> tuple[str, ...]:
        """The rules, families and globs that are ignored everywhere."""
        layers = (layer for layer in self.layers if layer.is_everywhere)
        return tuple(dict.fromkeys(name for layer in layers for name in layer.ignore))

    @property
    def rules(self) -> dict[str, RuleSetting]:
        """What is set of rules everywhere."""
        rules: dict[str, RuleSetting] = {}
        for layer in self.layers:
            for name, setting in layer.rules.items() if layer.is_everywhere else ():
                rules[name] = setting.over(rules.get(name))
        return rules

    @property
    def overrides(self) -> tuple[Layer, ...]:
        """The layers that are for some files or jobs only."""
        return tuple(layer for layer in self.layers if not layer.is_everywhere)


def settings_from(
    data: Mapping[str, Any],
    root: str | os.PathLike[str],
    document: Document | None = None,
    *,
    file: str | None = None,
    over: Mapping[str, Any] | None = None,
    below: Sequence[Source] = (),
) -> Settings:
    """Settings from the plain data of a settings file.

    `document` is where the data is, for the places of errors; `over` has the options of the command
    line, which replace settings, or add to those to ignore or exclude; `below` are the settings
    files of folders, outer folders first. Raises UsageError for all unknown settings and wrong
    values at once, with the nearest known names.
    """
    over = over or {}
    name = document.path if document is not None else "given"
    own = Source(name, data, document, file or "")
    hold_shape(own)
    _hold_globs(own, over)
    based = own if "preset" not in over else replace(own, data={**data, "preset": over["preset"]})
    select = words(over, "select") or words(data, "select")
    meant = (*select, *words(over, "extend_select"))
    of_run = _of_the_run(own, over, str(root))
    is_excluded = path_matcher(of_run["exclude"])
    below = [source for source in below if not is_excluded(source.name)]
    parts = [_part(based, str(root), meant)]
    faults: list[tuple[str, UsageError]] = []
    for source in below:
        try:
            if source.fault is not None:
                raise source.fault
            hold_shape(source)
            expected = os.path.relpath(file, root) if file else "the settings file of the root"
            start = f", or a start with --root {source.folder.rstrip('/')}"
            reason = f"is a setting of the whole run; expected it in {expected}{start}"
            hold_only(source, OF_FOLDERS, reason)
            parts.append(_part(source, str(root), meant))
        except UsageError as error:
            faults.append((source.folder, error))
    layers = [layer for part in parts for layer in part.layers]
    if "ignore" in over:
        off = {name: ignoring(name, COMMAND_LINE) for name in words(over, "ignore")}
        layers.append(Layer(COMMAND_LINE, ignore=off))
    sources = [source for part in parts for source in part.sources]
    return Settings(
        root=str(root),
        file=file,
        preset=words(based.data, "preset") or ("recommended",),
        select=select,
        extend_select=words(over, "extend_select"),
        layers=tuple(layers),
        ignores=tuple(ignore for part in parts for ignore in part.ignores),
        origins=dict(_origins(parts[0].sources, over)),
        globs=tuple(glob for part in parts for glob in part.globs),
        files=tuple(
            dict.fromkeys((each.file, each.folder) for each in (*sources, *below) if each.file)
        ),
        faults=tuple(faults),
        **of_run,
    )


class _Part(Struct):
    """What one settings file says of rules, with its presets."""

    sources: list[Source]
    layers: list[Layer]
    ignores: list[Suppression]
    globs: list[WrittenGlob]


def _part(source: Source, root: str, meant: Sequence[str]) -> _Part:
    sources = with_presets(source, root)
    layers = []
    if source.folder and source.data.get("root"):
        place = source.key_place("root")
        layers.append(Layer("root: true", place, folder=source.folder, is_root=True))
    for each in sources:
        layers += layers_in(each, () if each is source else meant)
    return _Part(sources, layers, [*ignores_in(source)], [*_written_globs(source)])


def known_settings() -> tuple[str, ...]:
    """The names of the settings, in the order in which they are listed."""
    hidden = ("root", "file", "layers", "origins", "globs", "faults")
    names = [name for name in Settings.__match_args__ if name not in hidden]
    names.insert(names.index("extend_select"), "ignore")
    at = names.index("ignores")
    return (*names[:at], "rules", "overrides", *names[at:])


def _of_the_run(source: Source, over: Mapping[str, Any], root: str) -> dict[str, Any]:
    """The settings that are about the whole run, as far as they are set."""
    data = source.data
    base = os.path.dirname(source.file) or root
    values: dict[str, Any] = {name: words(data, name) for name in _GLOBS if name in data}
    values["exclude"] = (*words(data, "exclude"), *words(over, "exclude"))
    values["rule_folders"] = tuple(
        os.path.realpath(os.path.join(base, name)) for name in words(data, "rule_folders")
    )
    if "prefixes" in data:
        values["prefixes"] = dict(data["prefixes"])
    if level := over.get("fail_on", data.get("fail_on")):
        values["fail_on"] = Severity(level)
    if baseline := over.get("baseline", data.get("baseline")):
        path = os.path.relpath(os.path.join(base, baseline), root)
        values["baseline"] = path.replace(os.sep, "/")
    dagster, terraform = (data.get("sinks") or {}).get("dagster") or {}, data.get("terraform") or {}
    policy = data.get("suppressions") or {}
    require = policy.get("require") or {}
    values["suppressions"] = SuppressionPolicy(
        {part: words(require, part) for part in require}, words(policy, "never")
    )
    values["limits"] = Limits(**(data.get("limits") or {}))
    values["propagation"] = Propagation(
        merge_lists=(data.get("propagation") or {}).get("lists", "merge") == "merge",
        dagster_namespaces=words(dagster, "namespaces"),
        supplied=words(terraform, "supplied"),
        withheld=words(terraform, "withheld"),
    )
    return values


def _written_globs(source: Source) -> Iterator[WrittenGlob]:
    if source.document is None:
        return
    routes: list[tuple[str | int, ...]] = [(name,) for name in _GLOBS]
    for number in range(len(source.data.get("overrides") or ())):
        routes.append(("overrides", number, "when", "path"))
    for number in range(len(source.data.get("ignores") or ())):
        routes.append(("ignores", number, "paths"))
    for route in routes:
        value, name = source.document.value(route), spell(route)
        if isinstance(value, str):
            yield WrittenGlob(name, value, source.document.place(route), source.folder)
        for number, pattern in enumerate(value if isinstance(value, list) else ()):
            place = source.document.place((*route, number))
            yield WrittenGlob(name, str(pattern), place, source.folder)


def _hold_globs(source: Source, over: Mapping[str, Any]) -> None:
    faults = [
        UsageError(fault, source.place(name, number))
        for name in _GLOBS
        for number, pattern in enumerate(words(source.data, name))
        for fault in unusable_globs([pattern], name)
    ]
    faults += map(UsageError, unusable_globs(words(over, "exclude"), "--exclude"))
    hold(faults)


def ignores_in(source: Source) -> Iterator[Suppression]:
    """The suppressions of a settings file. Raises UsageError."""
    for number, data in enumerate(source.data.get("ignores") or ()):
        route = ("ignores", number)
        until = data.get("until")
        day = until if type(until) is date or until is None else day_of(str(until))
        if until is not None and day is None:
            message = f"{spell((*route, 'until'))} is {quoted(until)}; expected a day, YYYY-MM-DD"
            raise UsageError(message, source.place(*route, "until"))
        paths = words(data, "paths")
        hold([*map(UsageError, unusable_globs(paths, *route, "paths"))])
        below = tuple(glob_below(source.folder, path) for path in paths)
        place = source.place(*route, "rules") or start_of(source.name)
        reason, owner, ticket = (
            (data.get(name) or "").strip() for name in ("reason", "owner", "ticket")
        )
        rules = words(data, "rules")
        yield Suppression(place, rules, reason, day, 1, 1, "", below, None, owner, ticket)


def _origins(sources: Sequence[Source], over: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where the settings come from, by dotted name; of several origins the strongest last."""
    origins: dict[str, list[str]] = {}
    for source in sources:
        for name, value in source.data.items():
            if name == "preset" and source is not sources[-1]:
                continue
            for part in value if name in _BLOCKS else (None,):
                route = (name,) if part is None else (name, part)
                origins.setdefault(".".join(route), []).append(source.origin(*route))
    for name in over:
        before = origins.get(name, []) if name in _ADDED else []
        origins[name] = [*before, COMMAND_LINE]
    return ((name, ", ".join(places)) for name, places in origins.items())
