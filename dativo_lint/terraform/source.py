"""The text of a configuration file; turns the offsets of its tree into places."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Protocol

from dativo_lint.texts.place import Place


class Bounded(Protocol):
    """Anything with 0-based offsets into a text, the end exclusive: a node, a mistake."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A file of configuration: its path, relative to the root, and its text as decoded.

    A byte order mark at the beginning is part of the text, but not of the first line.
    """

    path: str
    text: str
    _lines: list[int] = field(default_factory=list, repr=False)

    def place(self, node: Bounded, name: str = "") -> Place:
        """Where a node stands; `name` is the field that is meant, if any."""
        return self.between(node.start, node.end, name)

    def between(self, start: int, end: int, name: str = "") -> Place:
        """The place of the text between two offsets."""
        line, column = self._position(start)
        end_line, end_column = self._position(max(start, end))
        return Place(self.path, line, column, end_line, end_column, name)

    def written(self, node: Bounded) -> str:
        """A node as it is written."""
        return self.text[node.start : node.end]

    def _position(self, offset: int) -> tuple[int, int]:
        if not self._lines:
            at = 1 if self.text.startswith("\ufeff") else 0
            while True:
                self._lines.append(at)
                at = self.text.find("\n", at) + 1
                if not at:
                    break
        line = max(bisect_right(self._lines, offset), 1)
        return line, max(offset - self._lines[line - 1], 0) + 1
