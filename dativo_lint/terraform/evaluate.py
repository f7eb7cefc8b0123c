"""Evaluates expressions over known and unknown values, as Terraform would."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from dativo_lint.terraform import syntax
from dativo_lint.terraform.choices import conditional, operation
from dativo_lint.terraform.convert import must_convert
from dativo_lint.terraform.failures import EvaluationError, Failed
from dativo_lint.terraform.function_calls import function_call
from dativo_lint.terraform.loops import for_object, for_tuple, in_template, joined
from dativo_lint.terraform.operators import turn
from dativo_lint.terraform.plain_data import value_of
from dativo_lint.terraform.run import Run, Scope
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.traversals import reference, relative
from dativo_lint.terraform.types import STRING, TooMuch
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
    return _evaluate(Run(scope, semantics, _EVALUATORS, names), expression)


def evaluate_constant(expression: Expression) -> Value | EvaluationError:
    """The result of an expression without references and function calls."""
    return _evaluate(Run(None, NEWEST, _EVALUATORS), expression)


class Answer(Struct, frozen=True):
    """The result of an expression in some versions of Terraform."""

    epochs: tuple[Semantics, ...]
    result: Value | EvaluationError


def evaluate_for(
    expression: Expression, scope: Scope, epochs: Sequence[Semantics]
) -> tuple[Answer, ...]:
    """The result of an expression in each epoch; one result where all are equal."""
    run = Run(scope, epochs[-1], _EVALUATORS)
    result = _evaluate(run, expression)
    if not run.undecided or len(epochs) == 1:
        return (Answer(tuple(epochs), result),)
    older = [Answer((epoch,), evaluate(expression, scope, epoch)) for epoch in epochs[:-1]]
    return (*older, Answer((epochs[-1],), result))


def _evaluate(run: Run, expression: Expression) -> Value | EvaluationError:
    try:
        value = run.value(expression)
        return marked(value, run.met_secret and not value.is_known)
    except Failed as failed:
        return run.error(failed)
    except TooMuch as too_much:
        run.undecided = False
        return unknown(str(too_much))
    except RecursionError:
        # The caller may stand on a deep stack already.
        run.undecided = False
        return unknown("it nests too deeply")
    finally:
        run.settle()


def _unary(run: Run, node: syntax.Unary) -> Value:
    value = run.value(node.operand)
    return marked(turn(node.operator, value), value.secret)


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
        if key.is_null:
            raise Failed("Null value as key", "Can't use a null value as a key.")
        return must_convert(key, STRING, "Incorrect key type", "Can't use this value as a key")
    except Failed as failed:
        failed.at(node.start, node.end)
        raise


_EVALUATORS: Final[dict[type, Callable[[Run, Any], Value]]] = {
    syntax.Literal: lambda _, node: value_of(node.value),
    syntax.Template: _template,
    syntax.Wrapped: lambda run, node: run.value(node.value),
    syntax.Joined: joined,
    syntax.Parens: lambda run, node: run.value(node.value),
    syntax.Reference: reference,
    syntax.Relative: relative,
    syntax.Call: function_call,
    syntax.Unary: _unary,
    syntax.Operation: operation,
    syntax.Conditional: conditional,
    syntax.TupleCons: lambda run, node: row([run.value(item) for item in node.items]),
    syntax.ObjectCons: _object,
    syntax.ForTuple: for_tuple,
    syntax.ForObject: for_object,
}
