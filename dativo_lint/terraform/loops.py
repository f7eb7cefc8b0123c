"""Loops: `for` expressions, and `%{for}` in templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from dativo_lint.terraform import syntax
from dativo_lint.terraform.convert import must_convert
from dativo_lint.terraform.failures import Failed
from dativo_lint.terraform.run import Run
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.types import ANY, BOOL, PRIMITIVES, STRING, quoted
from dativo_lint.terraform.values import TRUE, Value, marked, numeric, record, row, text, unknown

_For: TypeAlias = syntax.ForTuple | syntax.ForObject


def for_tuple(run: Run, node: syntax.ForTuple) -> Value:
    """`[for key_name, value_name in collection : value if condition]`."""
    parts: list[Value] = []

    def take() -> Value:
        parts.append(run.value(node.value))
        return TRUE

    doubt, is_secret = _go_through(run, node, take)
    return unknown(doubt) if doubt else marked(row(parts), is_secret)


def for_object(run: Run, node: syntax.ForObject) -> Value:
    """`{for key_name, value_name in collection : key => value... if condition}`."""
    parts: dict[str, list[Value]] = {}

    def take() -> Value:
        key = run.value(node.key)
        if key.data is None:
            detail = "Key expression in 'for' expression must not produce a null value."
            raise Failed("Invalid object key", detail)
        if not key.is_known:
            return key
        lead = "The key expression produced an invalid result"
        name = must_convert(key, STRING, "Invalid object key", lead).data
        value = run.value(node.value)
        if name in parts and not node.group:
            hint = "use the ellipsis (...) after the value expression to enable grouping by key"
            what = f"Two different items produced the key {quoted(name)} in this 'for' expression."
            raise Failed("Duplicate object key", f"{what} If duplicates are expected, {hint}.")
        parts.setdefault(name, []).append(value)
        return key

    doubt, is_secret = _go_through(run, node, take)
    if doubt:
        return unknown(doubt)
    items = {name: row(values) if node.group else values[0] for name, values in parts.items()}
    return marked(record(items), is_secret)


def _collection(run: Run, node: _For) -> Value:
    """What is gone through; the condition is tried once beforehand, as Terraform does."""
    collection = run.value(node.collection)
    if collection.data is None:
        detail = "A null value cannot be used as the collection in a 'for' expression."
        raise Failed("Iteration over null value", detail)
    if collection.type in PRIMITIVES:
        use = "cannot be used as the collection in a 'for' expression"
        detail = f"A value of type {collection.type.friendly} {use}."
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


def _go_through(run: Run, node: _For, take: Callable[[], Value]) -> tuple[str, bool]:
    """Take each element with the loop variables set: why the result is unknown, if it is, and
    whether it is secret."""
    collection = _collection(run, node)
    doubt, is_secret = "", collection.secret
    if not collection.is_known:
        return collection.reason, is_secret
    outside = run.names
    try:
        for key, value in elements(collection):
            run.names = {**outside, **_named(node, key, value)}
            included = _is_included(run, node.condition)
            is_secret = is_secret or included.secret
            if included.is_known and included.data:
                included = take()
                is_secret = is_secret or included.secret
            doubt = doubt or included.reason
    finally:
        run.names = outside
    return doubt, is_secret


def _named(node: _For, key: Value, value: Value) -> dict[str, Value]:
    names = {node.value_name: value}
    if node.key_name is not None:
        # If both have one name it stands for the value.
        names = {node.key_name: key, **names}
    return names


def elements(collection: Value) -> Iterator[tuple[Value, Value]]:
    """Each key with its value; an element of a set is its own key."""
    if isinstance(collection.data, dict):
        yield from ((text(name), part) for name, part in collection.data.items())
    elif collection.type.kind == "set":
        yield from ((part, part) for part in collection.data)
    else:
        yield from ((numeric(at), part) for at, part in enumerate(collection.data))


def _is_included(
    run: Run, condition: Expression | None, of_null: str = "Invalid 'for' condition"
) -> Value:
    """Whether the element at hand is taken, which may be unknown."""
    if condition is None:
        return TRUE
    value = run.value(condition)
    if value.data is None:
        detail = "The value of the 'if' clause must not be null."
        raise Failed(of_null, detail)
    if not value.is_known:
        return value
    lead = "The 'if' clause value is invalid"
    return must_convert(value, BOOL, "Invalid 'for' condition", lead)


def joined(run: Run, node: syntax.Joined) -> Value:
    """The texts that a `%{for}` makes, in one."""
    each = run.value(node.each)
    if not each.is_known:
        return unknown(each.reason, STRING)
    texts: list[str] = []
    for part in each.data:
        if part.data is not None and (part.type is ANY or not part.is_known):
            return unknown(part.reason, STRING)
        lead = "Cannot include one of the interpolation results into the string"
        texts.append(in_template(part, "An iteration", lead))
    return marked(text(normal("".join(texts))), each.holds_secret)


def in_template(value: Value, what: str, lead: str) -> str:
    """The text of a known value inside a template. Raises Failed."""
    summary = "Invalid template interpolation value"
    if value.data is None:
        detail = f"{what} result is null. Cannot include a null value in a string template."
        raise Failed(summary, detail)
    return str(must_convert(value, STRING, summary, f"{lead} template").data)
