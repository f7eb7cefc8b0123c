"""The text of a configuration file; turns the offsets of its tree into places."""

from __future__ import annotations

from functools import cached_property

from msgspec import Struct

from dativo_lint.documents.place import Lines, Place
from dativo_lint.terraform.names import references
from dativo_lint.terraform.syntax import Expression, Node, Reference


class Source(Struct, frozen=True, eq=False, dict=True):
    """A file of configuration: its path, relative to the root, and its text as decoded."""

    path: str
    text: str

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    @property
    def is_json(self) -> bool:
        """Whether it is written in JSON syntax."""
        return self.path.endswith(".json")

    def place(self, node: Node, name: str = "") -> Place:
        """Where a node stands; `name` is the field that is meant, if any."""
        return self._lines.place(self.path, node.start, node.end, name)

    def between(self, start: int, end: int) -> Place:
        """The place of the text between two offsets."""
        return self._lines.place(self.path, start, end)

    def written(self, node: Node) -> str:
        """A node as it is written."""
        return self.text[node.start : node.end]


class Written(Struct, frozen=True, eq=False, dict=True):
    """An expression together with the file that it stands in."""

    expression: Expression
    source: Source

    @property
    def place(self) -> Place:
        """Where the expression stands."""
        return self.source.place(self.expression)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """What the expression refers to, but for the names of its own `for` expressions."""
        return tuple(references(self.expression))

    def __str__(self) -> str:
        return self.source.written(self.expression)
