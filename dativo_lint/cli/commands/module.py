"""The command `module`: what a Terraform module asks for, and what a job gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import click
from msgspec.structs import replace

from dativo_lint.api import load_jobs, load_module
from dativo_lint.cli import CLEAN, FOUND
from dativo_lint.cli.module_contract import INVALID, NOT_SET, contract
from dativo_lint.cli.options import (
    file_option,
    form_option,
    path_argument,
    settings_for,
    settings_options,
)
from dativo_lint.cli.output import screen, show
from dativo_lint.errors import UsageError
from dativo_lint.jobs.sinks.sink import HIDDEN
from dativo_lint.reports.columns import folded, table
from dativo_lint.reports.escape import code, json_text, markdown, markdown_table, visible
from dativo_lint.reports.sentences import plural
from dativo_lint.reports.style import Ink

_Json = dict[str, Any]
_Rows = list[tuple[str, ...]]
_Shown = Callable[[str], str]
"""How a form shows text from a file."""

_ORDER = (NOT_SET, INVALID, "differs", "unresolved", "accepted")
"""The verdicts, those that need attention first."""


@click.command()
@path_argument("path")
@file_option(
    "--job", help="Check the inputs from this job, and show what is not set or invalid first."
)
@click.option("--all", "whole", is_flag=True, help="With --job, also show what needs no attention.")
@form_option("table", "json", "markdown")
@settings_options
def module(path: str, job: str | None, whole: bool, form: str) -> int:
    """Show the inputs, outputs and tags of a Terraform module.

    PATH is the folder of the module. With --job: what this job sets and where, and whether
    Terraform accepts it, whichever module the job itself names. Sensitive values are not shown.

    Exit codes: 0; 1 if Terraform would refuse the module or a value, or a required one is not set;
    2 usage error.
    """
    settings = settings_for((path,) if job is None else (path, job))
    tree = load_module(path, settings)
    loaded = None
    if job is not None:
        jobs = load_jobs(job, settings)
        if len(jobs) > 1:
            raise UsageError(f"--job: {job} holds {len(jobs)} jobs; expected one")
        loaded = replace(jobs[0], module_tree=tree)
    content = contract(tree, loaded)
    show(_FORMS[form](content, whole or job is None))
    verdicts = [each["given"]["verdict"] for each in content["variables"] if "given" in each]
    return FOUND if content["errors"] or {NOT_SET, INVALID} & {*verdicts} else CLEAN


def _as_table(contract: _Json, whole: bool) -> str:
    """Tables for a terminal; with a job and not `whole`, of what needs attention."""
    style = screen()
    blocks = [style.paint(_lines([_head(contract)], style.width), Ink.BOLD)]
    for headers, rows in _tables(contract, visible, whole):
        blocks.append(table(headers, rows, style))
        if headers[0] == "variable":
            blocks.append(_lines(_verdicts(contract, visible), style.width))
    conditions = _conditions(contract, visible) if whole else ()
    blocks.append(_lines([*conditions, *_remarks(contract, visible)], style.width))
    if not whole:
        blocks.append(_lines(_left_out(contract), style.width))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _as_markdown(contract: _Json, whole: bool) -> str:
    """A page: one section for each kind of thing."""
    blocks = [f"# Module {code(contract['module'])}", markdown(_requirement(contract))]
    for headers, rows in _tables(contract, _in_markdown, whole):
        blocks.append(markdown_table(headers, rows))
    conditions = _conditions(contract, _in_markdown) if whole else ()
    verdicts = _verdicts(contract, _in_markdown)
    listed = [*conditions, *verdicts, *_remarks(contract, markdown)]
    listed += () if whole else map(markdown, _left_out(contract))
    if listed:
        blocks.append("\n".join(f"- {line}" for line in listed))
    return "\n\n".join(block for block in blocks if block) + "\n"


_FORMS: dict[str, Callable[[_Json, bool], str]] = {
    "table": _as_table,
    "json": lambda contract, _: json_text(contract),
    "markdown": _as_markdown,
}


def _lines(texts: Iterable[str], width: int) -> str:
    return "\n".join(line for text in texts for line in folded(text, width))


def _in_markdown(text: str) -> str:
    return code(text) if text else ""


def _head(contract: _Json) -> str:
    job = f", with {visible(contract['job'])}" if "job" in contract else ""
    requirement = _requirement(contract)
    return f"module {visible(contract['module'])}{job}" + (
        f"\n{requirement}" if requirement else ""
    )


def _requirement(contract: _Json) -> str:
    constraints = ", ".join(map(visible, contract["required_version"]))
    return f"requires Terraform {constraints}" if constraints else ""


def _tables(contract: _Json, shown: _Shown, whole: bool) -> list[tuple[Sequence[str], _Rows]]:
    """The tables of a contract, those without rows left out."""
    has_job = "job" in contract
    variables, resources = contract["variables"], contract["resources"]
    if has_job:
        wanted = (each for each in variables if whole or not _is_plain_default(each))
        variables = sorted(wanted, key=_attention)
    tables: list[tuple[Sequence[str], _Rows]]
    if not whole:
        tables = [
            (
                ("variable", "value", "from", "state"),
                [(shown(each["name"]), *_value(each, shown)) for each in variables],
            ),
            (
                ("resource", "tags of this job"),
                [(shown(each["address"]), *_given_tags(each, shown)) for each in resources],
            ),
        ]
    else:
        columns = ("value", "from", "state") if has_job else ("default",)
        tags = ("tags of this job",) if has_job else ()
        tables = [
            (
                ("variable", "type", *columns, "notes"),
                [_variable(each, shown) for each in variables],
            ),
            (
                ("resource", "tags", "inputs", *tags),
                [(*_resource(each, shown), *_given_tags(each, shown)) for each in resources],
            ),
            (("output", "value"), [_output(each, shown) for each in contract["outputs"]]),
            (
                ("module call", "source", "pinned"),
                [
                    (shown(each["name"]), shown(each["source"] or ""), _yes_or_no(each["pinned"]))
                    for each in contract["calls"]
                ],
            ),
        ]
    return [(headers, rows) for headers, rows in tables if rows]


def _output(output: _Json, shown: _Shown) -> tuple[str, ...]:
    value = HIDDEN if output["sensitive"] else shown(output["value"] or "")
    return shown(output["name"]), value


def _is_plain_default(variable: _Json) -> bool:
    value = variable["given"]
    return (value["by"], value["verdict"]) == ("default", "accepted")


def _attention(variable: _Json) -> tuple[int, bool]:
    return _ORDER.index(variable["given"]["verdict"]), variable["given"]["by"] == "default"


def _left_out(contract: _Json) -> Iterator[str]:
    """How much is not shown, and how to see it."""
    counts = [
        (sum(map(_is_plain_default, contract["variables"])), "variable with its default"),
        (len(contract["outputs"]), "output"),
        (len(contract["calls"]), "module call"),
        (sum(len(variable["validations"]) for variable in contract["variables"]), "validation"),
    ]
    counted = [plural(count, noun) for count, noun in counts if count]
    if counted:
        yield f"not shown: {', '.join(counted)} (--all shows everything)"


def _variable(variable: _Json, shown: _Shown) -> tuple[str, ...]:
    flags = [name for name in ("sensitive", "ephemeral") if variable[name]]
    flags += [] if variable["nullable"] else ["not null"]
    flags += ["deprecated"] if variable["deprecated"] else []
    flags += ["validated"] if variable["validations"] else []
    default = "required" if variable["required"] else shown(variable["default"] or "")
    cells = _value(variable, shown) if "given" in variable else (default,)
    # With spaces in it, a type can be broken.
    return (
        shown(variable["name"]),
        shown(variable["type"].replace(",", ", ")),
        *cells,
        ", ".join(flags),
    )


def _value(variable: _Json, shown: _Shown) -> tuple[str, str, str]:
    """The value of a variable, where it is from, and how it is."""
    item = variable["given"]
    state = "set" if item["verdict"] == "accepted" else item["verdict"]
    return "" if item["value"] is None else shown(item["value"]), item["by"] or "", state


def _resource(resource: _Json, shown: _Shown) -> tuple[str, ...]:
    expressions = ", ".join(shown(site["expression"]) for site in resource["tagged_by"])
    names = [f"var.{name}" for name in resource["variables"]] + resource["unsure"]
    inputs = ", ".join(map(shown, names)) or ("the module alone" if resource["tagged_by"] else "")
    return shown(resource["address"]), expressions or NOT_SET, inputs


def _given_tags(resource: _Json, shown: _Shown) -> tuple[str, ...]:
    """The cell with the tags of a resource for a job, if there is one."""
    if "tags" not in resource:
        return ()
    if resource["tags"] is None:
        return ("not created" if resource["tagged_by"] else NOT_SET,)
    known = resource["tags"]["known"].items()
    pairs = [shown(f"{key}={'?' if value is None else value}") for key, value in known]
    return (", ".join([*pairs, *(["unresolved"] if resource["tags"]["doubt"] else [])]) or "none",)


def _yes_or_no(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _conditions(contract: _Json, shown: _Shown) -> Iterator[str]:
    """The validations, in words."""
    for variable in contract["variables"]:
        for block in variable["validations"]:
            condition, message = block["condition"] or "?", block["error_message"] or "?"
            name = shown(variable["name"])
            yield f"{name} must satisfy {shown(condition)}: {shown(message)}"


def _verdicts(contract: _Json, shown: _Shown) -> Iterator[str]:
    """What is wrong with the values of a job, and what is dropped of them."""
    for variable in contract["variables"]:
        value = variable.get("given")
        for reason in value["reasons"] if value else ():
            is_missing = value["verdict"] == NOT_SET
            label = "" if is_missing else f"{shown(variable['name'])} is {value['verdict']}: "
            yield f"{label}{shown(reason)}"
        for path in value["dropped"] if value else ():
            yield f"{shown(variable['name'])} drops {shown('.'.join(map(str, path)))}"


def _remarks(contract: _Json, shown: _Shown) -> Iterable[str]:
    """What is wrong with the module, and what it has no variable for."""
    for variable in contract.get("undeclared", ()):
        yield shown(f"terraform_vars sets {variable['name']}, which the module does not declare")
    for error in contract["errors"]:
        yield shown(f"{error['path']}:{error['line']}:{error['column']}: {error['message']}")
