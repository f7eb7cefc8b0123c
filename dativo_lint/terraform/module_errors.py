"""What Terraform would refuse of a module whose files are read: names, calls and types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Final

from dativo_lint.documents.place import Place
from dativo_lint.names import nearest
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import Content, ModuleCall, ModuleError, Variable
from dativo_lint.terraform.evaluate import evaluate_constant
from dativo_lint.terraform.judge import constraint_of, convert_input
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.plain_data import UNREAD, literal
from dativo_lint.terraform.reach import Site, Tracer
from dativo_lint.terraform.source import Target, Written, calls, target
from dativo_lint.terraform.syntax import Attribute, Index, Literal, Reference
from dativo_lint.terraform.values import Value

_WHAT: Final = {
    "var": "input variable",
    "local": "local value",
    "module": "module",
    "resource": "resource",
}
_NO_REFERENCES: Final = frozenset({"provider", "providers", "source", "version"})
"""Arguments in which names mean something else, or have other errors."""
_OTHER_RULES: Final = frozenset({"connection", "lifecycle", "provisioner"})
"""Blocks of resources with keywords and names of their own."""

_MOST_CIRCLES: Final = 20
"""The most cycles of local values that are reported."""

_GIVEN: Final = {"each": "for_each", "count": "count"}
"""Names that a block has where it has an argument, with that argument."""

_ATTRIBUTES: Final = {"path": ("cwd", "module", "root"), "terraform": ("applying", "workspace")}
"""What there is of Terraform's own names."""

Bound = tuple[Written, frozenset[str]]
"""An expression, and the names that are bound around it."""


@lru_cache(maxsize=256)
def undeclared(module: Module) -> tuple[ModuleError, ...]:
    """The references that Terraform would refuse, in the order of the text."""
    if not module.complete:
        return ()  # the rest may declare it
    declared: dict[str, Mapping[str, object]] = {
        "var": module.variables,
        "local": module.locals,
        "module": module.calls,
        "resource": module.resources,
    }
    errors = [
        ModuleError(message, written.source.place(reference))
        for written, reference, meant in _meanings(sites(module))
        if (message := _message(meant, declared.get(meant.kind, {})))
    ]
    errors += (*_circles(module), *_own_references(module))
    return tuple(sorted(errors, key=lambda it: (it.place, it.message)))


def _message(meant: Target, declared: Iterable[str]) -> str:
    """What is wrong with a name; empty for one that is declared, or Terraform's own."""
    name = meant.name
    if meant.kind != "own":
        message = f'reference to undeclared {_WHAT[meant.kind]}: "{name}"'
        return "" if name in declared else message + nearest(name, declared)
    if name == "self":
        where = "provisioner, connection and postcondition blocks of resources"
        return f'invalid "self" reference: it can be used in {where} only'
    step = meant.steps[0] if meant.steps else None
    if name in _ATTRIBUTES and isinstance(step, Attribute) and step.name not in _ATTRIBUTES[name]:
        return f'invalid "{name}" attribute: "{step.name}"{nearest(step.name, _ATTRIBUTES[name])}'
    return f'reference to "{name}" in a block without "{_GIVEN[name]}"' if name in _GIVEN else ""


def _own_references(module: Module) -> Iterator[ModuleError]:
    """Resources that refer to themselves, but for a single other instance."""
    for resource in module.resources.values():
        # What `depends_on` and conditions refer to has other rules.
        arguments = {**resource.content.arguments}
        arguments.pop("depends_on", None)
        nested = tuple(it for it in resource.content.nested if it.type not in _OTHER_RULES)
        inside = _content(Content(arguments, nested), frozenset())
        for written, reference, meant in _meanings(inside):
            if (meant.kind, meant.name) == ("resource", resource.address):
                first = meant.steps[0] if meant.steps else None
                if not (isinstance(first, Index) and isinstance(first.key, Literal)):
                    message = f"{resource.address} may not refer to itself"
                    place = written.source.place(reference)
                    yield ModuleError(f"self-referential block: {message}", place)


def _meanings(expressions: Iterator[Bound]) -> Iterator[tuple[Written, Reference, Target]]:
    """The references in some expressions, with what they mean."""
    for written, bound in expressions:
        for reference in written.references:
            meant = None if reference.name in bound else target(reference)
            if meant is not None:
                yield written, reference, meant


