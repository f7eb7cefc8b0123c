"""Edits that remove a field of a document, and leave every other byte of its file as it is.

A comment on the lines of a field that is removed goes with it, and so do comments below it that are
indented further than its key; all other comments stay.
"""

from __future__ import annotations

import re
from typing import Final

from dativo_lint.documents.document import Document, Node
from dativo_lint.documents.place import Field
from dativo_lint.edits.exact import Change, exactly
from dativo_lint.edits.fix import Edit, NotExact
from dativo_lint.edits.nodes import (
    BREAK,
    BREAKS,
    LINE_END,
    MOST,
    REST,
    Refused,
    Spot,
    begin_of,
    end_of,
    entries_of,
    hold_unused,
    is_block_text,
    is_collection,
    is_flow,
    last_of,
    line_start,
    pairs_of,
    properties_of,
    spot_of,
)

_BELOW: Final = re.compile(rf"(?:[ \t]*(?:#[^{BREAKS}]*)?{BREAK})*(?:[ \t]*#[^{BREAKS}]*\Z)?")
"""Lines that are empty, or have only comments."""
_COMMENT_LINE: Final = re.compile(rf"([ \t]*)(#[^{BREAKS}]*)?(?:{BREAK}|\Z)")
_DASHES: Final = re.compile(r" *(?:- +)+")
_NEXT_ENTRY: Final = re.compile(rf"[ \t]*,?[ \t]*(?:(?<=[ \t])#[^{BREAKS}]*)?[\s]*")


@exactly
def remove(document: Document, route: Field) -> tuple[Node, Change]:
    """Remove a field, or an item of a list, with its lines and the comments on them."""
    spot = spot_of(document, route)
    if not spot.around:
        raise Refused("a whole document is not removed")
    around = spot.around[-1]
    entries = entries_of(document, around)
    at = next(n for n, (_, value) in enumerate(entries) if value is spot.value)
    if is_flow(document, around):
        start, end, text = _remove_between_commas(document, around, entries, at)
    else:
        start, end, text = _remove_lines(document, spot, entries, at)
    hold_unused(document, start, end)
    return spot.value, (start, end, text)


def _remove_between_commas(
    document: Document, around: Node, entries: list[tuple[Node | None, Node]], at: int
) -> Change:
    text = document.text
    ends = [end_of(document, value) for _, value in entries]
    begins = [begin_of(key or value) for key, value in entries]
    if len(entries) == 1:
        start, end = begins[0], end_of(document, around) - 1
        if "#" in text[ends[0] : end]:
            raise Refused("a comment would be lost")
        return start, end, ""
    if at + 1 < len(entries):
        if not _NEXT_ENTRY.fullmatch(text, ends[at], begins[at + 1]):
            raise Refused("a comment would be lost")
        return begins[at], begins[at + 1], ""
    if "#" in text[ends[at - 1] : begins[at]]:
        raise Refused("a comment would be lost")
    return ends[at - 1], ends[at], ""


def _remove_lines(
    document: Document, spot: Spot, entries: list[tuple[Node | None, Node]], at: int
) -> Change:
    text = document.text
    value = entries[at][1]
    begin, end = _begin_with_dash(text, entries[at]), end_of(document, value)
    rest = REST.match(text, end)
    if rest is None:
        raise Refused("the value does not end its line")
    if len(entries) == 1:
        return _empty(document, spot, begin, end)
    first = line_start(text, begin)
    above = text[first:begin]
    if above.strip(" "):
        if at or not _DASHES.fullmatch(above):
            raise Refused("it does not begin its line")
        next_begin = _begin_with_dash(text, entries[1])
        if text[rest.end() : next_begin].strip():
            raise Refused("a comment would be lost")
        return begin, next_begin, ""
    stop = _with_comments(text, rest.end(), begin - first)
    follows_block = at > 0 and is_block_text(document, last_of(entries[at - 1][1]))
    line_end = LINE_END.match(text, stop)
    if line_end is not None:
        stop = line_end.end()
    below = _BELOW.match(text, stop)
    if follows_block and below is not None and below.group():
        raise Refused("what follows would become part of the text above it")
    if line_end is None and not follows_block:
        # The last line had no end, and keeps none.
        return _before_line_end(text, first), stop, ""
    return first, stop, ""


def _begin_with_dash(text: str, entry: tuple[Node | None, Node]) -> int:
    """Where a field begins, or an item of a list with its dash."""
    begin = begin_of(entry[0] or entry[1])
    return text.rindex("-", 0, begin + 1) if entry[0] is None else begin


def _empty(document: Document, spot: Spot, begin: int, end: int) -> Change:
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
    line_end = LINE_END.match(text, end)
    at = line_end.end() if line_end else len(text)
    while at < len(text) and (line := _COMMENT_LINE.match(text, at)):
        if line[2]:
            if len(line[1]) <= column:
                break
            end = line.end(2)
        at = line.end()
    return end


def _before_line_end(text: str, line_start: int) -> int:
    """Where the line end before a line begins."""
    return line_start - (2 if text[:line_start].endswith("\r\n") else 1) if line_start else 0


def remove_repeated(document: Document, start: int) -> tuple[Edit | NotExact, str] | None:
    """Remove a field that is written again below, by the offset of its key, and its value as
    written; None for more than a value on one line."""
    try:
        mapping, entries, at = _mapping_at(document, start)
        key, value = entries[at]
        text = document.text[value.start : value.end].rstrip()
        if key is None or is_collection(value) or "\n" in text or not text:
            return None
        if is_flow(document, mapping):
            change = _remove_between_commas(document, mapping, entries, at)
        else:
            change = _remove_lines(document, Spot((mapping,), key, value), entries, at)
        hold_unused(document, *change[:2])
    except Refused as refusal:
        return NotExact(str(refusal)), ""
    return Edit(document.between(*change[:2]), change[2]), text


def value_at(document: Document, start: int) -> str:
    """The value of the field whose key is at an offset, as written; empty where it is not found."""
    try:
        _, entries, at = _mapping_at(document, start)
    except Refused:
        return ""
    value = entries[at][1]
    return document.text[value.start : value.end].rstrip()


def _mapping_at(document: Document, start: int) -> tuple[Node, list[tuple[Node | None, Node]], int]:
    """The mapping with a key at an offset, all its entries, and the number of that one."""
    pending = [document.root] if document.root is not None else []
    for count, mapping in enumerate(pending):
        entries = pairs_of(mapping)
        for at, (key, value) in enumerate(entries):
            if key is not None and key.start == start:
                return mapping, entries, at
            pending.append(value)
        if count > MOST or "<<" in document.text:
            break
    raise Refused("it is one of too many fields, or may be merged")
