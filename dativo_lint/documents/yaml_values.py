"""Values: the plain data of PyYAML's nodes, exactly as `yaml.safe_load` returns it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import length_hint
from typing import Any, ClassVar, Final

from yaml.constructor import SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import Resolver

from dativo_lint.documents.source import MOST_DIGITS, OddKey, Refused, Source
from dativo_lint.documents.yaml_compose import AliasNode, span_of

TAG_PREFIX: Final = "tag:yaml.org,2002:"
STRING_TAG: Final = TAG_PREFIX + "str"
MAP_TAG: Final = TAG_PREFIX + "map"
MERGE_TAG: Final = TAG_PREFIX + "merge"
VALUE_TAG: Final = TAG_PREFIX + "value"

NUMBER_STARTS: Final = frozenset("-+.0123456789")
"""First characters of plain scalars that may be a number or a date."""
WORDS: Final = frozenset(
    form(word)
    for word in ("yes", "no", "true", "false", "on", "off", "null", "~", "", "<<", "=")
    for form in (str.lower, str.capitalize, str.upper)
)
"""Plain scalars that are no strings, though they do not begin like numbers."""
_USUAL_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,14}|[0-9]{1,15}\.[0-9]{0,15}")
"""A number as nearly all are written, which needs no asking of PyYAML."""
_REMEMBERED_LENGTH: Final = 64
_BITS: Final = 14_284
"""The length of the largest number of `MOST_DIGITS` digits."""

_COLLECTIONS: Final = frozenset((MappingNode, SequenceNode))

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
    """The value of a scalar, or of an alias of one. Raises NotAValue, and Unusual."""
    if node.__class__ is AliasNode:
        node = node.value
    if node.tag and node.tag != STRING_TAG:
        return _constructed(node)
    return node.value if node.style or node.tag else plain(node.value)


def is_scalar(node: Any) -> bool:
    """Whether a node is a scalar, or an alias of one."""
    return isinstance(node.value if node.__class__ is AliasNode else node, ScalarNode)


def plain_data(root: Node, source: Source, odd_keys: list[OddKey]) -> Any:
    """The data of a document without tags, merge keys and keys that are collections, within the
    nesting limit; its unusual keys are added to those given.

    Raises Refused and, for any other document, Unusual.
    """
    has_tags = "!" in source.text
    top: list[Any] = []
    # Every collection that was met, by its node: it is built before what is in it, so that an alias
    # finds it even from within.
    built: dict[int, Any] = {}
    # The collections around the place that is read, outermost first: the nodes that are left in
    # each, its data, and its node.
    around: list[tuple[Iterator[Any], Any, Any]] = [(iter((root,)), top, root)]
    try:
        while around:
            left, data, node = around[-1]
            fill = _fill_mapping if data.__class__ is dict else _fill_sequence
            inner = fill(left, data, built, source, has_tags)
            if inner is None:
                around.pop()
                if fill is _fill_mapping and (
                    len(data) < len(node.value) or {*map(type, data)} - {str}
                ):
                    odd_keys += odd_keys_of(data, node.value, source)
            elif len(around) > source.limits.nesting:
                raise Unusual
            else:
                around.append((iter(inner.value), built[id(inner)], inner))
    except Refused:
        for left, data, node in around[1:]:
            if data.__class__ is dict:
                read = node.value[: len(node.value) - length_hint(left)]
                odd_keys += odd_keys_of(data, read, source)
        raise
    return top[0]


def _fill_mapping(
    pairs: Iterator[Any], data: Any, built: dict[int, Any], source: Source, has_tags: bool
) -> Node | None:
    """Fill a mapping up to the next collection in it, which is returned; None at its end."""
    for key_node, node in pairs:
        key = key_node.value
        if key_node.__class__ is not ScalarNode or (has_tags and key_node.tag):
            key = _key(key_node, source)
        elif (key[:1] in NUMBER_STARTS or key in WORDS) and not key_node.style:
            key = _plain(key_node, source)
        data[key] = _value(node, built, source, has_tags)
        if node.__class__ in _COLLECTIONS:
            return node
    return None


def _fill_sequence(
    nodes: Iterator[Any], data: Any, built: dict[int, Any], source: Source, has_tags: bool
) -> Node | None:
    """Fill a list as `_fill_mapping` does a mapping."""
    for node in nodes:
        data.append(_value(node, built, source, has_tags))
        if node.__class__ in _COLLECTIONS:
            return node
    return None


def _value(node: Any, built: dict[int, Any], source: Source, has_tags: bool) -> Any:
    """The value of a scalar or an alias; an empty collection for one that is yet to be filled."""
    if has_tags and node.tag:
        raise Unusual
    value = node.value
    kind = node.__class__
    if kind is ScalarNode:
        looks_odd = value[:1] in NUMBER_STARTS or value in WORDS
        return _plain(node, source) if looks_odd and not node.style else value
    if kind is AliasNode:
        return value_of(node) if is_scalar(node) else built[id(value)]
    data: Any = {} if kind is MappingNode else []
    built[id(node)] = data
    return data


def _plain(node: Any, source: Source) -> Any:
    try:
        return plain(node.value)
    except NotAValue as error:
        start, end = node.start_mark.index, node.end_mark.index
        raise source.not_a_value(str(error), start, end) from error


def _key(node: Any, source: Source) -> Any:
    """The value of a key that is an alias of a plain or quoted scalar. Raises Unusual."""
    target = node.value
    if node.__class__ is not AliasNode or target.__class__ is not ScalarNode or target.tag:
        raise Unusual
    return value_of(node)


def odd_keys_of(data: dict[Any, Any], pairs: Iterable[Any], source: Source) -> Iterator[OddKey]:
    """The keys of a mapping that are no strings, or repeat one that is written before."""
    firsts: dict[Any, Any] = {}
    for node, _ in pairs:
        if not is_scalar(node):
            continue
        try:
            key = value_of(node)
        except NotAValue:
            return
        if key in firsts or not isinstance(key, str):
            first = span_of(firsts[key], source.text) if key in firsts else None
            yield OddKey(data, key, *span_of(node, source.text), first)
        firsts.setdefault(key, node)
