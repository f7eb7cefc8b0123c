"""Scalars: what a plain word of YAML 1.1 stands for, exactly as PyYAML's safe loader has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar, Final

from yaml import Node, ScalarNode
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from dativo_lint.texts.source import MOST_DIGITS

TAG_PREFIX: Final = "tag:yaml.org,2002:"
STRING_TAG: Final = TAG_PREFIX + "str"

MERGE_KEY: Final = "<<"
VALUE_KEY: Final = "="

WORDS: Final[Mapping[str, bool | None]] = {
    spelled: value
    for word, value in {"yes": True, "no": False, "true": True, "false": False, "on": True,
                        "off": False, "null": None}.items()
    for spelled in (word, word.capitalize(), word.upper())
} | {"~": None, "": None}  # fmt: skip
"""Plain words that stand for a boolean or null; all that are neither start like a number."""

_KEYS = frozenset({MERGE_KEY, VALUE_KEY})

NUMBER_STARTS: Final = frozenset("-+.0123456789")
"""First characters of plain scalars that may stand for a number or a date."""

_BITS = 14_284
"""The length of the largest number of that many digits."""
_REMEMBERED_LENGTH = 64


RAISED: Final = (
    ValueError, OverflowError, AttributeError, IndexError, KeyError, TypeError
)  # fmt: skip
"""What PyYAML's constructors raise over values that are not of their tag."""


class NotAValue(ValueError):
    """A scalar that looks like, or is tagged as, something that it cannot be read as."""


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


def number_or_text(spelled: str) -> Any:
    """The value of a plain scalar that begins with one of `NUMBER_STARTS`.

    Raises NotAValue for what looks like a number or a date and is none, as 2024-99-99.
    """
    if len(spelled) > _REMEMBERED_LENGTH:
        return _resolved(spelled)
    return _remembered(spelled)


def is_literal(spelled: str, value: Any) -> bool:
    """Whether a plain scalar is spelled as its value is written; null is, however it is spelled."""
    if value.__class__ is bool:
        return spelled.lower() in ("true", "false")
    return value is None or (spelled == str(value) and not isinstance(value, date))


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


def _resolved(spelled: str) -> Any:
    tag = str(_resolver.resolve(ScalarNode, spelled, (True, False)))
    if tag == STRING_TAG:
        return spelled
    constructor = ScalarConstructor.yaml_constructors[tag]
    try:
        return constructor(_constructor, ScalarNode(tag, spelled))
    except RAISED as error:
        raise NotAValue(reason_of(error, tag)) from error


_remembered = lru_cache(maxsize=8192)(_resolved)
