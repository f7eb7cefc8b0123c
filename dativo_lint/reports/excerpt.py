"""A line of a source file as a report shows it, with a marker under the place that is meant."""

from __future__ import annotations

from functools import lru_cache

from dativo_lint.documents.place import Place
from dativo_lint.reports.columns import columns
from dativo_lint.reports.escape import visible

_TAB = "    "


def excerpt(source: str, place: Place, width: int) -> tuple[str, str]:
    """The line as shown, and the marker to print under it.

    Of a long line only what fits into about `width` columns around the place is shown. A place
    that goes on over more lines is marked to the end of its first.
    """
    source = source.rstrip()
    begin = min(place.column - 1, len(source))
    end = place.end_column - 1 if place.end_line == place.line else len(source)
    first, last = _window(source, begin, width)
    before, after = "..." if first else "", "..." if last < len(source) else ""
    shown = f"{before}{_shown(source[first:last])}{after}"
    indent = columns(before + _shown(source[first:begin]))
    length = columns(_shown(source[begin : min(end, last)]))
    return shown, " " * indent + "^" * max(1, length)


def _window(source: str, begin: int, width: int) -> tuple[int, int]:
    """From where to where a line is shown: two thirds of the columns are behind the place."""
    if len(source) <= width and source.isascii() and source.isprintable():
        return 0, len(source)
    first, last, room = begin, begin, width
    while last < len(source) and _cells(source[last]) <= room - width // 3:
        room -= _cells(source[last])
        last += 1
    while first > 0 and _cells(source[first - 1]) <= room:
        first -= 1
        room -= _cells(source[first])
    while last < len(source) and _cells(source[last]) <= room:
        room -= _cells(source[last])
        last += 1
    return first, last


@lru_cache(maxsize=1_024)
def _cells(char: str) -> int:
    """The columns that are set aside for a character; an accent takes one, or they had no end."""
    return columns(_shown(char)) or 1


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))
