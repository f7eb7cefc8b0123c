"""Edits that set, rename or add a field or an item, and leave every other byte of the file as it
is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dativo_lint.documents.document import ABSENT, Document, Node
from dativo_lint.documents.place import Field
from dativo_lint.edits.nodes import (
    REST,
    Change,
    Refused,
    begin_of,
    column_of,
    end_for_more,
    end_of,
    entries_of,
    exactly,
    hold_unmerged,
    is_collection,
    is_flow,
    is_json_file,
    line_end_at,
    line_start,
    properties_of,
    spot_of,
    step_of,
)
from dativo_lint.edits.spelling import spelled, spelled_key


@exactly
def set_value(document: Document, route: Field, value: Any) -> tuple[Node, Change]:
    """Write another value for a scalar, in its own quotes where it has some."""
    spot, text = spot_of(document, route), document.text
    node = spot.value.target
    start, end = node.start, node.end
    old = text[start:end].rstrip()
    if not spot.around or is_collection(node) or old.startswith(("|", ">")):
        raise Refused("only a value on its own can be replaced, not a mapping, list or block")
    if "!" in properties_of(document, node):
        raise Refused("the value has a tag")
    in_flow = spot.is_elsewhere or is_flow(document, spot.around[-1])
    new = spelled(value, old, is_json=is_json_file(document), in_flow=in_flow)
    if not old:
        if not (text.endswith((":", "- ", "-"), 0, start) and REST.match(text, start)):
            raise Refused("there is no value to replace")
        gap = "" if text.endswith(" ", 0, start) else " "
        return node, (start, start, gap + new)
    return node, (start, start + len(old), new)


@exactly
def rename(document: Document, route: Field, name: str) -> tuple[Node, Change]:
    """Give the key of a field another name, in its own quotes where it has some."""
    spot = spot_of(document, route)
    if spot.key is None or spot.key.is_alias or properties_of(document, spot.key):
        raise Refused("it has no key of its own")
    entries_of(document, spot.around[-1])
    hold_unmerged(document, spot.around[-1])
    if document.value((*route[:-1], name)) is not ABSENT:
        raise Refused(f'there is a "{name}" beside it')
    start, end = spot.key.start, spot.key.end
    old = document.text[start:end]
    return spot.value, (start, end, spelled_key(name, old, is_json=is_json_file(document)))


@exactly
def add(document: Document, route: Field, value: Any) -> tuple[Node, Change]:
    """Add a field as the last of its mapping, with the mappings that are yet to be there."""
    node, depth = _existing(document, route)
    for step in reversed(route[depth + 1 :]):
        value = {step: value}
    key = route[depth]
    if not all(isinstance(step, str) for step in route[depth:]):
        raise Refused("an item of a list cannot be added")
    if key in node.fields:
        return node, _fill(document, route[: depth + 1], value)
    entries = entries_of(document, node)
    hold_unmerged(document, node)
    if is_flow(document, node):
        return node, _add_between_braces(document, node, entries, key, value)
    (first, first_value), (_, last) = entries[0], entries[-1]
    end = end_for_more(document, last)
    indent = " " * column_of(document, begin_of(first or first_value))
    lines = block(key, value, indent, step_of(document), line_end_at(document, end))
    return node, (end, end, lines)


def _existing(document: Document, route: Field) -> tuple[Node, int]:
    """The innermost mapping on the way to a field, and how many steps lead there."""
    depth = 0
    while depth < len(route) - 1 and isinstance(document.value(route[: depth + 1]), (dict, list)):
        depth += 1
    data = document.value(route[:depth])
    if not isinstance(data, dict) or document.root is None:
        raise Refused("there is no mapping to add it to")
    if data.get(route[depth]) is not None:
        raise Refused("there is a value already")
    return spot_of(document, route[:depth]).value.target, depth


def _fill(document: Document, route: Field, value: Any) -> Change:
    """Write a value for a field that is null."""
    spot, text = spot_of(document, route), document.text
    is_json = is_json_file(document)
    start, end = spot.value.start, spot.value.end
    old = text[start:end]
    if spot.value.is_alias or properties_of(document, spot.value):
        raise Refused("the value has an anchor or a tag")
    if old or not isinstance(value, dict) or is_flow(document, spot.around[-1]):
        if not old and not text.endswith(":", 0, start):
            raise Refused("there is no value to replace")
        gap = "" if old else " "
        return start, end, gap + spelled(value, old, is_json=is_json)
    rest = REST.match(text, start)
    if spot.key is None or rest is None:
        raise Refused("there is no value to replace")
    step = step_of(document)
    indent = " " * column_of(document, begin_of(spot.key)) + step
    line_end = line_end_at(document, rest.end())
    lines = "".join(block(key, below, indent, step, line_end) for key, below in value.items())
    return rest.end(), rest.end(), lines


def block(key: str | int, value: Any, indent: str, step: str, line_end: str) -> str:
    """A field of a block, each line with the line end before it."""
    name = spelled_key(str(key))
    if not (isinstance(value, dict) and value):
        return f"{line_end}{indent}{name}: {spelled(value, in_flow=isinstance(value, list))}"
    below = (block(under, each, indent + step, step, line_end) for under, each in value.items())
    return f"{line_end}{indent}{name}:{''.join(below)}"


def _add_between_braces(
    document: Document,
    node: Node,
    entries: list[tuple[Node | None, Node]],
    key: str | int,
    value: Any,
) -> Change:
    text, is_json = document.text, is_json_file(document)
    pair = spelled({key: value}, is_json=is_json)[1:-1]
    if not entries:
        start = node.start + 1 if is_json else node.end
        return start, start, pair
    last_key, last = entries[-1]
    end = end_of(document, last)
    if last_key is None or not text[begin_of(last) : end]:
        raise Refused("the mapping is not written as keys with values")
    begin = begin_of(last_key)
    above = text[line_start(text, begin) : begin]
    if above.strip():
        return end, end, f", {pair}"
    return end, end, f",{line_end_at(document, end)}{above}{pair}"


@exactly
def append(document: Document, route: Field, item: Mapping[str, Any]) -> tuple[Node, Change]:
    """Add a mapping as the last item of a list, indented as the item before it."""
    node = spot_of(document, route).value
    entries = entries_of(document, node)
    if not entries or entries[-1][0] is not None or is_flow(document, node):
        raise Refused("it is not a list with a dash before each item")
    last = entries[-1][1]
    begin, end = begin_of(last), end_for_more(document, last)
    dash = document.text.rindex("-", 0, begin)
    indent, gap = " " * column_of(document, dash), document.text[dash + 1 : begin]
    gap = gap if gap.strip(" ") == "" and gap else " "
    step, line_end = step_of(document), line_end_at(document, end)
    lines = "".join(
        block(key, value, f"{indent} {gap}", step, line_end) for key, value in item.items()
    )
    head = f"{line_end}{indent}-{gap}"
    return node, (end, end, head + lines[len(head) :])
