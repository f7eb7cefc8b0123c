"""Unusual documents: tags and keys that are collections, by PyYAML's own constructor.

Their values are left to `SafeConstructor`, so that they are what the platform sees.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Any, ClassVar

from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dativo_lint.documents.document import FaultKind
from dativo_lint.documents.place import shown
from dativo_lint.documents.source import Refused, Source
from dativo_lint.documents.yaml_node import span_of
from dativo_lint.documents.yaml_values import (
    MERGE_TAG,
    RAISED,
    STRING_TAG,
    TAG_PREFIX,
    VALUE_TAG,
    ScalarConstructor,
    reason_of,
    tag_of,
)

_UNSAFE_TAG = TAG_PREFIX + "python/"
_TAG = re.compile(r"(?:&[0-9A-Za-z_-]*\s+)?(!<[^>\s]*>|![^\s,\[\]{}]*)")


def unusual_data(root: Node, source: Source) -> Any:
    """The data of a document. Raises Refused."""
    try:
        return _Constructor(source).construct_document(root)
    except RecursionError:
        message = "too many nested merge keys (<<) for the platform's loader"
        raise source.refuse(FaultKind.LIMIT, message, *span_of(root, source.text)) from None


class _Constructor(ScalarConstructor):
    """PyYAML's constructor, which resolves tags on use, and reports faults at their places."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self._flat: dict[int, list[tuple[Any, Any]]] = {}

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """The value of a node, constructed once. Raises Refused where the loader does."""
        node.tag = tag_of(node)
        if node.tag == STRING_TAG and isinstance(node, ScalarNode):
            return node.value
        try:
            return super().construct_object(node, deep)
        except RAISED as error:
            raise self._not_a_value(reason_of(error, node.tag), node) from error
        except ConstructorError as error:
            raise self._not_a_value(str(error.problem), node) from error

    def construct_scalar(self, node: Any) -> Any:
        """The text of a scalar, or of the value of the key = of a mapping."""
        pairs = node.value if isinstance(node, MappingNode) else ()
        for key, value in self._flat.get(id(node), pairs):
            if tag_of(key) == VALUE_TAG:
                return self.construct_scalar(value)
        return super().construct_scalar(node)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """The pairs of a mapping; of equal keys, the last wins at the first's place."""
        data: dict[Any, Any] = {}
        self._fill(data, node)
        return data

    def flatten_mapping(self, node: Any) -> None:
        """Keep the pairs of merged mappings and then the others, as PyYAML does, in linear time;
        the mapping itself stays as it is written."""
        if id(node) in self._flat:
            return
        merged: list[tuple[Any, Any]] = []
        own: list[tuple[Any, Any]] = []
        for pair in node.value:
            key = pair[0]
            key.tag = tag_of(key)
            if key.tag == MERGE_TAG:
                for mapping in reversed(self._mappings(pair[1])):
                    self.flatten_mapping(mapping)
                    merged += self._flat[id(mapping)]
                continue
            if key.tag == VALUE_TAG:
                key.tag = STRING_TAG
            own.append(pair)
        self._flat[id(node)] = merged + own

    def mapping(self, node: Any) -> Iterator[dict[Any, Any]]:
        """A mapping, which is there before its contents are, as PyYAML has it."""
        data: dict[Any, Any] = {}
        yield data
        self._fill(data, node)

    def sequence(self, node: Any) -> Iterator[list[Any]]:
        """A list, which is there before its items are, as PyYAML has it."""
        data: list[Any] = []
        self._expect(SequenceNode, "a list", node)
        yield data
        data.extend(self.construct_sequence(node))

    def pairs(self, node: Any) -> Iterator[list[Any]]:
        """The list of pairs of !!omap and !!pairs."""
        data: list[Any] = []
        self._expect(SequenceNode, "a list of pairs", node)
        yield data
        for item in node.value:
            self._expect(MappingNode, "a mapping of one key", item)
            if len(item.value) != 1:
                message = f"found a mapping with {len(item.value)} keys, expected one key"
                raise self._refuse(FaultKind.VALUE, message, item)
            data.append(tuple(map(self.construct_object, item.value[0])))

    def refuse_tag(self, node: Any) -> None:
        """Reject a tag that the safe loader does not support. Raises Refused."""
        start, end = node.start_mark.index, node.end_mark.index
        tag = _TAG.match(self._source.text, start)
        if tag is None:
            spelled = self._source.text[start:end].rstrip()
            message = f"value {spelled} has a special meaning in YAML, expected quotes around it"
            raise self._refuse(FaultKind.TAG, message, node)
        message = f"tag {shown(tag[1])} is not supported by the platform's loader"
        if node.tag.startswith(_UNSAFE_TAG):
            message = f"tag {shown(tag[1])} is not allowed: it can run code"
        raise self._source.refuse(FaultKind.TAG, message, *tag.span(1))

    yaml_constructors: ClassVar = {
        **ScalarConstructor.yaml_constructors,
        TAG_PREFIX + "map": mapping,
        TAG_PREFIX + "seq": sequence,
        TAG_PREFIX + "omap": pairs,
        TAG_PREFIX + "pairs": pairs,
        None: refuse_tag,
    }

    def _fill(self, data: dict[Any, Any], node: Any) -> None:
        self._expect(MappingNode, "a mapping", node)
        self.flatten_mapping(node)
        for key_node, value_node in self._flat[id(node)]:
            key = self.construct_object(key_node)
            if not isinstance(key, Hashable):
                message = f"a {key_node.id} cannot be a key, expected a string"
                raise self._refuse(FaultKind.UNHASHABLE_KEY, message, key_node)
            data[key] = self.construct_object(value_node)

    def _mappings(self, value: Any) -> list[Any]:
        """The mappings that a merge key names."""
        is_list = isinstance(value, SequenceNode)
        mappings = value.value if is_list else [value]
        for mapping in mappings:
            self._expect(MappingNode, "a mapping to merge", mapping)
        return mappings

    def _expect(self, wanted: type, name: str, node: Any) -> None:
        if not isinstance(node, wanted):
            raise self._refuse(FaultKind.VALUE, f"found a {node.id}, expected {name}", node)

    def _not_a_value(self, reason: str, node: Any) -> Refused:
        return self._source.not_a_value(reason, node.start_mark.index, node.end_mark.index)

    def _refuse(self, kind: FaultKind, message: str, node: Any) -> Refused:
        return self._source.refuse(kind, message, node.start_mark.index, node.end_mark.index)
