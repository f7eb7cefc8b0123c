"""Positions: from an offset in a text to its line and column."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, count
from operator import add

from dativo_lint.documents.place import Place


class Lines:
    """The lines of a text as editors count them, who know only of line feeds and returns."""

    def __init__(self, text: str) -> None:
        lines = text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
        # The lengths do not count the line feeds.
        self._starts = list(map(add, accumulate(map(len, lines), initial=0), count()))
        self._length = len(text)

    def position(self, index: int) -> tuple[int, int]:
        """Line and column of an offset, 0-based; libyaml's end of a text may be after it."""
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
