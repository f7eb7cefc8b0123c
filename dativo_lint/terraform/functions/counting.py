"""Functions of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from dativo_lint.terraform.convert import Unsuitable, convert
from dativo_lint.terraform.failures import CallFailed, NotKnown
from dativo_lint.terraform.functions import function, plain_function
from dativo_lint.terraform.numbers import Number, add, rounded
from dativo_lint.terraform.types import ANY, NUMBER, PRIMITIVES, STRING, list_of
from dativo_lint.terraform.values import Value, numeric

_MOST_IN_RANGE: Final = 1_024
_LIMIT: Final = 1 << 63


def whole_number(number: Number, argument: int = -1, what: str = "") -> int:
    """A number that has to be whole, and of 64 bits. Raises CallFailed."""
    if isinstance(number, int) and -_LIMIT <= number < _LIMIT:
        return number
    bounds = f"between {-_LIMIT} and {_LIMIT - 1}"
    raise CallFailed(f"{what}value must be a whole number, {bounds}", argument)


@plain_function("signum", num=NUMBER, returns=NUMBER)
def _signum(num: Number) -> int:
    at = whole_number(num)
    return (at > 0) - (at < 0)


@plain_function("pow", num=NUMBER, power=NUMBER, returns=NUMBER)
def _pow(num: Number, power: Number) -> int:
    """Terraform goes through floats of 64 bits, so only what these hold exactly is known."""
    if isinstance(num, int) and isinstance(power, int) and 0 <= power <= 64:
        result: int = num**power
        if abs(result) <= 1 << 53:
            return result
    raise NotKnown("pow() is evaluated for small whole numbers only")


@function("parseint", number=ANY, base=NUMBER, returns=NUMBER)
def _parseint(number: Value, base: Value) -> Value:
    if number.type is not STRING:
        detail = f"first argument must be a string, not {number.type.friendly}"
        raise CallFailed(detail, 0)
    radix = whole_number(base.data, 1)
    if not 2 <= radix <= 62:
        raise CallFailed("base must be a whole number between 2 and 62 inclusive", 1)
    result = _digits(number.data, radix)
    if result is None:
        raise CallFailed(f'cannot parse "{number.data}" as a base {radix} integer', 0)
    return numeric(rounded(result))


def _digits(text: str, radix: int) -> int | None:
    """A whole number in a base of up to 62, where lowercase letters come before uppercase ones."""
    sign, digits = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    if not digits or len(digits) > 1_000 or not digits.isascii() or not digits.isalnum():
        return None
    number = 0
    for digit in digits:
        value = int(digit, 36) + (26 if radix > 36 and digit.isupper() else 0)
        if value >= radix:
            return None
        number = number * radix + value
    return sign * number


@function("sum", list=ANY, returns=NUMBER)
def _sum(values: Value) -> Value:
    if values.type in PRIMITIVES or values.type is ANY:
        raise CallFailed("cannot sum noniterable", 0)
    if not values.data:
        raise CallFailed("cannot sum an empty list", 0)
    if isinstance(values.data, dict):
        detail = f"argument must be list, set, or tuple. Received {values.type.friendly}"
        raise CallFailed(detail, 0)
    total: Number = 0
    for part in values.data:
        try:
            number = convert(part, NUMBER)
        except Unsuitable:
            number = part
        if number.type is not NUMBER or number.data is None:
            raise CallFailed("argument must be list, set, or tuple of number values", 0)
        try:
            total = add(total, number.data)
        except ValueError as undefined:
            raise CallFailed(str(undefined)) from None
    return numeric(total)


@plain_function("range", returns=list_of(NUMBER), variadic=("params", NUMBER))
def _range(*limits: Number) -> list[Number]:
    if not 1 <= len(limits) <= 3:
        raise CallFailed("must have one, two, or three arguments")
    at, end = (0, limits[0]) if len(limits) == 1 else limits[:2]
    step = limits[2] if len(limits) == 3 else -1 if end < at else 1
    if step < 0 and end > at:
        raise CallFailed("end must be less than start when step is negative", 1)
    if step >= 0 and end < at:
        raise CallFailed("end must be greater than start when step is positive", 1)
    numbers: list[Number] = []
    while at > end if step < 0 else at < end:
        if len(numbers) >= _MOST_IN_RANGE:
            hint = "decrease the difference between start and end or use a smaller step"
            raise CallFailed(f"more than {_MOST_IN_RANGE} values were generated; either {hint}")
        numbers.append(at)
        at = add(at, step)
    return numbers


@plain_function("max", returns=NUMBER, variadic=("numbers", NUMBER))
def _max(*numbers: Number) -> Number:
    return max(_at_least_one(numbers))


@plain_function("min", returns=NUMBER, variadic=("numbers", NUMBER))
def _min(*numbers: Number) -> Number:
    return min(_at_least_one(numbers))


def _at_least_one(numbers: tuple[Number, ...]) -> tuple[Number, ...]:
    if not numbers:
        raise CallFailed("must pass at least one number")
    return numbers


def _whole(round_: Callable[[Number], int]) -> Callable[[Number], Number]:
    return lambda num: num if isinstance(num, float) else round_(num)


plain_function("ceil", num=NUMBER, returns=NUMBER)(_whole(math.ceil))
plain_function("floor", num=NUMBER, returns=NUMBER)(_whole(math.floor))
plain_function("abs", num=NUMBER, returns=NUMBER)(abs)
