"""Edits of fields of a document, which leave every other byte of its file as it is.

A comment on the lines of a field that is removed goes with it, and so do comments below it that are
indented further than its key; all other comments stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from msgspec import Struct

from dativo_lint.documents.document import ABSENT, Document, Node
from dativo_lint.documents.place import Field
from dativo_lint.edits.fix import Edit, NotExact
from dativo_lint.edits.spelling import Unspeakable, spelled, spelled_key

_BREAK: Final = r"(?:\r\n|[\n\r\x85\u2028\u2029])"
"""The line ends of YAML 1.1."""
_BREAKS: Final = "\n\r\x85\u2028\u2029"
_LINE_END: Final = re.compile(_BREAK)
_REST: Final = re.compile(rf"[ \t]*(?:(?<=[ \t])#[^{_BREAKS}]*)?(?={_BREAK}|\Z)")
"""The rest of a line after a value: nothing, or a comment."""
_BELOW: Final = re.compile(rf"(?:[ \t]*(?:#[^{_BREAKS}]*)?{_BREAK})*(?:[ \t]*#[^{_BREAKS}]*\Z)?")
"""Lines that are empty, or have only comments."""
_DASHES: Final = re.compile(r" *(?:- +)+")
_NEXT_ENTRY: Final = re.compile(rf"[ \t]*,?[ \t]*(?:(?<=[ \t])#[^{_BREAKS}]*)?[\s]*")
_STEP: Final = 2
_P = ParamSpec("_P")


class _Refused(Exception):
    """The field cannot be edited exactly."""


class _Spot(Struct, frozen=True, eq=False):
    """A field as written: the nodes around it, outermost first, its key (if any), its value."""

    around: tuple[Node, ...]
    key: Node | None
    value: Node


def _exactly(
    edit: Callable[Concatenate[Document, Field, _P], tuple[int, int, str]],
) -> Callable[Concatenate[Document, Field, _P], Edit | NotExact]:
    @wraps(edit)
    def edited(
        document: Document, route: Field, /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Edit | NotExact:
        try:
            start, end, text = edit(document, route, *args, **kwargs)
        except (_Refused, Unspeakable) as refusal:
            return NotExact(str(refusal))
        return Edit(document.between(start, end), text)

    return edited


@_exactly
def set_value(document: Document, route: Field, value: Any) -> tuple[int, int, str]:
    """Write another value for a scalar, in its own quotes where it has some."""
    spot, text = _spot(document, route), document.text
    start, end = spot.value.start, spot.value.end
    old = text[start:end].rstrip()
    if not spot.around or _is_collection(spot.value) or old.startswith(("|", ">")):
        raise _Refused("only a value on its own can be replaced, not a mapping, list or block")
    if "!" in _properties(document, spot.value):
        raise _Refused("the value has a tag")
    in_flow = any(_is_flow(document, node) for node in spot.around)
    new = spelled(value, old, is_json=_is_json(document), in_flow=in_flow)
    if not old:
        if not (text[:start].endswith((":", "- ", "-")) and _REST.match(text, start)):
            raise _Refused("there is no value to replace")
        gap = "" if text[:start].endswith(" ") else " "
        return start, start, gap + new
    return start, start + len(old), new


@_exactly
def rename(document: Document, route: Field, name: str) -> tuple[int, int, str]:
    """Give the key of a field another name, in its own quotes where it has some."""
    spot = _spot(document, route)
    if spot.key is None or spot.key.is_alias or _properties(document, spot.key):
        raise _Refused("it has no key of its own")
    _entries(document, spot.around[-1])
    if document.value((*route[:-1], name)) is not ABSENT:
        raise _Refused(f'there is a "{name}" beside it')
    start, end = spot.key.start, spot.key.end
    old = document.text[start:end]
    return start, end, spelled_key(name, old, is_json=_is_json(document))


@_exactly
def remove(document: Document, route: Field) -> tuple[int, int, str]:
    """Remove a field, or an item of a list, with its lines and the comments on them."""
    spot = _spot(document, route)
    if not spot.around:
        raise _Refused("a whole document is not removed")
    around = spot.around[-1]
    entries = _entries(document, around)
    at = next(n for n, (_, value) in enumerate(entries) if value is spot.value)
    if _is_flow(document, around):
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
        raise _Refused("an item of a list cannot be added")
    spot = _spot(document, route[:depth])
    if key in spot.value.fields:
        return _fill(document, route[: depth + 1], value)
    entries = _entries(document, node)
    if _is_flow(document, node):
        return _add_between_braces(document, node, entries, key, value)
    (first, first_value), (_, last) = entries[0], entries[-1]
    end = _end_for_more(document, last)
    indent = " " * _column(document, _begin(first or first_value))
    return end, end, _block(key, value, indent, _line_end(document, end))


def _existing(document: Document, route: Field) -> tuple[Node, int]:
    """The innermost mapping on the way to a field, and how many steps lead there."""
    depth = 0
    while depth < len(route) - 1 and isinstance(document.value(route[: depth + 1]), (dict, list)):
        depth += 1
    data = document.value(route[:depth])
    if not isinstance(data, dict) or document.root is None:
        raise _Refused("there is no mapping to add it to")
    if data.get(route[depth]) is not None:
        raise _Refused("there is a value already")
    return _spot(document, route[:depth]).value, depth


def _fill(document: Document, route: Field, value: Any) -> tuple[int, int, str]:
    """Write a value for a field that is null."""
    spot, text = _spot(document, route), document.text
    is_json = _is_json(document)
    start, end = spot.value.start, spot.value.end
    old = text[start:end]
    if _properties(document, spot.value):
        raise _Refused("the value has an anchor or a tag")
    if old or not isinstance(value, dict) or _is_flow(document, spot.around[-1]):
        if not old and not text[:start].endswith(":"):
            raise _Refused("there is no value to replace")
        gap = "" if old else " "
        return start, end, gap + spelled(value, old, is_json=is_json)
    rest = _REST.match(text, start)
    if spot.key is None or rest is None:
        raise _Refused("there is no value to replace")
    indent = " " * (_column(document, _begin(spot.key)) + _STEP)
    line_end = _line_end(document, rest.end())
    lines = "".join(_block(key, below, indent, line_end) for key, below in value.items())
    return rest.end(), rest.end(), lines


def _block(key: str | int, value: Any, indent: str, line_end: str) -> str:
    """A field of a block, each line with the line end before it."""
    name = spelled_key(str(key))
    if not (isinstance(value, dict) and value):
        return f"{line_end}{indent}{name}: {spelled(value, in_flow=isinstance(value, list))}"
    below = (_block(under, each, indent + " " * _STEP, line_end) for under, each in value.items())
    return f"{line_end}{indent}{name}:{''.join(below)}"


def _add_between_braces(
    document: Document,
    node: Node,
    entries: list[tuple[Node | None, Node]],
    key: str | int,
    value: Any,
) -> tuple[int, int, str]:
    text, is_json = document.text, _is_json(document)
    pair = spelled({key: value}, is_json=is_json)[1:-1]
    if not entries:
        start = node.start + 1 if is_json else node.end
        return start, start, pair
    last_key, last = entries[-1]
    end = _end(document, last)
    if last_key is None or not text[_begin(last) : end]:
        raise _Refused("the mapping is not written as keys with values")
    begin = _begin(last_key)
    above = text[_line_start(text, begin) : begin]
    if above.strip():
        return end, end, f", {pair}"
    return end, end, f",{_line_end(document, end)}{above}{pair}"


def _remove_between_commas(
    document: Document, around: Node, entries: list[tuple[Node | None, Node]], at: int
) -> tuple[int, int, str]:
    text = document.text
    ends = [_end(document, value) for _, value in entries]
    begins = [_begin(key or value) for key, value in entries]
    if len(entries) == 1:
        start, end = begins[0], _end(document, around) - 1
        if "#" in text[ends[0] : end]:
            raise _Refused("a comment would be lost")
        return start, end, ""
    if at + 1 < len(entries):
        if not _NEXT_ENTRY.fullmatch(text, ends[at], begins[at + 1]):
            raise _Refused("a comment would be lost")
        return begins[at], begins[at + 1], ""
    if "#" in text[ends[at - 1] : begins[at]]:
        raise _Refused("a comment would be lost")
    return ends[at - 1], ends[at], ""


def _remove_lines(
    document: Document, spot: _Spot, entries: list[tuple[Node | None, Node]], at: int
) -> tuple[int, int, str]:
    text = document.text
    key, value = entries[at]
    begin, end = _begin(key or value), _end(document, value)
    rest = _REST.match(text, end)
    if rest is None:
        raise _Refused("the value does not end its line")
    if key is None:
        begin = text.rindex("-", 0, begin + 1)
    if len(entries) == 1:
        return _empty(document, spot, begin, end)
    line_start = _line_start(text, begin)
    above = text[line_start:begin]
    if above.strip(" "):
        if at or not _DASHES.fullmatch(above):
            raise _Refused("it does not begin its line")
        next_key, next_value = entries[1]
        next_begin = _begin(next_key or next_value)
        if next_key is None:
            next_begin = text.rindex("-", 0, next_begin + 1)
        if text[rest.end() : next_begin].strip():
            raise _Refused("a comment would be lost")
        return begin, next_begin, ""
    stop = _with_comments(text, rest.end(), begin - line_start)
    follows_block = at > 0 and _is_block_text(document, _last(entries[at - 1][1]))
    line_end = _LINE_END.match(text, stop)
    if line_end is not None:
        stop = line_end.end()
    below = _BELOW.match(text, stop)
    if follows_block and below is not None and below.group():
        raise _Refused("what follows would become part of the text above it")
    if line_end is None and not follows_block:
        # The last line had no end, and keeps none.
        return _before_line_end(text, line_start), stop, ""
    return line_start, stop, ""


def _empty(document: Document, spot: _Spot, begin: int, end: int) -> tuple[int, int, str]:
    """Write a mapping or list of a block without its only entry."""
    text, around = document.text, spot.around[-1]
    if _properties(document, around):
        raise _Refused("the mapping or list has an anchor or a tag")
    empty = "[]" if spot.key is None else "{}"
    beside = spot.around[-2].fields.values() if len(spot.around) > 1 else ()
    key = next((key for key, value in beside if value is around), None)
    if key is None:
        return begin, end, empty
    colon = text.index(":", key.end) + 1
    return colon, end, f" {empty}{text[colon:begin].rstrip()}"


def _with_comments(text: str, end: int, column: int) -> int:
    """The end of the last comment below a field that is indented further than it."""
    below = _BELOW.match(text, end)
    line_end = _LINE_END.match(text, end)
    if below is None or line_end is None:
        return end
    at = line_end.end()
    while at < below.end():
        stop = _LINE_END.search(text, at)
        line_stop = stop.start() if stop else len(text)
        line = text[at:line_stop]
        if line.strip():
            if len(line) - len(line.lstrip()) <= column:
                return end
            end = line_stop
        at = stop.end() if stop else line_stop
    return end


def _spot(document: Document, route: Field) -> _Spot:
    """A field that is written in its own place, and nowhere else at the same time."""
    if document.root is None:
        raise _Refused("the document is empty")
    around: list[Node] = []
    key, value = None, document.root
    for step in route:
        _hold_own(document, value)
        field = value.fields.get(step)
        if field is None:
            raise _Refused("it is not written in the file")
        around.append(value)
        key, value = field
        if _begin(key or value) < _begin(around[-1]):
            raise _Refused("it is merged from another mapping")
    _hold_own(document, value)
    return _Spot(tuple(around), key, value)


def _hold_own(document: Document, node: Node) -> None:
    """Refuse a node that is also used elsewhere."""
    if node.is_alias:
        raise _Refused("it is an alias of a value that is used elsewhere")
    anchor = re.search(r"&([0-9A-Za-z_-]+)", _properties(document, node))
    if anchor and re.search(rf"\*{anchor[1]}(?![0-9A-Za-z_-])", document.text):
        raise _Refused(f"its anchor &{anchor[1]} is used elsewhere")


def _entries(document: Document, node: Node) -> list[tuple[Node | None, Node]]:
    """The fields of a mapping or the items of a list, if all are written in it plainly and once."""
    entries = list(node.fields.values())
    raw = getattr(node, "node", None)
    count = len(list(node.parts())) if raw is None else len(raw.value)  # type: ignore[attr-defined]
    if len(entries) != count:
        raise _Refused("a key beside it is written twice, or is no plain key")
    if not entries:
        return entries
    key = entries[0][0]
    opening = node.start + 1 if raw is None else node.end
    if key is not None and not re.fullmatch(
        rf"(?:\s|#[^{_BREAKS}]*)*", document.text[opening : key.start]
    ):
        raise _Refused("the mapping merges another one, or has complex keys")
    if key is not None and key.start < opening:
        raise _Refused("the mapping merges another one")
    return entries


def _is_json(document: Document) -> bool:
    return document.path.lower().endswith(".json")


def _raw(node: Node) -> Any:
    """PyYAML's node; None in JSON."""
    return getattr(node, "node", None)


