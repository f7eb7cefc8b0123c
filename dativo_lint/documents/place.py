"""Places: where in which file something was written, and the lines of a text."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate, count
from operator import add

from msgspec import Struct

_WIDTH = 60

Field = tuple[str | int, ...]
"""A route into a document: keys of mappings and 0-based indices of lists, outermost first."""


class Place(Struct, frozen=True, order=True):
    """A range of a text file.

    `path` is relative to the repository root, with forward slashes. Lines and columns are 1-based
    and count code points; the end is exclusive. `field` is the route to the field as a string,
    which may be absent from the file; it is empty where no field is meant.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    field: str = ""

    @property
    def place(self) -> Place:
        """Itself, so that a place can be used like anything else with a place."""
        return self

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


def start_of(path: str, field: str = "") -> Place:
    """The first character of a file, for what concerns the file as a whole."""
    return Place(path, 1, 1, 1, 1, field)


@lru_cache(maxsize=4096)
def _step(key: str) -> str:
    """A key as it is spelled behind another one; bare if it is made of ASCII letters, digits, `_`
    and `-`, and begins with neither of two."""
    if key.isascii() and key.replace("-", "_").isidentifier() and key[0] != "-":
        return f".{key}"
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'


def spell(field: Field) -> str:
    """Write a route as people do: `infrastructure.tags["a.b"]`, `schema[0].name`."""
    # A key of a mapping may be anything that YAML knows: a date, a number, null.
    steps = (f"[{step}]" if isinstance(step, int) else _step(str(step)) for step in field)
    return "".join(steps).removeprefix(".")


def byte_column(line: str, column: int) -> int:
    """A column of a line as UTF-8 counts it, in bytes; 0 for one that the line does not have."""
    before = line[: column - 1]
    whole = len(before) == column - 1
    return len(before.encode("utf-8", "surrogatepass")) + 1 if whole else 0


class Lines:
    """The lines of a text as editors count them, who know only of line feeds and returns."""

    def __init__(self, text: str) -> None:
        lines = text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
        # The lengths do not count the line feeds.
        self._starts = list(map(add, accumulate(map(len, lines), initial=0), count()))
        self._length = len(text)

    def position(self, index: int) -> tuple[int, int]:
        """Line and column of an offset, 0-based; libyaml's own end of a text may lie after it."""
        index = min(index, self._length)
        line = bisect_right(self._starts, index) - 1
        return line, index - self._starts[line]

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column, both 1-based; what is after the text is at its end."""
        if line > len(self._starts):
            return self._length
        start: int = self._starts[line - 1]
        return min(start + column - 1, self._length)

    def place(self, path: str, start: int, end: int, field: str = "") -> Place:
        """The place between two offsets."""
        line, column = self.position(start)
        end_line, end_column = self.position(max(start, end))
        return Place(path, line + 1, column + 1, end_line + 1, end_column + 1, field)


def shown(text: str) -> str:
    """A value as a message shows it: on one line, and shortened in the middle of nowhere."""
    line = " ".join(text[: 2 * _WIDTH].split())
    return line if len(line) <= _WIDTH and len(text) <= 2 * _WIDTH else line[: _WIDTH - 3] + "..."
