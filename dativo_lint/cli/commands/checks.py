"""The command `checks`: the checks that rules name, and the parameters that each takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from dativo_lint.checks import CHECKS, check, params_schema
from dativo_lint.cli.options import color_option, form_option
from dativo_lint.cli.output import screen, show_json, show_parts
from dativo_lint.reports.columns import folded, table
from dativo_lint.reports.escape import json_line
from dativo_lint.reports.style import Ink, Style
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.pages import sentence_of
from dativo_lint.schemas import resolved

_HEADERS = ("parameter", "type", "default", "meaning")
_NAMES = {"text": "file", "rendered": "rendered set"}
"""What a check applies to, where people call it something else."""


@click.command()
@click.argument("name", required=False, type=click.Choice(CHECKS), metavar="[NAME]")
@form_option("table", "json")
@color_option
def checks(name: str | None, form: str) -> None:
    """List the checks that rules can use, or show one.

    Each with what it applies to, the rules that use it, and its parameters.
    """
    every = [_described(each) for each in ([name] if name else CHECKS)]
    if form == "json":
        show_json({"checks": every})
        return
    style = screen()
    show_parts(_block(each, style) for each in every)


def _block(described: Mapping[str, Any], style: Style) -> str:
    name, applies_to = described["name"], ", ".join(described["applies_to"])
    users = ", ".join(described["rules"]) or "no built-in rule"
    lines = [f"{style.paint(name, Ink.BOLD)} (applies to: {applies_to})"]
    for text in (described["summary"], f"used by {users}"):
        lines += folded(text, style.width)
    rows = [
        (
            param["name"],
            param["type"],
            "required" if param["required"] else json_line(param["default"]),
            param["meaning"],
        )
        for param in described["params"]
    ]
    return "\n".join(lines) + (f"\n\n{table(_HEADERS, rows, style)}" if rows else "")


def _described(name: str) -> dict[str, Any]:
    """A check as plain data."""
    schema = params_schema(name)
    sentence = sentence_of(name)
    return {
        "name": name,
        "summary": f"{sentence[:1].upper()}{sentence[1:]}",
        "applies_to": [_NAMES.get(kind, kind) for kind in check(name).APPLIES_TO],
        "rules": [rule.id for rule in builtin_rules() if rule.check == name],
        "params": [
            {
                "name": param,
                "type": _type(of, schema),
                "required": param in schema.get("required", ()),
                "default": of.get("default"),
                "meaning": of.get("description", ""),
            }
            for param, of in schema["properties"].items()
        ],
    }


def _type(of: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """The type of a parameter, from its JSON Schema, as in Terraform: `list(string)`."""
    if "$ref" in of:
        return _type(resolved(root, of["$ref"]), root)
    if "enum" in of:
        return f"one of {', '.join(map(str, of['enum']))}"
    if "anyOf" in of:
        kinds = dict.fromkeys(_type(kind, root) for kind in of["anyOf"])
        return " or ".join(kind for kind in kinds if kind != "integer" or "number" not in kinds)
    items, values = of.get("items"), of.get("additionalProperties")
    if items:
        return f"list({_type(items, root)})"
    if isinstance(values, Mapping):
        return f"map({_type(values, root)})"
    fields = ", ".join(of.get("properties", ()))
    return f"object({fields})" if fields else str(of.get("type", "anything"))
