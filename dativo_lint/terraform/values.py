"""Terraform's values: each with its type; null and unknown are values too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.terraform.numbers import Number, spell_number
from dativo_lint.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    PRIMITIVES,
    STRING,
    TEXT_UNIT,
    CollectionType,
    TooMuch,
    TupleType,
    Type,
    list_of,
    map_of,
    object_of,
    quoted,
    set_of,
    spell_name,
)

HEAVIEST: Final = 200_000
"""Values and parts of values that one value may hold; long texts count for several."""
LONGEST_TEXT: Final = 1_000_000
"""Characters that one text may have."""


class Unknown(Struct, frozen=True, eq=False):
    """What is not known, and why: what the value would have to be asked of."""

    reason: str


class Value(Struct, frozen=True):
    """A value of a type.

    `data` is None for null, an `Unknown`, a text in normal form C, a number, a bool, or the parts:
    a tuple for lists, sets and tuples, a dict in the order of the keys for maps and objects.
    `weight` counts the parts at all depths; `is_known` says that it is known at all, `whole` that
    nothing in it is unknown. A `secret` value is sensitive or ephemeral with all that is in it;
    `holds_secret`: it is, or a part of it.
    """

    type: Type
    data: Any
    weight: int = 1
    is_known: bool = True
    whole: bool = True
    secret: bool = False
    holds_secret: bool = False

    @property
    def reason(self) -> str:
        """Why it, or a part of it, is unknown; empty for what is wholly known."""
        return (
            ""
            if self.whole
            else next((part.data.reason for part in parts_of(self) if not part.is_known), "")
        )

    def part(self, key: str | int) -> Value:
        """An attribute, or an element at a position."""
        value: Value = self.data[key]
        return value

    def __str__(self) -> str:
        return spell(self)


NULL: Final = Value(ANY, None)
TRUE: Final = Value(BOOL, True)
FALSE: Final = Value(BOOL, False)


def text(value: str) -> Value:
    """A text; it is taken to be in normal form C already. Raises TooMuch."""
    size = len(value)
    if size > LONGEST_TEXT:
        raise TooMuch(f"a text is longer than {LONGEST_TEXT} characters")
    return Value(STRING, value, 1 + size // TEXT_UNIT)


def boolean(value: bool) -> Value:
    """True or false."""
    return TRUE if value else FALSE


def numeric(value: Number) -> Value:
    """A number."""
    return Value(NUMBER, value)


def marked(value: Value, secret: bool = True) -> Value:
    """A value as one that must not be shown, if it is `secret`."""
    if not secret or value.secret:
        return value
    return replace(value, secret=True, holds_secret=True)


def null(type_: Type) -> Value:
    """A null of a type."""
    return Value(type_, None, type_.weight)


def unknown(reason: str, type_: Type = ANY) -> Value:
    """A value of which at most the type is known."""
    return Value(type_, Unknown(reason), type_.weight, is_known=False, whole=False)


def row(parts: Sequence[Value]) -> Value:
    """A tuple."""
    return _whole(TupleType([part.type for part in parts]), tuple(parts), parts)


def record(parts: Mapping[str, Value]) -> Value:
    """An object."""
    ordered = dict(sorted(parts.items()))
    type_ = object_of(*[(name, part.type) for name, part in ordered.items()])
    return _whole(type_, ordered, ordered.values())


def list_value(element: Type, parts: Sequence[Value]) -> Value:
    """A list, whose parts are all of the type of its elements."""
    return _whole(list_of(element), tuple(parts), parts)


def map_value(element: Type, parts: Mapping[str, Value]) -> Value:
    """A map, whose parts are all of the type of its elements."""
    ordered = dict(sorted(parts.items()))
    return _whole(map_of(element), ordered, ordered.values())


def set_value(element: Type, parts: Iterable[Value]) -> Value:
    """A set in Terraform's order; unknown where an element is not wholly known."""
    distinct: dict[object, Value] = {}
    for part in parts:
        if not part.whole:
            return unknown(part.reason, set_of(element))
        distinct.setdefault(identity(part), part)
    kept = tuple(sorted(distinct.values(), key=_rank))
    result = _whole(set_of(element), kept, kept)
    return marked(result, result.holds_secret)


