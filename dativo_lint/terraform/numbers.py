"""Numbers as Terraform counts with them: binary, with a mantissa of 512 bits. One that is whole is
an int, infinity a float, any other a Fraction whose denominator is a power of two."""

from __future__ import annotations

import math
import re
from decimal import Context, Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from dativo_lint.terraform.types import TooMuch

Number: TypeAlias = int | Fraction | float

_BITS: Final = 512
_MOST_DIGITS: Final = 156
"""The number of decimal digits that distinguish all numbers of 512 bits."""
_FARTHEST: Final = 4_000
"""Digits on either side of the point; more would be slow, and are not used in practice."""

# Compiled when a text that spells a number is first met, which few modules are handed.
_SPELLED: Final = r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([eEpP])([+-]?[0-9]+))?\Z"
_INFINITE: Final = r"([+-]?)[iI]nf\Z"
_EXACT_FLOAT: Final = 1 << 53
"""Below it a float that is whole is spelled by the digits of an integer."""


def rounded(value: int | Fraction) -> Number:
    """The nearest number that 512 bits can hold; of two equally near ones the even one."""
    top, bottom = abs(value.numerator), value.denominator
    if bottom == 1 and top.bit_length() <= _BITS:
        return int(value)
    if max(top.bit_length(), bottom.bit_length()) > _FARTHEST * 4:
        raise TooMuch("a number is too large or too small to be worked with")
    shift = _BITS - top.bit_length() + bottom.bit_length()
    if top << max(shift, 0) >= bottom << _BITS + max(-shift, 0):
        shift -= 1
    bottom <<= max(-shift, 0)
    mantissa, rest = divmod(top << max(shift, 0), bottom)
    if 2 * rest > bottom or (2 * rest == bottom and mantissa & 1):
        mantissa += 1
    nearest = Fraction(mantissa << max(-shift, 0), 1 << max(shift, 0))
    nearest = -nearest if value < 0 else nearest
    return nearest.numerator if nearest.denominator == 1 else nearest


def number(value: int | float | Decimal) -> Number:
    """The number that a document spells like this. Raises TooMuch, and ValueError for NaN."""
    if isinstance(value, int):
        return rounded(value)
    if isinstance(value, float) and abs(value) < _EXACT_FLOAT and value.is_integer():
        return int(value)
    match = read_number(repr(value) if isinstance(value, float) else str(value))
    if match is None:
        raise ValueError(f"{value} is not a number")
    return match


def read_number(text: str) -> Number | None:
    """The number that a text spells (`.5`, `5.`, `+5`, `1p3` too), or None. Raises TooMuch."""
    if text.isdigit() and text.isascii() and len(text) <= _FARTHEST:
        return rounded(int(text))
    match = re.match(_SPELLED, text)
    if match is None:
        infinite = re.match(_INFINITE, text)
        return (-math.inf if infinite[1] == "-" else math.inf) if infinite else None
    sign, before, after, letter, exponent = match.groups(default="")
    if not before + after:
        return None
    power = int(exponent[:8]) if exponent else 0
    if max(len(before), len(after), abs(power)) > _FARTHEST:
        raise TooMuch("a number is too large or too small to be worked with")
    if power == 0 and not after.rstrip("0"):
        return rounded(int(sign + (before or "0")))
    value = Fraction(int(before + after or "0"), 10 ** len(after))
    value *= Fraction(2 if letter in ("p", "P") else 10) ** power
    return rounded(-value if sign == "-" else value)


def spell_number(value: Number) -> str:
    """A number as Terraform converts it to a string: the fewest digits that identify it, no
    exponent."""
    if isinstance(value, int) and value.bit_length() <= _BITS:
        return str(value)
    if isinstance(value, float):
        return "-Inf" if value < 0 else "+Inf"
    digits, point = digits_of(value)
    sign = "-" if value < 0 else ""
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def digits_of(value: int | Fraction) -> tuple[str, int]:
    """The fewest digits that identify a number, without a sign, and how many are whole (below zero:
    how many zeros stand between the point and them)."""
    exact = abs(Fraction(value))
    decimal = Context(prec=2 * _MOST_DIGITS).divide(Decimal(exact.numerator), exact.denominator)
    for length in range(1, _MOST_DIGITS + 1):
        near = Context(prec=length).plus(decimal)
        if rounded(Fraction(near)) == exact:
            digits = "".join(map(str, near.as_tuple().digits)).rstrip("0")
            return digits or "0", near.adjusted() + 1
    raise TooMuch("a number has too many digits")


def add(
    left: Number, right: Number, undefined: str = "can't compute sum of opposing infinities"
) -> Number:
    """The sum; raises ValueError where infinities cancel out."""
    if isinstance(left, float):
        if left == -right:
            raise ValueError(undefined)
        return left
    return right if isinstance(right, float) else rounded(left + right)


def subtract(left: Number, right: Number) -> Number:
    """The difference; raises ValueError where infinities cancel out."""
    return add(left, -right, "can't subtract infinity from itself")


def multiply(left: Number, right: Number) -> Number:
    """The product; raises ValueError for zero times infinity."""
    if isinstance(left, float) or isinstance(right, float):
        if not left or not right:
            raise ValueError("can't multiply zero by infinity")
        return math.inf if (left > 0) == (right > 0) else -math.inf
    return rounded(left * right)


def divide(left: Number, right: Number) -> Number:
    """The quotient; a number divided by zero is infinite. Raises ValueError for 0/0."""
    if (isinstance(left, float) and isinstance(right, float)) or (left == 0 and right == 0):
        raise ValueError("can't divide zero by zero or infinity by infinity")
    if isinstance(right, float):
        return 0
    if right == 0 or isinstance(left, float):
        return math.inf if (left > 0) == (right >= 0) else -math.inf
    return rounded(Fraction(left) / right)


def remainder(left: Number, right: Number) -> Number:
    """What a division that rounds towards zero leaves. Raises ValueError for infinities."""
    if isinstance(left, float) or isinstance(right, float):
        raise ValueError("can't use modulo with zero and infinity")  # noqa: TRY004 - an infinity
    if right == 0:
        return left
    return subtract(left, multiply(right, math.trunc(divide(left, right))))
