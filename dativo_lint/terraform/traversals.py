"""Evaluates references: names in scope, local values, and the steps taken from a value."""

from __future__ import annotations

from collections.abc import Sequence

from dativo_lint.terraform import syntax
from dativo_lint.terraform.failures import EvaluationError, Failed
from dativo_lint.terraform.operators import attribute, index
from dativo_lint.terraform.run import Evaluated, Run, Scope
from dativo_lint.terraform.types import ANY, CollectionType, TupleType, Type, list_of
from dativo_lint.terraform.values import Value, list_value, marked, row, unknown


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
        names = [it.name if isinstance(it, syntax.Attribute) else "" for it in node.steps[:2]]
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
                value = attribute(value, step.name)
            elif isinstance(step, syntax.Index):
                key = run.value(step.key)
                value, is_secret = index(value, key), is_secret or key.secret
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
    if value.is_null:
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
