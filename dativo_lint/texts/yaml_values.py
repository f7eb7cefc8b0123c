"""Values alone: what a usual YAML text says, by way of the nodes that libyaml composes.

Most files are never asked where something stands. Their values cost two thirds of what values
with marks cost: 0.16 ms against 0.26 ms for a job of 2.4 KB, and 0.39 ms for `CSafeLoader`.
"""

from __future__ import annotations

from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from dativo_lint.texts.document import Limits
from dativo_lint.texts.scalars import MERGE_KEY, NUMBER_STARTS, VALUE_KEY, WORDS, number_or_text

_NESTING: Final = 50
_BRACKETS: Final = 300
_COLUMNS: Final = 500
_SHORT: Final = 4_000


class _Unusual(Exception):
    """The text holds something that is left to the parsers which keep marks."""


_SPECIAL: Final = {**WORDS, MERGE_KEY: _Unusual, VALUE_KEY: _Unusual}

CParser: Any = getattr(getattr(yaml, "cyaml", None), "CParser", None)
"""libyaml; None where PyYAML was built without it."""


def usual_values(text: str, limits: Limits) -> list[Any] | None:
    """The data of each document of a text without tags, merge keys and surprises.

    None for whatever has a fault, or might have one: broken texts, anchors, keys that repeat or
    are no strings, documents that are no mappings, and texts that could be nested deeply.
    """
    if CParser is None or "&" in text or len(text) > limits.expanded_nodes:
        return None
    if _may_be_deep(text):
        return None
    parser = _Composer(text)
    nesting = min(limits.nesting, _NESTING)
    found: list[Any] = []
    try:
        while parser.check_node():
            node = parser.get_node()
            if node.__class__ is not MappingNode or len(found) == limits.documents:
                return None
            found.append(_mapping(node, nesting))
    except (yaml.YAMLError, ValueError, MemoryError, _Unusual):
        return None
    return found or None


def _may_be_deep(text: str) -> bool:
    """Whether libyaml's composer, which goes down by recursion, might not come back.

    It takes a third of a kilobyte of stack for each level, and every level of a text takes a
    bracket or begins in a column further right, two at most in one column.
    """
    return text.count("[") + text.count("{") > _BRACKETS or (
        len(text) > _SHORT and max(map(len, text.split("\n"))) > _COLUMNS
    )


class _Composer(CParser or object):  # type: ignore[misc]
    """libyaml's composer without PyYAML's resolver, which takes as long as all the rest."""

    def resolve(self, _kind: Any, _value: Any, _implicit: Any) -> None:
        """Leave the tag of a node open."""

    def descend_resolver(self, _above: Any, _index: Any) -> None:
        """Keep no track of where in the document a node is."""

    def ascend_resolver(self) -> None:
        """Keep no track of where in the document a node is."""


def _mapping(node: Any, nesting: int) -> dict[Any, Any]:
    """The dict that a node stands for.

    The scalars are read in place, here and in `_list`: a call for each would cost more.
    """
    if not nesting:
        raise _Unusual
    data = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if key_node.__class__ is not ScalarNode:
            raise _Unusual
        if not key_node.style and (key[:1] in NUMBER_STARTS or key in _SPECIAL):
            if key in _SPECIAL or number_or_text(key).__class__ is not str:
                raise _Unusual
        value = value_node.value
        if value_node.__class__ is ScalarNode:
            if not value_node.style:
                if value[:1] in NUMBER_STARTS:
                    value = number_or_text(value)
                elif value in _SPECIAL:
                    value = _SPECIAL[value]
                    if value is _Unusual:
                        raise _Unusual
        elif value_node.__class__ is MappingNode:
            value = _mapping(value_node, nesting - 1)
        else:
            value = _list(value_node, nesting - 1)
        data[key] = value
    if len(data) < len(node.value):
        raise _Unusual
    return data


def _list(node: Any, nesting: int) -> list[Any]:
    """The list that a node stands for."""
    if not nesting:
        raise _Unusual
    data = []
    for item in node.value:
        value = item.value
        if item.__class__ is ScalarNode:
            if not item.style:
                if value[:1] in NUMBER_STARTS:
                    value = number_or_text(value)
                elif value in _SPECIAL:
                    value = _SPECIAL[value]
                    if value is _Unusual:
                        raise _Unusual
        elif item.__class__ is SequenceNode:
            value = _list(item, nesting - 1)
        else:
            value = _mapping(item, nesting - 1)
        data.append(value)
    return data
