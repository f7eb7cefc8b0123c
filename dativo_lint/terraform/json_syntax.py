"""Reads JSON syntax, `.tf.json`, into the same tree as native syntax.

https://developer.hashicorp.com/terraform/language/syntax/json says what stands for what: labels are
levels of objects, several blocks are a list, texts are templates, and a few texts are expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, TypeAlias, TypeVar

from msgspec.structs import replace

from dativo_lint.documents.document import FaultKind, Limits
from dativo_lint.documents.json_reader import read_json
from dativo_lint.terraform.blocks import LABELS
from dativo_lint.terraform.declarations import ModuleError
from dativo_lint.terraform.json_nodes import (
    JsonArray,
    JsonNode,
    JsonObject,
    JsonPair,
    JsonScalar,
    json_nodes,
)
from dativo_lint.terraform.native import parse_expression, parse_template
from dativo_lint.terraform.source import Source
from dativo_lint.terraform.syntax import (
    Argument,
    Block,
    Body,
    Expression,
    Label,
    Literal,
    Node,
    ObjectCons,
    ObjectItem,
    SyntaxFault,
    TupleCons,
)
from dativo_lint.terraform.template_parts import nfc

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
    """The body of a file in JSON syntax, and what keeps it from being JSON.

    A key may be written twice: what that means depends on what stands under it.
    """
    reading = read_json(path, content, limits)
    source = Source(path, reading.text)
    faults = [it for it in reading.faults if it.kind is not FaultKind.DUPLICATE_KEY]
    errors = tuple(ModuleError(fault.message, fault.place) for fault in faults)
    if not reading.documents:
        return source, Body(0, 0, ()), errors
    try:
        body = _Reader(reading.text, limits).body(json_nodes(reading.text))
    except RecursionError:
        # Only where the limit is set beyond Python's own.
        deep = ModuleError("too deeply nested to be read", source.between(0, 0))
        return source, Body(0, 0, ()), (*errors, deep)
    return source, body, errors


class _Reader:
    """One file on its way to a tree; what is wrong with it is noted."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.faults: list[SyntaxFault] = []

    def body(self, root: JsonNode) -> Body:
        """The blocks at the top of the file."""
        items: list[Argument | Block] = []
        for item in root.items if isinstance(root, JsonArray) else (root,):
            if not isinstance(item, JsonObject):
                self._wrong(item, "a configuration is an object, or a list of objects")
                continue
            for pair in item.pairs:
                items += self._item(pair)
        return Body(0, len(self.text), tuple(items), tuple(sorted(self.faults)))

    def _item(self, pair: JsonPair) -> Iterator[Block]:
        if pair.key in LABELS:
            yield from self._blocks(pair.key, (), pair, pair.value)
        elif pair.key != _COMMENT:
            yield Block(pair.start, pair.value.end, pair.end, pair.key, (), Body(0, 0, ()))

    def _wrong(self, node: JsonNode, detail: str) -> None:
        fault = SyntaxFault(node.start, node.end, "Incorrect JSON value type", detail)
        self.faults.append(fault)

    def _blocks(
        self, type_: str, labels: tuple[Label, ...], key: JsonPair, value: JsonNode
    ) -> Iterator[Block]:
        """The blocks that one value stands for, under the labels read so far."""
        wanted = LABELS[type_]
        if len(labels) < len(wanted):
            yield from self._labelled(type_, labels, key, value)
        elif isinstance(value, JsonArray):
            for item in value.items:
                yield from self._blocks(type_, labels, key, item)
        elif isinstance(value, JsonObject):
            body = Body(value.start, value.end, tuple(self._arguments(type_, value)))
            yield Block(key.start, value.end, key.end, type_, labels, body)
        elif not _is_null(value):
            self._wrong(value, f"expected an object with the arguments of the {type_} block")

    def _labelled(
        self, type_: str, labels: tuple[Label, ...], key: JsonPair, value: JsonNode
    ) -> Iterator[Block]:
        """The blocks under the next label, which is a key of an object or of several."""
        wanted = LABELS[type_][len(labels)]
        found = False
        for item in value.items if isinstance(value, JsonArray) else (value,):
            if not isinstance(item, JsonObject):
                self._wrong(item, f"expected an object whose keys are the {wanted} of a {type_}")
                return
            for pair in item.pairs:
                found = True
                label = Label(pair.start, pair.end, nfc(pair.key))
                yield from self._blocks(type_, (*labels, label), pair, pair.value)
        if not found:
            detail = f"expected a key that is the {wanted} of a {type_}"
            self.faults.append(SyntaxFault(key.start, key.end, "Missing block label", detail))

    def _arguments(self, type_: str, value: JsonObject) -> Iterator[Argument]:
        seen: set[str] = set()
        for pair in value.pairs:
            if pair.key == _COMMENT:
                continue
            if pair.key in seen:
                detail = f'the argument "{pair.key}" is set already in this block'
                self.faults.append(SyntaxFault(pair.start, pair.end, "Duplicate argument", detail))
            seen.add(pair.key)
            read: _Reads = parse_template
            if pair.key in _PLAIN.get(type_, ()):
                read = _as_it_stands
            elif (type_, pair.key) == ("variable", "type"):
                read = parse_expression
            expression = self._expression(pair.value, read)
            yield Argument(pair.start, pair.value.end, pair.key, expression)

    def _expression(self, node: JsonNode, read: _Reads) -> Expression:
        if isinstance(node, JsonObject):
            items = tuple(
                ObjectItem(
                    pair.start,
                    pair.value.end,
                    self._text(pair.key, (pair.start, pair.end), read),
                    self._expression(pair.value, read),
                )
                for pair in node.pairs
            )
            return ObjectCons(node.start, node.end, items)
        if isinstance(node, JsonArray):
            parts = tuple(self._expression(item, read) for item in node.items)
            return TupleCons(node.start, node.end, parts)
        if isinstance(node.value, str):
            return self._text(node.value, (node.start, node.end), read)
        if isinstance(node.value, Decimal) and not node.value.is_finite():
            self._wrong(node, f"{node.value} is no number in JSON")
            return Literal(node.start, node.end, None)
        return Literal(node.start, node.end, node.value)

    def _text(self, text: str, at: tuple[int, int], read: _Reads) -> Expression:
        """What a text means; its nodes stand where they do, unless the text holds escapes."""
        if read is parse_template and "${" not in text and "%{" not in text:
            return Literal(*at, nfc(text))
        value, faults = read(text, self.limits)
        start = at[0] + 1
        exact = self.text[start : at[1] - 1] == text
        for fault in faults:
            place = (fault.start + start, fault.end + start) if exact else at
            self.faults.append(SyntaxFault(*place, fault.summary, fault.detail))
        if value is None:
            return Literal(*at, nfc(text))
        if isinstance(value, Literal) or not exact:
            return moved(value, lambda _: at)
        return moved(value, lambda node: (node.start + start, node.end + start))


def _is_null(node: JsonNode) -> bool:
    return isinstance(node, JsonScalar) and node.value is None


def _as_it_stands(text: str, _: Limits) -> tuple[Expression, tuple[SyntaxFault, ...]]:
    return Literal(0, len(text), nfc(text)), ()


_Node = TypeVar("_Node", bound=Node)


def moved(node: _Node, place: Callable[[Node], tuple[int, int]]) -> _Node:
    """A tree whose nodes stand elsewhere."""
    fields: dict[str, Any] = {}
    for name in node.__struct_fields__[2:]:
        value = getattr(node, name)
        if isinstance(value, Node):
            fields[name] = moved(value, place)
        elif isinstance(value, tuple):
            parts = (moved(part, place) if isinstance(part, Node) else part for part in value)
            fields[name] = tuple(parts)
    start, end = place(node)
    return replace(node, start=start, end=end, **fields)
