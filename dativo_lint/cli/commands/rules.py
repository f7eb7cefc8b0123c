"""The command `rules`: list the rules that there are."""

from __future__ import annotations

from itertools import groupby

import click

from dativo_lint.api import all_rules
from dativo_lint.checks import CHECKS
from dativo_lint.cli.effective import as_data, effective_rules
from dativo_lint.cli.options import (
    form_option,
    hold_known,
    names,
    rule_names,
    settings_for,
    settings_options,
)
from dativo_lint.cli.output import screen, show, show_json, shown_table
from dativo_lint.errors import UsageError
from dativo_lint.names import nearest
from dativo_lint.reports.escape import visible
from dativo_lint.reports.sentences import pages_of
from dativo_lint.reports.style import Ink
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.settings.effective import is_named
from dativo_lint.settings.rule_settings import OFF


@click.command()
@click.argument("rules", nargs=-1, callback=names, shell_complete=rule_names)
@click.option("--family", "families", multiple=True, metavar="NAME", help="Show only this family.")
@click.option(
    "--severity",
    "severities",
    multiple=True,
    type=click.Choice([*(severity.value for severity in Severity), OFF]),
    help="Show only this severity.",
)
@click.option(
    "--check",
    "checks",
    multiple=True,
    type=click.Choice(CHECKS),
    metavar="NAME",
    help="Show only rules of this check.",
)
@form_option("table", "json")
@settings_options
def rules(
    rules: tuple[str, ...],
    families: tuple[str, ...],
    severities: tuple[str, ...],
    checks: tuple[str, ...],
    form: str,
) -> None:
    """List rules and their severity under the settings.

    RULES are ids, families and globs, such as 'missing-*'; without any, all rules. Options are
    repeatable and narrow the list further.
    """
    settings = settings_for()
    every = all_rules(settings)
    hold_known(rules, every)
    own = {rule.family for rule in every}
    for name in families:
        if name not in own:
            raise UsageError(f'--family: unknown family "{name}"{nearest(name, own)}')
    rows = [
        row
        for row in effective_rules(sorted(every, key=_order), settings)
        if not rules or is_named(row.rule, rules)
        if not families or row.rule.family in families
        if not severities or row.severity in severities
        if not checks or row.rule.check in checks
    ]
    if form == "json":
        show_json({"rules": list(map(as_data, rows))})
        return
    style, pages, headers = screen(), pages_of(every), ("rule", "severity", "fix", "what it finds")
    tables = []
    for family, members in groupby(rows, lambda row: row.rule.family):
        cells = [(row.rule.id, row.severity, row.rule.fixable, row.summary) for row in members]
        title = style.paint(visible(family).upper(), Ink.BOLD)
        tables.append(f"{title}\n{shown_table(headers, cells, pages)}\n\n")
    counts = f"{len(rows)} of {len(every)} rules, {sum(row.severity != OFF for row in rows)} on"
    show(f"{''.join(tables)}{counts}; dativo-lint explain RULE describes one\n")


def _order(rule: Rule) -> tuple[str, str]:
    return rule.family, rule.id
