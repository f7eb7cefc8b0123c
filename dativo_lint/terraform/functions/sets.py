"""Functions of sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from dativo_lint.terraform.convert import convert
from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.functions.rows import is_row, is_sequence
from dativo_lint.terraform.signature import Function, Parameter
from dativo_lint.terraform.types import ANY, TooMuch, TupleType, Type, set_of
from dativo_lint.terraform.unify import element_of, unify
from dativo_lint.terraform.values import HEAVIEST, Value, identity, list_value, row, set_value


def _setproduct(*sets: Value) -> Value:
    if len(sets) < 2:
        raise CallFailed("at least two arguments are required")
    elements: list[Type] = []
    total = 1
    for at, values in enumerate(sets):
        if not is_row(values.type):
            raise CallFailed("a set or a list is required", at)
        element = element_of(values.type)
        if isinstance(values.type, TupleType) and values.data:
            found = unify(values.type.elements)
            if found is None:
                raise CallFailed("all elements must be of the same type", at)
            element = found
        elements.append(element)
        total *= len(values.data)
        if total * len(sets) > HEAVIEST:
            raise TooMuch("a product of sets is too large")
    product: list[tuple[Value, ...]] = [()]
    for values, element in zip(sets, elements, strict=True):
        parts = [convert(part, element) for part in values.data]
        product = [(*before, part) for before in product for part in parts]
    rows = [row(parts) for parts in product]
    type_ = rows[0].type if rows else TupleType(tuple(elements))
    is_list = all(is_sequence(values.type) for values in sets)
    return list_value(type_, rows) if is_list else set_value(type_, rows)


def _set_function(
    name: str, kept: Callable[[dict[object, Value], dict[object, Value]], Iterable[Value]]
) -> Callable[..., Value]:
    def body(*sets: Value) -> Value:
        filled = [it.type for it in sets if it.data or element_of(it.type) is not ANY]
        type_ = unify(filled) if filled else set_of(ANY)
        if type_ is None:
            raise CallFailed("given sets must all have compatible element types")
        first, *others = ({identity(part): part for part in convert(it, type_).data} for it in sets)
        for other in others:
            first = {identity(part): part for part in kept(first, other)}
        return set_value(element_of(type_), first.values())

    body.__name__ = name
    return body


_SET: Final = Parameter("first_set", set_of(ANY))
_SETS: Final = Parameter("other_sets", set_of(ANY))

FUNCTIONS: Final = (
    Function(
        "setintersection",
        (_SET,),
        _set_function("setintersection", lambda one, two: [one[key] for key in one if key in two]),
        variadic=_SETS,
    ),
    Function("setproduct", (), _setproduct, variadic=Parameter("sets")),
    Function(
        "setsubtract",
        (Parameter("a", set_of(ANY)), Parameter("b", set_of(ANY))),
        _set_function("setsubtract", lambda one, two: [one[key] for key in one if key not in two]),
    ),
    Function(
        "setunion",
        (_SET,),
        _set_function("setunion", lambda one, two: {**one, **two}.values()),
        variadic=_SETS,
    ),
)
