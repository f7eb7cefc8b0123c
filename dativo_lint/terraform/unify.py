"""Which types convert into which, and the one type that several can all become, as in cty
(https://github.com/zclconf/go-cty/blob/main/docs/convert.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import Final

from dativo_lint.terraform.types import (
    ANY,
    PRIMITIVES,
    STRING,
    CollectionType,
    ObjectType,
    TooMuch,
    Type,
    collection_of,
    list_of,
    map_of,
    with_parts,
)

MOST_TYPES: Final = 200
"""Different types among which one for all is looked for, each tried against each."""

_BETTER: Final = frozenset(
    {("map", "object"), ("list", "tuple"), ("list", "set"), ("tuple", "set")}
)
"""Of pairs of kinds: the first is tried before the second."""


def converts(source: Type, wanted: Type, unsafe: bool = True) -> bool:
    """Whether values of a type convert into another one; if `unsafe`, at least some may."""
    if wanted is ANY or source == wanted:
        return True
    if source is ANY:
        return unsafe
    if wanted is STRING:
        return source in PRIMITIVES
    if source in PRIMITIVES or wanted in PRIMITIVES:
        return unsafe and source is STRING and wanted in PRIMITIVES
    if isinstance(wanted, CollectionType):
        return _becomes_collection(source, wanted, unsafe)
    if isinstance(wanted, ObjectType):
        return _becomes_object(source, wanted, unsafe)
    return (
        source.kind == "tuple"
        and len(source.parts) == len(wanted.parts)
        and all(converts(*pair, unsafe) for pair in zip(source.parts, wanted.parts, strict=True))
    )


def _becomes_collection(source: Type, wanted: CollectionType, unsafe: bool) -> bool:
    of_map = wanted.kind == "map"
    if isinstance(source, CollectionType):
        if (source.kind == "map") != of_map:
            return False
        if source.kind == "list" and wanted.kind == "set" and not unsafe:
            return False
        return converts(source.element, wanted.element, unsafe)
    if source.kind != ("object" if of_map else "tuple"):
        return False
    distinct = [*dict.fromkeys(source.parts)]
    if wanted.element is ANY and distinct:
        common = unify(distinct, unsafe)
        return common is not None and (of_map or common is not ANY or distinct == [ANY])
    return all(converts(part, wanted.element, unsafe) for part in distinct)


def _becomes_object(source: Type, wanted: ObjectType, unsafe: bool) -> bool:
    if not isinstance(source, ObjectType):
        is_map = source.kind == "map" and unsafe
        return is_map and all(converts(source.element, part) for part in wanted.parts)
    parts = source.attributes
    return all(
        converts(parts[name], type_, unsafe) if name in parts else name in wanted.optional
        for name, type_ in wanted.attributes.items()
    )


def unify(types: Iterable[Type], unsafe: bool = True) -> Type | None:
    """The type that all of these can become, or None. Raises TooMuch for very many types."""
    distinct = [*dict.fromkeys(types)]
    if len(distinct) <= 1:
        return distinct[0] if distinct else None
    if len(distinct) > MOST_TYPES:
        raise TooMuch(f"more than {MOST_TYPES} types stand side by side")
    kinds = {type_.kind for type_ in distinct} - {"any"}
    if len(kinds) == 1 and not kinds & {"string", "number", "bool"}:
        return ANY if ANY in distinct else _unify_alike(distinct, unsafe)
    if kinds in ({"map", "object"}, {"list", "tuple"}):
        common = None if ANY in distinct else _as_collection(distinct, unsafe)
        if common is not None:
            return common
    elif {"object", "tuple"} <= kinds:
        return None
    candidates = _by_preference(distinct)
    return next((type_ for type_ in candidates if _all_convert(distinct, type_, unsafe)), None)


def _unify_alike(types: Sequence[Type], unsafe: bool) -> Type | None:
    """The one type for types that are all maps, all lists, all objects and so on."""
    first = types[0]
    if isinstance(first, CollectionType):
        element = unify([type_.element for type_ in types], unsafe)
        return None if element is None else collection_of(first.kind, element)
    if any(_shape(type_) != _shape(first) for type_ in types):
        return _as_collection(types, unsafe)
    columns = zip(*(type_.parts for type_ in types), strict=True)
    parts = [part for column in columns if (part := unify(column, unsafe)) is not None]
    return with_parts(first, parts) if len(parts) == len(first.parts) else None


def _as_collection(types: Sequence[Type], unsafe: bool) -> Type | None:
    """Maps and objects as one map, lists and tuples as one list."""
    element = unify([part for type_ in types for part in type_.parts], unsafe)
    if element is None:
        return None
    common = map_of(element) if types[0].kind in ("map", "object") else list_of(element)
    return common if _all_convert(types, common, unsafe) else None


def _all_convert(types: Iterable[Type], wanted: Type, unsafe: bool) -> bool:
    return all(converts(type_, wanted, unsafe) for type_ in types)


def _shape(type_: Type) -> object:
    """What objects or tuples have in common whose parts stand at the same places."""
    return [*type_.attributes] if isinstance(type_, ObjectType) else len(type_.parts)


def _by_preference(types: Sequence[Type]) -> Iterator[Type]:
    """The types in the order in which they are tried as the type for all; those before others."""
    sorter = TopologicalSorter[Type](dict.fromkeys(types, ()))
    for left, right in combinations(types, 2):
        sign = _prefers(left, right)
        if sign:
            sorter.add(*((right, left) if sign < 0 else (left, right)))
    with suppress(CycleError):  # the types outside the cycle are still given
        sorter.prepare()
    while sorter.is_active():
        ready = sorter.get_ready()
        yield from ready
        sorter.done(*ready)


def _prefers(first: Type, second: Type) -> int:
    """Below zero if the first is the better type for both, above zero if the second is."""
    if ANY in (first, second):
        return (first is ANY) - (second is ANY)
    if first in PRIMITIVES and second in PRIMITIVES:
        return (second is STRING) - (first is STRING)
    kinds = first.kind, second.kind
    if kinds in _BETTER:
        return -1
    if kinds[::-1] in _BETTER:
        return 1
    return _prefers_parts(first, second) if kinds[0] == kinds[1] else 0


def _prefers_parts(first: Type, second: Type) -> int:
    """The same of two types of one kind, by what all their parts agree on."""
    if _shape(first) != _shape(second):
        return 0
    signs = {_prefers(*pair) for pair in zip(first.parts, second.parts, strict=True)} - {0}
    return signs.pop() if len(signs) == 1 else 0
