"""Functions of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from dativo_lint.terraform.convert import Unsuitable, convert
from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.functions import function, plain_function
from dativo_lint.terraform.numbers import Number, add, rounded
from dativo_lint.terraform.types import ANY, NUMBER, PRIMITIVES, STRING, list_of
from dativo_lint.terraform.values import Value, list_value, numeric, unknown

_MOST_IN_RANGE: Final = 1_024
_LIMIT: Final = 1 << 63


def whole_number(value: Value, argument: int = -1, what: str = "") -> int:
    """A number that has to be whole, and of 64 bits. Raises CallFailed."""
    if isinstance(value.data, int) and -_LIMIT <= value.data < _LIMIT:
        return value.data
    bounds = f"between {-_LIMIT} and {_LIMIT - 1}"
    raise CallFailed(f"{what}value must be a whole number, {bounds}", argument)


@function("signum", num=NUMBER, returns=NUMBER)
def _signum(num: Value) -> Value:
    at = whole_number(num)
    return numeric((at > 0) - (at < 0))


@function("pow", num=NUMBER, power=NUMBER, returns=NUMBER)
def _pow(num: Value, power: Value) -> Value:
    """Terraform goes through floats of 64 bits, so only what these hold exactly is known."""
    if isinstance(num.data, int) and isinstance(power.data, int) and 0 <= power.data <= 64:
        number = num.data**power.data
        if abs(number) <= 1 << 53:
            return numeric(number)
    return unknown("pow() is evaluated for small whole numbers only", NUMBER)


@function("parseint", number=ANY, base=NUMBER, returns=NUMBER)
def _parseint(number: Value, base: Value) -> Value:
    if number.type is not STRING:
        detail = f"first argument must be a string, not {number.type.friendly}"
        raise CallFailed(detail, 0)
    radix = whole_number(base, 1)
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


@function("range", returns=list_of(NUMBER), variadic=("params", NUMBER))
def _range(*params: Value) -> Value:
    if not 1 <= len(params) <= 3:
        raise CallFailed("must have one, two, or three arguments")
    limits = [param.data for param in params]
    start, end = (0, limits[0]) if len(limits) == 1 else limits[:2]
    step = limits[2] if len(limits) == 3 else -1 if end < start else 1
    if step < 0 and end > start:
        raise CallFailed("end must be less than start when step is negative", 1)
    if step >= 0 and end < start:
        raise CallFailed("end must be greater than start when step is positive", 1)
    numbers: list[Value] = []
    at = start
    while at > end if step < 0 else at < end:
        if len(numbers) >= _MOST_IN_RANGE:
            hint = "decrease the difference between start and end or use a smaller step"
            raise CallFailed(f"more than {_MOST_IN_RANGE} values were generated; either {hint}")
        numbers.append(numeric(at))
        at = add(at, step)
    return list_value(NUMBER, numbers)


def _whole(round_: Callable[[Number], int]) -> Callable[[Number], Number]:
    return lambda num: num if isinstance(num, float) else round_(num)


def _extreme(pick: Callable[..., Value]) -> Callable[..., Value]:
    def body(*numbers: Value) -> Value:
        if not numbers:
            raise CallFailed("must pass at least one number")
        return pick(numbers, key=lambda number: number.data)

    return body


function("max", returns=NUMBER, variadic=("numbers", NUMBER))(_extreme(max))
function("min", returns=NUMBER, variadic=("numbers", NUMBER))(_extreme(min))
plain_function("ceil", _whole(math.ceil), NUMBER, num=NUMBER)
plain_function("floor", _whole(math.floor), NUMBER, num=NUMBER)
plain_function("abs", abs, NUMBER, num=NUMBER)
