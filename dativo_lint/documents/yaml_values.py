"""Values: the plain data of PyYAML's nodes, exactly as `yaml.safe_load` returns it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, ClassVar, Final

from yaml.constructor import SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode
from yaml.resolver import Resolver

from dativo_lint.documents.source import MOST_DIGITS, Source

TAG_PREFIX: Final = "tag:yaml.org,2002:"
STRING_TAG: Final = TAG_PREFIX + "str"
MAP_TAG: Final = TAG_PREFIX + "map"
MERGE_TAG: Final = TAG_PREFIX + "merge"
VALUE_TAG: Final = TAG_PREFIX + "value"

NUMBER_STARTS: Final = frozenset("-+.0123456789")
"""First characters of plain scalars that may be a number or a date."""
_AFTER_NUMBERS: Final = ":"
"""What sorts behind every plain scalar that may be a number or a date."""
WORDS: Final = frozenset(
    form(word)
    for word in ("yes", "no", "true", "false", "on", "off", "null", "~", "", "<<", "=")
    for form in (str.lower, str.capitalize, str.upper)
)
"""Plain scalars that are no strings, though they do not begin like numbers."""
_USUAL_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,14}|[0-9]{1,15}\.[0-9]{0,15}")
"""A number as nearly all are written, which needs no asking of PyYAML."""
_REMEMBERED_LENGTH: Final = 64
_MOST_FRAMES: Final = 200
"""Levels that are built by recursion; deeper documents are left to PyYAML's own constructor."""
_BITS: Final = 14_284
"""The length of the largest number of `MOST_DIGITS` digits."""

RAISED: Final = (
    ValueError, OverflowError, AttributeError, IndexError, KeyError, TypeError
)  # fmt: skip
"""What PyYAML's constructors raise over values that are not of their tag."""


class Unusual(Exception):
    """The document holds what only PyYAML's own constructor knows how to build."""


class NotAValue(ValueError):
    """A scalar that looks like, or is tagged as, something that it cannot be read as."""


class ScalarConstructor(SafeConstructor):
    """PyYAML's constructor of scalars, which rejects numbers of quadratic cost."""

    def construct_yaml_int(self, node: Any) -> int:
        """A whole number of at most 4300 decimal digits; raises NotAValue for a longer one."""
        is_long = isinstance(node, ScalarNode) and len(node.value) > MOST_DIGITS
        number: int = 0 if is_long else super().construct_yaml_int(node)
        if is_long or number.bit_length() > _BITS:
            raise NotAValue(f"a whole number has at most {MOST_DIGITS} digits")
        return number

    yaml_constructors: ClassVar = {
        **SafeConstructor.yaml_constructors,
        TAG_PREFIX + "int": construct_yaml_int,
    }


_resolver: Any = Resolver()
_constructor: Any = ScalarConstructor()


def tag_of(node: Node) -> str:
    """The tag of a node, resolved where none is written."""
    if node.tag:
        return str(node.tag)
    if not isinstance(node, ScalarNode):
        return MAP_TAG if isinstance(node, MappingNode) else TAG_PREFIX + "seq"
    value = node.value
    if node.style or (value[:1] not in NUMBER_STARTS and value not in WORDS):
        return STRING_TAG
    return str(_resolver.resolve(ScalarNode, value, (True, False)))


def reason_of(error: Exception, tag: str) -> str:
    """What PyYAML's constructors mean by one of `RAISED` over a value of a tag."""
    if isinstance(error, (ValueError, OverflowError)):
        return str(error)
    # What they raise where their regular expressions and tables find nothing.
    return f"it is not written like a value of !!{tag.removeprefix(TAG_PREFIX)}"


def plain(spelled: str) -> Any:
    """The value of a plain scalar. Raises Unusual for << and =, and NotAValue for what looks like a
    number or a date but is invalid, as 2024-99-99."""
    if spelled[:1] not in NUMBER_STARTS and spelled not in WORDS:
        return spelled
    return _remembered(spelled) if len(spelled) <= _REMEMBERED_LENGTH else _resolved(spelled)


def _resolved(spelled: str) -> Any:
    if _USUAL_NUMBER.fullmatch(spelled):
        return float(spelled) if "." in spelled else int(spelled)
    node = ScalarNode("", spelled)
    node.tag = tag_of(node)
    if node.tag in (MERGE_TAG, VALUE_TAG):
        raise Unusual
    return _constructed(node)


def _constructed(node: Any) -> Any:
    try:
        return ScalarConstructor.yaml_constructors[node.tag](_constructor, node)
    except RAISED as error:
        raise NotAValue(reason_of(error, node.tag)) from error


_remembered = lru_cache(maxsize=8192)(_resolved)


