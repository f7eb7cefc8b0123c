"""Conversion of values to types, with the error messages, as in Terraform."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

from msgspec.structs import replace

from dativo_lint.terraform.failures import Failed
from dativo_lint.terraform.numbers import read_number
from dativo_lint.terraform.types import (
    ANY,
    NUMBER,
    STRING,
    CollectionType,
    ObjectType,
    TupleType,
    Type,
    filled_in,
    quoted,
    without_optional,
)
from dativo_lint.terraform.unify import converts, unify
from dativo_lint.terraform.values import (
    Value,
    boolean,
    list_value,
    map_value,
    marked,
    null,
    numeric,
    record,
    row,
    set_value,
    spell_plain,
    text,
    unknown,
)

Path: TypeAlias = tuple[str | int, ...]
"""A route into a value: names and 0-based positions, outermost first."""

_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}


class Unsuitable(Exception):
    """A value that does not convert: the part of it that does not fit, and Terraform's sentence."""

    def __init__(self, path: Path, sentence: str) -> None:
        super().__init__(sentence)
        self.path = path
        self.sentence = sentence


def convert(value: Value, wanted: Type) -> Value:
    """A value as a type or a constraint asks for it. Raises Unsuitable, and TooMuch."""
    if value.type == wanted:
        return value
    if not converts(value.type, wanted):
        raise Unsuitable(*_mismatch(value.type, wanted))
    return _convert(value, wanted, ())


def must_convert(value: Value, wanted: Type, summary: str, lead: str) -> Value:
    """The same while evaluating. Raises Failed, with a detail that begins so, and TooMuch."""
    try:
        return convert(value, wanted)
    except Unsuitable as unsuitable:
        raise Failed(summary, f"{lead}: {unsuitable.sentence}.") from None


def _convert(value: Value, wanted: Type, path: Path) -> Value:
    """The same, of a value whose type is known to convert; what is secret stays so."""
    if wanted is ANY or value.type == wanted:
        return value
    if value.data is None:
        converted = null(filled_in(without_optional(wanted), value.type))
    elif not value.is_known:
        converted = unknown(value.reason, filled_in(without_optional(wanted), value.type))
    elif isinstance(wanted, CollectionType):
        converted = _to_collection(value, wanted, path)
    elif isinstance(wanted, TupleType):
        pairs = enumerate(zip(value.data, wanted.parts, strict=True))
        converted = row([_convert(part, type_, (*path, at)) for at, (part, type_) in pairs])
    elif isinstance(wanted, ObjectType):
        converted = _to_object(value, wanted, path)
    else:
        converted = _to_primitive(value, wanted, path)
    return marked(converted) if value.secret else converted


def _to_primitive(value: Value, wanted: Type, path: Path) -> Value:
    data = value.data
    if wanted is STRING:
        return text(spell_plain(data))
    if wanted is NUMBER:
        number = read_number(data)
        if number is None:
            raise Unsuitable(path, "a number is required")
        return numeric(number)
    if data in _TRUTHS:
        return boolean(_TRUTHS[data])
    lower = data.lower()
    hint = f'; to convert from string, use lowercase "{lower}"' if lower in _TRUTHS else ""
    raise Unsuitable(path, f"a bool is required{hint}")


def _to_collection(value: Value, wanted: CollectionType, path: Path) -> Value:
    """A list, set or tuple as a list or a set, a map or an object as a map."""
    element, of_map = wanted.element, wanted.kind == "map"
    if element is ANY:
        # Of a collection, the parts are the one type of its elements.
        element = unify(value.type.parts) or ANY
    pairs = value.data.items() if of_map else enumerate(value.data)
    # Most parts fit as they are; a path is made for the others only.
    parts = [
        part if part.type == element else _convert(part, element, (*path, name))
        for name, part in pairs
    ]
    if not parts:
        element = without_optional(element)
    elif not element.is_exact and (
        isinstance(element, (CollectionType, ObjectType))
        if of_map
        else wanted.kind == "list" and isinstance(value.type, TupleType)
    ):
        # Once more, where the type that was asked for leaves parts open.
        common = unify([part.type for part in parts])
        if common is None:
            raise Unsuitable(path, "cannot find a common base type for all elements")
        parts = [_convert(part, common, path) for part in parts]
    distinct = {part.type for part in parts} - {ANY}
    if len(distinct) > 1:
        what = "attribute" if of_map else "element"
        raise Unsuitable(path, f"{what} types must all match for conversion to {wanted.kind}")
    if distinct:
        # A null without a type is of that type too.
        element = distinct.pop()
        parts = [replace(part, type=element) if part.type is ANY else part for part in parts]
    if of_map:
        return map_value(element, dict(zip(value.data, parts, strict=True)))
    return (list_value if wanted.kind == "list" else set_value)(element, parts)


def _to_object(value: Value, wanted: ObjectType, path: Path) -> Value:
    parts: dict[str, Value] = {}
    for name, type_ in wanted.attributes.items():
        if name in value.data:
            parts[name] = _convert(value.data[name], type_, (*path, name))
        elif name in wanted.optional:
            parts[name] = null(without_optional(type_))
        else:
            raise Unsuitable(path, f"map has no element for required attribute {quoted(name)}")
    return record(parts)


def _mismatch(type_: Type, wanted: Type) -> tuple[Path, str]:
    """Where a type first differs from what is wanted, and Terraform's sentence for it."""
    if isinstance(type_, ObjectType) and isinstance(wanted, ObjectType):
        return _mismatch_of_objects(type_, wanted)
    if isinstance(wanted, CollectionType):
        is_row = wanted.kind != "map"
        if isinstance(type_, TupleType if is_row else ObjectType):
            return _mismatch_of_elements(type_, wanted)
        if isinstance(type_, CollectionType) and is_row == (type_.kind != "map"):
            path, sentence = _mismatch(type_.element, wanted.element)
            return path, f"incorrect {wanted.kind} element type: {sentence}"
    return (), f"{wanted.required} required"


def _mismatch_of_elements(type_: Type, wanted: CollectionType) -> tuple[Path, str]:
    if wanted.element is ANY:
        return (), f"all {wanted.kind} elements must have the same type"
    names: Iterable[str | int] = range(len(type_.parts))
    if isinstance(type_, ObjectType):
        names = type_.attributes
    for name, part in zip(names, type_.parts, strict=True):
        if not converts(part, wanted.element):
            path, sentence = _mismatch(part, wanted.element)
            shown = name if isinstance(name, int) else quoted(name)
            return (name, *path), f"element {shown}: {sentence}"
    return (), f"all elements must be {wanted.element.required}"


def _mismatch_of_objects(source: ObjectType, wanted: ObjectType) -> tuple[Path, str]:
    required = [name for name in wanted.attributes if name not in wanted.optional]
    missing = [name for name in required if name not in source.attributes]
    if len(missing) == 1:
        return (missing[0],), f"attribute {quoted(missing[0])} is required"
    if missing:
        return (), f"attributes {_listed([quoted(name) for name in missing])} are required"
    for name, type_ in wanted.attributes.items():
        if name in source.attributes and not converts(source.attributes[name], type_):
            path, sentence = _mismatch(source.attributes[name], type_)
            return (name, *path), f"attribute {quoted(name)}: {sentence}"
    return (), "incorrect object attributes"


def _listed(names: list[str]) -> str:
    if len(names) < 3:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"
