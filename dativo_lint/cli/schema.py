"""The command `schema`: print a JSON Schema, for editors and other tools."""

from __future__ import annotations

import click

from dativo_lint.cli.output import show
from dativo_lint.reports.escape import json_text
from dativo_lint.schemas import SCHEMAS
from dativo_lint.schemas import schema as schema_of


@click.command()
@click.argument("name", type=click.Choice(SCHEMAS))
def schema(name: str) -> None:
    """Print the JSON Schema of a job, an asset, a rule file, the settings, ..."""
    show(json_text(schema_of(name)))
