"""Positions: from an offset in a text to its line and column."""

from __future__ import annotations

import re
from bisect import bisect_right

from msgspec import Struct

from dativo_lint.texts.document import Mark
from dativo_lint.texts.place import Place

_LINE_END = r"\r\n?|\n"


class Position(Struct, frozen=True):
    """A point in a text: offset, line and column, each 0-based, in code points."""

    index: int
    line: int
    column: int


class Span(Struct, frozen=True):
    """Something written between two marks."""

    start_mark: Mark
    end_mark: Mark


class Lines:
    """The lines of a text as editors count them; the table is made when first asked for."""

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] | None = None

    def position(self, index: int) -> Position:
        """Line and column of an offset."""
        if self._starts is None:
            self._starts = [0, *(found.end() for found in re.finditer(_LINE_END, self._text))]
        line = bisect_right(self._starts, index) - 1
        return Position(index, line, index - self._starts[line])

    def place(self, path: str, start: int, end: int, field: str = "") -> Place:
        """The place between two offsets."""
        return between(path, self.position(start), self.position(max(start, end)), field)


def between(path: str, start: Mark, end: Mark, field: str = "") -> Place:
    """The place between two marks."""
    return Place(path, start.line + 1, start.column + 1, end.line + 1, end.column + 1, field)


def shown(text: str, width: int = 60) -> str:
    """A value as a message shows it: on one line, and shortened in the middle of nowhere."""
    line = " ".join(text[: 2 * width].split())
    return line if len(line) <= width and len(text) <= 2 * width else line[: width - 3] + "..."
