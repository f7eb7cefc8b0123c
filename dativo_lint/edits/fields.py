"""Edits of fields of a document, which leave every other byte of its file as it is.

A comment on the lines of a field that is removed goes with it, and so do comments below it that are
indented further than its key; all other comments stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from dativo_lint.documents.document import ABSENT, Document, Node
from dativo_lint.documents.place import Field
from dativo_lint.edits.fix import Edit, NotExact
from dativo_lint.edits.nodes import (
    BREAK,
    BREAKS,
    REST,
    Refused,
    Spot,
    begin_of,
    column_of,
    end_for_more,
    end_of,
    entries_of,
    is_block_text,
    is_collection,
    is_flow,
    is_json_file,
    last_of,
    line_end_at,
    line_start,
    properties_of,
    spot_of,
    step_of,
)
from dativo_lint.edits.spelling import Unspeakable, spelled, spelled_key

_BELOW: Final = rf"(?:[ \t]*(?:#[^{BREAKS}]*)?{BREAK})*(?:[ \t]*#[^{BREAKS}]*\Z)?"
"""Lines that are empty, or have only comments."""
_DASHES: Final = r" *(?:- +)+"
_NEXT_ENTRY: Final = rf"[ \t]*,?[ \t]*(?:(?<=[ \t])#[^{BREAKS}]*)?[\s]*"
_P = ParamSpec("_P")


def _exactly(
    edit: Callable[Concatenate[Document, Field, _P], tuple[int, int, str]],
) -> Callable[Concatenate[Document, Field, _P], Edit | NotExact]:
    @wraps(edit)
    def edited(
        document: Document, route: Field, /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Edit | NotExact:
        try:
            start, end, text = edit(document, route, *args, **kwargs)
        except (Refused, Unspeakable) as refusal:
            return NotExact(str(refusal))
        return Edit(document.between(start, end), text)

    return edited


@_exactly
def set_value(document: Document, route: Field, value: Any) -> tuple[int, int, str]:
    """Write another value for a scalar, in its own quotes where it has some."""
    spot, text = spot_of(document, route), document.text
    start, end = spot.value.start, spot.value.end
    old = text[start:end].rstrip()
    if not spot.around or is_collection(spot.value) or old.startswith(("|", ">")):
        raise Refused("only a value on its own can be replaced, not a mapping, list or block")
    if "!" in properties_of(document, spot.value):
        raise Refused("the value has a tag")
    in_flow = any(is_flow(document, node) for node in spot.around)
    new = spelled(value, old, is_json=is_json_file(document), in_flow=in_flow)
    if not old:
        if not (text.endswith((":", "- ", "-"), 0, start) and re.compile(REST).match(text, start)):
            raise Refused("there is no value to replace")
        gap = "" if text.endswith(" ", 0, start) else " "
        return start, start, gap + new
    return start, start + len(old), new


@_exactly
def rename(document: Document, route: Field, name: str) -> tuple[int, int, str]:
    """Give the key of a field another name, in its own quotes where it has some."""
    spot = spot_of(document, route)
    if spot.key is None or spot.key.is_alias or properties_of(document, spot.key):
        raise Refused("it has no key of its own")
    entries_of(document, spot.around[-1])
    if document.value((*route[:-1], name)) is not ABSENT:
        raise Refused(f'there is a "{name}" beside it')
    start, end = spot.key.start, spot.key.end
    old = document.text[start:end]
    return start, end, spelled_key(name, old, is_json=is_json_file(document))


@_exactly
def remove(document: Document, route: Field) -> tuple[int, int, str]:
    """Remove a field, or an item of a list, with its lines and the comments on them."""
    spot = spot_of(document, route)
    if not spot.around:
        raise Refused("a whole document is not removed")
    around = spot.around[-1]
    entries = entries_of(document, around)
    at = next(n for n, (_, value) in enumerate(entries) if value is spot.value)
    if is_flow(document, around):
        return _remove_between_commas(document, around, entries, at)
    return _remove_lines(document, spot, entries, at)


@_exactly
def add(document: Document, route: Field, value: Any) -> tuple[int, int, str]:
    """Add a field as the last of its mapping, with the mappings that are yet to be there."""
    node, depth = _existing(document, route)
    for step in reversed(route[depth + 1 :]):
        value = {step: value}
    key = route[depth]
    if not all(isinstance(step, str) for step in route[depth:]):
        raise Refused("an item of a list cannot be added")
    spot = spot_of(document, route[:depth])
    if key in spot.value.fields:
        return _fill(document, route[: depth + 1], value)
    entries = entries_of(document, node)
    if is_flow(document, node):
        return _add_between_braces(document, node, entries, key, value)
    (first, first_value), (_, last) = entries[0], entries[-1]
    end = end_for_more(document, last)
    indent = " " * column_of(document, begin_of(first or first_value))
    return end, end, _block(key, value, indent, step_of(document), line_end_at(document, end))


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
    return spot_of(document, route[:depth]).value, depth


def _fill(document: Document, route: Field, value: Any) -> tuple[int, int, str]:
    """Write a value for a field that is null."""
    spot, text = spot_of(document, route), document.text
    is_json = is_json_file(document)
    start, end = spot.value.start, spot.value.end
    old = text[start:end]
    if properties_of(document, spot.value):
        raise Refused("the value has an anchor or a tag")
    if old or not isinstance(value, dict) or is_flow(document, spot.around[-1]):
        if not old and not text.endswith(":", 0, start):
            raise Refused("there is no value to replace")
        gap = "" if old else " "
        return start, end, gap + spelled(value, old, is_json=is_json)
    rest = re.compile(REST).match(text, start)
    if spot.key is None or rest is None:
        raise Refused("there is no value to replace")
    step = step_of(document)
    indent = " " * column_of(document, begin_of(spot.key)) + step
    line_end = line_end_at(document, rest.end())
    lines = "".join(_block(key, below, indent, step, line_end) for key, below in value.items())
    return rest.end(), rest.end(), lines


def _block(key: str | int, value: Any, indent: str, step: str, line_end: str) -> str:
    """A field of a block, each line with the line end before it."""
    name = spelled_key(str(key))
    if not (isinstance(value, dict) and value):
        return f"{line_end}{indent}{name}: {spelled(value, in_flow=isinstance(value, list))}"
    below = (_block(under, each, indent + step, step, line_end) for under, each in value.items())
    return f"{line_end}{indent}{name}:{''.join(below)}"


def _add_between_braces(
    document: Document,
    node: Node,
    entries: list[tuple[Node | None, Node]],
    key: str | int,
    value: Any,
) -> tuple[int, int, str]:
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


def _remove_between_commas(
    document: Document, around: Node, entries: list[tuple[Node | None, Node]], at: int
) -> tuple[int, int, str]:
    text = document.text
    ends = [end_of(document, value) for _, value in entries]
    begins = [begin_of(key or value) for key, value in entries]
    if len(entries) == 1:
        start, end = begins[0], end_of(document, around) - 1
        if "#" in text[ends[0] : end]:
            raise Refused("a comment would be lost")
        return start, end, ""
    if at + 1 < len(entries):
        if not re.compile(_NEXT_ENTRY).fullmatch(text, ends[at], begins[at + 1]):
            raise Refused("a comment would be lost")
        return begins[at], begins[at + 1], ""
    if "#" in text[ends[at - 1] : begins[at]]:
        raise Refused("a comment would be lost")
    return ends[at - 1], ends[at], ""


def _remove_lines(
    document: Document, spot: Spot, entries: list[tuple[Node | None, Node]], at: int
) -> tuple[int, int, str]:
    text = document.text
    key, value = entries[at]
    begin, end = begin_of(key or value), end_of(document, value)
    rest = re.compile(REST).match(text, end)
    if rest is None:
        raise Refused("the value does not end its line")
    if key is None:
        begin = text.rindex("-", 0, begin + 1)
    if len(entries) == 1:
        return _empty(document, spot, begin, end)
    first = line_start(text, begin)
    above = text[first:begin]
    if above.strip(" "):
        if at or not re.fullmatch(_DASHES, above):
            raise Refused("it does not begin its line")
        next_key, next_value = entries[1]
        next_begin = begin_of(next_key or next_value)
        if next_key is None:
            next_begin = text.rindex("-", 0, next_begin + 1)
        if text[rest.end() : next_begin].strip():
            raise Refused("a comment would be lost")
        return begin, next_begin, ""
    stop = _with_comments(text, rest.end(), begin - first)
    follows_block = at > 0 and is_block_text(document, last_of(entries[at - 1][1]))
    line_end = re.compile(BREAK).match(text, stop)
    if line_end is not None:
        stop = line_end.end()
    below = re.compile(_BELOW).match(text, stop)
    if follows_block and below is not None and below.group():
        raise Refused("what follows would become part of the text above it")
    if line_end is None and not follows_block:
        # The last line had no end, and keeps none.
        return _before_line_end(text, first), stop, ""
    return first, stop, ""


def _empty(document: Document, spot: Spot, begin: int, end: int) -> tuple[int, int, str]:
    """Write a mapping or list of a block without its only entry."""
    text, around = document.text, spot.around[-1]
    if properties_of(document, around):
        raise Refused("the mapping or list has an anchor or a tag")
    empty = "[]" if spot.key is None else "{}"
    beside = spot.around[-2].fields.values() if len(spot.around) > 1 else ()
    key = next((key for key, value in beside if value is around), None)
    if key is None:
        return begin, end, empty
    colon = text.index(":", key.end) + 1
    return colon, end, f" {empty}{text[colon:begin].rstrip()}"


def _with_comments(text: str, end: int, column: int) -> int:
    """The end of the last comment below a field that is indented further than it."""
    below = re.compile(_BELOW).match(text, end)
    line_end = re.compile(BREAK).match(text, end)
    if below is None or line_end is None:
        return end
    at = line_end.end()
    while at < below.end():
        stop = re.compile(BREAK).search(text, at)
        line_stop = stop.start() if stop else len(text)
        line = text[at:line_stop]
        if line.strip():
            if len(line) - len(line.lstrip()) <= column:
                return end
            end = line_stop
        at = stop.end() if stop else line_stop
    return end


def _before_line_end(text: str, line_start: int) -> int:
    """Where the line end before a line begins."""
    return line_start - (2 if text[:line_start].endswith("\r\n") else 1) if line_start else 0
