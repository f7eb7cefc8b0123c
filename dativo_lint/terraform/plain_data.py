"""Plain data of Python: what literals spell, and the values that are made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from dativo_lint.terraform import syntax
from dativo_lint.terraform.numbers import number
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.types import TooMuch
from dativo_lint.terraform.values import (
    NULL,
    Unknown,
    Value,
    boolean,
    numeric,
    record,
    row,
    text,
    unknown,
)

UNREAD: Final = Unknown("it is known only at run time")
"""The value of what cannot be read without evaluating it; there is one."""


def literal(expression: Expression) -> Any:
    """The value of a literal, also of one inside lists and objects, else `UNREAD`: None, bool, str,
    int, Decimal, list, dict with texts as keys."""
    expression = syntax.unwrapped(expression)
    if isinstance(expression, syntax.Literal):
        return expression.value
    if isinstance(expression, syntax.Unary):
        value = literal(expression.operand)
        is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        return -value if expression.operator == "-" and is_number else UNREAD
    if isinstance(expression, syntax.TupleCons):
        items = [literal(item) for item in expression.items]
        return UNREAD if any(item is UNREAD for item in items) else items
    if isinstance(expression, syntax.ObjectCons):
        pairs = [(literal(item.key), literal(item.value)) for item in expression.items]
        is_read = all(isinstance(key, str) and value is not UNREAD for key, value in pairs)
        return dict(pairs) if is_read else UNREAD
    return UNREAD


class NotAValue(ValueError):
    """Plain data that has no counterpart in Terraform."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is no value of Terraform")


def value_of(data: Any, is_unread: Callable[[Any], bool] = lambda _: False) -> Value:
    """Plain data as JSON would hand it to Terraform: lists are tuples, mappings objects, their keys
    texts; what `is_unread`, and a mapping with such a key, is unknown. Raises NotAValue for what
    JSON has no form for (a date, NaN), and TooMuch."""
    try:
        return _value_of(data, is_unread)
    except RecursionError:
        raise TooMuch("a value nests too deeply") from None


def _value_of(data: Any, is_unread: Callable[[Any], bool]) -> Value:
    if isinstance(data, str):
        return unknown(UNREAD.reason) if is_unread(data) else text(normal(data))
    if isinstance(data, dict):
        if any(map(is_unread, data)):
            return unknown(UNREAD.reason)
        return record({_key_text(key): _value_of(item, is_unread) for key, item in data.items()})
    if isinstance(data, (list, tuple)):
        return row([_value_of(item, is_unread) for item in data])
    if isinstance(data, Unknown):
        return unknown(data.reason)
    return unknown(UNREAD.reason) if is_unread(data) else scalar(data)


def scalar(data: Any) -> Value:
    """A text, a number, a boolean or null. Raises NotAValue, and TooMuch."""
    if isinstance(data, str):
        return text(normal(data))
    if isinstance(data, bool):
        return boolean(data)
    if data is None:
        return NULL
    if not isinstance(data, (int, float, Decimal)):
        raise NotAValue(f"a {type(data).__name__}")
    if data in (float("inf"), float("-inf")) or data != data:
        raise NotAValue(str(data))
    return numeric(number(data))


def _key_text(key: Any) -> str:
    if isinstance(key, str):
        return normal(key)
    if key is None or isinstance(key, (bool, int, float)):
        return json.dumps(key)
    raise NotAValue(f"a key that is a {type(key).__name__}")
