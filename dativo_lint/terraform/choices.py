"""Evaluates what chooses: conditionals, and the operators `&&` and `||`."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

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
    chosen, chosen_failure = run.attempt(node.chosen)
    if chosen_failure is not None:
        chosen = _stand_in(node.chosen)
    otherwise, other_failure = run.attempt(node.otherwise)
    if other_failure is not None:
        otherwise = _stand_in(node.otherwise)
    type_ = _common_type(chosen, otherwise)
    condition = run.value(node.condition)
    if condition.is_null:
        detail = "The condition value is null. Conditions must either be true or false."
        raise Failed("Null condition", detail)
    if not condition.is_known:
        is_secret = any(it.holds_secret for it in (condition, chosen, otherwise))
        return marked(unknown(condition.reason, type_), is_secret)
    try:
        holds = convert(condition, BOOL)
    except Unsuitable:
        detail = "The condition expression must be of type bool."
        raise Failed("Incorrect condition type", detail) from None
    result, failure = (chosen, chosen_failure) if holds.data else (otherwise, other_failure)
    if failure is not None:
        raise Failed.of(failure)
    is_secret = condition.secret
    if type_ is ANY:
        return marked(result, is_secret)
    which = "true" if holds.data else "false"
    lead = f"The {which} result value has the wrong type"
    return marked(must_convert(result, type_, _INCONSISTENT, lead), is_secret)


def _stand_in(node: Expression) -> Value:
    """What Terraform goes on with where a result fails: of its type, if that shows in the text."""
    while isinstance(node, (syntax.Parens, syntax.Wrapped)):
        node = node.value
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
    found = unify((chosen.type, otherwise.type))
    if found is None:
        detail = "The true and false result expressions must have consistent types."
        raise Failed(_INCONSISTENT, f"{detail} {_difference(chosen.type, otherwise.type)}.")
    return found


def _difference(chosen: Type, otherwise: Type) -> str:
    """The difference of two types, as detailed as possible."""
    if isinstance(chosen, ObjectType) and isinstance(otherwise, ObjectType):
        for name in {**chosen.attributes, **otherwise.attributes}:
            one, other = chosen.attributes.get(name), otherwise.attributes.get(name)
            if one is None or other is None:
                has, lacks = ("'true'", "'false'") if other is None else ("'false'", "'true'")
                includes = f'includes object attribute "{name}", which is absent in'
                return f"The {has} value {includes} the {lacks} value"
            if one != other:
                return f'Type mismatch for object attribute "{name}": {_difference(one, other)}'
    elif chosen.kind == otherwise.kind == "tuple":
        lengths = len(chosen.parts), len(otherwise.parts)
        if lengths[0] != lengths[1]:
            tuples = "The 'true' tuple has length {}, but the 'false' tuple has length {}"
            return tuples.format(*lengths)
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


class _Side(Struct, frozen=True):
    """An operand of `&&` or `||`, or why it cannot be evaluated."""

    value: Value
    failure: EvaluationError | None


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
    side = _Side(*run.attempt(node.operands[0]))
    for operator, part in zip(node.operators, node.operands[1:], strict=True):
        other = _Side(*run.attempt(part))
        try:
            is_secret = side.value.secret or other.value.secret
            side = _Side(marked(_logical(run, operator, side, other), is_secret), None)
        except Failed as failed:
            failed.at(node.start, node.end)
            side = _Side(unknown("it cannot be evaluated", BOOL), failed.error)
    if side.failure is not None:
        raise Failed.of(side.failure)
    return side.value


def _logical(run: Run, operator: str, left: _Side, right: _Side) -> Value:
    one, other = operand(left.value, BOOL, "left"), operand(right.value, BOOL, "right")
    if not all(isinstance(it.data, bool) for it in (one, other)):
        run.undecided = True
        if run.semantics.short_circuits:
            found = _short_circuit(
                operator == "||", _Side(one, left.failure), _Side(other, right.failure)
            )
            if found is not None:
                return found
    for side in (left, right):
        if side.failure is not None:
            raise Failed.of(side.failure)
    if one.is_null or other.is_null:
        raise null_operand()
    for it in (one, other):
        if not it.is_known:
            return unknown(it.reason, BOOL)
    return boolean(one.data or other.data if operator == "||" else one.data and other.data)


def _short_circuit(decisive: bool, left: _Side, right: _Side) -> Value | None:
    """What one operand decides, as Terraform does from 1.12; None where both are needed.

    `decisive` is the value of an operand that settles the matter. An operand that cannot be
    evaluated counts as unknown; of two unknown ones the left has to be evaluated.
    """
    one, other = left.value, right.value
    if not one.is_known and not other.is_known:
        return unknown(one.reason, BOOL) if left.failure is None else None
    for side in (left, right):
        if side.value.data is decisive:
            return boolean(decisive)
    for side, opposite in ((left, other), (right, one)):
        if not side.value.is_known and opposite.data is (not decisive):
            if side.failure is not None:
                raise Failed.of(side.failure)
            return unknown(side.value.reason, BOOL)
    return None
