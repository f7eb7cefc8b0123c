"""Nodes of YAML: the places of PyYAML's nodes, and of the aliases of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import chain
from typing import Any

from msgspec import Struct
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from dativo_lint.documents.yaml_values import MAP_TAG, NotAValue, Unusual, is_merge_key, value_of

_PROPERTIES = re.compile(
    r"(?:(?:&[0-9A-Za-z_-]*|!<[^>\s]*>|![^\s,\[\]{}]*)(?:[ \t]*(?:#[^\r\n]*)?[\r\n])*[ \t]*)+"
)
"""Anchor and tag of a node, with everything before the node itself."""
_ALIAS = re.compile(r"[^*#]*(?:#[^\n\r\x85\u2028\u2029]*[^*#]*)*(\*[0-9A-Za-z_-]+)")
"""An alias, with the signs and comments before it."""


class YamlNode(Struct, frozen=True, eq=False, dict=True):
    """See `documents.document.Node`; an alias has the node of its anchor, and its own span."""

    text: str
    node: Any
    alias: tuple[int, int] | None = None

    @cached_property
    def _span(self) -> tuple[int, int]:
        return self.alias or span_of(self.node, self.text)

    @property
    def start(self) -> int:
        return self._span[0]

    @property
    def end(self) -> int:
        return self._span[1]

    @property
    def is_alias(self) -> bool:
        return self.alias is not None

    @property
    def target(self) -> YamlNode:
        return YamlNode(self.text, self.node) if self.alias else self

    @cached_property
    def fields(self) -> Mapping[Any, tuple[YamlNode | None, YamlNode]]:
        if isinstance(self.node, MappingNode) and (self.node.tag or MAP_TAG) != MAP_TAG:
            return {}
        # Of all that is merged, the innermost comes first, and the last comes first.
        nodes: list[YamlNode] = []
        pending = [self]
        while pending:
            nodes.append(pending.pop())
            pending += nodes[-1].merged
        parts = chain.from_iterable(node.parts() for node in reversed(nodes))
        return {step: (key, value) for step, key, value in parts}

    def parts(self) -> Iterator[tuple[Any, YamlNode | None, YamlNode]]:
        if isinstance(self.node, MappingNode):
            # Only a document that is refused has keys that cannot be read.
            with suppress(NotAValue, Unusual):
                for key, value in self._pairs():
                    if isinstance(key.node, ScalarNode) and not is_merge_key(key.node):
                        yield value_of(key.node), key, value
        elif isinstance(self.node, SequenceNode):
            for number, item in enumerate(self._placed(self.node.value)):
                yield number, None, item

    @cached_property
    def merged(self) -> list[YamlNode]:
        is_mapping = isinstance(self.node, MappingNode)
        if not is_mapping or not any(is_merge_key(key) for key, _ in self.node.value):
            return []
        mappings: list[YamlNode] = []
        for key, value in self._pairs():
            if is_merge_key(key.node) and isinstance(value.node, SequenceNode):
                mappings += reversed([item for _, _, item in value.parts()])
            elif is_merge_key(key.node):
                mappings.append(value)
        return mappings

    @property
    def quoted(self) -> Iterator[tuple[int, int]]:
        pending: list[Any] = [self.node]
        seen: set[int] = set()
        while pending:
            node = pending.pop()
            if isinstance(node, ScalarNode):
                if node.style:
                    yield span_of(node, self.text)
            elif id(node) not in seen:
                seen.add(id(node))
                is_list = isinstance(node, SequenceNode)
                pending += node.value if is_list else chain.from_iterable(node.value)

    def _pairs(self) -> Iterator[tuple[YamlNode, YamlNode]]:
        placed = self._placed(chain.from_iterable(self.node.value))
        return zip(placed, placed, strict=True)

    def _placed(self, nodes: Iterable[Any]) -> Iterator[YamlNode]:
        """The nodes right below, in order: one from further above is an alias."""
        begin = self.node.start_mark.index
        end = span_of(self.node, self.text)[1]
        for node in nodes:
            alias = None
            if node.start_mark.index < begin:
                written = _ALIAS.match(self.text, end)
                alias = written.span(1) if written is not None else (end, end)
            begin = end = alias[1] if alias else node.end_mark.index
            yield YamlNode(self.text, node, alias)


def span_of(node: Any, text: str) -> tuple[int, int]:
    """Start and end of a node's spelling, without its anchor and tag.

    Of a mapping or list that is its anchor, tag and opening bracket, or only its start.
    """
    start, end = node.start_mark.index, node.end_mark.index
    own = start
    if text[start : start + 1] in ("&", "!"):
        properties = _PROPERTIES.match(text, start, end)
        own = properties.end() if properties is not None else start
    if isinstance(node, ScalarNode):
        return own, end
    return start, own + 1 if node.flow_style and text[own : own + 1] in ("[", "{") else own
