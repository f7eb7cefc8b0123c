"""The command `rules`: list the rules that there are."""

from __future__ import annotations

import click

from dativo_lint.api import all_rules
from dativo_lint.cli.options import settings_for, settings_options
from dativo_lint.cli.output import show, table
from dativo_lint.reports.escape import json_text, visible
from dativo_lint.rulebook.rule import Rule
from dativo_lint.ruleset import rule_set


@click.command()
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@settings_options
def rules(form: str, config: str | None, isolated: bool) -> None:
    """List all rules, with the severity that the settings give them."""
    settings = settings_for(config, isolated)
    every = all_rules(settings)
    running = {rule.id: rule for rule in rule_set(every, settings).all}
    rows = [_row(rule, running.get(rule.id)) for rule in sorted(every, key=_order)]
    if form == "json":
        show(json_text({"version": 1, "rules": rows}))
        return
    columns = ("family", "id", "severity", "summary")
    cells = [[visible(str(row[column])) for column in columns] for row in rows]
    headers = ("family", "rule", "severity", "what it finds")
    counts = f"{len(rows)} rules, {len(running)} run"
    show(f"{table(headers, cells)}\n\n{counts}; dativo-lint explain RULE says more\n")


def _order(rule: Rule) -> tuple[str, str]:
    return rule.family, rule.id


def _row(rule: Rule, running: Rule | None) -> dict[str, object]:
    severity = running.severity.value if running else "off"
    if running is None and rule.awaits:
        severity = f"off (needs params.{', params.'.join(rule.awaits)})"
    return {
        "id": rule.id,
        "family": rule.family,
        "severity": severity,
        "default_severity": rule.severity.value,
        "runs": running is not None,
        "awaits": list(rule.awaits),
        "summary": rule.summary,
        "fix": rule.fix,
        "check": rule.check,
    }
