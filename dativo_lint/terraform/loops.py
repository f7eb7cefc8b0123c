"""Evaluates what repeats: `for` expressions, and `%{for}` in templates."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.terraform.convert import Unsuitable, convert
from dativo_lint.terraform.failures import Failed
from dativo_lint.terraform.run import Run
from dativo_lint.terraform.syntax import Expression, ForObject, ForTuple, Joined, normal
from dativo_lint.terraform.types import ANY, BOOL, PRIMITIVES, STRING, quoted
from dativo_lint.terraform.values import Value, numeric, record, row, text, unknown


def for_tuple(run: Run, node: ForTuple) -> Value:
    """`[for key_name, value_name in collection : value if condition]`."""
    collection = _collection(run, node)
    if not collection.is_known:
        return unknown(collection.reason)
    parts: list[Value] = []
    doubt = ""
    for _ in _rounds(run, node, collection):
        included = _is_included(run, node.condition)
        if isinstance(included, Value):
            doubt = doubt or included.reason
        elif included:
            parts.append(run.value(node.value))
    return unknown(doubt) if doubt else row(parts)


def for_object(run: Run, node: ForObject) -> Value:
    """`{for key_name, value_name in collection : key => value... if condition}`."""
    collection = _collection(run, node)
    if not collection.is_known:
        return unknown(collection.reason)
    parts: dict[str, list[Value]] = {}
    doubt = ""
    for _ in _rounds(run, node, collection):
        included = _is_included(run, node.condition)
        if isinstance(included, Value):
            doubt = doubt or included.reason
        elif included:
            doubt = _add_item(run, node, parts) or doubt
    if doubt:
        return unknown(doubt)
    if node.group:
        return record({name: row(values) for name, values in parts.items()})
    return record({name: values[0] for name, values in parts.items()})


def _add_item(run: Run, node: ForObject, parts: dict[str, list[Value]]) -> str:
    """Add one item to an object; if its key is unknown, why."""
    key = run.value(node.key)
    if key.is_null:
        detail = "Key expression in 'for' expression must not produce a null value."
        raise Failed("Invalid object key", detail)
    if not key.is_known:
        return key.reason
    try:
        name = convert(key, STRING).data
    except Unsuitable as unsuitable:
        detail = f"The key expression produced an invalid result: {unsuitable.sentence}."
        raise Failed("Invalid object key", detail) from None
    value = run.value(node.value)
    if name in parts and not node.group:
        detail = (
            f"Two different items produced the key {quoted(name)} in this "
            "'for' expression. If duplicates are expected, use the ellipsis (...) after the value "
            "expression to enable grouping by key."
        )
        raise Failed("Duplicate object key", detail)
    parts.setdefault(name, []).append(value)
    return ""


def _collection(run: Run, node: ForTuple | ForObject) -> Value:
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


def _rounds(run: Run, node: ForTuple | ForObject, collection: Value) -> Iterator[None]:
    """One round for each element, with the loop variables set."""
    outside = run.names
    try:
        for key, value in elements(collection):
            run.names = {**outside, **_named(node, key, value)}
            yield
    finally:
        run.names = outside


def _named(node: ForTuple | ForObject, key: Value, value: Value) -> dict[str, Value]:
    names = {node.value_name: value}
    if node.key_name is not None:
        # If both have one name it stands for the value.
        names = {node.key_name: key, **names}
    return names


def elements(collection: Value) -> Iterator[tuple[Value, Value]]:
    """Key and value of each element of a known collection; in a set they are the same."""
    if isinstance(collection.data, dict):
        for name, part in collection.data.items():
            yield text(name), part
        return
    is_set = collection.type.spelling.startswith("set(")
    for at, part in enumerate(collection.data):
        yield part if is_set else numeric(at), part


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
    try:
        return bool(convert(value, BOOL).data)
    except Unsuitable as unsuitable:
        detail = f"The 'if' clause value is invalid: {unsuitable.sentence}."
        raise Failed("Invalid 'for' condition", detail) from None


def joined(run: Run, node: Joined) -> Value:
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
            in_template(part, "Cannot include one of the interpolation results into the string")
        )
    return text(normal("".join(texts)))


def in_template(value: Value, refusal: str) -> str:
    """The text of a value inside a template. Raises Failed."""
    try:
        found: str = convert(value, STRING).data
    except Unsuitable as unsuitable:
        detail = f"{refusal} template: {unsuitable.sentence}."
        raise Failed("Invalid template interpolation value", detail) from None
    return found
