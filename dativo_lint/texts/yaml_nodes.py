"""Nodes: the tree of an unusual YAML document, made of its events without recursion."""

from __future__ import annotations

from typing import Any

from yaml import MappingNode, Node, ScalarNode, SequenceNode
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from dativo_lint.texts.anchors import Anchors, move_past_properties
from dativo_lint.texts.document import Marked
from dativo_lint.texts.source import Source
from dativo_lint.texts.yaml_events import NextEvent
from dativo_lint.texts.yaml_scalars import tag_of


class Pair(tuple[Node, Node]):
    """Key and value of a mapping, and both as they were written."""

    written: tuple[Marked, Marked]


class ListNode(SequenceNode):
    """A sequence, and its items as they were written."""

    def __init__(self, tag: str, event: Any) -> None:
        super().__init__(tag, [], event.start_mark, event.end_mark)
        self.written: list[Marked] = []


class MapNode(MappingNode):
    """A mapping; `own` are, once merge keys are followed, the pairs that it owes to none."""

    def __init__(self, tag: str, event: Any) -> None:
        super().__init__(tag, [], event.start_mark, event.end_mark)
        self.own: list[Pair] = self.value


def compose(next_event: NextEvent, source: Source) -> tuple[Any, Any]:
    """The root node and its event of the document whose start has just been read.

    Raises Refused, and what the parser raises.
    """
    return _Composer(next_event, source).compose()


class _Composer:
    def __init__(self, next_event: NextEvent, source: Source) -> None:
        self._next_event = next_event
        self._source = source
        self._anchors = Anchors(source)
        self._above: list[tuple[Any, Any]] = []
        self._nodes = 0

    def compose(self) -> tuple[Any, Any]:
        here: Any = None
        key: tuple[Any, Any] | None = None
        root: tuple[Any, Any] | None = None
        while (event := self._next_event()).__class__ is not DocumentEndEvent:
            kind = event.__class__
            if kind is AliasEvent:
                node, size = self._anchors.follow(event)
                self._nodes += size - 1
            elif kind is ScalarEvent or kind is MappingStartEvent or kind is SequenceStartEvent:
                node = self._node(event)
            else:
                here, key = self._leave(here, event)
                continue
            if here is None:
                root = (node, event)
            elif here.__class__ is ListNode:
                here.value.append(node)
                here.written.append(event)
            elif key is None:
                key = (node, event)
            else:
                pair = Pair((key[0], node))
                pair.written = (key[1], event)
                here.value.append(pair)
                key = None
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                self._enter(here, key, node, event)
                here, key = node, None
        assert root is not None  # noqa: S101 - every document has a root
        return root

    def _node(self, event: Any) -> Any:
        if event.__class__ is MappingStartEvent:
            return MapNode(tag_of(event, MappingNode), event)
        if event.__class__ is SequenceStartEvent:
            return ListNode(tag_of(event, SequenceNode), event)
        start: Any = event.start_mark
        end: Any = event.end_mark
        node = ScalarNode(tag_of(event, ScalarNode), event.value, start, end)
        if event.anchor is not None:
            self._anchors.add(event, node)
        elif event.tag is not None:
            move_past_properties(event, self._source)
        return node

    def _enter(self, here: Any, key: Any, node: Any, event: Any) -> None:
        self._above.append((here, key))
        if len(self._above) > self._source.limits.nesting:
            raise self._source.over("nesting", "levels of mappings and lists", event)
        if event.anchor is not None:
            self._anchors.open_collection(event, node, self._nodes)

    def _leave(self, here: Any, event: Any) -> tuple[Any, Any]:
        self._nodes += len(here.value) * (2 if here.__class__ is MapNode else 1)
        if self._nodes > self._source.limits.expanded_nodes:
            raise self._source.over("expanded_nodes", "keys, values and items", event)
        self._anchors.close_collection(here, self._nodes)
        return self._above.pop()
