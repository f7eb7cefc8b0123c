"""Forms in which `module` shows a contract: a table, JSON, and Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from dativo_lint.cli.output import table
from dativo_lint.jobs.sinks.sink import HIDDEN
from dativo_lint.reports.escape import code, json_text, markdown, markdown_table, shortened, visible

Json = dict[str, Any]
Rows = list[tuple[str, ...]]

_WIDEST = 60
"""Characters of an expression in a table; the other forms tell all of them."""
_GIVERS = {None: "not set", "default": "the default"}


def as_table(contract: Json) -> str:
    """Tables for a terminal."""
    blocks = [_head(contract)]
    for headers, rows in _tables(contract, _in_table):
        blocks.append(table(headers, rows))
    lines = [*_conditions(contract, visible), *_remarks(contract, visible)]
    if lines:
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def as_markdown(contract: Json) -> str:
    """A page: one section for each kind of thing."""
    blocks = [f"# Module {code(contract['module'])}", markdown(_requirement(contract))]
    for headers, rows in _tables(contract, _in_markdown):
        blocks.append(markdown_table(headers, rows))
    listed = [*_conditions(contract, _in_markdown), *_remarks(contract, markdown)]
    if listed:
        blocks.append("\n".join(f"- {line}" for line in listed))
    return "\n\n".join(block for block in blocks if block) + "\n"


FORMS: dict[str, Callable[[Json], str]] = {
    "table": as_table,
    "json": json_text,
    "markdown": as_markdown,
}
"""Every form by name."""

_Shown = Callable[[str], str]
"""How a form shows what stands in a file."""


def _in_table(text: str) -> str:
    return visible(shortened(text, _WIDEST))


def _in_markdown(text: str) -> str:
    return code(text) if text else ""


def _head(contract: Json) -> str:
    job = f", given by {visible(contract['job'])}" if "job" in contract else ""
    requirement = _requirement(contract)
    return f"module {visible(contract['module'])}{job}" + (
        f"\n{requirement}" if requirement else ""
    )


def _requirement(contract: Json) -> str:
    constraints = ", ".join(map(visible, contract["required_version"]))
    return f"requires Terraform {constraints}" if constraints else ""


def _tables(contract: Json, shown: _Shown) -> Iterator[tuple[Sequence[str], Rows]]:
    """The tables of a contract, those without rows left out."""
    rows = [_variable(it, shown) for it in contract["variables"]]
    given = ("given", "by", "verdict") if "job" in contract else ()
    headers = ("variable", "type", "default", *given, "notes")
    if rows:
        yield headers, rows
    if contract["outputs"]:
        yield (
            ("output", "value"),
            [
                (shown(it["name"]), HIDDEN if it["sensitive"] else shown(it["value"] or ""))
                for it in contract["outputs"]
            ],
        )
    if contract["resources"]:
        tags = ("tags",) if "job" in contract else ()
        yield (
            ("resource", "tagged by", "taken from", *tags),
            [_resource(it, shown) for it in contract["resources"]],
        )
    if contract["calls"]:
        yield (
            ("module call", "source", "pinned"),
            [
                (shown(it["name"]), shown(it["source"] or ""), _yes_or_no(it["pinned"]))
                for it in contract["calls"]
            ],
        )


def _variable(told: Json, shown: _Shown) -> tuple[str, ...]:
    default = "required" if told["required"] else shown(told["default"] or "")
    flags = [name for name in ("sensitive", "ephemeral") if told[name]]
    flags += [] if told["nullable"] else ["not null"]
    flags += ["deprecated"] if told["deprecated"] else []
    flags += ["validated"] if told["validations"] else []
    given = told.get("given")
    cells: tuple[str, ...] = ()
    if given is not None:
        value = "" if given["value"] is None else shown(given["value"])
        giver = _GIVERS.get(given["by"]) or given["by"]
        cells = (value, giver, given["verdict"])
    return shown(told["name"]), shown(told["type"]), default, *cells, ", ".join(flags)


def _resource(told: Json, shown: _Shown) -> tuple[str, ...]:
    expressions = ", ".join(shown(it["expression"]) for it in told["tagged_by"])
    names = [f"var.{name}" for name in told["variables"]] + told["unsure"]
    hangs_on = ", ".join(map(shown, names)) or ("the module alone" if told["tagged_by"] else "")
    row = (shown(told["address"]), expressions or "nothing", hangs_on)
    if "tags" not in told:
        return row
    if told["tags"] is None:
        return *row, "not made"
    known = told["tags"]["known"].items()
    pairs = [shown(f"{key}={'?' if value is None else value}") for key, value in known]
    return *row, ", ".join([*pairs, *(["..."] if told["tags"]["doubt"] else [])])


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _conditions(contract: Json, shown: _Shown) -> Iterator[str]:
    """The validations, in words, and what they say of the values given."""
    for told in contract["variables"]:
        for it in told["validations"]:
            condition, message = it["condition"] or "?", it["error_message"] or "?"
            yield f"{shown(told['name'])} requires {shown(condition)}, else: {shown(message)}"
        given = told.get("given")
        for reason in given["reasons"] if given else ():
            yield f"{shown(told['name'])} is {given['verdict']}: {shown(reason)}"
        for path in given["dropped"] if given else ():
            yield f"{shown(told['name'])} drops {shown('.'.join(map(str, path)))}"


def _remarks(contract: Json, shown: _Shown) -> Iterable[str]:
    """What is wrong with the module, and what it has no variable for."""
    for it in contract.get("undeclared", ()):
        yield shown(f"terraform_vars sets {it['name']}, which the module does not declare")
    for it in contract["errors"]:
        yield shown(f"{it['path']}:{it['line']}:{it['column']}: {it['message']}")
