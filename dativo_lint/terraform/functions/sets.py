"""Functions of sets, and of what a collection holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from dativo_lint.terraform.convert import convert
from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.functions import UNKNOWN_TOO, Takes, function, known
from dativo_lint.terraform.operators import equal
from dativo_lint.terraform.types import ANY, BOOL, TooMuch, TupleType, Type, list_of, set_of
from dativo_lint.terraform.unify import unify
from dativo_lint.terraform.values import (
    FALSE,
    HEAVIEST,
    TRUE,
    Value,
    boolean,
    identity,
    list_value,
    row,
    set_value,
    unknown,
)

_Parts: TypeAlias = dict[object, Value]


@function("alltrue", list=Takes(list_of(BOOL), unknown=True), returns=BOOL)
def _alltrue(values: Value) -> Value:
    decisive = next((part for part in known(values) if part.data is not True), TRUE)
    return boolean(known(decisive) is True)


@function("anytrue", list=Takes(list_of(BOOL), unknown=True), returns=BOOL)
def _anytrue(values: Value) -> Value:
    if any(part.data is True for part in known(values)):
        return TRUE
    return FALSE if values.whole else unknown(values.reason, BOOL)


@function("contains", list=UNKNOWN_TOO, value=Takes(null_lately=True, unknown=True), returns=BOOL)
def _contains(values: Value, wanted: Value) -> Value:
    if values.type is not ANY and not values.type.is_row:
        raise CallFailed("argument must be list, tuple, or set")
    if not known(values):
        return FALSE
    known(wanted)
    if values.whole and wanted.whole:
        # All at once, for the lists of allowed values that conditions hold are long.
        if wanted.data is None:
            return boolean(any(part.data is None for part in values.data))
        key = identity(wanted), wanted.type
        return boolean(any((identity(part), part.type) == key for part in values.data))
    answers = [equal(part, wanted) for part in values.data]
    if any(answer.data is True for answer in answers):
        return TRUE
    return next((answer for answer in answers if not answer.is_known), FALSE)


@function("setproduct", variadic=("sets", ANY))
def _setproduct(*sets: Value) -> Value:
    if len(sets) < 2:
        raise CallFailed("at least two arguments are required")
    elements: list[Type] = []
    total = 1
    for at, values in enumerate(sets):
        if not values.type.is_row:
            raise CallFailed("a set or a list is required", at)
        element = values.type.element
        if isinstance(values.type, TupleType) and values.data:
            common = unify(values.type.parts)
            if common is None:
                raise CallFailed("all elements must be of the same type", at)
            element = common
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
    is_list = all(values.type.is_sequence for values in sets)
    return list_value(type_, rows) if is_list else set_value(type_, rows)


def _combined(sets: tuple[Value, ...], keep: Callable[[_Parts, _Parts], _Parts]) -> Value:
    """The first of some sets with what each of the others makes of it."""
    filled = [each.type for each in sets if each.data or each.type.element is not ANY]
    type_ = unify(filled) if filled else set_of(ANY)
    if type_ is None:
        raise CallFailed("given sets must all have compatible element types")
    first, *others = ({identity(part): part for part in convert(each, type_).data} for each in sets)
    for other in others:
        first = keep(first, other)
    return set_value(type_.element, first.values())


@function("setintersection", first_set=set_of(ANY), variadic=("other_sets", set_of(ANY)))
def _setintersection(*sets: Value) -> Value:
    return _combined(sets, lambda left, right: {key: left[key] for key in left if key in right})


@function("setsubtract", a=set_of(ANY), b=set_of(ANY))
def _setsubtract(*sets: Value) -> Value:
    return _combined(sets, lambda left, right: {key: left[key] for key in left if key not in right})


@function("setunion", first_set=set_of(ANY), variadic=("other_sets", set_of(ANY)))
def _setunion(*sets: Value) -> Value:
    return _combined(sets, lambda left, right: {**left, **right})
