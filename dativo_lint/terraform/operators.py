"""Evaluates operators, on values and on what cannot be evaluated."""

from __future__ import annotations

from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Final, TypeAlias

from dativo_lint.terraform import numbers, syntax
from dativo_lint.terraform.convert import must_convert
from dativo_lint.terraform.failures import EvaluationError, Failed
from dativo_lint.terraform.numbers import Number
from dativo_lint.terraform.run import Run
from dativo_lint.terraform.types import BOOL, NUMBER, Type
from dativo_lint.terraform.values import Value, boolean, identity, marked, numeric, unknown

_ARITHMETIC: Final[dict[str, Callable[[Number, Number], Number]]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.remainder,
}
_COMPARISONS: Final[dict[str, Callable[[Number, Number], bool]]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


def unary(run: Run, node: syntax.Unary) -> Value:
    """`-` or `!` before an operand."""
    is_minus = node.operator == "-"
    value = _operand(run.value(node.operand), NUMBER if is_minus else BOOL, "unary")
    if value.data is None:
        raise _null_operand()
    if not value.is_known:
        return value
    return marked(numeric(-value.data) if is_minus else boolean(not value.data), value.secret)


def operation(run: Run, node: syntax.Operation) -> Value:
    """Operators of one precedence in a row, from the left."""
    if node.operators[0] in ("&&", "||"):
        return _logical_row(run, node)
    left = run.value(node.operands[0])
    for operator, part in zip(node.operators, node.operands[1:], strict=True):
        right = run.value(part)
        run.spend(left.weight // 8)
        is_secret = left.holds_secret or right.holds_secret
        left = marked(_calculated(operator, left, right), is_secret)
    return left


def _calculated(operator: str, left: Value, right: Value) -> Value:
    """The result of an operator other than `&&` and `||`. Raises Failed, and TooMuch."""
    if operator in ("==", "!="):
        same = equal(left, right)
        return same if operator == "==" or not same.is_known else boolean(not same.data)
    left = _operand(left, NUMBER, "left")
    right = _operand(right, NUMBER, "right")
    compare = _COMPARISONS.get(operator)
    type_ = NUMBER if compare is None else BOOL
    if left.data is None or right.data is None:
        raise _null_operand()
    for side in (left, right):
        if not side.is_known:
            return unknown(side.reason, type_)
    if compare is not None:
        return boolean(compare(left.data, right.data))
    try:
        return numeric(_ARITHMETIC[operator](left.data, right.data))
    except ValueError as undefined:
        raise Failed("Operation failed", f"Error during operation: {undefined}.") from None


def _operand(value: Value, type_: Type, side: str) -> Value:
    """An operand as the type that its operator takes. Raises Failed."""
    if value.type is type_:
        return value
    return must_convert(value, type_, "Invalid operand", f"Unsuitable value for {side} operand")


def _null_operand() -> Failed:
    """The errors of operators on null."""
    return Failed("Operation failed", "Error during operation: argument must not be null.")


def equal(left: Value, right: Value) -> Value:
    """Whether two values are equal: of one type, and the same; nulls of any type are equal."""
    if not (left.is_known and right.is_known):
        return _equal_to_unknown(left, right)
    if left.data is None or right.data is None:
        return boolean(left.data is None and right.data is None)
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
    if known.is_known and known.data is not None and known.type.is_exact and other.type.is_exact:
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


_Side: TypeAlias = "tuple[Value, EvaluationError | None]"
"""An operand of `&&` or `||`, and why it cannot be evaluated, if so."""


def _logical_row(run: Run, node: syntax.Operation) -> Value:
    value, failure = run.attempt(node.operands[0])
    for operator, part in zip(node.operators, node.operands[1:], strict=True):
        right = run.attempt(part)
        try:
            is_secret = value.secret or right[0].secret
            value = marked(_logical(run, operator, (value, failure), right), is_secret)
            failure = None
        except Failed as failed:
            failed.at(node.start, node.end)
            value, failure = unknown("it cannot be evaluated", BOOL), failed.error
    if failure is not None:
        raise Failed.of(failure)
    return value


def _logical(run: Run, operator: str, left: _Side, right: _Side) -> Value:
    first, second = _operand(left[0], BOOL, "left"), _operand(right[0], BOOL, "right")
    is_or = operator == "||"
    if isinstance(first.data, bool) and isinstance(second.data, bool):
        return boolean(first.data or second.data if is_or else first.data and second.data)
    run.undecided = True
    if run.semantics.short_circuits:
        result = _short_circuit(is_or, (first, left[1]), (second, right[1]))
        if result is not None:
            return result
    failure = left[1] or right[1]
    if failure is not None:
        raise Failed.of(failure)
    if first.data is None or second.data is None:
        raise _null_operand()
    return unknown(first.reason or second.reason, BOOL)


def _short_circuit(decisive: bool, left: _Side, right: _Side) -> Value | None:
    """What one operand decides that is `decisive`, as Terraform does from 1.12; None where both
    are needed. One that cannot be evaluated counts as unknown; of two such the left is needed."""
    if not left[0].is_known and not right[0].is_known:
        return unknown(left[0].reason, BOOL) if left[1] is None else None
    if decisive in (left[0].data, right[0].data):
        return boolean(decisive)
    for (value, failure), (opposite, _) in ((left, right), (right, left)):
        if not value.is_known and opposite.data is (not decisive):
            if failure is not None:
                raise Failed.of(failure)
            return unknown(value.reason, BOOL)
    return None
