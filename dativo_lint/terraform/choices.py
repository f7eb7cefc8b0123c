"""Evaluates what chooses: conditionals, and the operators `&&` and `||`."""

from __future__ import annotations

from typing import Final, TypeAlias

from dativo_lint.terraform import syntax
from dativo_lint.terraform.convert import Unsuitable, convert, must_convert
from dativo_lint.terraform.failures import EvaluationError, Failed
from dativo_lint.terraform.operators import calculate, null_operand, operand
from dativo_lint.terraform.run import Run
from dativo_lint.terraform.syntax import Expression
from dativo_lint.terraform.types import ANY, BOOL, NUMBER, STRING, ObjectType, TupleType, Type
from dativo_lint.terraform.unify import unify
from dativo_lint.terraform.values import Value, boolean, marked, unknown

_ARITHMETIC: Final = frozenset("+-*/%")
_INCONSISTENT: Final = "Inconsistent conditional result types"


def conditional(run: Run, node: syntax.Conditional) -> Value:
    """`condition ? chosen : otherwise`; both results are evaluated, to find their common type."""
    results = [run.attempt(part) for part in (node.chosen, node.otherwise)]
    chosen, otherwise = (
        value if failure is None else _stand_in(part)
        for part, (value, failure) in zip((node.chosen, node.otherwise), results, strict=True)
    )
    type_ = _common_type(chosen, otherwise)
    condition = run.value(node.condition)
    if condition.is_null:
        detail = "The condition value is null. Conditions must either be true or false."
        raise Failed("Null condition", detail)
    if not condition.is_known:
        is_secret = any(value.holds_secret for value in (condition, chosen, otherwise))
        return marked(unknown(condition.reason, type_), is_secret)
    try:
        holds = convert(condition, BOOL)
    except Unsuitable:
        detail = "The condition expression must be of type bool."
        raise Failed("Incorrect condition type", detail) from None
    result, failure = results[0 if holds.data else 1]
    if failure is not None:
        raise Failed.of(failure)
    if type_ is not ANY:
        which = "true" if holds.data else "false"
        lead = f"The {which} result value has the wrong type"
        result = must_convert(result, type_, _INCONSISTENT, lead)
    return marked(result, condition.secret)


def _stand_in(node: Expression) -> Value:
    """What Terraform goes on with where a result fails: of its type, if that shows in the text."""
    node = syntax.unwrapped(node)
    type_ = ANY
    if isinstance(node, syntax.TupleCons):
        type_ = TupleType((ANY,) * len(node.items))
    elif isinstance(node, syntax.Template):
        type_ = STRING
    elif isinstance(node, (syntax.Operation, syntax.Unary)):
        operator = node.operators[-1] if isinstance(node, syntax.Operation) else node.operator
        type_ = NUMBER if operator in _ARITHMETIC else BOOL
    return unknown("it cannot be evaluated", type_)


def _common_type(chosen: Value, otherwise: Value) -> Type:
    """The type that both results of a conditional can become; `any` where one is not known."""
    if chosen.type is ANY:
        return otherwise.type if chosen.is_null else ANY
    if otherwise.type is ANY:
        return chosen.type if otherwise.is_null else ANY
    common = unify((chosen.type, otherwise.type))
    if common is None:
        detail = "The true and false result expressions must have consistent types."
        raise Failed(_INCONSISTENT, f"{detail} {_difference(chosen.type, otherwise.type)}.")
    return common


def _difference(chosen: Type, otherwise: Type) -> str:
    """The difference of two types, as detailed as possible."""
    if isinstance(chosen, ObjectType) and isinstance(otherwise, ObjectType):
        for name in {**chosen.attributes, **otherwise.attributes}:
            left, right = chosen.attributes.get(name), otherwise.attributes.get(name)
            if left is None or right is None:
                has, lacks = ("'true'", "'false'") if right is None else ("'false'", "'true'")
                includes = f'includes object attribute "{name}", which is absent in'
                return f"The {has} value {includes} the {lacks} value"
            if left != right:
                return f'Type mismatch for object attribute "{name}": {_difference(left, right)}'
    elif chosen.kind == otherwise.kind == "tuple":
        if len(chosen.parts) != len(otherwise.parts):
            rest = f"but the 'false' tuple has length {len(otherwise.parts)}"
            return f"The 'true' tuple has length {len(chosen.parts)}, {rest}"
        for at, pair in enumerate(zip(chosen.parts, otherwise.parts, strict=True)):
            if pair[0] != pair[1]:
                return f"Type mismatch for tuple element {at}: {_difference(*pair)}"
    elif chosen.kind == otherwise.kind and chosen.element.kind in ("object", "tuple"):
        if chosen.element.kind == otherwise.element.kind:
            deeper = _difference(chosen.element, otherwise.element)
            return f"Mismatched {chosen.kind} element types: {deeper}"
    if chosen.friendly == otherwise.friendly:
        return (
            "At least one deeply-nested attribute or element is not compatible across both the "
            "'true' and the 'false' value"
        )
    return f"The 'true' value is {chosen.friendly}, but the 'false' value is {otherwise.friendly}"


_Side: TypeAlias = "tuple[Value, EvaluationError | None]"
"""An operand of `&&` or `||`, and why it cannot be evaluated, if so."""


def operation(run: Run, node: syntax.Operation) -> Value:
    """Operators of one precedence in a row, from the left."""
    if node.operators[0] in ("&&", "||"):
        return _logical_row(run, node)
    left = run.value(node.operands[0])
    for operator, part in zip(node.operators, node.operands[1:], strict=True):
        right = run.value(part)
        run.spend(left.weight // 8)
        is_secret = left.holds_secret or right.holds_secret
        left = marked(calculate(operator, left, right), is_secret)
    return left


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
    values = operand(left[0], BOOL, "left"), operand(right[0], BOOL, "right")
    if not all(isinstance(value.data, bool) for value in values):
        run.undecided = True
        if run.semantics.short_circuits:
            sides = (values[0], left[1]), (values[1], right[1])
            result = _short_circuit(operator == "||", *sides)
            if result is not None:
                return result
    for failure in (left[1], right[1]):
        if failure is not None:
            raise Failed.of(failure)
    if any(value.is_null for value in values):
        raise null_operand()
    for value in values:
        if not value.is_known:
            return unknown(value.reason, BOOL)
    return boolean((any if operator == "||" else all)(value.data for value in values))


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
