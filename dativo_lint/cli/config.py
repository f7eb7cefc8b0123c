"""The command `config`: every effective setting, and where it comes from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from dativo_lint.cli.options import settings_for, settings_options
from dativo_lint.cli.output import show
from dativo_lint.reports.escape import json_text
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings import Settings, known_settings


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@settings_options
def config(form: str, config: Path | None, isolated: bool) -> None:
    """Show every effective setting and where it comes from."""
    settings = settings_for(config, isolated)
    rows = _rows(settings)
    if form == "json":
        told = {name: {"value": value, "from": origin} for name, value, origin in rows}
        show(json_text({"version": 1, "settings": told}))
        return
    from tabulate import tabulate  # only this form pays for it

    shown = [(name, json.dumps(value, ensure_ascii=False), origin) for name, value, origin in rows]
    show(tabulate(shown, headers=("setting", "value", "from"), disable_numparse=True) + "\n")


def _rows(settings: Settings) -> list[tuple[str, Any, str]]:
    rows = [("root", str(settings.root), "repository")]
    for name, value in _values(settings).items():
        origin = settings.origins.get(name) or settings.origins.get(name.rpartition(".")[0])
        rows.append((name, value, origin or "default"))
    return rows


def _values(settings: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in known_settings():
        value = getattr(settings, name)
        if name == "limits":
            values.update({f"limits.{limit}": it for limit, it in asdict(value).items()})
        elif name == "propagation":
            values["propagation.lists"] = "merge" if value.merge_lists else "replace"
            values["sinks.dagster.namespaces"] = list(value.dagster_namespaces)
            values["terraform.supplied"] = list(value.supplied)
            values["terraform.withheld"] = list(value.withheld)
        elif name == "rules":
            for rule, said in value.items():
                told = {"severity": said.severity, "params": dict(said.params)}
                values[f"rules.{rule}"] = {key: it for key, it in told.items() if it}
        elif name == "overrides":
            values[name] = len(value)
        elif isinstance(value, tuple):
            values[name] = [str(it) for it in value]
        else:
            values[name] = value.value if isinstance(value, Severity) else value
    return values