def _is_collection(node: Node) -> bool:
    raw = _raw(node)
    return bool(node.fields) if raw is None else not isinstance(raw.value, str)


def _is_flow(document: Document, node: Node) -> bool:
    raw = _raw(node)
    return raw is None or bool(getattr(raw, "flow_style", False))


def _properties(document: Document, node: Node) -> str:
    """The anchor and the tag that are written before a node."""
    raw = _raw(node)
    if raw is None:
        return ""
    own = node.start
    if not isinstance(raw.value, str):
        own = node.end - 1 if _is_flow(document, node) else node.end
    return document.text[raw.start_mark.index : own]


def _begin(node: Node) -> int:
    raw = _raw(node)
    return node.start if raw is None else int(raw.start_mark.index)


def _last(node: Node) -> Node:
    """What is written last of a value: itself, or the last scalar or bracket of a block."""
    while (raw := _raw(node)) is not None and not node.is_alias:
        if isinstance(raw.value, str) or raw.flow_style or not raw.value:
            break
        node = list(node.fields.values())[-1][1]
    return node


def _end(document: Document, node: Node) -> int:
    """Where a value ends; a block of text with its last line."""
    last = _last(node)
    raw = _raw(last)
    if raw is None:
        return last.end
    end = int(raw.end_mark.index)
    begin = _begin(last)
    return begin + len(document.text[begin:end].rstrip()) if _is_scalar(raw) else end


