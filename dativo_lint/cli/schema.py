"""The command `schema`: print a JSON Schema, for editors and other tools."""

from __future__ import annotations

import click

from dativo_lint.cli.output import show
from dativo_lint.reports.as_json import report_schema
from dativo_lint.reports.escape import json_text
from dativo_lint.schemas import SCHEMAS
from dativo_lint.schemas import schema as schema_of

REPORT = "report"


@click.command()
@click.argument("name", type=click.Choice([*SCHEMAS, REPORT]))
def schema(name: str) -> None:
    """Print a JSON Schema.

    Of a job, an asset, its infrastructure block, a rule file, the settings or the JSON report;
    editors and other tools can use them.
    """
    show(json_text(report_schema() if name == REPORT else schema_of(name)))
