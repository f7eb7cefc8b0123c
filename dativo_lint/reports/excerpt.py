"""A line of a source file as a report shows it, with a marker under the place that is meant."""

from __future__ import annotations

import unicodedata

from dativo_lint.documents.place import Place
from dativo_lint.reports.escape import visible

_TAB = "    "


def excerpt(source: str, place: Place, width: int) -> tuple[str, str]:
    """The line as shown, and the marker to print under it.

    Of a long line only about `width` characters around the place are shown. A place that goes on
    over more lines is marked to the end of its first.
    """
    source = source.rstrip()
    begin = min(place.column - 1, len(source))
    end = place.end_column - 1 if place.end_line == place.line else len(source)
    first = 0 if len(source) <= width else max(0, min(begin - width // 3, len(source) - width))
    last = first + width
    before, after = "..." if first else "", "..." if last < len(source) else ""
    shown = f"{before}{_shown(source[first:last])}{after}"
    indent = _columns(before + _shown(source[first:begin]))
    length = _columns(_shown(source[begin : min(end, last)]))
    return shown, " " * indent + "^" * max(1, length)


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _columns(text: str) -> int:
    """How many columns of a terminal a text fills; wide characters fill two, accents none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )
