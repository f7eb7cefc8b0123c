"""Evaluates expressions over known and unknown values, as Terraform would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from msgspec import Struct

from dativo_lint.terraform import syntax
from dativo_lint.terraform.choices import conditional, operation
from dativo_lint.terraform.convert import must_convert
from dativo_lint.terraform.failures import EvaluationError, Failed
from dativo_lint.terraform.function_calls import function_call
from dativo_lint.terraform.operators import turn
from dativo_lint.terraform.plain_data import value_of
from dativo_lint.terraform.run import Run, Scope
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.traversals import reference, relative
from dativo_lint.terraform.types import ANY, BOOL, PRIMITIVES, STRING, TooMuch, quoted
from dativo_lint.terraform.values import Value, numeric, record, row, text, unknown
from dativo_lint.terraform.versions import NEWEST, Semantics

_For: TypeAlias = syntax.ForTuple | syntax.ForObject


def evaluate(
    expression: Expression, scope: Scope, semantics: Semantics = NEWEST
) -> Value | EvaluationError:
    """A value, which is unknown where it takes too long or grows too large, or an error."""
    return _evaluate(Run(scope, semantics, _EVALUATORS), expression)


def evaluate_constant(expression: Expression) -> Value | EvaluationError:
    """What an expression comes to that may neither refer to anything nor call a function."""
    return _evaluate(Run(None, NEWEST, _EVALUATORS), expression)


class Answer(Struct, frozen=True):
    """What an expression comes to in some versions of Terraform."""

    epochs: tuple[Semantics, ...]
    result: Value | EvaluationError


def evaluate_for(
    expression: Expression, scope: Scope, epochs: Sequence[Semantics]
) -> tuple[Answer, ...]:
    """What an expression comes to in each epoch; one answer where all agree on the way to it."""
    run = Run(scope, epochs[-1], _EVALUATORS)
    result = _evaluate(run, expression)
    if not run.undecided or len(epochs) == 1:
        return (Answer(tuple(epochs), result),)
    older = [Answer((epoch,), evaluate(expression, scope, epoch)) for epoch in epochs[:-1]]
    return (*older, Answer((epochs[-1],), result))


def _evaluate(run: Run, expression: Expression) -> Value | EvaluationError:
    try:
        return run.value(expression)
    except Failed as failed:
        return failed.error
    except TooMuch as too_much:
        run.undecided = False
        return unknown(str(too_much))
    except RecursionError:
        # The caller may stand on a deep stack already.
        run.undecided = False
        return unknown("it nests too deeply")
    finally:
        run.settle()


def _template(run: Run, node: syntax.Template) -> Value:
    texts: list[str] = []
    doubt: Value | None = None
    for part in node.parts:
        value = run.value(part)
        if value.is_null:
            detail = (
                "The expression result is null. Cannot include a null value in a string template."
            )
            raise Failed("Invalid template interpolation value", detail)
        if not value.is_known:
            doubt = doubt or value
            continue
        found = _in_template(value, "Cannot include the given value in a string")
        run.spend(len(found) // 64)
        texts.append(found)
    if doubt is not None:
        return unknown(doubt.reason, STRING)
    return text(normal("".join(texts)))


def _object(run: Run, node: syntax.ObjectCons) -> Value:
    parts: dict[str, Value] = {}
    doubt: Value | None = None
    for item in node.items:
        key = _key(run, item.key)
        value = run.value(item.value)
        if not key.is_known:
            doubt = doubt or key
        else:
            parts[key.data] = value
    return record(parts) if doubt is None else unknown(doubt.reason)


def _key(run: Run, node: Expression) -> Value:
    """A key of an object, as text."""
    if isinstance(node, syntax.Literal) and isinstance(node.value, str):
        return text(node.value)
    try:
        if isinstance(node, syntax.Reference) and node.steps:
            detail = (
                "If this expression is intended to be a reference, wrap it in parentheses. If it's "
                "instead intended as a literal name containing periods, wrap it in quotes to "
                "create a string literal."
            )
            raise Failed("Ambiguous attribute key", detail)
        key = run.value(node)
        if key.is_null:
            raise Failed("Null value as key", "Can't use a null value as a key.")
        return must_convert(key, STRING, "Incorrect key type", "Can't use this value as a key")
    except Failed as failed:
        failed.at(node.start, node.end)
        raise


def _for_tuple(run: Run, node: syntax.ForTuple) -> Value:
    """`[for key_name, value_name in collection : value if condition]`."""
    parts: list[Value] = []
    doubt = _go_through(run, node, lambda: parts.append(run.value(node.value)))
    return row(parts) if doubt is None else unknown(doubt)


def _for_object(run: Run, node: syntax.ForObject) -> Value:
    """`{for key_name, value_name in collection : key => value... if condition}`."""
    parts: dict[str, list[Value]] = {}
    doubt = _go_through(run, node, lambda: _add_item(run, node, parts))
    if doubt is not None:
        return unknown(doubt)
    if node.group:
        return record({name: row(values) for name, values in parts.items()})
    return record({name: values[0] for name, values in parts.items()})


def _add_item(run: Run, node: syntax.ForObject, parts: dict[str, list[Value]]) -> str | None:
    """Add one item to an object; if its key is unknown, why."""
    key = run.value(node.key)
    if key.is_null:
        detail = "Key expression in 'for' expression must not produce a null value."
        raise Failed("Invalid object key", detail)
    if not key.is_known:
        return key.reason
    lead = "The key expression produced an invalid result"
    name = must_convert(key, STRING, "Invalid object key", lead).data
    value = run.value(node.value)
    if name in parts and not node.group:
        detail = (
            f"Two different items produced the key {quoted(name)} in this "
            "'for' expression. If duplicates are expected, use the ellipsis (...) after the value "
            "expression to enable grouping by key."
        )
        raise Failed("Duplicate object key", detail)
    parts.setdefault(name, []).append(value)
    return None


def _collection(run: Run, node: _For) -> Value:
    """What is gone through; the condition is tried once beforehand, as Terraform does."""
    collection = run.value(node.collection)
    if collection.is_null:
        detail = "A null value cannot be used as the collection in a 'for' expression."
        raise Failed("Iteration over null value", detail)
    if collection.type in PRIMITIVES:
        detail = (
            f"A value of type {collection.type.friendly} cannot be used as the collection in a "
            "'for' expression."
        )
        raise Failed("Iteration over non-iterable value", detail)
    if collection.is_known and node.condition is not None:
        stand_in = unknown("it stands for every element")
        names, met_unknown, undecided = run.names, run.met_unknown, run.undecided
        run.names = {**names, **_named(node, stand_in, stand_in)}
        try:
            _is_included(run, node.condition, "Condition is null")
        finally:
            run.names, run.met_unknown, run.undecided = names, met_unknown, undecided
    return collection


def _go_through(run: Run, node: _For, take: Callable[[], str | None]) -> str | None:
    """Take each element with the loop variables set; why what comes of it is unknown, if it is."""
    collection = _collection(run, node)
    if not collection.is_known:
        return collection.reason
    doubt: str | None = None
    outside = run.names
    try:
        for key, value in _elements(collection):
            run.names = {**outside, **_named(node, key, value)}
            included = _is_included(run, node.condition)
            if isinstance(included, Value):
                doubt = doubt or included.reason
            elif included:
                doubt = take() or doubt
    finally:
        run.names = outside
    return doubt or None


def _named(node: _For, key: Value, value: Value) -> dict[str, Value]:
    names = {node.value_name: value}
    if node.key_name is not None:
        # If both have one name it stands for the value.
        names = {node.key_name: key, **names}
    return names


def _elements(collection: Value) -> Iterator[tuple[Value, Value]]:
    """Each key with its value; an element of a set is its own key."""
    if isinstance(collection.data, dict):
        yield from ((text(name), part) for name, part in collection.data.items())
    elif collection.type.kind == "set":
        yield from ((part, part) for part in collection.data)
    else:
        yield from ((numeric(at), part) for at, part in enumerate(collection.data))


def _is_included(
    run: Run, condition: Expression | None, of_null: str = "Invalid 'for' condition"
) -> bool | Value:
    """Whether the element at hand is taken, or the unknown value on which that hangs."""
    if condition is None:
        return True
    value = run.value(condition)
    if value.is_null:
        detail = "The value of the 'if' clause must not be null."
        raise Failed(of_null, detail)
    if not value.is_known:
        return value
    lead = "The 'if' clause value is invalid"
    return bool(must_convert(value, BOOL, "Invalid 'for' condition", lead).data)


def _joined(run: Run, node: syntax.Joined) -> Value:
    """The texts that a `%{for}` makes, in one."""
    each = run.value(node.each)
    if not each.is_known:
        return unknown(each.reason, STRING)
    texts: list[str] = []
    for part in each.data:
        if part.is_null:
            detail = (
                "An iteration result is null. Cannot include a null value in a string template."
            )
            raise Failed("Invalid template interpolation value", detail)
        if part.type is ANY or not part.is_known:
            return unknown(part.reason, STRING)
        texts.append(
            _in_template(part, "Cannot include one of the interpolation results into the string")
        )
    return text(normal("".join(texts)))


def _in_template(value: Value, refusal: str) -> str:
    """The text of a value inside a template. Raises Failed."""
    summary = "Invalid template interpolation value"
    return str(must_convert(value, STRING, summary, f"{refusal} template").data)


_EVALUATORS: Final[dict[type, Callable[[Run, Any], Value]]] = {
    syntax.Literal: lambda _, node: value_of(node.value),
    syntax.Template: _template,
    syntax.Wrapped: lambda run, node: run.value(node.value),
    syntax.Joined: _joined,
    syntax.Parens: lambda run, node: run.value(node.value),
    syntax.Reference: reference,
    syntax.Relative: relative,
    syntax.Call: function_call,
    syntax.Unary: lambda run, node: turn(node.operator, run.value(node.operand)),
    syntax.Operation: operation,
    syntax.Conditional: conditional,
    syntax.TupleCons: lambda run, node: row([run.value(item) for item in node.items]),
    syntax.ObjectCons: _object,
    syntax.ForTuple: _for_tuple,
    syntax.ForObject: _for_object,
}
