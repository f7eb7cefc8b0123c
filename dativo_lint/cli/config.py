"""The command `config`: every effective setting, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click
from msgspec.structs import asdict

from dativo_lint.api import all_rules, overrides_for
from dativo_lint.cli.effective import effective_rules
from dativo_lint.cli.options import form_option, settings_for, settings_options
from dativo_lint.cli.output import plain, screen, show
from dativo_lint.jobs.suppression_comment import Suppression
from dativo_lint.reports.columns import table
from dativo_lint.reports.escape import json_text, visible
from dativo_lint.rule_settings import Override, RuleSetting
from dativo_lint.rulebook.rule import Severity
from dativo_lint.ruleset import RuleSets
from dativo_lint.settings import Settings, known_settings


@click.command()
@form_option("table", "json")
@click.option("--for", "file", metavar="FILE", help="Show the rules that apply to one file.")
@settings_options
def config(form: str, file: str | None, config: str | None, isolated: bool) -> None:
    """Show settings and rules, and where each comes from."""
    settings = settings_for(config, isolated, paths=() if file is None else (file,))
    rules = all_rules(settings)
    overrides = () if file is None else overrides_for(file, settings, RuleSets(rules, settings))
    rows = list(_rows(settings))
    rule_rows = list(effective_rules(rules, settings, [settings.overrides[it] for it in overrides]))
    if form == "json":
        told = {name: {"value": value, "from": origin} for name, value, origin in rows}
        rules_told = {
            row.rule.id: {"severity": row.severity, "params": row.params, "from": row.origin}
            for row in rule_rows
        }
        show(json_text({"version": 1, "settings": told, "rules": rules_told}))
        return
    shown = [(visible(name), _in_json(value), visible(origin)) for name, value, origin in rows]
    rules_shown = [
        (visible(row.rule.id), row.severity, visible(row.origin), _in_json(row.params))
        for row in rule_rows
    ]
    style = screen()
    tables = [table(("rule", "severity", "from", "parameters"), rules_shown, style)]
    if file is None:
        tables.insert(0, table(("setting", "value", "from"), shown, style))
    show("\n\n".join(tables) + "\n")


def _in_json(value: Any) -> str:
    return json_text(value, indent=None).rstrip()


def _rows(settings: Settings) -> Iterator[tuple[str, Any, str]]:
    """Name, value and origin; the value is what JSON can tell."""
    yield "root", str(settings.root), "repository"
    for name, value in _values(settings):
        parts = name.split(".")
        above = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
        found = (settings.origins[it] for it in above if it in settings.origins)
        yield name, value, next(found, "default")


def _values(settings: Settings) -> Iterator[tuple[str, Any]]:
    for name in known_settings():
        value = getattr(settings, name)
        if name == "limits":
            yield from ((f"limits.{limit}", it) for limit, it in asdict(value).items())
        elif name == "propagation":
            yield "propagation.lists", "merge" if value.merge_lists else "replace"
            yield "sinks.dagster.namespaces", list(value.dagster_namespaces)
            yield "terraform.supplied", list(value.supplied)
            yield "terraform.withheld", list(value.withheld)
        elif name == "rules":
            yield from ((f"rules.{rule}", _said(it)) for rule, it in sorted(value.items()))
        elif name == "overrides":
            yield name, [{"when": _when(it), "rules": _all_said(it.rules)} for it in value]
        elif name == "ignores":
            yield name, [_ignored(it) for it in value]
        elif name == "suppressions":
            yield "suppressions.require", {part: [*names] for part, names in value.require.items()}
            yield "suppressions.never", [*value.never]
        elif isinstance(value, tuple):
            yield name, [str(it) for it in value]
        else:
            yield name, value.value if isinstance(value, Severity) else value


def _all_said(rules: Mapping[str, RuleSetting]) -> dict[str, Any]:
    return {rule: _said(it) for rule, it in rules.items()}


def _said(setting: RuleSetting) -> dict[str, Any]:
    said = {"severity": setting.severity, "params": plain(setting.params)}
    return {name: it for name, it in said.items() if it}


def _ignored(ignore: Suppression) -> dict[str, Any]:
    until = ignore.until.isoformat() if ignore.until is not None else ""
    more = {"until": until, "owner": ignore.owner, "ticket": ignore.ticket}
    given = {name: text for name, text in more.items() if text}
    return {"rules": [*ignore.rules], "paths": [*ignore.paths], "reason": ignore.reason, **given}


def _when(override: Override) -> dict[str, list[str]]:
    when = {".".join(route): sorted(values) for route, values in override.when.items()}
    return {**when, "path": list(override.paths)} if override.paths else when
