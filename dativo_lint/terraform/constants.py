"""Constants: what an expression comes to that may neither refer to anything nor call a function.

Nearly all defaults are literals, for which the evaluator need not be imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dativo_lint.terraform.syntax import Expression, Literal, ObjectCons, TupleCons
from dativo_lint.terraform.types import TooMuch
from dativo_lint.terraform.values import (
    EMPTY_RECORD,
    EMPTY_ROW,
    Value,
    of_literal,
    unknown,
)

if TYPE_CHECKING:
    from dativo_lint.terraform.failures import EvaluationError


def constant(expression: Expression) -> Value | EvaluationError:
    """The value, or the error that Terraform would tell. Never raises."""
    if isinstance(expression, Literal):
        try:
            return of_literal(expression.value)
        except TooMuch as too_much:
            return unknown(str(too_much))
    if isinstance(expression, (TupleCons, ObjectCons)) and not expression.items:
        return EMPTY_ROW if isinstance(expression, TupleCons) else EMPTY_RECORD
    from dativo_lint.terraform.evaluate import evaluate_constant

    return evaluate_constant(expression)
