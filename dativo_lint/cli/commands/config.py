"""The command `config`: every effective setting, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
from msgspec.structs import asdict

from dativo_lint.api import all_rules, overrides_for
from dativo_lint.cli.effective import EffectiveRule, effective_rules
from dativo_lint.cli.options import (
    form_option,
    hold_known,
    rule_option,
    settings_for,
    settings_options,
)
from dativo_lint.cli.output import plain, show_json, show_parts, shown_table
from dativo_lint.errors import hold
from dativo_lint.jobs.suppression_comment import Suppression
from dativo_lint.reports.escape import json_line
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings.effective import is_named, layers_under
from dativo_lint.settings.rule_settings import Layer, RuleSetting
from dativo_lint.settings.ruleset import RuleSets
from dativo_lint.settings.settings import Settings, known_settings


@click.command()
@form_option("table", "json")
@click.option("--for", "file", metavar="FILE", help="Show what applies to one file, and why.")
@rule_option(*("--rule", "only"), help="Show only these rules, families and globs; repeatable.")
@settings_options
def config(form: str, file: str | None, only: tuple[str, ...]) -> None:
    """Show settings and rules, and where each comes from."""
    settings = settings_for(() if file is None else (file,))
    rules = all_rules(settings)
    hold_known(only, rules)
    wanted = [rule for rule in rules if not only or is_named(rule, only)]
    if file is None:
        hold([fault for _, fault in settings.faults])
    overrides = () if file is None else overrides_for(file, settings, RuleSets(rules, settings))
    rows = list(_rows(settings))
    layers = layers_under(settings, overrides)
    rule_rows = list(effective_rules(wanted, settings, overrides))
    if form == "json":
        data = {
            "settings": {name: {"value": value, "from": origin} for name, value, origin in rows},
            "layers": list(map(_layer, layers)),
            "rules": {row.rule.id: _effective(row) for row in rule_rows},
        }
        show_json(data)
        return
    parts = []
    if file is None:
        shown = [(name, json_line(value), origin) for name, value, origin in rows]
        parts.append(shown_table(("setting", "value", "from"), shown))
    elif layers:
        of_file = [(layer.source, str(layer.place or ""), _shown_scope(layer)) for layer in layers]
        parts.append(shown_table(("settings, weakest first", "place", "for"), of_file))
    shown_rules = [
        (row.rule.id, row.severity, ", ".join(row.why), _params(row, file)) for row in rule_rows
    ]
    parts.append(shown_table(("rule", "severity", "from", "parameters"), shown_rules))
    show_parts(parts)


def _params(row: EffectiveRule, file: str | None) -> str:
    """All parameters of a rule, or those that are set for a file."""
    params = {
        name: value
        for name, value in row.params.items()
        if file is None or f"params.{name}" in row.origins
    }
    return json_line(params) if params else ""


def _rows(settings: Settings) -> Iterator[tuple[str, Any, str]]:
    """Name, value and origin of each setting; the value as in JSON."""
    yield "root", str(settings.root), "repository"
    for name, value in _values(settings):
        parts = name.split(".")
        above = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
        origins = (settings.origins[part] for part in above if part in settings.origins)
        yield name, value, next(origins, "repository" if name == "files" else "default")


def _values(settings: Settings) -> Iterator[tuple[str, Any]]:
    for name in known_settings():
        value = getattr(settings, name)
        if name == "limits":
            yield from ((f"limits.{limit}", most) for limit, most in asdict(value).items())
        elif name == "propagation":
            yield "propagation.lists", "merge" if value.merge_lists else "replace"
            yield "sinks.dagster.namespaces", list(value.dagster_namespaces)
            yield "terraform.supplied", list(value.supplied)
            yield "terraform.withheld", list(value.withheld)
        elif name == "rules":
            for rule, setting in sorted(value.items()):
                yield f"rules.{rule}", _setting(setting)
        elif name == "overrides":
            yield name, [{"when": _scope(layer), "rules": _settings(layer)} for layer in value]
        elif name == "ignores":
            yield name, [_ignored(ignore) for ignore in value]
        elif name == "files":
            yield name, [{"file": file, "folder": folder or "."} for file, folder in value]
        elif name == "preset" and len(value) == 1:
            yield name, value[0]
        elif name == "suppressions":
            yield "suppressions.require", {part: [*names] for part, names in value.require.items()}
            yield "suppressions.never", [*value.never]
        elif isinstance(value, tuple):
            yield name, [str(item) for item in value]
        else:
            yield name, value.value if isinstance(value, Severity) else value


def _layer(layer: Layer) -> dict[str, Any]:
    place = None if layer.place is None else str(layer.place)
    return {"source": layer.source, "place": place, "for": _scope(layer), "rules": _settings(layer)}


def _settings(layer: Layer) -> dict[str, Any]:
    settings = {**layer.rules, **layer.ignore}
    return {name: _setting(setting) for name, setting in settings.items()}


def _setting(setting: RuleSetting) -> dict[str, Any]:
    written = {"severity": setting.severity, "params": plain(setting.params)}
    return {name: value for name, value in written.items() if value}


def _effective(row: EffectiveRule) -> dict[str, Any]:
    return {
        "severity": row.severity,
        "params": row.params,
        "from": row.origin,
        "origins": dict(row.origins),
        "why": [{"from": setting.origin, **_setting(setting)} for setting in row.chain],
    }


def _ignored(ignore: Suppression) -> dict[str, Any]:
    until = ignore.until.isoformat() if ignore.until is not None else ""
    more = {"until": until, "owner": ignore.owner, "ticket": ignore.ticket}
    details = {name: text for name, text in more.items() if text}
    return {"rules": [*ignore.rules], "paths": [*ignore.paths], "reason": ignore.reason, **details}


def _scope(layer: Layer) -> dict[str, Any]:
    """The files and jobs that a layer is for."""
    when = {".".join(term.route): sorted(term.values) for term in layer.when}
    folder = {"folder": layer.folder} if layer.folder else {}
    return {**folder, **when, **({"path": list(layer.paths)} if layer.paths else {})}


def _shown_scope(layer: Layer) -> str:
    scope = {
        name: value if isinstance(value, str) else ", ".join(map(str, value))
        for name, value in _scope(layer).items()
    }
    return "; ".join(f"{name}: {value}" for name, value in scope.items()) or "everything"
