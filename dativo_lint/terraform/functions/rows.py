"""Functions of lists, sets and tuples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from dativo_lint.terraform.convert import convert
from dativo_lint.terraform.failures import CallFailed, NotKnown
from dativo_lint.terraform.functions import UNKNOWN_TOO, WHATEVER, Takes, function, known
from dativo_lint.terraform.functions.counting import whole_number
from dativo_lint.terraform.operators import equal
from dativo_lint.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    TooMuch,
    TupleType,
    Type,
    list_of,
    set_of,
)
from dativo_lint.terraform.unify import unify
from dativo_lint.terraform.values import (
    FALSE,
    HEAVIEST,
    TRUE,
    Value,
    boolean,
    identity,
    list_value,
    null,
    numeric,
    row,
    set_value,
    unknown,
)

_ANY_LIST: Final = list_of(ANY)
_Elements: TypeAlias = dict[object, Value]
"""Elements of a set by their identity."""


@function("coalescelist", variadic=("vals", WHATEVER))
def _coalescelist(*values: Value) -> Value:
    if not values:
        raise CallFailed("at least one argument is required")
    for value in values:
        if known(value) is None or not value.type.is_sequence:
            raise CallFailed("coalescelist arguments must be lists or tuples")
        if value.data:
            return value
    raise CallFailed("no non-null arguments")


@function("compact", list=list_of(STRING), returns=list_of(STRING))
def _compact(values: Value) -> Value:
    return list_value(STRING, [part for part in values.data if part.data])


@function("concat", variadic=("seqs", UNKNOWN_TOO))
def _concat(*values: Value) -> Value:
    if not values:
        raise CallFailed("at least one argument is required")
    for at, value in enumerate(values):
        if value.type is not ANY and not value.type.is_sequence:
            detail = f"all arguments must be lists or tuples; got {value.type.friendly}"
            raise CallFailed(detail, at)
        known(value)
    types = [value.type for value in values]
    common = unify(types) if all(type_.kind == "list" for type_ in types) else None
    if common is not None:
        values = tuple(convert(value, common) for value in values)
        return list_value(common.element, [part for value in values for part in value.data])
    return row([part for value in values for part in value.data])


@function("distinct", list=_ANY_LIST)
def _distinct(values: Value) -> Value:
    kept = {identity(part): part for part in values.data}
    return list_value(values.type.element, [*kept.values()])


@function("element", list=UNKNOWN_TOO, index=NUMBER)
def _element(values: Value, at: Value) -> Value:
    number = whole_number(at.data, what="invalid index: ")
    if not values.type.is_sequence:
        raise CallFailed(f"cannot read elements from {values.type.friendly}")
    if not known(values, values.type.element):
        raise CallFailed("cannot use element function with an empty list")
    if number < 0:
        # Terraform up to 1.11 fails here, later ones count from the end.
        raise NotKnown("element() with a negative index differs between versions of Terraform")
    return values.part(number % len(values.data))


@function("flatten", list=UNKNOWN_TOO)
def _flatten(values: Value) -> Value:
    if values.type is not ANY and not values.type.is_row:
        raise CallFailed("can only flatten lists, sets and tuples")
    parts: list[Value] = []
    pending = [values]
    while pending:
        part = pending.pop()
        if part.type is ANY or part.type.is_row:
            known(part)
        if part.type.is_row and part.data is not None:
            pending += reversed(part.data)
        else:
            parts.append(part)
    return row(parts)


@function("index", list=ANY, value=ANY, returns=NUMBER)
def _index(values: Value, wanted: Value) -> Value:
    if not values.type.is_sequence:
        raise CallFailed("argument must be a list or tuple")
    if not values.data:
        raise CallFailed("cannot search an empty list")
    for at, part in enumerate(values.data):
        if equal(part, wanted).data is True:
            return numeric(at)
    raise CallFailed("item not found")


@function("matchkeys", values=_ANY_LIST, keys=_ANY_LIST, searchset=_ANY_LIST)
def _matchkeys(values: Value, keys: Value, searched: Value) -> Value:
    type_ = unify((keys.type, searched.type))
    if type_ is None:
        raise CallFailed("keys and searchset must be of the same type")
    if len(values.data) != len(keys.data):
        raise CallFailed("length of keys and values should be equal")
    wanted = {identity(part) for part in convert(searched, type_).data}
    pairs = zip(values.data, convert(keys, type_).data, strict=True)
    matching = [value for value, key in pairs if identity(key) in wanted]
    return list_value(values.type.element, matching)


@function("one", list=UNKNOWN_TOO)
def _one(values: Value) -> Value:
    detail = "must be a list, set, or tuple value with either zero or one elements"
    element = values.type.element
    if values.type is not ANY and not values.type.is_row:
        raise CallFailed(detail, 0)
    if len(known(values, element)) > 1:
        raise CallFailed(detail, 0)
    return next(iter(values.data), null(element))


@function("reverse", list=ANY)
def _reverse(values: Value) -> Value:
    if not values.type.is_row:
        detail = f"can only reverse list or tuple values, not {values.type.friendly}"
        raise CallFailed(detail, 0)
    return _some(values, values.data[::-1])


@function("slice", list=ANY, start_index=NUMBER, end_index=NUMBER)
def _slice(values: Value, start: Value, end: Value) -> Value:
    if values.type.kind == "set":
        why = "cannot slice a set, because its elements do not have indices"
        hint = "explicitly convert to a list if the ordering of the result is not important"
        raise CallFailed(f"{why}; {hint}", 0)
    if not values.type.is_sequence:
        raise CallFailed("must be a list or tuple value", 0)
    first = _bound(start, len(values.data), 1, "start")
    last = _bound(end, len(values.data), 2, "end")
    if first > last:
        raise CallFailed("start index must not be greater than end index", 1)
    return _some(values, values.data[first:last])


def _some(values: Value, parts: tuple[Value, ...]) -> Value:
    """Some elements of a tuple as a tuple, of anything else as a list."""
    is_tuple = values.type.kind == "tuple"
    return row(parts) if is_tuple else list_value(values.type.element, parts)


def _bound(value: Value, length: int, argument: int, which: str) -> int:
    at = whole_number(value.data, argument, f"invalid {which} index: ")
    if at < 0:
        raise CallFailed(f"{which} index must not be less than zero", argument)
    if at > length:
        detail = f"{which} index must not be greater than the length of the list"
        raise CallFailed(detail, argument)
    return at


@function("sort", list=list_of(STRING), returns=list_of(STRING))
def _sort(values: Value) -> Value:
    for at, part in enumerate(values.data):
        if part.data is None:
            detail = f"given list element {at} is null; a null string cannot be sorted"
            raise CallFailed(detail)
    return list_value(STRING, sorted(values.data, key=lambda part: part.data))


@function("chunklist", list=_ANY_LIST, size=NUMBER)
def _chunklist(values: Value, size: Value) -> Value:
    length = whole_number(size.data, what="invalid size: ")
    if length < 0:
        raise CallFailed("the size argument must be positive")
    parts = values.data
    if not parts:
        return list_value(values.type, ())
    length = length or len(parts)
    element = values.type.element
    chunks = [list_value(element, parts[at : at + length]) for at in range(0, len(parts), length)]
    return list_value(values.type, chunks)


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


def _combined(sets: tuple[Value, ...], keep: Callable[[_Elements, _Elements], _Elements]) -> Value:
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
