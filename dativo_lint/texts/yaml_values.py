"""Values alone: what a usual YAML text says, by way of the nodes that libyaml composes.

Most files are never asked where something stands. Their values cost two thirds of what values
with marks cost: 0.16 ms against 0.26 ms for a job of 2.4 KB, and 0.39 ms for `CSafeLoader`.
"""

from __future__ import annotations

from typing import Any, Final

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from dativo_lint.texts.document import Limits
from dativo_lint.texts.usual import REMEMBERED, SPECIAL, Unusual, Values, plain
from dativo_lint.texts.words import NUMBER_STARTS

_NESTING: Final = 50
_BRACKETS: Final = 300
_COLUMNS: Final = 500
_SHORT: Final = 4_000


CParser: Any = getattr(getattr(yaml, "cyaml", None), "CParser", None)
"""libyaml; None where PyYAML was built without it."""


def usual_values(text: str, limits: Limits) -> Values | None:
    """What is in a text without tags, merge keys and surprises.

    None for whatever has a fault, or might have one: broken texts, anchors, keys that repeat or
    are no strings, documents that are no mappings, and texts that could be nested deeply.
    """
    if CParser is None or "&" in text or len(text) > limits.expanded_nodes:
        return None
    if _may_be_deep(text):
        return None
    nesting = min(limits.nesting, _NESTING)
    try:
        nodes = usual_nodes(text, limits.documents + 1)
        if len(nodes) > limits.documents:
            return None
        respelled: list[str] = []
        found = [_document(node, nesting, respelled) for node in nodes]
    except (yaml.YAMLError, ValueError, MemoryError, Unusual):
        return None
    return Values(found, not respelled) if found else None


def usual_nodes(text: str, most: int) -> list[Any]:
    """The node of each document of a text, which is not deep, but of no more than so many."""
    parser = _Composer(text)
    found: list[Any] = []
    while len(found) < most and parser.check_node():
        found.append(parser.get_node())
    return found


def _document(node: Any, nesting: int, respelled: list[str]) -> Any:
    if node.__class__ is not MappingNode:
        raise Unusual
    return _mapping(node, nesting, respelled)


def _may_be_deep(text: str) -> bool:
    """Whether libyaml's composer, which goes down by recursion, might not come back.

    It takes a third of a kilobyte of stack for each level, and every level of a text takes a
    bracket or begins in a column further right, two at most in one column.
    """
    return text.count("[") + text.count("{") > _BRACKETS or (
        len(text) > _SHORT and max(map(len, text.split("\n"))) > _COLUMNS
    )


class _Composer(CParser or object):  # type: ignore[misc]
    """libyaml's composer without PyYAML's resolver, which takes as long as all the rest.

    It calls these five hundred times for a job; what is built in answers soonest, whatever it is.
    """

    resolve = staticmethod(slice)
    descend_resolver = staticmethod(slice)
    ascend_resolver = staticmethod(tuple)


def _mapping(node: Any, nesting: int, respelled: list[str]) -> dict[Any, Any]:
    """The dict that a node stands for.

    The scalars are read in place, here and in `_list`: a call for each would cost more.
    """
    if not nesting:
        raise Unusual
    data = {}
    for key_node, value_node in node.value:
        key = key_node.value
        if key_node.__class__ is not ScalarNode:
            raise Unusual
        if not key_node.style and (key[:1] in NUMBER_STARTS or key in SPECIAL):
            if plain(key)[0].__class__ is not str:
                raise Unusual
        value = value_node.value
        if value_node.__class__ is ScalarNode:
            if not value_node.style:
                if value[:1] in NUMBER_STARTS or value in SPECIAL:
                    value, is_as_spelled = REMEMBERED.get(value) or plain(value)
                    if not is_as_spelled:
                        respelled.append(value)
        elif value_node.__class__ is MappingNode:
            value = _mapping(value_node, nesting - 1, respelled)
        else:
            value = _list(value_node, nesting - 1, respelled)
        data[key] = value
    if len(data) < len(node.value):
        raise Unusual
    return data


def _list(node: Any, nesting: int, respelled: list[str]) -> list[Any]:
    """The list that a node stands for."""
    if not nesting:
        raise Unusual
    data = []
    for item in node.value:
        value = item.value
        if item.__class__ is ScalarNode:
            if not item.style:
                if value[:1] in NUMBER_STARTS or value in SPECIAL:
                    value, is_as_spelled = REMEMBERED.get(value) or plain(value)
                    if not is_as_spelled:
                        respelled.append(value)
        elif item.__class__ is SequenceNode:
            value = _list(item, nesting - 1, respelled)
        else:
            value = _mapping(item, nesting - 1, respelled)
        data.append(value)
    return data
