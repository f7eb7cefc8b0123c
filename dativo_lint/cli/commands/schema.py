"""The command `schema`: print a JSON Schema, for editors and other tools."""

from __future__ import annotations

import click

from dativo_lint.cli.options import color_option
from dativo_lint.cli.output import show, show_parts, shown_table
from dativo_lint.reports.as_json import report_schema
from dativo_lint.reports.escape import json_text
from dativo_lint.schemas import schema as schema_of

REPORT = "report"
SUBJECTS = {
    "job": "a job config",
    "asset": "an asset definition",
    "connector": "a connector recipe",
    "infrastructure": "the infrastructure block of a job",
    "runner": "a runner file",
    "rule": "a rule file",
    "settings": "a settings file, .dativo-lint.yml",
    "baseline": "a baseline of accepted findings",
    REPORT: "the report of check --format json",
}


@click.command()
@click.argument("name", type=click.Choice([*SUBJECTS]), required=False)
@color_option
def schema(name: str | None) -> None:
    """Print a JSON Schema by NAME, or list all.

    Editors and other tools can use them.
    """
    if name is None:
        headers = ("schema", "describes")
        show_parts((shown_table(headers, SUBJECTS.items()), "Print one: dativo-lint schema job"))
    else:
        show(json_text(report_schema() if name == REPORT else schema_of(name)))
