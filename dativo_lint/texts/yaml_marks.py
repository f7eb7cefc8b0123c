"""Marks of usual YAML texts: composed again when somebody asks where something stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from yaml.nodes import MappingNode, ScalarNode

from dativo_lint.texts.document import ListMarks, MappingMarks, Mark, Marked
from dativo_lint.texts.positions import Lines, Position, Span
from dativo_lint.texts.yaml_values import usual_nodes

LINE_ENDS: Final = ("\n", "\r", "\x85", "\u2028", "\u2029")
FOREIGN_LINE_ENDS: Final = LINE_ENDS[2:]
"""What libyaml takes for the end of a line, and editors do not."""


class Composed:
    """The nodes of a text of so many documents, composed when they are first asked for."""

    __slots__ = ("_documents", "_nodes", "text")

    def __init__(self, text: str, documents: int) -> None:
        self.text = text
        self._documents = documents
        self._nodes: list[Any] = []

    def node(self, number: int) -> Any:
        """The node of a document."""
        if not self._nodes:
            self._nodes = usual_nodes(self.text, self._documents)
        return self._nodes[number]


class YamlMarks(Mapping[int, MappingMarks | ListMarks]):
    """The marks of a document whose values `usual_values` read; as its root, itself as written.

    `number` is that of the document in its text.
    A file in twenty is asked for a place, so the marks of the others are not kept: they would
    take ten times the memory of the values.
    """

    __slots__ = ("_composed_text", "_data", "_lines", "_made", "_nodes", "_number", "_text")

    def __init__(self, composed: Composed, data: Any, number: int) -> None:
        self._composed_text = composed
        self._text = composed.text
        self._data = data
        self._number = number
        self._nodes: dict[int, tuple[Any, Any]] = {}
        self._made: dict[int, MappingMarks | ListMarks] = {}

    @property
    def start_mark(self) -> Mark:
        """Where the document begins."""
        return self._marked(self._root()).start_mark

    @property
    def end_mark(self) -> Mark:
        """Where that ends which the document begins with, exclusive."""
        return self._marked(self._root()).end_mark

    def __getitem__(self, identity: int) -> MappingMarks | ListMarks:
        found = self._made.get(identity)
        if found is None:
            data, node = self._composed()[identity]
            if node.__class__ is MappingNode:
                pairs = [(self._marked(key), self._marked(value)) for key, value in node.value]
                found = dict(zip(data, pairs, strict=True))
            else:
                found = list(map(self._marked, node.value))
            self._made[identity] = found
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self._composed())

    def __len__(self) -> int:
        return len(self._composed())

    def _root(self) -> Any:
        return self._composed()[id(self._data)][1]

    def _composed(self) -> dict[int, tuple[Any, Any]]:
        """The mappings and lists of the document by their identities, each with its node."""
        if not self._nodes:
            text = self._text
            has_foreign = not text.isascii() and any(it in text for it in FOREIGN_LINE_ENDS)
            self._lines = Lines(text) if has_foreign else None
            pending = [(self._data, self._composed_text.node(self._number))]
            while pending:
                data, node = pending.pop()
                self._nodes[id(data)] = data, node
                is_mapping = node.__class__ is MappingNode
                below = [value for _, value in node.value] if is_mapping else node.value
                pairs = zip(data.values() if is_mapping else data, below, strict=True)
                pending += [pair for pair in pairs if pair[1].__class__ is not ScalarNode]
        return self._nodes

    def _marked(self, node: Any) -> Marked:
        """A scalar as written; of a mapping or list its opening bracket, or the mere beginning."""
        start = self._point(node.start_mark)
        if node.__class__ is not ScalarNode:
            at = start.index
            is_open = node.flow_style and self._text[at : at + 1] in ("[", "{")
            end = Position(at + 1, start.line, start.column + 1) if is_open else start
            return Span(start, end)
        node.start_mark, node.end_mark = start, self._point(node.end_mark)
        written: Marked = node
        return written

    def _point(self, mark: Mark) -> Mark:
        """A mark by the lines of editors, and inside the text.

        Where the last line has no end, libyaml places an empty value on a line after it.
        """
        if self._lines is not None:
            return self._lines.position(mark.index)
        if mark.index >= len(self._text) and not self._text.endswith(LINE_ENDS):
            return Lines(self._text).position(mark.index)
        return mark