def sites(module: Module) -> Iterator[Bound]:
    """Every expression of a module that may refer to what it declares."""
    free: frozenset[str] = frozenset()
    for variable in module.variables.values():
        for validation in variable.validations:
            yield from ((it, free) for it in (validation.condition, validation.error_message) if it)
    for output in module.outputs.values():
        yield from ((it, free) for it in (output.value, *output.conditions) if it)
    yield from ((local.value, free) for local in module.locals.values())
    for call in module.calls.values():
        yield from _arguments(call.meta, free)
        yield from _arguments(call.arguments, _given(call.meta))
    for resource in module.resources.values():
        yield from _content(resource.content, _given(resource.content.arguments))
    for provider in module.providers:
        yield from _content(provider.content, free)


def _arguments(arguments: Mapping[str, Written], bound: frozenset[str]) -> Iterator[Bound]:
    for name, written in arguments.items():
        # In JSON, this block looks like an argument.
        is_block = written.source.is_json and name == "dynamic"
        if name not in _NO_REFERENCES and not is_block:
            yield written, bound


def _content(content: Content, bound: frozenset[str]) -> Iterator[Bound]:
    """The expressions in a block and in all blocks inside it."""
    pending: list[tuple[Content, frozenset[str]]] = [(content, bound)]
    while pending:
        inside, names = pending.pop()
        yield from _arguments(inside.arguments, names)
        for block in inside.nested:
            if block.type == "dynamic":
                if "for_each" in block.content.arguments:
                    yield block.content.arguments["for_each"], names
                own = names | {block.iterator}
                pending += [(it.content, own) for it in block.content.blocks("content")]
            elif block.type == "lifecycle":
                pending += [(it.content, names) for it in block.content.blocks("precondition")]
                own = names | {"self"}
                pending += [(it.content, own) for it in block.content.blocks("postcondition")]
            elif block.type not in _OTHER_RULES:
                pending.append((block.content, names))


def _given(arguments: Mapping[str, Written]) -> frozenset[str]:
    """The names that a block with these arguments gives to what is inside it."""
    return frozenset(name for name, argument in _GIVEN.items() if argument in arguments)


def _circles(module: Module) -> Iterator[ModuleError]:
    """Local values that hang on themselves."""
    places = {f"local.{name}": it.place for name, it in module.locals.items()}
    return _circles_in(_needs_of_locals(module, {}), places)


def _needs_of_locals(module: Module, called: Mapping[str, ModuleTree]) -> dict[str, list[str]]:
    return {f"local.{name}": _needs((it.value,), called) for name, it in module.locals.items()}


def _circles_of_calls(tree: ModuleTree) -> Iterator[ModuleError]:
    """Arguments of calls that hang on outputs of the same modules."""
    tracer = Tracer()
    places: dict[str, Place] = {}
    needs = _needs_of_locals(tree.module, tree.called)
    for name, called in tree.called.items():
        call = tree.module.calls[name]
        for variable, written in call.arguments.items():
            key = f"module.{name}(var.{variable})"
            places[key] = written.place
            needs[key] = _needs((written, *call.names.values()), tree.called)
        for output in called.module.outputs.values():
            sites = () if output.value is None else (Site(output.value, (called,), {}),)
            behind = sorted(tracer.reach(*sites).variables)
            needs[f"module.{name}.{output.name}"] = [f"module.{name}(var.{it})" for it in behind]
    return _circles_in(needs, places)


def _needs(written: Iterable[Written], called: Mapping[str, ModuleTree]) -> list[str]:
    """The local values and outputs that some expressions refer to."""
    needs: list[str] = []
    for reference in (reference for it in written for reference in it.references):
        meant = target(reference)
        if meant is not None and meant.kind == "local":
            needs.append(f"local.{meant.name}")
        elif meant is not None and meant.kind == "module" and meant.name in called:
            outputs = called[meant.name].module.outputs
            names = [it.name for it in meant.steps if isinstance(it, Attribute)][:1]
            needs += [f"module.{meant.name}.{it}" for it in names or outputs]
    return needs


