"""Positions: from an offset in a text to its line and column."""

from __future__ import annotations

import re
from bisect import bisect_right

from dativo_lint.texts.place import Place

_LINE_END = re.compile(r"\r\n?|\n")


class Lines:
    """The lines of a text as editors count them, who know only of line feeds and returns."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
        self._length = len(text)

    def position(self, index: int) -> tuple[int, int]:
        """Line and column of an offset, 0-based; libyaml's own end of a text may lie after it."""
        index = min(index, self._length)
        line = bisect_right(self._starts, index) - 1
        return line, index - self._starts[line]

    def place(self, path: str, start: int, end: int, field: str = "") -> Place:
        """The place between two offsets."""
        line, column = self.position(start)
        end_line, end_column = self.position(max(start, end))
        return Place(path, line + 1, column + 1, end_line + 1, end_column + 1, field)


def shown(text: str, width: int = 60) -> str:
    """A value as a message shows it: on one line, and shortened in the middle of nowhere."""
    line = " ".join(text[: 2 * width].split())
    return line if len(line) <= width and len(text) <= 2 * width else line[: width - 3] + "..."
