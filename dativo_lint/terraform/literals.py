"""Values that stand in the text as they are, with nothing to evaluate."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from dativo_lint.terraform.syntax import (
    Expression,
    Literal,
    ObjectCons,
    Parens,
    TupleCons,
    Unary,
    Wrapped,
)


class Unknown:
    """The value of what cannot be read without evaluating it; there is one."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Unknown.UNKNOWN"


UNKNOWN: Final = Unknown()

Value: TypeAlias = Any
"""None, bool, str, int, Decimal, list, dict with texts as keys, or `UNKNOWN`."""


def literal(expression: Expression) -> Value:
    """The value of a literal, also of one inside lists and objects, else `UNKNOWN`.

    A key that an object holds twice has its last value.
    """
    if isinstance(expression, Literal):
        return expression.value
    if isinstance(expression, (Parens, Wrapped)):
        return literal(expression.value)
    if isinstance(expression, Unary):
        from decimal import Decimal  # few literals have a sign

        value = literal(expression.operand)
        is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
        return -value if expression.operator == "-" and is_number else UNKNOWN
    if isinstance(expression, TupleCons):
        items = [literal(item) for item in expression.items]
        return UNKNOWN if any(item is UNKNOWN for item in items) else items
    return _object(expression) if isinstance(expression, ObjectCons) else UNKNOWN


def _object(expression: ObjectCons) -> Value:
    found: dict[str, Value] = {}
    for item in expression.items:
        key, value = literal(item.key), literal(item.value)
        if not isinstance(key, str) or value is UNKNOWN:
            return UNKNOWN
        found[key] = value
    return found
