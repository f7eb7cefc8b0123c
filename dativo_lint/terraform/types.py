"""The types of Terraform's values, and the constraints that values are converted to: those of cty
(https://github.com/zclconf/go-cty/blob/main/docs/types.md). A constraint may have parts that are
`any` and optional attributes, a value `any` only where it is a plain null."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from typing_extensions import Self

CollectionKind: TypeAlias = Literal["list", "set", "map"]

_IDENTIFIER: Final = r"[^\W\d][\w-]*\Z"

DEEPEST: Final = 200
"""Levels that a type may nest; a value nests no deeper than its type."""
TEXT_UNIT: Final = 64
"""So many characters of a text weigh as much as one value."""


class TooMuch(Exception):
    """A value would exceed the size limit; its result is unknown."""


class Type(str):
    """A type, as the string that spells it: two that are spelled the same are the same.

    `kind` is `string`, `number`, `bool`, `any`, `list`, `set`, `map`, `tuple` or `object`,
    `friendly` what Terraform's messages call it, `is_exact` whether no part of it is `any`; `parts`
    are the types of elements and attributes, and `weight` is that of a value without parts: a type
    can be large where no part of the value is, and what walks values walks types too.
    """

    __slots__ = ("depth", "friendly", "has_optional", "is_exact", "kind", "parts", "weight")
    kind: str
    friendly: str
    parts: tuple[Type, ...]
    depth: int
    weight: int
    is_exact: bool
    has_optional: bool

    def __new__(
        cls, kind: str, spelling: str = "", parts: Iterable[Type] = (), friendly: str = ""
    ) -> Self:
        type_ = super().__new__(cls, spelling or kind)
        type_.kind = kind
        type_.friendly = friendly or ("dynamic" if kind == "any" else kind)
        type_.parts = tuple(parts)
        type_.weight = 1 + len(type_) // TEXT_UNIT
        type_.depth, type_.is_exact, type_.has_optional = 0, kind != "any", False
        for part in {*type_.parts}:
            type_.depth = max(type_.depth, part.depth + 1)
            type_.is_exact = type_.is_exact and part.is_exact
            type_.has_optional = type_.has_optional or part.has_optional
        if type_.depth > DEEPEST:
            raise TooMuch(f"a value nests more than {DEEPEST} levels")
        return type_

    @property
    def element(self) -> Type:
        """The type of the elements of a collection; of anything else, `any`."""
        return ANY

    @property
    def is_sequence(self) -> bool:
        """Whether its values are lists or tuples."""
        return self.kind in ("list", "tuple")

    @property
    def is_row(self) -> bool:
        """Whether its values are lists, sets or tuples."""
        return self.kind in ("list", "set", "tuple")

    @property
    def required(self) -> str:
        """What Terraform calls the type where it asks for a value of it."""
        return "any type" if self is ANY else self.friendly


class CollectionType(Type):
    """A list, set or map, whose elements are all of one type."""

    __slots__ = ()
    kind: CollectionKind

    def __new__(cls, kind: CollectionKind, element: Type) -> Self:
        friendly = f"{kind} of {element.friendly}"
        return super().__new__(cls, kind, f"{kind}({element})", (element,), friendly)

    @property
    def element(self) -> Type:
        return self.parts[0]

    @property
    def required(self) -> str:
        element = "any single type" if self.element is ANY else self.element.required
        return f"{self.kind} of {element}"


class TupleType(Type):
    """A row of elements, each of a type of its own; what `[...]` makes."""

    __slots__ = ()

    def __new__(cls, elements: Sequence[Type]) -> Self:
        return super().__new__(cls, "tuple", f"tuple([{','.join(elements)}])", elements)


class ObjectType(Type):
    """Named attributes, each of a type of its own; what `{...}` makes."""

    __slots__ = ("attributes", "optional")
    attributes: Mapping[str, Type]
    optional: frozenset[str]
    """Attributes that may be missing; of constraints only."""

    def __new__(
        cls, attributes: Mapping[str, Type], optional: frozenset[str] = frozenset()
    ) -> Self:
        ordered = dict(sorted(attributes.items()))
        parts = [
            f"{spell_name(name)}=optional({type_})"
            if name in optional
            else f"{spell_name(name)}={type_}"
            for name, type_ in ordered.items()
        ]
        object_type = super().__new__(
            cls, "object", f"object({{{','.join(parts)}}})", ordered.values()
        )
        object_type.attributes, object_type.optional = ordered, optional
        object_type.has_optional = object_type.has_optional or bool(optional)
        return object_type


STRING: Final = Type("string")
NUMBER: Final = Type("number")
BOOL: Final = Type("bool")
ANY: Final = Type("any")
PRIMITIVES: Final = frozenset({STRING, NUMBER, BOOL})


@lru_cache(maxsize=1_024)
def collection_of(kind: CollectionKind, element: Type) -> CollectionType:
    """The type of lists, sets or maps of these."""
    return CollectionType(kind, element)


list_of = partial(collection_of, "list")
set_of = partial(collection_of, "set")
map_of = partial(collection_of, "map")


@lru_cache(maxsize=2_048)
def object_of(*attributes: tuple[str, Type]) -> ObjectType:
    """The type of objects with these attributes."""
    return ObjectType(dict(attributes))


def without_optional(type_: Type) -> Type:
    """A constraint as the type that its values have: no attribute of it is optional."""
    if not type_.has_optional:
        return type_
    return with_parts(type_, [without_optional(part) for part in type_.parts])


def with_parts(type_: Type, parts: Sequence[Type]) -> Type:
    """A type of the same kind with other parts."""
    if isinstance(type_, CollectionType):
        return collection_of(type_.kind, parts[0])
    if isinstance(type_, ObjectType):
        return ObjectType(dict(zip(type_.attributes, parts, strict=True)))
    return TupleType(tuple(parts))


def filled_in(type_: Type, value_type: Type) -> Type:
    """A type with what is `any` in it replaced by what stands at its place in another."""
    if type_.is_exact or value_type is ANY:
        return type_
    if type_ is ANY:
        return value_type
    parts: Sequence[Type] = value_type.parts
    if isinstance(type_, ObjectType) and isinstance(value_type, ObjectType):
        parts = [value_type.attributes.get(name, ANY) for name in type_.attributes]
    elif value_type.__class__ is not type_.__class__ or len(parts) != len(type_.parts):
        return type_
    return with_parts(type_, [*map(filled_in, type_.parts, parts)])


def part_of(type_: Type, step: str | int) -> Type | None:
    """The type of the element or the attribute at a step into values of a type; None for none."""
    if isinstance(type_, CollectionType):
        return type_.element
    if isinstance(type_, ObjectType):
        return type_.attributes.get(str(step))
    return type_.parts[step] if isinstance(step, int) and step < len(type_.parts) else None


@lru_cache(maxsize=4_096)
def spell_name(name: str) -> str:
    """The name of an attribute as it is written; quoted where it is no identifier."""
    is_plain = (name.isascii() and name.isidentifier()) or re.match(_IDENTIFIER, name)
    return name if is_plain else quoted(name)


def quoted(text: str) -> str:
    """A text in double quotes."""
    return json.dumps(text, ensure_ascii=False)
