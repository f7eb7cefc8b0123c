"""Evaluates references: names in scope, local values, and the steps taken from a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dativo_lint.terraform import syntax
from dativo_lint.terraform.convert import must_convert
from dativo_lint.terraform.failures import EvaluationError, Failed
from dativo_lint.terraform.numbers import Number
from dativo_lint.terraform.run import Evaluated, Run, Scope
from dativo_lint.terraform.types import (
    ANY,
    NUMBER,
    PRIMITIVES,
    STRING,
    CollectionType,
    ObjectType,
    TupleType,
    Type,
    list_of,
    quoted,
)
from dativo_lint.terraform.values import Value, list_value, marked, row, unknown

_NO_ELEMENT: Final = "The given key does not identify an element in this collection value"
_INDEX_OF_SET: Final = (
    "Elements of a set are identified only by their value and don't have any separate index or key "
    "to select with, so it's only possible to perform operations across all elements of the set."
)


def reference(run: Run, node: syntax.Reference) -> Value:
    """A name with the steps taken from it."""
    value = run.names.get(node.name)
    if value is not None:
        return _take(run, value, node.steps)
    if run.scope is None:
        raise Failed("Variables not allowed", "Variables may not be used here.")
    if node.name in ("var", "local"):
        step = node.steps[0] if node.steps else None
        if not isinstance(step, syntax.Attribute):
            detail = (
                f'The "{node.name}" object cannot be accessed directly. Instead, access one of its '
                "attributes."
            )
            raise Failed("Invalid reference", detail)
        find = _variable if node.name == "var" else _local
        return _take(run, find(run, run.scope, step.name), node.steps[1:])
    if node.name == "module" and run.scope.outputs is not None:
        names = [step.name if isinstance(step, syntax.Attribute) else "" for step in node.steps[:2]]
        if names and names[0]:
            call, output = [*names, ""][:2]
            return _take(run, run.scope.outputs(call, output), node.steps[2 if output else 1 :])
    if not node.steps:
        detail = (
            "A reference to a resource type must be followed by at least one attribute access, "
            "specifying the resource name."
        )
        raise Failed("Invalid reference", detail)
    run.met_unknown = True
    return unknown(f"{_spelled(node)} is known to Terraform only")


def _spelled(node: syntax.Reference) -> str:
    """The name and the attributes right behind it."""
    names = [node.name]
    for step in node.steps:
        if not isinstance(step, syntax.Attribute):
            break
        names.append(step.name)
    return ".".join(names)


def _variable(_: Run, scope: Scope, name: str) -> Value:
    try:
        return scope.variables[name]
    except KeyError:
        detail = f'An input variable with the name "{name}" has not been declared.'
        raise Failed("Reference to undeclared input variable", detail) from None


def _local(run: Run, scope: Scope, name: str) -> Value:
    key = name, run.semantics
    value = scope.evaluated.get(key)
    if value is None:
        if name not in scope.locals:
            detail = f'A local value with the name "{name}" has not been declared.'
            raise Failed("Reference to undeclared local value", detail)
        if name in run.open_locals:
            run.met_unknown = True
            return unknown(f"local.{name} depends on itself")
        value = scope.evaluated[key] = _evaluate(run, scope, name)
    run.met_unknown = run.met_unknown or value.met_unknown
    run.undecided = run.undecided or value.undecided
    if isinstance(value.result, EvaluationError):
        raise Failed(value.result.summary, value.result.detail)
    return value.result


def _evaluate(run: Run, scope: Scope, name: str) -> Evaluated:
    """Evaluate a local value, outside of the loops around the reference to it."""
    outside = run.names, run.met_unknown, run.undecided
    run.names, run.met_unknown, run.undecided = {}, False, False
    run.open_locals.add(name)
    try:
        value, failure = run.attempt(scope.locals[name])
        result = value if failure is None else failure
        return Evaluated(result, run.met_unknown, run.undecided)
    finally:
        run.open_locals.discard(name)
        run.names, run.met_unknown, run.undecided = outside


def relative(run: Run, node: syntax.Relative) -> Value:
    """Steps taken from any other expression."""
    return _take(run, run.value(node.source), node.steps)


def _take(run: Run, value: Value, steps: Sequence[syntax.Step]) -> Value:
    """What some steps lead to from a value."""
    run.met_secret = run.met_secret or value.holds_secret
    for at, step in enumerate(steps):
        is_secret = value.secret
        try:
            if isinstance(step, syntax.Attribute):
                value = _attribute(value, step.name)
            elif isinstance(step, syntax.Index):
                key = run.value(step.key)
                value, is_secret = _index(value, key), is_secret or key.secret
            elif isinstance(step, syntax.FullSplat):
                return marked(_splat(run, value, steps[at + 1 :]), is_secret)
            else:
                value = _splat(run, value, step.steps)
            value = marked(value, is_secret)
        except Failed as failed:
            failed.at(step.start, step.end)
            raise
    run.met_unknown = run.met_unknown or not value.whole
    return value


def _splat(run: Run, value: Value, steps: Sequence[syntax.Step]) -> Value:
    """Steps taken from each element; a value that is no row counts as a row of it, null as none."""
    run.met_unknown = run.met_unknown or not value.whole
    type_ = value.type
    if value.data is None:
        if not type_.is_row:
            return row(())
        detail = "Splat expressions (with the * symbol) cannot be applied to null sequences."
        raise Failed("Splat of null value", detail)
    if type_ is ANY:
        return unknown(value.reason)
    if not type_.is_row:
        parts = [_take(run, value, steps)]
        return row(parts) if value.is_known else unknown(value.reason)
    if not value.is_known:
        return unknown(value.reason, _type_of_each(run, type_, steps))
    run.spend(len(value.data))
    parts = [_take(run, part, steps) for part in value.data]
    if isinstance(type_, TupleType):
        return row(parts)
    if not parts:
        mapped = _type_of_each(run, type_, steps)
        return list_value(mapped.element if isinstance(mapped, CollectionType) else ANY, ())
    types = {part.type for part in parts} - {ANY}
    return list_value(types.pop(), parts) if len(types) == 1 else row(parts)


def _type_of_each(run: Run, type_: Type, steps: Sequence[syntax.Step]) -> Type:
    """The type of what a splat makes of a row of this type."""
    met_unknown = run.met_unknown
    is_tuple = isinstance(type_, TupleType)
    parts = type_.parts if is_tuple else (type_.element,)
    each = [_take(run, unknown("", part), steps).type for part in parts]
    # The unknown values were stand-ins for none at all.
    run.met_unknown = met_unknown
    return TupleType(tuple(each)) if is_tuple else list_of(each[0])


def _index(collection: Value, key: Value) -> Value:
    """`collection[key]`. Raises Failed."""
    if collection.data is None:
        detail = "This value is null, so it does not have any indices."
        raise Failed("Attempt to index null value", detail)
    if key.data is None:
        raise Failed("Invalid index", "Can't use a null value as an indexing key.")
    type_ = collection.type
    if type_ is ANY or key.type is ANY:
        return unknown(collection.reason or key.reason)
    if isinstance(type_, ObjectType):
        return _index_object(collection, type_, key)
    if type_.kind == "set":
        raise Failed("Invalid index", _INDEX_OF_SET)
    if not isinstance(type_, (CollectionType, TupleType)):
        raise Failed("Invalid index", "This value does not have any indices.")
    of_map = type_.kind == "map"
    key = _key(key, STRING if of_map else NUMBER)
    if not (key.is_known and collection.is_known):
        element = type_.element if isinstance(type_, CollectionType) else ANY
        return unknown(collection.reason or key.reason, element)
    if of_map and key.data not in collection.data:
        raise _no_element()
    return collection.part(key.data) if of_map else _index_row(collection.data, key.data)


def _no_element(why: str = "", hint: str = "") -> Failed:
    return Failed("Invalid index", f"{_NO_ELEMENT}{why}.{hint}")


def _key(key: Value, wanted: Type) -> Value:
    return must_convert(key, wanted, "Invalid index", _NO_ELEMENT)


def _index_row(parts: tuple[Value, ...], at: Number) -> Value:
    if not isinstance(at, int):
        whole = ": indexing a sequence requires a whole number, but the given index has a "
        raise _no_element(f"{whole}fractional part")
    if at < 0:
        raise _no_element(": a negative number is not a valid index for a sequence")
    if not parts:
        raise _no_element(": the collection has no elements")
    if at >= len(parts):
        length = "the length of the collection"
        raise _no_element(f": the given index is greater than or equal to {length}")
    return parts[at]


def _index_object(collection: Value, type_: ObjectType, key: Value) -> Value:
    was_number = key.type is NUMBER
    key = _key(key, STRING)
    if not key.is_known:
        return unknown(key.reason)
    if key.data not in type_.attributes:
        hint = " An object only supports looking up attributes by name, not by numeric index."
        raise _no_element(hint=hint if was_number else "")
    return _attribute_of(collection, type_, key.data)


def _attribute_of(collection: Value, type_: ObjectType, name: str) -> Value:
    is_known = collection.is_known
    return collection.part(name) if is_known else unknown(collection.reason, type_.attributes[name])


def _attribute(value: Value, name: str) -> Value:
    """`value.name`. Raises Failed."""
    type_ = value.type
    if value.data is None:
        detail = "This value is null, so it does not have any attributes."
        raise Failed("Attempt to get attribute from null value", detail)
    if isinstance(type_, ObjectType):
        if name not in type_.attributes:
            detail = f"This object does not have an attribute named {quoted(name)}."
            raise Failed("Unsupported attribute", detail)
        return _attribute_of(value, type_, name)
    if type_.kind == "map":
        if not value.is_known:
            return unknown(value.reason, type_.element)
        if name not in value.data:
            detail = f"This map does not have an element with the key {quoted(name)}."
            raise Failed("Missing map element", detail)
        return value.part(name)
    if type_ is ANY:
        return unknown(value.reason)
    raise Failed("Unsupported attribute", _no_attributes(type_, name))


def _no_attributes(type_: Type, name: str) -> str:
    if type_ in PRIMITIVES:
        return f"Can't access attributes on a primitive-typed value ({type_.friendly})."
    if isinstance(type_, CollectionType) and isinstance(type_.element, ObjectType):
        what = "an attribute"
        if type_.kind == "list":
            known = name in type_.element.attributes
            what = f"attribute {quoted(name)}" if known else what
            what += " for a specific element of the list, or"
        refusal = f"Can't access attributes on a {type_.kind} of objects."
        return f"{refusal} Did you mean to access {what} across all elements of the {type_.kind}?"
    return "This value does not have any attributes."
