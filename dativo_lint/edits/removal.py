"""Edits that remove a field of a document, and leave every other byte of its file as it is.

A comment on the lines of a field that is removed goes with it, and so do comments below it that are
indented further than its key; all other comments stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from dativo_lint.documents.document import Document, Node
from dativo_lint.documents.place import Field
from dativo_lint.edits.fix import Edit, NotExact
from dativo_lint.edits.nodes import (
    BREAK,
    BREAKS,
    LINE_END,
    REST,
    Change,
    Refused,
    Spot,
    begin_of,
    end_of,
    entries_of,
    exactly,
    hold_unused,
    is_block_text,
    is_collection,
    is_flow,
    last_of,
    line_start,
    properties_of,
    spot_of,
)

_BELOW: Final = re.compile(rf"(?:[ \t]*(?:#[^{BREAKS}]*)?{BREAK})*(?:[ \t]*#[^{BREAKS}]*\Z)?")
"""Lines that are empty, or have only comments."""
_COMMENT_LINE: Final = re.compile(rf"([ \t]*)(#[^{BREAKS}]*)?(?:{BREAK}|\Z)")
_DASHES: Final = re.compile(r" *(?:- +)+")
Entries: TypeAlias = list[tuple[Node | None, Node]]
KeysByOffset: TypeAlias = Mapping[int, tuple[Document, Node, Entries, int]]
"""Of the offset of each key: its document and mapping, the entries of that, and which it is."""
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


def _remove_between_commas(document: Document, around: Node, entries: Entries, at: int) -> Change:
    text = document.text
    key, value = entries[at]
    begin, end = begin_of(key or value), end_of(document, value)
    if len(entries) == 1:
        closing = end_of(document, around) - 1
        if "#" in text[end:closing]:
            raise Refused("a comment would be lost")
        return begin, closing, ""
    if at + 1 < len(entries):
        next_key, next_value = entries[at + 1]
        next_begin = begin_of(next_key or next_value)
        if not _NEXT_ENTRY.fullmatch(text, end, next_begin):
            raise Refused("a comment would be lost")
        return begin, next_begin, ""
    end_before = end_of(document, entries[at - 1][1])
    if "#" in text[end_before:begin]:
        raise Refused("a comment would be lost")
    return end_before, end, ""


def _remove_lines(document: Document, spot: Spot, entries: Entries, at: int) -> Change:
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


def keys_by_offset(documents: Iterable[Document]) -> KeysByOffset:
    """The keys of the documents of a file, those that are written again too; none of documents
    with merged mappings."""
    keys = {}
    for document in documents:
        text = document.text
        pending = [document.root] if document.root is not None and "<<" not in text else []
        for mapping in pending:
            entries = [(key, value) for _, key, value in mapping.parts()]
            for at, (key, value) in enumerate(entries):
                if key is not None:
                    keys[key.start] = (document, mapping, entries, at)
                if not value.is_alias:
                    pending.append(value)
    return keys


def remove_repeated(keys: KeysByOffset, start: int) -> tuple[Edit | NotExact, str] | None:
    """Remove a field that is written again below, by the offset of its key, and its value as
    written; None for more than a value on one line."""
    try:
        if start not in keys:
            raise Refused("its mapping may be merged")
        document, mapping, entries, at = keys[start]
        key, value = entries[at]
        text = value_at(keys, start)
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


def value_at(keys: KeysByOffset, start: int) -> str:
    """The value of the field whose key is at an offset, as written; empty where it is not found."""
    if start not in keys:
        return ""
    document, _, entries, at = keys[start]
    value = entries[at][1]
    return document.text[value.start : value.end].rstrip()
