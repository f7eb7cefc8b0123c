"""The command `config`: every effective setting, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click
from msgspec.structs import asdict

from dativo_lint.cli.options import settings_for, settings_options
from dativo_lint.cli.output import plain, show, table
from dativo_lint.jobs.condition import Condition
from dativo_lint.reports.escape import json_text, visible
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings import RuleSetting, Settings, known_settings


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@settings_options
def config(form: str, config: str | None, isolated: bool) -> None:
    """Show every effective setting and where it comes from."""
    settings = settings_for(config, isolated)
    rows = list(_rows(settings))
    if form == "json":
        told = {name: {"value": value, "from": origin} for name, value, origin in rows}
        show(json_text({"version": 1, "settings": told}))
        return
    shown = [
        (visible(name), json_text(value, indent=None).rstrip(), visible(origin))
        for name, value, origin in rows
    ]
    show(table(("setting", "value", "from"), shown) + "\n")


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
            yield name, [{"when": _when(it.when), "rules": _all_said(it.rules)} for it in value]
        elif isinstance(value, tuple):
            yield name, [str(it) for it in value]
        else:
            yield name, value.value if isinstance(value, Severity) else value


def _all_said(rules: Mapping[str, RuleSetting]) -> dict[str, Any]:
    return {rule: _said(it) for rule, it in rules.items()}


def _said(setting: RuleSetting) -> dict[str, Any]:
    said = {"severity": setting.severity, "params": plain(setting.params)}
    return {name: it for name, it in said.items() if it}


def _when(condition: Condition) -> dict[str, list[str]]:
    return {".".join(route): sorted(values) for route, values in condition.items()}