def _is_scalar(raw: Any) -> bool:
    return isinstance(raw.value, str)


def _is_block_text(document: Document, node: Node) -> bool:
    return _raw(node) is not None and document.text.startswith(("|", ">"), node.start)


def _end_for_more(document: Document, value: Node) -> int:
    """The end of the line on which a value ends, where a line can be added below it."""
    last, end = _last(value), _end(document, value)
    rest = _REST.match(document.text, end)
    if rest is None:
        raise _Refused("the last value does not end its line")
    if _is_block_text(document, last):
        header = document.text[last.start : last.start + 3]
        after = document.text[end : _raw(last).end_mark.index]
        if "+" in header or after.strip(_BREAKS) or not _LINE_END.match(document.text, end):
            raise _Refused("the last value is a block of text, whose end would change")
    return rest.end()


def _line_start(text: str, at: int) -> int:
    return max(text.rfind(sign, 0, at) for sign in _BREAKS) + 1


def _before_line_end(text: str, line_start: int) -> int:
    """Where the line end before a line begins."""
    return line_start - (2 if text[:line_start].endswith("\r\n") else 1) if line_start else 0


def _line_end(document: Document, at: int) -> str:
    """The line end at an offset; at the end of a text that has none, the one of its first line."""
    found = _LINE_END.match(document.text, at) or _LINE_END.search(document.text)
    return found.group() if found is not None else "\n"


def _column(document: Document, at: int) -> int:
    above = document.text[_line_start(document.text, at) : at]
    if above.strip(" -"):
        raise _Refused("its keys do not begin their lines")
    return len(above)
