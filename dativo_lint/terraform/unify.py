"""Which types convert into which, and the one type that several can all become.

The rules are those of cty's package `convert`
(https://github.com/zclconf/go-cty/blob/main/docs/convert.md), down to their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from dativo_lint.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    OF_KIND,
    PRIMITIVES,
    STRING,
    CollectionType,
    ObjectType,
    TooMuch,
    TupleType,
    Type,
    kind_of,
    list_of,
    map_of,
)

MOST_TYPES: Final = 200
"""Different types among which one for all is looked for, each tried against each."""

_BETTER: Final = frozenset(
    {("map", "object"), ("list", "tuple"), ("list", "set"), ("tuple", "set")}
)
"""Of pairs of kinds: the first is tried before the second."""


def converts(given: Type, wanted: Type, unsafe: bool = True) -> bool:
    """Whether values of a type may convert into a type, or to what a constraint asks for.

    An unsafe conversion may still fail for some values, as that of a text into a number does.
    """
    if wanted is ANY or given == wanted:
        return True
    if given is ANY:
        return unsafe
    if given in PRIMITIVES or wanted in PRIMITIVES:
        return _converts_primitive(given, wanted, unsafe)
    if isinstance(wanted, CollectionType):
        becomes = _becomes_map if wanted.kind == "map" else _becomes_row
        return becomes(given, wanted, unsafe)
    if isinstance(wanted, TupleType):
        return (
            isinstance(given, TupleType)
            and len(given.elements) == len(wanted.elements)
            and all(
                converts(*pair, unsafe)
                for pair in zip(given.elements, wanted.elements, strict=True)
            )
        )
    return isinstance(wanted, ObjectType) and _becomes_object(given, wanted, unsafe)


def _converts_primitive(given: Type, wanted: Type, unsafe: bool) -> bool:
    if wanted is STRING:
        return given in (NUMBER, BOOL)
    return unsafe and given is STRING and wanted in (NUMBER, BOOL)


def _becomes_row(given: Type, wanted: CollectionType, unsafe: bool) -> bool:
    """Whether a type converts into a list or a set."""
    if isinstance(given, TupleType):
        distinct = [*dict.fromkeys(given.elements)]
        if wanted.element is ANY and distinct:
            found = unify(distinct, unsafe)
            return found is not None and (found is not ANY or distinct == [ANY])
        return all(converts(part, wanted.element, unsafe) for part in distinct)
    if not isinstance(given, CollectionType) or given.kind == "map":
        return False
    if given.kind == "list" and wanted.kind == "set" and not unsafe:
        return False
    return converts(given.element, wanted.element, unsafe)


def _becomes_map(given: Type, wanted: CollectionType, unsafe: bool) -> bool:
    if isinstance(given, ObjectType):
        distinct = dict.fromkeys(given.attributes.values())
        if wanted.element is ANY and distinct:
            return unify(distinct, unsafe) is not None
        return all(converts(part, wanted.element, unsafe) for part in distinct)
    is_map = isinstance(given, CollectionType) and given.kind == "map"
    return is_map and converts(element_of(given), wanted.element, unsafe)


def _becomes_object(given: Type, wanted: ObjectType, unsafe: bool) -> bool:
    if isinstance(given, CollectionType):
        is_map = given.kind == "map" and unsafe
        return is_map and all(converts(given.element, it) for it in wanted.attributes.values())
    if not isinstance(given, ObjectType):
        return False
    parts = given.attributes
    return all(
        converts(parts[name], it, unsafe) if name in parts else name in wanted.optional
        for name, it in wanted.attributes.items()
    )


def element_of(type_: Type) -> Type:
    """The type of the elements of a collection; of anything else, `any`."""
    return type_.element if isinstance(type_, CollectionType) else ANY


def unify(types: Iterable[Type], unsafe: bool = True) -> Type | None:
    """The type that all of these can become, or None. Raises TooMuch for very many types."""
    distinct = [*dict.fromkeys(types)]
    if len(distinct) <= 1:
        return distinct[0] if distinct else None
    if len(distinct) > MOST_TYPES:
        raise TooMuch(f"more than {MOST_TYPES} types stand side by side")
    kinds = {kind_of(it) for it in distinct} - {"any"}
    if len(kinds) == 1 and not kinds & {"string", "number", "bool"}:
        return ANY if ANY in distinct else _unify_alike(kinds.pop(), distinct, unsafe)
    if kinds in ({"map", "object"}, {"list", "tuple"}):
        found = _unify_as_collections(distinct, unsafe)
        if found is not None:
            return found
    elif {"object", "tuple"} <= kinds:
        return None
    return next(
        (
            wanted
            for wanted in _by_preference(distinct)
            if all(converts(it, wanted, unsafe) for it in distinct)
        ),
        None,
    )


def _unify_alike(kind: str, types: Sequence[Type], unsafe: bool) -> Type | None:
    """The one type for types that are all maps, all lists, all objects and so on."""
    if kind == "object":
        return _unify_objects([it for it in types if isinstance(it, ObjectType)], unsafe)
    if kind == "tuple":
        return _unify_tuples([it for it in types if isinstance(it, TupleType)], unsafe)
    element = unify([element_of(it) for it in types], unsafe)
    return None if element is None else OF_KIND[kind](element)


def _unify_objects(types: Sequence[ObjectType], unsafe: bool) -> Type | None:
    names = [*types[0].attributes]
    if any([*it.attributes] != names for it in types):
        element = unify([part for it in types for part in it.parts], unsafe)
        return _fitting(None if element is None else map_of(element), types, unsafe)
    parts = {name: unify([it.attributes[name] for it in types], unsafe) for name in names}
    found = {name: part for name, part in parts.items() if part is not None}
    return ObjectType(found) if len(found) == len(names) else None


def _unify_tuples(types: Sequence[TupleType], unsafe: bool) -> Type | None:
    if len({len(it.elements) for it in types}) > 1:
        element = unify([part for it in types for part in it.parts], unsafe)
        return _fitting(None if element is None else list_of(element), types, unsafe)
    parts = [unify(column, unsafe) for column in zip(*(it.elements for it in types), strict=True)]
    found = tuple(part for part in parts if part is not None)
    return TupleType(found) if len(found) == len(parts) else None


def _unify_as_collections(types: Sequence[Type], unsafe: bool) -> Type | None:
    """Maps and objects as one map, lists and tuples as one list."""
    if ANY in types:
        return None
    element = unify([part for it in types for part in it.parts], unsafe)
    if element is None:
        return None
    as_map = any(kind_of(it) == "map" for it in types)
    return _fitting(map_of(element) if as_map else list_of(element), types, unsafe)


def _fitting(found: Type | None, types: Sequence[Type], unsafe: bool) -> Type | None:
    """The type, if all of these do convert into it."""
    if found is None or not all(converts(it, found, unsafe) for it in types):
        return None
    return found


def _by_preference(types: Sequence[Type]) -> Iterable[Type]:
    """The types in the order in which they are tried as the one for all; those before others."""
    after: dict[Type, list[Type]] = {it: [] for it in types}
    count = dict.fromkeys(types, 0)
    for at, one in enumerate(types):
        for other in types[at + 1 :]:
            sign = _prefers(one, other)
            if sign:
                first, second = (one, other) if sign < 0 else (other, one)
                after[first].append(second)
                count[second] += 1
    queue = [it for it in types if not count[it]]
    for best in queue:
        yield best
        for it in after[best]:
            count[it] -= 1
            if not count[it]:
                queue.append(it)


def _prefers(one: Type, other: Type) -> int:
    """Below zero if the one is the better type for both, above zero if the other is."""
    if ANY in (one, other):
        return (one is ANY) - (other is ANY)
    if one in PRIMITIVES and other in PRIMITIVES:
        return (other is STRING) - (one is STRING)
    kinds = kind_of(one), kind_of(other)
    if kinds in _BETTER:
        return -1
    if kinds[::-1] in _BETTER:
        return 1
    return _prefers_parts(one, other) if kinds[0] == kinds[1] else 0


def _prefers_parts(one: Type, other: Type) -> int:
    """The same of two types of one kind, by what all their parts agree on."""
    if isinstance(one, ObjectType) and isinstance(other, ObjectType):
        if [*one.attributes] != [*other.attributes]:
            return 0
    if len(one.parts) != len(other.parts):
        return 0
    signs = {_prefers(*pair) for pair in zip(one.parts, other.parts, strict=True)} - {0}
    return signs.pop() if len(signs) == 1 else 0
