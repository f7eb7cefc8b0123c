"""Composing: from a YAML text to PyYAML's nodes, one tree a document.

An alias is the node of its anchor, which is then in the tree more than once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import Resolver

from dativo_lint.documents.document import FaultKind, Limits
from dativo_lint.documents.place import shown
from dativo_lint.documents.source import Refused, Source
from dativo_lint.documents.yaml_dialect import CParser, ExactParser

_BRACKETS: Final = 300
_COLUMNS: Final = 500
_resolver: Any = Resolver()


class _CComposer(CParser or object):  # type: ignore[misc]
    """libyaml's composer without PyYAML's resolver, which takes half of the time."""

    # Called for every node, so these are functions of C that do nothing. The empty tag is resolved
    # on use.
    resolve: Any = "".format
    descend_resolver: Any = {}.get
    ascend_resolver: Any = {}.clear


def compose_quickly(text: str, limits: Limits) -> list[Node] | None:
    """The root of each document, by libyaml's composer; None where the text may be too much for it.

    It recurses, with a third of a kilobyte of stack for each level. Every level of a text has a
    bracket or begins in a column further right, at most two in one column.
    """
    if (
        CParser is None
        or len(text) > limits.expanded_nodes  # every node has a character at least
        or text.count("[") + text.count("{") > _BRACKETS
        or max(map(len, text.split("\n"))) > _COLUMNS
    ):
        return None
    composer = _CComposer(text)
    roots: list[Node] = []
    try:
        while composer.check_node():
            if len(roots) == limits.documents:
                return None
            roots.append(composer.get_node())
    except (yaml.YAMLError, ValueError):
        return None
    return roots


class EventComposer:
    """Composes from a parser's events, without recursion, within the limits.

    `root` is the root of the current document, as far as it is read; None between documents.
    `has_tags` is whether a tag is written in it.
    """

    def __init__(self, source: Source, text: str, *, is_exact: bool) -> None:
        parser = ExactParser(text) if is_exact or CParser is None else CParser(text)
        self._next_event = parser.get_event
        self._source = source
        self.root: Any = None
        self.has_tags = False

    def roots(self) -> Iterator[Node]:
        """The root of each document. Raises Refused, and what the parser raises."""
        number = 0
        while (event := self._next_event()).__class__ is not StreamEndEvent:
            if event.__class__ is DocumentStartEvent:
                self.root, self.has_tags = None, False
                if number == self._source.limits.documents:
                    raise self._over("documents", "documents in one file", event)
                number += 1
                self._compose()
                yield self.root
                self.root = None

    def _compose(self) -> None:
        limits, next_event = self._source.limits, self._next_event
        anchors = _Anchors(self._source)
        above: list[tuple[Any, bool]] = []
        here: Any = None
        is_value = False
        size = 0
        while (event := next_event()).__class__ is not DocumentEndEvent:
            kind = event.__class__
            start, end = event.start_mark, event.end_mark
            node: Any
            if kind is ScalarEvent:
                tag = self._tag_of(event) if event.tag or event.style else ""
                node = ScalarNode(tag, event.value, start, end, event.style)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                node_type = MappingNode if kind is MappingStartEvent else SequenceNode
                node = node_type(self._tag_of(event), [], start, end, event.flow_style)
            elif kind is AliasEvent:
                node, its_size = anchors.follow(event)
                size += its_size - 1
            else:
                size += len(here.value) * (2 if here.__class__ is MappingNode else 1)
                if size > limits.expanded_nodes:
                    raise self._over("expanded_nodes", "keys, values and items", event)
                anchors.close(here, size)
                here.end_mark = end
                here, is_value = above.pop()
                continue
            if here is None:
                self.root = node
            else:
                is_value = _attach(node, here, is_value=is_value)
            if kind is not AliasEvent and event.anchor is not None:
                anchors.declare(event, node, size)
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                above.append((here, is_value))
                if len(above) > limits.nesting:
                    raise self._over("nesting", "levels of mappings and lists", event)
                here, is_value = node, False

    def _tag_of(self, event: Any) -> str:
        """The tag of an event, where one is written; a quoted scalar tagged ! is read as plain."""
        tag = ""
        if event.tag is not None and event.tag != "!":
            tag = str(event.tag)
        elif event.__class__ is ScalarEvent and event.style and event.implicit[0]:
            tag = str(_resolver.resolve(ScalarNode, event.value, event.implicit))
        self.has_tags = self.has_tags or bool(tag)
        return tag

    def _over(self, limit: str, what: str, event: Any) -> Refused:
        return self._source.over(limit, what, event.start_mark.index, event.end_mark.index)


def _attach(node: Node, here: Any, *, is_value: bool) -> bool:
    """Add a node to the collection around it; whether it is a key, which a value follows."""
    if here.__class__ is SequenceNode:
        here.value.append(node)
        return False
    if is_value:
        here.value[-1] = here.value[-1][0], node
        return False
    # If the text ends here, the key is left in the place of its value.
    here.value.append((node, node))
    return True


class _Anchors:
    """The anchors of one document: nodes by name, and of how many nodes each consists."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._sizes: dict[str, tuple[Node, int]] = {}
        self._open: dict[int, tuple[str, int]] = {}

    def declare(self, event: Any, node: Node, before: int) -> None:
        """A node with an anchor begins, after `before` other nodes. Raises Refused."""
        if event.anchor in self._sizes:
            message = f"anchor {shown(event.anchor)} is defined twice in one document"
            raise self._refuse(message, event)
        is_open = node.__class__ is not ScalarNode
        self._sizes[event.anchor] = node, 0 if is_open else 1
        if is_open:
            self._open[id(node)] = event.anchor, before

    def close(self, node: Node, size: int) -> None:
        """A mapping or list, with or without an anchor, ends."""
        if id(node) in self._open:
            name, before = self._open.pop(id(node))
            self._sizes[name] = node, size - before + 1

    def follow(self, event: Any) -> tuple[Node, int]:
        """The node of an alias, and the number of nodes in it. Raises Refused."""
        name = shown(event.anchor)
        if event.anchor not in self._sizes:
            message = f"alias {name} has no anchor before it"
            raise self._refuse(message, event)
        node, size = self._sizes[event.anchor]
        if not size:
            message = f"alias {name} is inside its own anchor"
            raise self._refuse(message, event)
        return node, size

    def _refuse(self, message: str, event: Any) -> Refused:
        start, end = event.start_mark.index, event.end_mark.index
        return self._source.refuse(FaultKind.ALIAS, message, start, end)
