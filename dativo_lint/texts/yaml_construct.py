"""Unusual documents: tags, merge keys and keys that are collections, by PyYAML's own constructor.

Only the nodes are made by other means. What they stand for is left to `SafeConstructor`, so that
it is what the platform sees.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Any, ClassVar

from yaml import ScalarNode
from yaml.constructor import ConstructorError

from dativo_lint.texts.document import Document, Fault, FaultKind, Marked
from dativo_lint.texts.positions import Lines, shown
from dativo_lint.texts.source import OddKey, OddKeys, Refused, Source
from dativo_lint.texts.words import STRING_TAG, TAG_PREFIX
from dativo_lint.texts.yaml_events import NextEvent
from dativo_lint.texts.yaml_nodes import ListNode, MapNode, Pair, compose
from dativo_lint.texts.yaml_scalars import RAISED, ScalarConstructor, reason_of

_MERGE_TAG = TAG_PREFIX + "merge"
_VALUE_TAG = TAG_PREFIX + "value"
_UNSAFE_TAG = TAG_PREFIX + "python/"
_TAG = re.compile(r"(?:&[0-9A-Za-z_-]*\s+)?(!<[^>\s]*>|![^\s,\[\]{}]*)")


def read_unusual(next_event: NextEvent, source: Source, number: int, odd: OddKeys) -> Document:
    """Build the document whose start has just been read.

    Raises Refused, and what the parser raises.
    """
    root, event = compose(next_event, source)
    constructor = _Constructor(source, odd)
    try:
        data = constructor.construct_document(root)
    except RecursionError:
        message = "mappings are merged into each other too often for the platform's loader"
        raise source.refuse(FaultKind.LIMIT, message, event) from None
    return Document(source.path, source.text, data, event, constructor.marks, number)


class _Constructor(ScalarConstructor):
    """PyYAML's constructor, which also keeps the marks, and tells of odd keys and of faults."""

    def __init__(self, source: Source, odd: OddKeys) -> None:
        super().__init__()
        self.marks: dict[int, Any] = {}
        self._source = source
        self._odd = odd
        self._told: set[int] = set()

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """The value of a node, made once. Raises Refused where the platform's loader refuses."""
        if node.tag == STRING_TAG and isinstance(node, ScalarNode):
            return node.value
        try:
            return super().construct_object(node, deep)
        except RAISED as error:
            raise self._source.not_a_value(reason_of(error, node.tag), node) from error
        except ConstructorError as error:
            raise self._source.not_a_value(str(error.problem), node) from error

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """A mapping without its marks, as sets are made of."""
        data: dict[Any, Any] = {}
        self._fill(data, {}, node)
        return data

    def flatten_mapping(self, node: Any) -> None:
        """Put the pairs of merged mappings before the others, as PyYAML does, in linear time."""
        merged: list[Pair] = []
        own: list[Pair] = []
        for pair in node.value:
            key, value = pair
            if key.tag == _MERGE_TAG:
                for mapping in reversed(self._merged(value)):
                    self.flatten_mapping(mapping)
                    merged += mapping.value
                continue
            if key.tag == _VALUE_TAG:
                key.tag = STRING_TAG
            own.append(pair)
        if len(own) < len(node.value):
            node.own = own
            node.value = merged + own

    def map_with_marks(self, node: Any) -> Iterator[dict[Any, Any]]:
        """A mapping, which is there before its contents are, as PyYAML has it."""
        data: dict[Any, Any] = {}
        marks: dict[Any, tuple[Marked, Marked]] = {}
        self.marks[id(data)] = marks
        yield data
        self._fill(data, marks, node)

    def list_with_marks(self, node: Any) -> Iterator[list[Any]]:
        """A list, which is there before its items are, as PyYAML has it."""
        data: list[Any] = []
        self._expect(ListNode, "a list", node)
        self.marks[id(data)] = node.written
        yield data
        data.extend(self.construct_sequence(node))

    def pairs_with_marks(self, node: Any) -> Iterator[list[Any]]:
        """The list of pairs that !!omap and !!pairs stand for."""
        data: list[Any] = []
        self._expect(ListNode, "a list of pairs", node)
        self.marks[id(data)] = node.written
        yield data
        for item in node.value:
            self._expect(MapNode, "a mapping of one key", item)
            if len(item.value) != 1:
                message = f"found a mapping of {len(item.value)} keys, expected one of one key"
                raise self._source.refuse(FaultKind.VALUE, message, item)
            data.append(tuple(map(self.construct_object, item.value[0])))

    def refuse_tag(self, node: Any) -> None:
        """Refuse a tag that the safe loader knows nothing of. Raises Refused."""
        found = _TAG.match(self._source.text, node.start_mark.index)
        if found is None:
            spelled = self._source.written(node)
            message = f"value {spelled} has a meaning of its own, expected quotes around it"
            raise self._source.refuse(FaultKind.TAG, message, node)
        message = f"tag {shown(found[1])} is not known to the platform's loader"
        if node.tag.startswith(_UNSAFE_TAG):
            message = f"tag {shown(found[1])} is unsafe, it lets a text call Python"
        place = Lines(self._source.text).place(self._source.path, *found.span(1))
        raise Refused(Fault(FaultKind.TAG, message, place))

    yaml_constructors: ClassVar = {
        **ScalarConstructor.yaml_constructors,
        TAG_PREFIX + "map": map_with_marks,
        TAG_PREFIX + "seq": list_with_marks,
        TAG_PREFIX + "omap": pairs_with_marks,
        TAG_PREFIX + "pairs": pairs_with_marks,
        None: refuse_tag,
    }

    def _fill(self, data: dict[Any, Any], marks: dict[Any, Any], node: Any) -> None:
        """Construct the pairs of a mapping; of equal keys, the last wins at the first's place."""
        self._expect(MapNode, "a mapping", node)
        self.flatten_mapping(node)
        own = set(map(id, node.own))
        seen: dict[Any, Marked] = {}
        for pair in node.value:
            key = self._key(pair[0])
            written = pair.written[0]
            if not isinstance(key, str) and id(pair) not in self._told:
                self._told.add(id(pair))
                self._odd.add(OddKey(data, key, written))
            if id(pair) in own:
                if key in seen:
                    self._odd.add(OddKey(data, key, written, seen[key]))
                seen.setdefault(key, written)
            data[key] = self.construct_object(pair[1])
            marks[key] = pair.written

    def _key(self, node: Any) -> Any:
        key = self.construct_object(node)
        if not isinstance(key, Hashable):
            message = f"a {node.id} cannot be a key, expected a string"
            raise self._source.refuse(FaultKind.UNHASHABLE_KEY, message, node)
        return key

    def _merged(self, value: Any) -> list[Any]:
        """The mappings that a merge key names."""
        mappings: list[Any] = value.value if isinstance(value, ListNode) else [value]
        for mapping in mappings:
            self._expect(MapNode, "a mapping to merge", mapping)
        return mappings

    def _expect(self, wanted: type, name: str, node: Any) -> None:
        if not isinstance(node, wanted):
            raise self._source.refuse(FaultKind.VALUE, f"found a {node.id}, expected {name}", node)
