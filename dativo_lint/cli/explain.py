"""The command `explain`: all about one rule, under fixed headings."""

from __future__ import annotations

import click

from dativo_lint.api import all_rules
from dativo_lint.cli.options import settings_for, settings_options
from dativo_lint.cli.output import show, table
from dativo_lint.errors import UsageError, nearest
from dativo_lint.reports.escape import visible
from dativo_lint.rulebook.pages import page
from dativo_lint.rulebook.rule import Rule


@click.command()
@click.argument("rule")
@settings_options
def explain(rule: str, config: str | None, isolated: bool) -> None:
    """Explain a RULE, or list those of a family.

    What it finds, why it matters, what to do, its parameters, examples and sources.
    """
    every = {it.id: it for it in all_rules(settings_for(config, isolated), whole=True)}
    family = [each for each in every.values() if each.family == rule]
    if family:
        show(table(("rule", "severity", "defect"), map(_row, family)) + "\n")
        return
    if rule not in every:
        hint = nearest(rule, tuple(every))
        raise UsageError(f"unknown rule {rule}{hint}; dativo-lint rules lists them")
    # A rule of a shop's own may hold what a terminal would obey.
    show("\n".join(map(visible, page(every[rule]).split("\n"))))


def _row(rule: Rule) -> tuple[str, str, str]:
    return visible(rule.id), rule.severity.value, visible(rule.summary)
