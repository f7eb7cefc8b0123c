"""Evaluates expressions over known and unknown values, as Terraform would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from dativo_lint.terraform import syntax
from dativo_lint.terraform.convert import Unsuitable, convert, must_convert
from dativo_lint.terraform.failures import EvaluationError, Failed
from dativo_lint.terraform.function_calls import function_call
from dativo_lint.terraform.loops import for_object, for_tuple, in_template, joined
from dativo_lint.terraform.operators import operation, unary
from dativo_lint.terraform.plain_data import scalar
from dativo_lint.terraform.run import EVALUATORS, MOST_STEPS, Run, Scope
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.traversals import reference, relative
from dativo_lint.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ObjectType,
    TooMuch,
    TupleType,
    Type,
)
from dativo_lint.terraform.unify import unify
from dativo_lint.terraform.values import Value, marked, record, row, text, unknown
from dativo_lint.terraform.versions import NEWEST, Semantics


def evaluate(
    expression: Expression,
    scope: Scope,
    semantics: Semantics = NEWEST,
    names: Mapping[str, Value] = {},
) -> Value | EvaluationError:
    """A value, unknown where it takes too long or grows too large, or an error; `names` are those
    of what repeats around it, such as `each`."""
    return _evaluate(Run(scope, semantics, names), expression)


def evaluate_constant(expression: Expression) -> Value | EvaluationError:
    """The result of an expression without references and function calls."""
    return _evaluate(Run(None, NEWEST), expression)


def evaluate_for(
    expression: Expression, scope: Scope, epochs: Sequence[Semantics]
) -> Mapping[Semantics, Value | EvaluationError]:
    """The result of an expression in each epoch of Terraform."""
    *older, newest = epochs
    run = Run(scope, newest)
    result = _evaluate(run, expression)
    if not run.undecided:
        return dict.fromkeys(epochs, result)
    return {**{epoch: evaluate(expression, scope, epoch) for epoch in older}, newest: result}


def _evaluate(run: Run, expression: Expression) -> Value | EvaluationError:
    budget = run.scope.budget if run.scope else None
    run.left = available = MOST_STEPS if budget is None else min(MOST_STEPS, budget.left)
    try:
        value = run.value(expression)
        return marked(value, run.met_secret and not value.is_known)
    except Failed as failed:
        return run.error(failed)
    except (TooMuch, RecursionError) as too_much:
        # The caller may stand on a deep stack already.
        run.undecided = False
        return unknown(str(too_much) if isinstance(too_much, TooMuch) else "it nests too deeply")
    finally:
        if budget is not None:
            budget.left -= available - max(0, run.left)


_INCONSISTENT: Final = "Inconsistent conditional result types"


def _conditional(run: Run, node: syntax.Conditional) -> Value:
    """`condition ? chosen : otherwise`; both results are evaluated, to find their common type."""
    results = [run.attempt(part) for part in (node.chosen, node.otherwise)]
    chosen, otherwise = (
        value if failure is None else _stand_in(part)
        for part, (value, failure) in zip((node.chosen, node.otherwise), results, strict=True)
    )
    type_ = _common_type(chosen, otherwise)
    condition = run.value(node.condition)
    if condition.data is None:
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
        type_ = NUMBER if operator in "+-*/%" else BOOL
    return unknown("it cannot be evaluated", type_)


def _common_type(chosen: Value, otherwise: Value) -> Type:
    """The type that both results of a conditional can become; `any` where one is not known."""
    if chosen.type is ANY:
        return otherwise.type if chosen.data is None else ANY
    if otherwise.type is ANY:
        return chosen.type if otherwise.data is None else ANY
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


def _template(run: Run, node: syntax.Template) -> Value:
    texts: list[str] = []
    doubt: Value | None = None
    is_secret = False
    for part in node.parts:
        value = run.value(part)
        is_secret = is_secret or value.holds_secret
        if not value.is_known:
            doubt = doubt or value
            continue
        texts.append(
            in_template(value, "The expression", "Cannot include the given value in a string")
        )
        run.spend(len(texts[-1]) // 64)
    if doubt is not None:
        return marked(unknown(doubt.reason, STRING), is_secret)
    return marked(text(normal("".join(texts))), is_secret)


def _object(run: Run, node: syntax.ObjectCons) -> Value:
    parts: dict[str, Value] = {}
    doubt: Value | None = None
    is_secret = False
    for item in node.items:
        key = _key(run, item.key)
        is_secret = is_secret or key.secret
        value = run.value(item.value)
        if not key.is_known:
            doubt = doubt or key
        else:
            parts[key.data] = value
    return marked(record(parts), is_secret) if doubt is None else unknown(doubt.reason)


_AMBIGUOUS: Final = (
    "If this expression is intended to be a reference, wrap it in parentheses. If it's instead "
    "intended as a literal name containing periods, wrap it in quotes to create a string literal."
)


def _key(run: Run, node: Expression) -> Value:
    """A key of an object, as text."""
    if isinstance(node, syntax.Literal) and isinstance(node.value, str):
        return text(node.value)
    try:
        if isinstance(node, syntax.Reference) and node.steps:
            raise Failed("Ambiguous attribute key", _AMBIGUOUS)
        key = run.value(node)
        if key.data is None:
            raise Failed("Null value as key", "Can't use a null value as a key.")
        return must_convert(key, STRING, "Incorrect key type", "Can't use this value as a key")
    except Failed as failed:
        failed.at(node.start, node.end)
        raise


_literal = lru_cache(maxsize=4_096, typed=True)(scalar)

EVALUATORS.update(
    {
        syntax.Literal: lambda _, node: _literal(node.value),
        syntax.Template: _template,
        syntax.Wrapped: lambda run, node: run.value(node.value),
        syntax.Joined: joined,
        syntax.Parens: lambda run, node: run.value(node.value),
        syntax.Reference: reference,
        syntax.Relative: relative,
        syntax.Call: function_call,
        syntax.Unary: unary,
        syntax.Operation: operation,
        syntax.Conditional: _conditional,
        syntax.TupleCons: lambda run, node: row([run.value(item) for item in node.items]),
        syntax.ObjectCons: _object,
        syntax.ForTuple: for_tuple,
        syntax.ForObject: for_object,
    }
)