def value_of(node: Any) -> Any:
    """The value of a scalar. Raises NotAValue, and Unusual."""
    if node.tag and node.tag != STRING_TAG:
        return _constructed(node)
    return node.value if node.style or node.tag else plain(node.value)


def reads_as_written(spelled: str, value: Any) -> bool:
    """Whether a plain scalar is null, a string, or the value that it looks like."""
    kind = value.__class__
    if kind is int or kind is float:
        return bool(spelled == str(value))
    return kind is str or value is None or (kind is bool and spelled.lower() in ("true", "false"))


def is_merge_key(node: Any) -> bool:
    """Whether a key is <<, which puts the fields of other mappings in its own."""
    if node.tag:
        return bool(node.tag == MERGE_TAG)
    return bool(node.value == "<<" and not node.style)


class PlainData:
    """The data of documents without tags and keys that are collections, within the limits.

    `has_odd_keys` is whether a key is no string, or repeats another one, `has_odd_scalars` whether
    a scalar may be another value than it looks.
    """

    def __init__(self, source: Source) -> None:
        self.has_odd_keys = False
        self.has_odd_scalars = False
        self._source = source
        self._has_merges = "<<" in source.text
        self._levels = min(source.limits.nesting, _MOST_FRAMES)
        # Every collection that is complete, with the number of all nodes in it, by its node.
        self._built: dict[int, tuple[Any, int]] = {}
        self._size = 0

    def of(self, root: Node) -> Any:
        """The data of a document. Raises Refused and, for any other document, Unusual."""
        self._size = 0
        return self._scalar(root) if root.__class__ is ScalarNode else self._collection(root, 1)

    def _collection(self, node: Any, level: int) -> Any:
        """A mapping or list; one inside itself has too many levels."""
        if id(node) in self._built:
            data, size = self._built[id(node)]
            self._add(size)
            return data
        if level > self._levels:
            raise Unusual
        before = self._size
        if node.__class__ is MappingNode:
            self._size += 2 * len(node.value)
            data = self._mapping(node.value, level + 1)
        else:
            self._size += len(node.value)
            data = self._sequence(node.value, level + 1)
        self._built[id(node)] = data, self._size - before
        return data

    def _add(self, size: int) -> None:
        self._size += size
        if self._size > self._source.limits.expanded_nodes:
            raise Unusual

    def _mapping(self, pairs: list[Any], level: int) -> dict[Any, Any]:
        merged: dict[Any, Any] = {}
        if self._has_merges and any(is_merge_key(key) for key, _ in pairs):
            merged = self._merged([value for key, value in pairs if is_merge_key(key)], level)
            pairs = [pair for pair in pairs if not is_merge_key(pair[0])]
        data: dict[Any, Any] = {}
        for key_node, node in pairs:
            if key_node.__class__ is not ScalarNode:
                raise Unusual
            key = key_node.value
            if (key < _AFTER_NUMBERS or key in WORDS) and not key_node.style:
                key = self._scalar(key_node)
                self.has_odd_keys = self.has_odd_keys or key.__class__ is not str
            # As in `_sequence`: one more call for each value takes half as long again.
            if node.__class__ is ScalarNode:
                value = node.value
                if (value < _AFTER_NUMBERS or value in WORDS) and not node.style:
                    value = self._scalar(node)
            else:
                value = self._collection(node, level)
            data[key] = value
        if len(data) < len(pairs):
            self.has_odd_keys = True
        return {**merged, **data} if merged else data

    def _sequence(self, nodes: list[Any], level: int) -> list[Any]:
        data: list[Any] = []
        for node in nodes:
            if node.__class__ is ScalarNode:
                value = node.value
                if (value < _AFTER_NUMBERS or value in WORDS) and not node.style:
                    value = self._scalar(node)
            else:
                value = self._collection(node, level)
            data.append(value)
        return data

    def _merged(self, nodes: list[Any], level: int) -> dict[Any, Any]:
        """The fields that the values of merge keys bring; of a list, the first one counts."""
        merged: dict[Any, Any] = {}
        for node in nodes:
            if node.__class__ is ScalarNode:
                raise Unusual
            value = self._collection(node, level)
            for mapping in reversed(value) if isinstance(value, list) else (value,):
                if not isinstance(mapping, dict):
                    raise Unusual
                merged.update(mapping)
        return merged

    def _scalar(self, node: Any) -> Any:
        try:
            value = value_of(node)
        except NotAValue as error:
            start, end = node.start_mark.index, node.end_mark.index
            raise self._source.not_a_value(str(error), start, end) from error
        if not reads_as_written(node.value, value):
            self.has_odd_scalars = True
        return value
