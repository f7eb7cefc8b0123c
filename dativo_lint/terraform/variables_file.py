"""Reads a Terraform variables file in native syntax, `*.tfvars`, as a document."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from dativo_lint.terraform.native import parse
from dativo_lint.terraform.plain_data import UNREAD, literal
from dativo_lint.terraform.syntax import (
    Argument,
    Expression,
    ObjectCons,
    Parens,
    SyntaxFault,
    TupleCons,
)
from dativo_lint.texts.document import Document, Fault, FaultKind, Limits, Reading
from dativo_lint.texts.json_marks import JsonSpan
from dativo_lint.texts.place import Field, start_of
from dativo_lint.texts.positions import Lines
from dativo_lint.texts.source import limit_message

_NO_VALUE: Final = "variables and functions are not allowed in a variables file"


def read_variables(path: str, content: bytes, limits: Limits = Limits()) -> Reading:
    """The variables of a file; whatever is wrong with it is a fault, and nothing is raised."""
    if len(content) > limits.file_bytes:
        message = limit_message("file_bytes", limits.file_bytes, "bytes")
        return Reading(path, "", (), (Fault(FaultKind.LIMIT, message, start_of(path)),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} is not UTF-8"
        return Reading(path, "", (), (Fault(FaultKind.ENCODING, message, start_of(path)),))
    body = parse(text, limits)
    lines = Lines(text)
    data: dict[str, Any] = {}
    marks: dict[int, Any] = {id(data): {}}
    faults = [_fault(path, lines, found) for found in body.errors]
    for item in body.items:
        if not isinstance(item, Argument):
            stray = SyntaxFault(item.start, item.header_end, "Unexpected block", "expected a value")
            faults.append(_fault(path, lines, stray))
            continue
        value = _plain(literal(item.value))
        if value is UNREAD:
            stray = SyntaxFault(item.value.start, item.value.end, "No literal", _NO_VALUE)
            faults.append(_fault(path, lines, stray, (item.name,)))
            continue
        data[item.name] = value
        name = JsonSpan(item.start, item.start + len(item.name), lines)
        marks[id(data)][item.name] = (name, _span(item.value, lines))
        for inner, mark in _marks(item.value, value, lines):
            marks[id(inner)] = mark
    document = Document(path, text, data, JsonSpan(0, len(text), lines), marks)
    faults.sort(key=lambda fault: fault.place)
    return Reading(path, text, () if faults else (document,), tuple(faults))


def _marks(expression: Expression, value: Any, lines: Lines) -> Iterator[tuple[Any, Any]]:
    """The marks of each mapping and list in a value."""
    pending = [(expression, value)]
    while pending:
        here, inner = pending.pop()
        while isinstance(here, Parens):
            here = here.value
        if isinstance(here, TupleCons) and isinstance(inner, list):
            yield inner, [_span(item, lines) for item in here.items]
            pending += zip(here.items, inner, strict=True)
        elif isinstance(here, ObjectCons) and isinstance(inner, dict):
            found = {}
            for item in here.items:
                key = literal(item.key)
                found[key] = (_span(item.key, lines), _span(item.value, lines))
                pending.append((item.value, inner[key]))
            yield inner, found


def _span(expression: Expression, lines: Lines) -> JsonSpan:
    return JsonSpan(expression.start, expression.end, lines)


def _plain(value: Any) -> Any:
    """A literal as plain data: a decimal number becomes a float."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _fault(path: str, lines: Lines, found: SyntaxFault, field: Field = ()) -> Fault:
    name = str(field[0]) if field else ""
    return Fault(FaultKind.SYNTAX, found.message, lines.place(path, found.start, found.end, name))
