"""Keywords: the tests that those of JSON Schema become, and of which values each speaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Sized
from functools import partial
from math import isfinite
from operator import ge, gt, le, lt
from typing import Any, Final

Test = Callable[[Any], bool]
"""Whether a value is as it should be."""

_TYPES: Mapping[str, type] = {
    "string": str, "integer": int, "number": int, "boolean": bool, "null": type(None),
    "object": dict, "array": list,
}  # fmt: skip


PLAIN = frozenset((*_TYPES.values(), float))
"""The types of plain values, but for dates."""


class UnknownKeyword(ValueError):
    """A keyword of JSON Schema that the quick test does not know."""


def is_number(value: Any) -> bool:
    """Whether a value is a number as JSON knows it: finite, and not true or false."""
    return type(value) is int or (type(value) is float and isfinite(value))


def types_of(said: str | Sequence[str]) -> frozenset[type]:
    """The types whose values all have a type of JSON Schema; some floats have one too."""
    return frozenset(_TYPES[name] for name in ([said] if isinstance(said, str) else said))


def _type(said: str | Sequence[str]) -> Test:
    names = [said] if isinstance(said, str) else said
    plain = types_of(said)
    if "number" in names:
        return lambda value: type(value) in plain or is_number(value)
    if "integer" in names:
        return lambda value: type(value) in plain or (type(value) is float and value.is_integer())
    return lambda value: type(value) in plain


def _one_of(said: Sequence[Any]) -> Test:
    if not all(isinstance(it, (str, bool)) or it is None for it in said):
        raise UnknownKeyword("enum")
    words = frozenset(it for it in said if isinstance(it, str))
    others = tuple(it for it in said if not isinstance(it, str))
    return lambda value: value in words if type(value) is str else any(value is it for it in others)


def of_exactly(kind: type, keyword: str, said: Any) -> Test | None:
    """The test of values of one type alone, where that is a function of C; None where it is not."""
    if kind is str and keyword == "minLength" and said == 1:
        return bool
    if kind is str and keyword == "enum":
        return frozenset(it for it in said if isinstance(it, str)).__contains__
    if kind is int and type(said) is int and keyword in _COMPARED:
        return partial(_COMPARED[keyword], said)
    return None


_COMPARED = {"minimum": le, "maximum": ge, "exclusiveMinimum": lt, "exclusiveMaximum": gt}


def _required(said: Sequence[str]) -> Test:
    names = frozenset(said)
    return lambda value: type(value) is not dict or names <= value.keys()


def _pattern(said: str) -> Test:
    # Most patterns of a schema are never asked; `re` compiles and remembers those that are.
    return lambda value: type(value) is not str or re.search(said, value) is not None


def _size(kind: type[Sized], least: int = 0, most: float = float("inf")) -> Test:
    return lambda value: type(value) is not kind or least <= len(value) <= most


def _number(holds: Callable[[Any], bool]) -> Test:
    return lambda value: not is_number(value) or holds(value)


SIMPLE: Final[Mapping[str, Callable[[Any], Test]]] = {
    "type": _type,
    "enum": _one_of,
    "const": lambda said: _one_of([said]),
    "required": _required,
    "pattern": _pattern,
    "minLength": lambda said: _size(str, said),
    "maxLength": lambda said: _size(str, most=said),
    "minItems": lambda said: _size(list, said),
    "maxItems": lambda said: _size(list, most=said),
    "minProperties": lambda said: _size(dict, said),
    "maxProperties": lambda said: _size(dict, most=said),
    "minimum": lambda said: _number(lambda value: value >= said),
    "maximum": lambda said: _number(lambda value: value <= said),
    "exclusiveMinimum": lambda said: _number(lambda value: value > said),
    "exclusiveMaximum": lambda said: _number(lambda value: value < said),
}

_NUMBERS = frozenset((int, float))
CONCERNS: Final[Mapping[str, frozenset[type]]] = {
    **dict.fromkeys(("pattern", "minLength", "maxLength"), frozenset((str,))),
    **dict.fromkeys(("items", "minItems", "maxItems"), frozenset((list,))),
    **dict.fromkeys(
        ("required", "properties", "additionalProperties", "minProperties", "maxProperties"),
        frozenset((dict,)),
    ),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _NUMBERS),
}
"""The types of which some keywords speak; values of other types are as they should be."""
