"""Scalars as PyYAML's own resolver and constructor have them."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from yaml import Node, ScalarNode
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from dativo_lint.texts.source import MOST_DIGITS
from dativo_lint.texts.words import (
    MERGE_KEY,
    NUMBER_STARTS,
    STRING_TAG,
    TAG_PREFIX,
    VALUE_KEY,
    WORDS,
    NotAValue,
)

_KEYS = frozenset({MERGE_KEY, VALUE_KEY})

_BITS = 14_284
"""The length of the largest number of that many digits."""

RAISED: Final = (
    ValueError, OverflowError, AttributeError, IndexError, KeyError, TypeError
)  # fmt: skip
"""What PyYAML's constructors raise over values that are not of their tag."""


class ScalarConstructor(SafeConstructor):
    """PyYAML's constructor of scalars, which refuses numbers of quadratic cost."""

    def construct_yaml_int(self, node: Any) -> int:
        """A whole number of at most 4300 decimal digits; raises NotAValue for a longer one."""
        if isinstance(node, ScalarNode) and len(node.value) > MOST_DIGITS:
            raise NotAValue(f"a whole number has at most {MOST_DIGITS} digits")
        number: int = super().construct_yaml_int(node)
        if number.bit_length() > _BITS:
            raise NotAValue(f"a whole number has at most {MOST_DIGITS} digits")
        return number

    yaml_constructors: ClassVar = {
        **SafeConstructor.yaml_constructors,
        TAG_PREFIX + "int": construct_yaml_int,
    }


_resolver: Any = Resolver()
_constructor: Any = ScalarConstructor()


def tag_of(event: Any, node_type: type[Node]) -> str:
    """The tag of a scalar or collection, resolved where none is written."""
    if event.tag is not None and event.tag != "!":
        return str(event.tag)
    if node_type is ScalarNode and _is_text(event):
        return STRING_TAG
    value = event.value if node_type is ScalarNode else None
    return str(_resolver.resolve(node_type, value, event.implicit))


def _is_text(event: Any) -> bool:
    """Whether a scalar is a string at first sight; the resolver takes ten times as long to tell."""
    if event.style:
        return not event.implicit[0]
    value = event.value
    return value[:1] not in NUMBER_STARTS and value not in WORDS and value not in _KEYS


def reason_of(error: Exception, tag: str) -> str:
    """What PyYAML's constructors mean by one of `RAISED` over a value of a tag."""
    if isinstance(error, (ValueError, OverflowError)):
        return str(error)
    # What they raise where their regular expressions and tables find nothing.
    return f"it is not written like a value of !!{tag.removeprefix(TAG_PREFIX)}"


def resolved(spelled: str) -> Any:
    """The value of a plain scalar; raises NotAValue."""
    tag = str(_resolver.resolve(ScalarNode, spelled, (True, False)))
    if tag == STRING_TAG:
        return spelled
    constructor = ScalarConstructor.yaml_constructors[tag]
    try:
        return constructor(_constructor, ScalarNode(tag, spelled))
    except RAISED as error:
        raise NotAValue(reason_of(error, tag)) from error
