"""Unusual documents: tags, merge keys and keys that are collections, by PyYAML's own constructor.

Only the nodes are composed differently. Their values are left to `SafeConstructor`, so that they
are what the platform sees.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Any, ClassVar

from yaml.constructor import ConstructorError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from dativo_lint.documents.document import FaultKind
from dativo_lint.documents.place import shown
from dativo_lint.documents.source import OddKey, Refused, Source
from dativo_lint.documents.yaml_compose import AliasNode, span_of
from dativo_lint.documents.yaml_values import (
    MERGE_TAG,
    RAISED,
    STRING_TAG,
    TAG_PREFIX,
    VALUE_TAG,
    ScalarConstructor,
    odd_keys_of,
    reason_of,
    tag_of,
)

_UNSAFE_TAG = TAG_PREFIX + "python/"
_TAG = re.compile(r"(?:&[0-9A-Za-z_-]*\s+)?(!<[^>\s]*>|![^\s,\[\]{}]*)")


def unusual_data(root: Node, source: Source, odd_keys: list[OddKey]) -> Any:
    """The data of a document; its unusual keys are added to those given. Raises Refused."""
    try:
        return _Constructor(source, odd_keys).construct_document(root)
    except RecursionError:
        message = "too many nested merge keys (<<) for the platform's loader"
        raise source.refuse(FaultKind.LIMIT, message, *span_of(root, source.text)) from None


class _Constructor(ScalarConstructor):
    """PyYAML's constructor, which resolves aliases, and reports unusual keys and faults."""

    def __init__(self, source: Source, odd_keys: list[OddKey]) -> None:
        super().__init__()
        self._source = source
        self._odd_keys = odd_keys
        self._told: set[int] = set()
        self._merged: dict[int, int] = {}

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """The value of a node, constructed once. Raises Refused where the loader does."""
        node = _followed(node)
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
        node = _followed(node)
        for key, value in node.value if isinstance(node, MappingNode) else ():
            if tag_of(_followed(key)) == VALUE_TAG:
                return self.construct_scalar(value)
        return super().construct_scalar(node)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """The pairs of a mapping; of equal keys, the last wins at the first's place."""
        data: dict[Any, Any] = {}
        self._fill(data, node)
        return data

    def flatten_mapping(self, node: Any) -> None:
        """Put the pairs of merged mappings before the others, as PyYAML does, in linear time."""
        merged: list[tuple[Node, Node]] = []
        own: list[tuple[Node, Node]] = []
        for pair in node.value:
            key = _followed(pair[0])
            key.tag = tag_of(key)
            if key.tag == MERGE_TAG:
                for mapping in reversed(self._mappings(_followed(pair[1]))):
                    self.flatten_mapping(mapping)
                    merged += mapping.value
                continue
            if key.tag == VALUE_TAG:
                key.tag = STRING_TAG
            own.append(pair)
        if len(own) < len(node.value):
            self._merged[id(node)] = len(merged)
            node.value = merged + own

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
        for item in map(_followed, node.value):
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
        read, has_odd = 0, False
        try:
            for key_node, value_node in node.value:
                key = self.construct_object(key_node)
                if not isinstance(key, Hashable):
                    key_node = _followed(key_node)  # noqa: PLW2901
                    message = f"a {key_node.id} cannot be a key, expected a string"
                    raise self._refuse(FaultKind.UNHASHABLE_KEY, message, key_node)
                read += 1
                has_odd = has_odd or not isinstance(key, str)
                data[key] = self.construct_object(value_node)
        finally:
            if has_odd or len(data) < read:
                self._tell_odd_keys(data, node, read)

    def _tell_odd_keys(self, data: dict[Any, Any], node: Any, read: int) -> None:
        """Add the odd keys among the pairs that are read, each once; merged pairs repeat no key."""
        merged = self._merged.get(id(node), 0)
        parts = [[pair] for pair in node.value[: min(read, merged)]]
        for part in [*parts, node.value[merged:read]]:
            for odd in odd_keys_of(data, part, self._source):
                if odd.first is not None or odd.start not in self._told:
                    self._odd_keys.append(odd)
                if odd.first is None:
                    self._told.add(odd.start)

    def _mappings(self, value: Any) -> list[Any]:
        """The mappings that a merge key names."""
        is_list = isinstance(value, SequenceNode)
        mappings = list(map(_followed, value.value)) if is_list else [value]
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


def _followed(node: Any) -> Any:
    """What a node is, or is an alias of."""
    return node.value if isinstance(node, AliasNode) else node