def _circles_in(needs: dict[str, list[str]], places: Mapping[str, Place]) -> Iterator[ModuleError]:
    """Cycles of anything with a place, each reported at the first one."""
    for _ in range(_MOST_CIRCLES):
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            circle = error.args[1][:0:-1]
        else:
            return
        needs |= {name: [] for name in circle}
        first = min((it for it in circle if it in places), key=places.__getitem__, default=None)
        if first is not None:
            at = circle.index(first)
            names = [*circle[at:], *circle[:at], first]
            shown = names if len(names) <= 6 else [*names[:3], "...", *names[-2:]]
            yield ModuleError(f"cycle: {' -> '.join(shown)}", places[first])


@lru_cache(maxsize=1024)
def miswired(tree: ModuleTree) -> tuple[ModuleError, ...]:
    """What Terraform would refuse of the calls in a module, of modules that are read whole."""
    called = {name: it.module for name, it in tree.called.items() if it.module.complete}
    errors: list[ModuleError] = []
    for name, module in called.items():
        errors += _wrong_arguments(tree.module.calls[name], module)
    if called and tree.module.complete:
        errors += _wrong_outputs(tree.module, called)
        errors += _circles_of_calls(tree)
    return tuple(errors)


def _wrong_arguments(call: ModuleCall, module: Module) -> Iterator[ModuleError]:
    for variable in module.variables.values():
        if variable.required and variable.name not in call.arguments:
            message = f'missing required argument: module "{call.name}" requires "{variable.name}"'
            yield ModuleError(message, call.place)
    for name, written in call.arguments.items():
        if name not in module.variables:
            near = nearest(name, module.variables)
            message = f'unsupported argument: module "{call.name}" has no variable "{name}"{near}'
            yield ModuleError(message, written.place)
        elif literal(written.expression) is not UNREAD:
            value = evaluate_constant(written.expression)
            passed = value if isinstance(value, Value) else None
            mismatch = convert_input(module.variables[name], passed).mismatch
            if mismatch is not None and mismatch.kind in ("type", "null"):
                message = f'invalid value for input variable "{name}": {mismatch.sentence}'
                yield ModuleError(message, written.place)


def _wrong_outputs(module: Module, called: Mapping[str, Module]) -> Iterator[ModuleError]:
    """The outputs that are taken from calls and that are not there."""
    for written, reference, meant in _meanings(sites(module)):
        if meant.kind == "module" and meant.name in called:
            outputs = called[meant.name].outputs
            name = _output_named(meant, module.calls[meant.name])
            if name is not None and name not in outputs:
                near = nearest(name, outputs)
                message = f'unsupported attribute: module "{meant.name}" has no output "{name}"'
                yield ModuleError(message + near, written.source.place(reference))


def _output_named(meant: Target, call: ModuleCall) -> str | None:
    """The output that is named behind a call; of several instances, behind the index."""
    steps = meant.steps
    if steps and ("count" in call.meta or "for_each" in call.meta):
        steps = () if isinstance(steps[0], Attribute) else steps[1:]
    first = steps[0] if steps else None
    return first.name if isinstance(first, Attribute) else None


@lru_cache(maxsize=256)
def ill_typed(module: Module) -> tuple[ModuleError, ...]:
    """The types that are none, and the defaults that do not convert to their types."""
    return tuple(it for variable in module.variables.values() for it in _ill_typed(variable))


def _ill_typed(variable: Variable) -> Iterator[ModuleError]:
    written, default = variable.type_expr, variable.default_expr
    if not variable.whole:
        return
    faults = constraint_of(variable).faults
    if written is not None and faults:
        # The reader of the block reports a type in quotes.
        if not isinstance(written.expression, Literal):
            yield from (ModuleError(it.message, written.source.place(it)) for it in faults)
    elif default is not None:
        mismatch = convert_input(variable, None).mismatch
        if mismatch is not None and mismatch.kind == "default" and _is_read(default):
            message = f"invalid default value for variable: {mismatch.sentence}"
            yield ModuleError(message, default.place)


def _is_read(default: Written) -> bool:
    """Whether the reader of the block does not judge a default: names, calls and null."""
    expression = default.expression
    if isinstance(expression, Literal) and expression.value is None:
        return False
    return not default.references and not any(calls(expression))
