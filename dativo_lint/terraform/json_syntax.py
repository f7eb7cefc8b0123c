"""Reads JSON syntax, `.tf.json`, into the same tree as native syntax: labels are levels of objects,
blocks are lists, texts templates (https://developer.hashicorp.com/terraform/language/syntax/json).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar

from msgspec.structs import replace

from dativo_lint.documents.document import FaultKind, Limits
from dativo_lint.terraform import syntax
from dativo_lint.terraform.blocks import LABELS
from dativo_lint.terraform.declarations import ModuleError
from dativo_lint.terraform.expressions import exact_number
from dativo_lint.terraform.native import Parsed, parse_expression, parse_template
from dativo_lint.terraform.source import Source
from dativo_lint.terraform.syntax import Expression, Literal, ObjectCons, TupleCons, normal

_Reads: TypeAlias = Callable[[str, Limits], Parsed]

_COMMENT: Final = "//"
_OF_VARIABLES: Final = "const default deprecated description ephemeral nullable sensitive"
_PLAIN: Final = {
    "variable": tuple(_OF_VARIABLES.split()),
    "output": ("description", "sensitive"),
    "module": ("source", "version"),
    "terraform": ("required_version",),
}
"""Arguments whose texts Terraform takes as they stand, without looking for templates in them."""
_NESTED: Final = {
    "variable": ("validation",),
    "output": ("precondition",),
    "resource": ("connection", "lifecycle", "provisioner"),
    "data": ("lifecycle",),
    "ephemeral": ("lifecycle",),
    "lifecycle": ("postcondition", "precondition"),
    "terraform": ("required_providers",),
}
"""Inner blocks that Terraform itself knows; what else is one is known to the provider only."""

_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


def read_json_body(
    path: str, content: bytes, limits: Limits
) -> tuple[Source, syntax.Body, tuple[ModuleError, ...]]:
    """The body of a file in JSON syntax, and what keeps it from being JSON."""
    from dativo_lint.documents.json_reader import read_json  # few modules are written so

    reading = read_json(path, content, limits)
    source = Source(path, reading.text)
    faults = [fault for fault in reading.faults if fault.kind is not FaultKind.DUPLICATE_KEY]
    errors = tuple(ModuleError(fault.message, fault.place) for fault in faults)
    body = syntax.Body(0, 0, ())
    try:
        if reading.documents:
            body = _Reader(reading.text, limits).body(reading.documents[0].root)
    except RecursionError:
        # Only where the limit is set beyond Python's own.
        place = source.place(syntax.Node(0, 0))
        errors = (*errors, ModuleError("too deeply nested to be read", place))
    return source, body, errors


def _opening(node: Any) -> str:
    """The character that a value of a JSON text begins with, which tells its type."""
    return str(node.text[node.start])


def _pairs(node: Any) -> Iterator[tuple[syntax.Label, Any]]:
    """The keys of an object with their values; a key may be there twice."""
    for name, key, below in node.parts():
        yield syntax.Label(key.start, key.end, name), below


def _each(node: Any) -> list[Any]:
    """The items of a list; anything else is its own only item."""
    return [below for _, _, below in node.parts()] if _opening(node) == "[" else [node]


class _Reader:
    """One file on its way to a tree; what is wrong with it is noted."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.faults: list[syntax.Diagnostic] = []

    def body(self, root: Any) -> syntax.Body:
        """The blocks at the top of the file."""
        items: list[syntax.Argument | syntax.Block] = []
        for node in _each(root):
            if _opening(node) != "{":
                self._wrong(node, "a configuration is an object, or a list of objects")
                continue
            for key, value in _pairs(node):
                if key.text in LABELS:
                    items += self._blocks(key.text, (), key, value)
                elif key.text != _COMMENT:
                    empty = syntax.Body(0, 0, ())
                    items.append(syntax.Block(key.start, value.end, key.end, key.text, (), empty))
        return syntax.Body(0, len(self.text), tuple(items), tuple(sorted(self.faults)))

    def _wrong(self, node: Any, detail: str, what: str = "Incorrect JSON value type") -> None:
        self.faults.append(syntax.Diagnostic(node.start, node.end, what, detail))

    def _blocks(
        self, type_: str, labels: tuple[syntax.Label, ...], key: syntax.Label, value: Any
    ) -> Iterator[syntax.Block]:
        """The blocks that one value stands for, under the labels read so far."""
        if len(labels) < len(LABELS.get(type_, ())):
            yield from self._labelled(type_, labels, key, value)
        elif _opening(value) == "[":
            for item in _each(value):
                yield from self._blocks(type_, labels, key, item)
        elif _opening(value) == "{":
            body = syntax.Body(value.start, value.end, tuple(self._items(type_, value)))
            yield syntax.Block(key.start, value.end, key.end, type_, labels, body)
        elif _opening(value) != "n":
            self._wrong(value, f"expected an object with the arguments of the {type_} block")

    def _labelled(
        self, type_: str, labels: tuple[syntax.Label, ...], key: syntax.Label, value: Any
    ) -> Iterator[syntax.Block]:
        """The blocks under the next label, which is a key of an object or of several."""
        wanted = LABELS[type_][len(labels)]
        is_labelled = False
        for item in _each(value):
            if _opening(item) != "{":
                self._wrong(item, f"expected an object whose keys are the {wanted} of a {type_}")
                return
            for inner, below in _pairs(item):
                is_labelled = True
                label = replace(inner, text=normal(inner.text))
                yield from self._blocks(type_, (*labels, label), inner, below)
        if not is_labelled:
            detail = f"expected a key that is the {wanted} of a {type_}"
            self._wrong(key, detail, "Missing block label")

    def _items(self, type_: str, value: Any) -> Iterator[syntax.Argument | syntax.Block]:
        seen: set[str] = set()
        for key, below in _pairs(value):
            name = key.text
            if name == _COMMENT:
                continue
            if name in _NESTED.get(type_, ()):
                yield from self._blocks(name, (), key, below)
                continue
            if name in seen:
                detail = f'the argument "{name}" is set already in this block'
                self._wrong(key, detail, "Duplicate argument")
            seen.add(name)
            read: _Reads = parse_template
            if name in _PLAIN.get(type_, ()):
                read = _as_it_stands
            elif (type_, name) == ("variable", "type"):
                read = parse_expression
            yield syntax.Argument(key.start, below.end, name, self._expression(below, read))

    def _expression(self, node: Any, read: _Reads) -> Expression:
        """A value with its texts read."""
        start, end, opening = node.start, node.end, _opening(node)
        if opening == "{":
            items: list[syntax.ObjectItem] = []
            for key, below in _pairs(node):
                name, value = self._text(key, key.text, read), self._expression(below, read)
                items.append(syntax.ObjectItem(key.start, below.end, name, value))
            return ObjectCons(start, end, tuple(items))
        if opening == "[":
            return TupleCons(
                start, end, tuple(self._expression(item, read) for item in _each(node))
            )
        written = self.text[start:end]
        if opening == '"':
            return self._text(node, json.loads(written), read)
        if written in _WORDS:
            return Literal(start, end, _WORDS[written])
        number = exact_number(written)
        if isinstance(number, Decimal) and not number.is_finite():
            self._wrong(node, f"{number} is no number in JSON")
            return Literal(start, end, None)
        return Literal(start, end, number)

    def _text(self, node: Any, text: str, read: _Reads) -> Expression:
        """What a text means; its nodes stand where they do, unless the text holds escapes."""
        plain = Literal(node.start, node.end, normal(text))
        if read is parse_template and "${" not in text and "%{" not in text:
            return plain
        value, faults = read(text, self.limits)
        start = node.start + 1
        exact = self.text[start : node.end - 1] == text
        for fault in faults:
            place = (fault.start + start, fault.end + start) if exact else (node.start, node.end)
            self.faults.append(syntax.Diagnostic(*place, fault.summary, fault.detail))
        if value is None:
            return plain
        if isinstance(value, Literal) or not exact:
            return moved(value, lambda _: (node.start, node.end))
        return moved(value, lambda inner: (inner.start + start, inner.end + start))


def _as_it_stands(text: str, _: Limits) -> Parsed:
    return Literal(0, len(text), normal(text)), ()


_Node = TypeVar("_Node", bound=syntax.Node)


def moved(node: _Node, place: Callable[[syntax.Node], tuple[int, int]]) -> _Node:
    """A tree whose nodes stand elsewhere."""
    fields: dict[str, Any] = {}
    for name in node.__struct_fields__[2:]:
        value = getattr(node, name)
        if isinstance(value, syntax.Node):
            fields[name] = moved(value, place)
        elif isinstance(value, tuple):
            fields[name] = tuple(
                moved(part, place) if isinstance(part, syntax.Node) else part for part in value
            )
    start, end = place(node)
    return replace(node, start=start, end=end, **fields)
