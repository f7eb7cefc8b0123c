"""The results of operators, indexes and attributes, on values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dativo_lint.terraform import numbers
from dativo_lint.terraform.convert import must_convert
from dativo_lint.terraform.failures import Failed
from dativo_lint.terraform.numbers import Number
from dativo_lint.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    PRIMITIVES,
    STRING,
    CollectionType,
    ObjectType,
    TupleType,
    Type,
    quoted,
)
from dativo_lint.terraform.values import Value, boolean, identity, numeric, unknown

_ARITHMETIC: Final[dict[str, Callable[[Number, Number], Number]]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.remainder,
}
_COMPARISONS: Final[dict[str, Callable[[Number, Number], bool]]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
_NO_ELEMENT: Final = "The given key does not identify an element in this collection value"
_INDEX_OF_SET: Final = (
    "Elements of a set are identified only by their value and don't have any separate index or key "
    "to select with, so it's only possible to perform operations across all elements of the set."
)


def calculate(operator: str, left: Value, right: Value) -> Value:
    """The result of an operator other than `&&` and `||`. Raises Failed, and TooMuch."""
    if operator in ("==", "!="):
        same = equal(left, right)
        return same if operator == "==" or not same.is_known else boolean(not same.data)
    left = operand(left, NUMBER, "left")
    right = operand(right, NUMBER, "right")
    compare = _COMPARISONS.get(operator)
    type_ = NUMBER if compare is None else BOOL
    if left.is_null or right.is_null:
        raise null_operand()
    for side in (left, right):
        if not side.is_known:
            return unknown(side.reason, type_)
    if compare is not None:
        return boolean(compare(left.data, right.data))
    try:
        return numeric(_ARITHMETIC[operator](left.data, right.data))
    except ValueError as undefined:
        raise Failed("Operation failed", f"Error during operation: {undefined}.") from None


def turn(operator: str, value: Value) -> Value:
    """The result of `-` or `!` before an operand. Raises Failed."""
    type_ = NUMBER if operator == "-" else BOOL
    value = operand(value, type_, "unary")
    if value.is_null:
        raise null_operand()
    if not value.is_known:
        return value
    return numeric(-value.data) if operator == "-" else boolean(not value.data)


def operand(value: Value, type_: Type, side: str) -> Value:
    """An operand as the type that its operator takes. Raises Failed."""
    if value.type is type_:
        return value
    return must_convert(value, type_, "Invalid operand", f"Unsuitable value for {side} operand")


def null_operand() -> Failed:
    """The errors of operators on null."""
    return Failed("Operation failed", "Error during operation: argument must not be null.")


def equal(left: Value, right: Value) -> Value:
    """Whether two values are equal: of one type, and the same; nulls of any type are equal."""
    if not (left.is_known and right.is_known):
        return _equal_to_unknown(left, right)
    if left.is_null or right.is_null:
        return boolean(left.is_null and right.is_null)
    if left.type != right.type:
        # What is unknown may still turn out to be of the same type, where its own is open.
        open_type = not (left.type.is_exact and right.type.is_exact)
        if open_type and not (left.whole and right.whole):
            return unknown(left.reason or right.reason, BOOL)
        return boolean(False)
    if left.whole and right.whole:
        return boolean(identity(left) == identity(right))
    return _equal_in_parts(left, right)


def _equal_to_unknown(left: Value, right: Value) -> Value:
    known, other = (left, right) if left.is_known else (right, left)
    if known.is_known and not known.is_null and known.type.is_exact and other.type.is_exact:
        if known.type != other.type:
            return boolean(False)
    return unknown(other.reason, BOOL)


def _equal_in_parts(left: Value, right: Value) -> Value:
    """Whether values of one type are equal of which parts are unknown."""
    first, second = left.data, right.data
    if isinstance(first, dict) and isinstance(second, dict):
        if [*first] != [*second]:
            return boolean(False)
        first, second = tuple(first.values()), tuple(second.values())
    if not (isinstance(first, tuple) and isinstance(second, tuple)):
        return boolean(first == second)
    if len(first) != len(second):
        return boolean(False)
    answers = [*map(equal, first, second)]
    if any(answer.data is False for answer in answers):
        return boolean(False)
    return next((answer for answer in answers if not answer.is_known), boolean(True))


def index(collection: Value, key: Value) -> Value:
    """`collection[key]`. Raises Failed."""
    if collection.is_null:
        detail = "This value is null, so it does not have any indices."
        raise Failed("Attempt to index null value", detail)
    if key.is_null:
        raise Failed("Invalid index", "Can't use a null value as an indexing key.")
    type_ = collection.type
    if type_ is ANY or key.type is ANY:
        return unknown(collection.reason or key.reason)
    if isinstance(type_, ObjectType):
        return _index_object(collection, type_, key)
    if isinstance(type_, CollectionType) and type_.kind == "set":
        raise Failed("Invalid index", _INDEX_OF_SET)
    if not isinstance(type_, (CollectionType, TupleType)):
        raise Failed("Invalid index", "This value does not have any indices.")
    of_map = type_.kind == "map"
    key = _key(key, STRING if of_map else NUMBER)
    if not (key.is_known and collection.is_known):
        element = type_.element if isinstance(type_, CollectionType) else ANY
        return unknown(collection.reason or key.reason, element)
    if of_map and key.data not in collection.data:
        raise _no_element()
    return collection.part(key.data) if of_map else _index_row(collection.data, key.data)


def _no_element(why: str = "", hint: str = "") -> Failed:
    return Failed("Invalid index", f"{_NO_ELEMENT}{why}.{hint}")


def _key(key: Value, wanted: Type) -> Value:
    return must_convert(key, wanted, "Invalid index", _NO_ELEMENT)


def _index_row(parts: tuple[Value, ...], at: Number) -> Value:
    if not isinstance(at, int):
        whole = ": indexing a sequence requires a whole number, but the given index has a "
        raise _no_element(f"{whole}fractional part")
    if at < 0:
        raise _no_element(": a negative number is not a valid index for a sequence")
    if not parts:
        raise _no_element(": the collection has no elements")
    if at >= len(parts):
        length = "the length of the collection"
        raise _no_element(f": the given index is greater than or equal to {length}")
    return parts[at]


def _index_object(collection: Value, type_: ObjectType, key: Value) -> Value:
    was_number = key.type is NUMBER
    key = _key(key, STRING)
    if not key.is_known:
        return unknown(key.reason)
    if key.data not in type_.attributes:
        hint = " An object only supports looking up attributes by name, not by numeric index."
        raise _no_element(hint=hint if was_number else "")
    return _attribute_of(collection, type_, key.data)


def _attribute_of(collection: Value, type_: ObjectType, name: str) -> Value:
    is_known = collection.is_known
    return collection.part(name) if is_known else unknown(collection.reason, type_.attributes[name])


def attribute(value: Value, name: str) -> Value:
    """`value.name`. Raises Failed."""
    type_ = value.type
    if value.is_null:
        detail = "This value is null, so it does not have any attributes."
        raise Failed("Attempt to get attribute from null value", detail)
    if isinstance(type_, ObjectType):
        if name not in type_.attributes:
            detail = f"This object does not have an attribute named {quoted(name)}."
            raise Failed("Unsupported attribute", detail)
        return _attribute_of(value, type_, name)
    if isinstance(type_, CollectionType) and type_.kind == "map":
        if not value.is_known:
            return unknown(value.reason, type_.element)
        if name not in value.data:
            detail = f"This map does not have an element with the key {quoted(name)}."
            raise Failed("Missing map element", detail)
        return value.part(name)
    if type_ is ANY:
        return unknown(value.reason)
    raise Failed("Unsupported attribute", _no_attributes(type_, name))


def _no_attributes(type_: Type, name: str) -> str:
    if type_ in PRIMITIVES:
        return f"Can't access attributes on a primitive-typed value ({type_.friendly})."
    if isinstance(type_, CollectionType) and isinstance(type_.element, ObjectType):
        what = "an attribute"
        if type_.kind == "list":
            known = name in type_.element.attributes
            what = f"attribute {quoted(name)}" if known else what
            what += " for a specific element of the list, or"
        refusal = f"Can't access attributes on a {type_.kind} of objects."
        return f"{refusal} Did you mean to access {what} across all elements of the {type_.kind}?"
    return "This value does not have any attributes."
