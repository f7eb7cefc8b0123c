"""Reads JSON syntax, `.tf.json`, into the same tree as native syntax.

https://developer.hashicorp.com/terraform/language/syntax/json says what stands for what: labels are
levels of objects, several blocks are a list, texts are templates, and a few texts are expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar, cast

from dativo_lint.terraform.blocks import LABELS
from dativo_lint.terraform.declarations import ModuleError
from dativo_lint.terraform.fragments import parse_expression, parse_template
from dativo_lint.terraform.source import Source
from dativo_lint.terraform.syntax import (
    Argument,
    Block,
    Body,
    Expression,
    Label,
    Literal,
    ObjectCons,
    ObjectItem,
    SyntaxFault,
    TupleCons,
)
from dativo_lint.terraform.template_parts import nfc
from dativo_lint.texts.document import Document, Limits, Marked
from dativo_lint.texts.json_reader import read_json

_Reads: TypeAlias = Callable[[str, Limits], "tuple[Expression | None, tuple[SyntaxFault, ...]]"]

_COMMENT: Final = "//"
_PLAIN: Final = {
    "variable": frozenset(
        {"const", "default", "deprecated", "description", "ephemeral", "nullable", "sensitive"}
    ),
    "output": frozenset({"description", "sensitive"}),
    "module": frozenset({"source", "version"}),
    "terraform": frozenset({"required_version", "required_providers"}),
}
"""Arguments whose texts Terraform takes as they stand, without looking for templates in them."""


def read_json_body(
    path: str, content: bytes, limits: Limits
) -> tuple[Source, Body, tuple[ModuleError, ...]]:
    """The body of a file in JSON syntax, and what is wrong with the file."""
    reading = read_json(path, content, limits)
    source = Source(path, reading.text)
    errors = tuple(ModuleError(fault.message, fault.place) for fault in reading.faults)
    if not reading.documents:
        return source, Body(0, 0, ()), errors
    document = reading.documents[0]
    reader = _Reader(document, limits)
    if not isinstance(document.data, dict):
        message = "a configuration is an object, with one key for each type of block"
        return source, Body(0, 0, ()), (*errors, ModuleError(message, document.place(())))
    return source, reader.body(), errors


class _Reader:
    """One document on its way to a tree; what is wrong with the texts in it is noted."""

    def __init__(self, document: Document, limits: Limits) -> None:
        self.document = document
        self.limits = limits
        self.faults: list[SyntaxFault] = []

    def body(self) -> Body:
        """The blocks at the top of the file."""
        items: list[Argument | Block] = []
        for name, key, value, data in self._pairs(self.document.data):
            if name not in LABELS:
                items.append(Block(*_ends(key, value), _end(key), name, (), Body(0, 0, ())))
            else:
                items += self._blocks(name, (), (key, value), data)
        length = len(self.document.text)
        return Body(0, length, tuple(items), tuple(sorted(self.faults)))

    def _pairs(self, data: dict[str, Any]) -> Iterator[tuple[str, Marked, Marked, Any]]:
        """Key, its place, the place of its value and the value; comments are left out."""
        marks: Any = self.document.marks[id(data)]
        for name, value in data.items():
            if name != _COMMENT:
                yield name, *marks[name], value

    def _blocks(
        self, type_: str, labels: tuple[Label, ...], at: tuple[Marked, Marked], data: Any
    ) -> Iterator[Block]:
        """The blocks that one value stands for, under the labels read so far."""
        key, value = at
        if isinstance(data, list):
            marks: Any = self.document.marks[id(data)]
            for item, mark in zip(data, marks, strict=True):
                yield from self._blocks(type_, labels, (key, mark), item)
        elif not isinstance(data, dict):
            detail = f"expected an object for {type_}, or a list of objects"
            self.faults.append(
                SyntaxFault(*_ends(value, value), "Incorrect JSON value type", detail)
            )
        elif len(labels) < len(LABELS[type_]):
            for name, name_at, inner_at, inner in self._pairs(data):
                label = Label(*_ends(name_at, name_at), name)
                yield from self._blocks(type_, (*labels, label), (name_at, inner_at), inner)
        else:
            arguments = tuple(self._arguments(type_, data))
            body = Body(*_ends(value, value), arguments)
            yield Block(*_ends(key, value), _end(key), type_, labels, body)

    def _arguments(self, type_: str, data: dict[str, Any]) -> Iterator[Argument]:
        for name, key, value, inner in self._pairs(data):
            read: _Reads = parse_template
            if name in _PLAIN.get(type_, ()):
                read = _as_it_stands
            elif (type_, name) == ("variable", "type"):
                read = parse_expression
            yield Argument(*_ends(key, value), name, self._expression(inner, value, read))

    def _expression(self, data: Any, at: Marked, read: _Reads) -> Expression:
        start, end = _ends(at, at)
        if isinstance(data, dict):
            items = [
                ObjectItem(self._text(name, key, read), self._expression(value, value_at, read))
                for name, key, value_at, value in self._pairs(data)
            ]
            return ObjectCons(start, end, tuple(items))
        if isinstance(data, list):
            marks: Any = self.document.marks[id(data)]
            pairs = zip(data, marks, strict=True)
            return TupleCons(
                start, end, tuple(self._expression(it, mark, read) for it, mark in pairs)
            )
        if isinstance(data, str):
            return self._text(data, at, read)
        if isinstance(data, float):
            return Literal(start, end, Decimal(self.document.text[start:end]))
        return Literal(start, end, data)

    def _text(self, text: str, at: Marked, read: _Reads) -> Expression:
        """What a text means; its nodes stand where they do, unless the text holds escapes."""
        start, end = _ends(at, at)
        if read is parse_template and "${" not in text and "%{" not in text:
            return Literal(start, end, nfc(text))
        value, faults = read(text, self.limits)
        exact = self.document.text[start + 1 : end - 1] == text
        for fault in faults:
            place = (fault.start + start + 1, fault.end + start + 1) if exact else (start, end)
            self.faults.append(SyntaxFault(*place, fault.summary, fault.detail))
        if value is None:
            return Literal(start, end, nfc(text))
        if isinstance(value, Literal) or not exact:
            return moved(value, lambda _: (start, end))
        return moved(value, lambda node: (node.start + start + 1, node.end + start + 1))


def _as_it_stands(text: str, _: Limits) -> tuple[Expression, tuple[SyntaxFault, ...]]:
    return Literal(0, len(text), nfc(text)), ()


def _ends(first: Marked, last: Marked) -> tuple[int, int]:
    return first.start_mark.index, last.end_mark.index


def _end(mark: Marked) -> int:
    return mark.end_mark.index


_Node = TypeVar("_Node")


def moved(node: _Node, place: Callable[[Any], tuple[int, int]]) -> _Node:
    """A tree whose nodes stand elsewhere."""
    found: Any = node
    if isinstance(node, tuple):
        parts = (moved(part, place) for part in node)
        found = type(node)._make(parts) if hasattr(node, "_make") else tuple(parts)
        if hasattr(node, "start"):
            start, end = place(node)
            found = found._replace(start=start, end=end)
    return cast("_Node", found)
