"""Edits of suppression comments."""

from __future__ import annotations

import re

from msgspec.structs import replace

from dativo_lint.documents.place import Place
from dativo_lint.edits.fix import Edit, NotExact

_OWN = re.compile(r"(?:#|//)\s*dativo-lint\b")
_NAMES = re.compile(r"dativo-lint\s*:?\s*[\w-]*\s*\[([^\]]*)\]")
_NAME = re.compile(r"[^\s,]+")


def has_comment(line: str) -> bool:
    """Whether a suppression is written on a line."""
    return _OWN.search(line) is not None


def remove_comment(place: Place, line: str) -> Edit | NotExact:
    """Remove a comment at the end of its line, or with its line if there is nothing else on it."""
    above, comment = line[: place.column - 1], line[place.column - 1 :]
    if place.end_line > place.line or not _OWN.match(comment):
        return NotExact("the comment says more than that")
    if above.strip():
        column, end = len(above.rstrip()) + 1, len(line) + 1
        return Edit(replace(place, column=column, end_column=end), "")
    end_of_line = replace(place, column=1, end_line=place.line + 1, end_column=1)
    return Edit(end_of_line, "")


def change_name(place: Place, line: str, name: str, new: str = "") -> Edit | NotExact:
    """Write another rule in place of one in the brackets of a comment; without one, remove it."""
    bracket = _NAMES.search(line, place.column - 1)
    if bracket is None:
        return NotExact("the comment has no rules in brackets")
    spans = [each.span() for each in _NAME.finditer(line, *bracket.span(1))]
    at = next((n for n, (start, end) in enumerate(spans) if line[start:end] == name), None)
    if at is None or (not new and len(spans) == 1):
        return NotExact("the comment does not name the rule beside others")
    start, end = spans[at]
    if not new:
        is_last = at + 1 == len(spans)
        start, end = (spans[at - 1][1], end) if is_last else (start, spans[at + 1][0])
    where = replace(place, column=start + 1, end_line=place.line, end_column=end + 1)
    return Edit(where, new)