def _whole(type_: Type, data: Any, parts: Iterable[Value]) -> Value:
    weight, whole, holds_secret = type_.weight, True, False
    for part in parts:
        weight += part.weight
        whole = whole and part.whole
        holds_secret = holds_secret or part.holds_secret
    if weight > HEAVIEST:
        raise TooMuch(f"a value has more than {HEAVIEST} parts")
    return Value(type_, data, weight, whole=whole, holds_secret=holds_secret)


def common(values: Sequence[Value]) -> Value:
    """What values have in common, part by part; where they differ it is unknown."""
    if not values:
        return unknown("there is none")
    first = values[0]
    if all(value == first for value in values):
        return first
    names = first.data.keys() if isinstance(first.data, dict) else None
    if names is None or any(
        not isinstance(value.data, dict) or value.data.keys() != names for value in values
    ):
        return unknown("it differs from instance to instance")
    parts = {name: common([value.data[name] for value in values]) for name in names}
    return marked(record(parts), any(value.secret for value in values))


def parts_of(value: Value) -> Iterator[Value]:
    """A value and everything in it, outermost first."""
    pending = [value]
    while pending:
        part = pending.pop()
        yield part
        data = part.data
        if isinstance(data, tuple):
            pending += reversed(data)
        elif isinstance(data, dict):
            pending += reversed(data.values())


def identity(value: Value) -> object:
    """What values of one type have in common that are one and the same; it can be hashed."""
    data = value.data
    if isinstance(data, tuple):
        return tuple(map(identity, data))
    if isinstance(data, dict):
        return tuple((name, identity(part)) for name, part in data.items())
    return data


def _rank(value: Value) -> tuple[bool, Any]:
    """The place of an element in a set: null last, the rest by value, or as Terraform hashes it."""
    data = value.data
    if data is None:
        return True, 0
    return False, data if value.type in PRIMITIVES else _hashed(value).encode()


def _hashed(value: Value) -> str:
    """The string by which Terraform distinguishes elements of sets, and orders those with parts."""
    data = value.data
    if data is None:
        return "~"
    if isinstance(data, bool):
        return "T" if data else "F"
    if isinstance(data, str):
        return quoted(data)
    if isinstance(data, tuple):
        opened, closed = "[]" if isinstance(value.type, CollectionType) else "<>"
        return f"{opened}{''.join(f'{_hashed(part)};' for part in data)}{closed}"
    if isinstance(data, dict) and isinstance(value.type, CollectionType):
        parts = (f"{_hashed(text(name))}:{_hashed(part)};" for name, part in data.items())
        return f"{{{''.join(parts)}}}"
    if isinstance(data, dict):
        return f"<{''.join(f'{_hashed(part)};' for part in data.values())}>"
    return spell_number(data) if isinstance(data, int) and abs(data) < 10**10 else _short(data)


def _short(value: Number) -> str:
    """A number in ten digits, with an exponent where it is far from the point."""
    try:
        return spell_number(value) if isinstance(value, float) else f"{float(value):.10g}"
    except OverflowError:
        return spell_number(value)


def spell(value: Value) -> str:
    """A value as it would be written in a configuration."""
    data = value.data
    if isinstance(data, str):
        return quoted(data).replace("${", "$${").replace("%{", "%%{")
    if isinstance(data, Unknown):
        return "(unknown)"
    if isinstance(data, tuple):
        return f"[{', '.join(map(spell, data))}]"
    if isinstance(data, dict):
        parts = (f"{spell_name(name)} = {spell(part)}" for name, part in data.items())
        return f"{{{', '.join(parts)}}}"
    return spell_plain(data)


def spell_plain(data: Number | bool | None) -> str:
    """Null, a truth value or a number as it is written."""
    if isinstance(data, bool):
        return "true" if data else "false"
    return "null" if data is None else spell_number(data)
