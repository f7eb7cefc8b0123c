"""Anchors and aliases: what a document repeats, and how much it grows by that."""

from __future__ import annotations

import re
from typing import Any, Final

from dativo_lint.texts.document import FaultKind
from dativo_lint.texts.positions import Position, shown
from dativo_lint.texts.source import Source

_OPEN: Final = object()
_PROPERTIES = re.compile(
    r"(?:(?:&[0-9A-Za-z_-]*|!<[^>\s]*>|![^\s,\[\]{}]*)(?:[ \t]*(?:#[^\r\n]*)?[\r\n])*[ \t]*)+"
)
"""Anchor and tag of a scalar, and what stands between them and the scalar itself."""


class Anchors:
    """The anchors of one document; whatever is given for a value is given back for its aliases."""

    __slots__ = ("_open", "_source", "_values")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._values: dict[str, tuple[Any, int]] = {}
        self._open: dict[int, tuple[str, int]] = {}

    def add(self, event: Any, value: Any) -> None:
        """A scalar has an anchor. Raises Refused."""
        self._declare(event)
        self._values[event.anchor] = (value, 1)
        move_past_properties(event, self._source)

    def open_collection(self, event: Any, value: Any, nodes: int) -> None:
        """A collection with an anchor begins, `nodes` after that of the document."""
        self._declare(event)
        self._open[id(value)] = (event.anchor, nodes)

    def close_collection(self, value: Any, nodes: int) -> None:
        """A collection, with or without an anchor, ends."""
        name, before = self._open.pop(id(value), (None, 0))
        if name is not None:
            self._values[name] = (value, nodes - before + 1)

    def follow(self, event: Any) -> tuple[Any, int]:
        """What an alias stands for, and of how many nodes that consists. Raises Refused."""
        found = self._values.get(event.anchor)
        if found is not None and found[0] is not _OPEN:
            return found
        name = shown(event.anchor)
        message = f"alias {name} stands for an anchor that is not written before it"
        if found is not None:
            message = f"alias {name} stands inside the very thing that it stands for"
        raise self._source.refuse(FaultKind.ALIAS, message, event)

    def _declare(self, event: Any) -> None:
        if event.anchor in self._values:
            message = f"anchor {shown(event.anchor)} is written twice in one document"
            raise self._source.refuse(FaultKind.ALIAS, message, event)
        self._values[event.anchor] = (_OPEN, 0)


def move_past_properties(event: Any, source: Source) -> None:
    """Let the event of a scalar begin where its own spelling does, behind its anchor and tag."""
    start = event.start_mark
    found = _PROPERTIES.match(source.text, start.index, event.end_mark.index)
    if found is None:
        return
    skipped = found.group().replace("\r\n", "\n").replace("\r", "\n")
    lines = skipped.count("\n")
    column = start.column + len(skipped)
    if lines:
        column = len(skipped) - skipped.rfind("\n") - 1
    event.start_mark = Position(found.end(), start.line + lines, column)
