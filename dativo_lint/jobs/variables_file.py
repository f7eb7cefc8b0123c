"""Reads a Terraform variables file in native syntax, `*.tfvars`, as a document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, TypeAlias

from dativo_lint.documents.document import (
    Document,
    Fault,
    FaultKind,
    Limits,
    Node,
    Reading,
    Written,
    too_large,
)
from dativo_lint.documents.place import Field, Lines, start_of
from dativo_lint.terraform import syntax
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.plain_data import UNREAD, literal
from dativo_lint.terraform.syntax import Diagnostic, Expression

_Fields: TypeAlias = dict[Any, "tuple[Node | None, Node]"]

_NO_VALUE: Final = "variables and functions are not allowed in a variables file"


def read_variables(path: str, content: bytes, limits: Limits = Limits()) -> Reading:
    """The variables of a file; whatever is wrong with it is a fault, and nothing is raised."""
    if len(content) > limits.file_bytes:
        return Reading(path, "", (), (too_large(path, limits),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not UTF-8"
        return Reading(path, "", (), (Fault(FaultKind.ENCODING, message, start_of(path)),))
    body = parse(text, limits)
    lines = Lines(text)
    data: dict[str, Any] = {}
    fields: _Fields = {}
    faults = [_fault(path, lines, error) for error in body.errors]
    for item in body.items:
        if not isinstance(item, syntax.Argument):
            stray = Diagnostic(item.start, item.header_end, "Unexpected block", "expected a value")
            faults.append(_fault(path, lines, stray))
            continue
        value = _plain(literal(item.value))
        if value is UNREAD:
            stray = Diagnostic(item.value.start, item.value.end, "No literal", _NO_VALUE)
            faults.append(_fault(path, lines, stray, (item.name,)))
            continue
        data[item.name] = value
        name = Written(item.start, item.start + len(item.name))
        fields[item.name] = name, _node(item.value)
    document = Document(path, text, data, Written(0, len(text), fields))
    faults.sort(key=lambda fault: fault.place)
    return Reading(path, text, () if faults else (document,), tuple(faults))


def _node(expression: Expression) -> Node:
    """A literal as written, with all that is in it."""
    fields: _Fields = {}
    pending = [(expression, fields)]
    while pending:
        here, own = pending.pop()
        while isinstance(here, syntax.Parens):
            here = here.value
        parts: list[tuple[Any, Node | None, Expression]] = []
        if isinstance(here, syntax.TupleCons):
            parts = [(at, None, item) for at, item in enumerate(here.items)]
        elif isinstance(here, syntax.ObjectCons):
            parts = [
                (literal(item.key), Written(item.key.start, item.key.end), item.value)
                for item in here.items
            ]
        for step, key, value in parts:
            below: _Fields = {}
            own[step] = key, Written(value.start, value.end, below)
            pending.append((value, below))
    return Written(expression.start, expression.end, fields)


def _plain(value: Any) -> Any:
    """A literal as plain data: a decimal number becomes a float."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _fault(path: str, lines: Lines, error: Diagnostic, field: Field = ()) -> Fault:
    name = str(field[0]) if field else ""
    return Fault(FaultKind.SYNTAX, error.message, lines.place(path, error.start, error.end, name))
