"""What Terraform would refuse of a module whose files are read: names, calls and types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Final

from dativo_lint.terraform.blocks import near_name
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import Content, ModuleCall, ModuleError, Variable
from dativo_lint.terraform.judge import constraint_of, convert_input
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.names import Target, calls, target
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.syntax import Attribute, Literal

_WHAT: Final = {
    "var": "input variable",
    "local": "local value",
    "module": "module",
    "resource": "resource",
}
_NO_REFERENCES: Final = frozenset({"provider", "providers", "source", "version"})
"""Arguments in which names stand for something else, or for what another error tells of."""
_OTHER_RULES: Final = frozenset({"connection", "lifecycle", "provisioner"})
"""Blocks of resources with words and names of their own."""

_MOST_CIRCLES: Final = 20
"""Circles of local values that are told."""

Site = tuple[Written, frozenset[str]]
"""An expression, and the names that are bound around it."""


@lru_cache(maxsize=256)
def undeclared(module: Module) -> tuple[ModuleError, ...]:
    """The references that Terraform would refuse, in the order of the text.

    Nothing is said of a module that could not be read whole: the rest may declare it.
    """
    if not module.complete:
        return ()
    declared: dict[str, Mapping[str, object]] = {
        "var": module.variables,
        "local": module.locals,
        "module": module.calls,
        "resource": {resource.address: resource for resource in module.resources},
    }
    errors = [
        ModuleError(_message(meant, declared[meant.kind]), written.source.place(reference))
        for written, bound in sites(module)
        for reference in written.references
        if reference.name not in bound
        and (meant := target(reference)) is not None
        and meant.kind != "own"
        and meant.name not in declared[meant.kind]
    ]
    return tuple(sorted((*errors, *_circles(module)), key=lambda it: (it.place, it.message)))


def _message(meant: Target, declared: Iterable[str]) -> str:
    what = _WHAT[meant.kind]
    near = near_name(meant.name, declared)
    return f'reference to undeclared {what}: "{meant.name}"{near or " is not declared"}'


def sites(module: Module) -> Iterator[Site]:
    """Every expression of a module that may refer to what it declares."""
    free: frozenset[str] = frozenset()
    for variable in module.variables.values():
        for validation in variable.validations:
            yield from ((it, free) for it in (validation.condition, validation.error_message) if it)
    for output in module.outputs.values():
        yield from ((output.value, free),) if output.value else ()
    yield from ((local.value, free) for local in module.locals.values())
    for call in module.calls.values():
        yield from _arguments({**call.meta, **call.arguments}, free)
    for resource in module.resources:
        yield from _content(resource.content, free)
    for provider in module.providers:
        yield from _content(provider.content, free)


def _arguments(arguments: Mapping[str, Written], bound: frozenset[str]) -> Iterator[Site]:
    for name, written in arguments.items():
        # In JSON, this block looks like an argument.
        is_block = written.source.is_json and name == "dynamic"
        if name not in _NO_REFERENCES and not is_block:
            yield written, bound


def _content(content: Content, bound: frozenset[str]) -> Iterator[Site]:
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
            elif block.type not in _OTHER_RULES:
                pending.append((block.content, names))


def _circles(module: Module) -> Iterator[ModuleError]:
    """Local values that hang on themselves, each circle told where its first name stands."""
    needs = {
        name: [
            meant.name
            for reference in local.value.references
            if (meant := target(reference)) is not None
            and meant.kind == "local"
            and meant.name in module.locals
        ]
        for name, local in module.locals.items()
    }
    for _ in range(_MOST_CIRCLES):
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            circle = error.args[1][:0:-1]
        else:
            return
        first = min(circle, key=lambda it: module.locals[it].place)
        at = circle.index(first)
        names = [f"local.{it}" for it in (*circle[at:], *circle[:at], first)]
        shown = names if len(names) <= 6 else [*names[:3], "...", *names[-2:]]
        yield ModuleError(f"cycle: {' -> '.join(shown)}", module.locals[first].place)
        for name in circle:
            needs[name] = []


@lru_cache(maxsize=1024)
def miswired(tree: ModuleTree) -> tuple[ModuleError, ...]:
    """What Terraform would refuse of the calls in a module, as far as they could be followed.

    Nothing is said of a called module that could not be read whole.
    """
    called = {name: it.module for name, it in tree.called.items() if it.module.complete}
    errors: list[ModuleError] = []
    for name, module in called.items():
        errors += _wrong_arguments(tree.module.calls[name], module)
    if called and tree.module.complete:
        errors += _wrong_outputs(tree.module, called)
    return tuple(errors)


def _wrong_arguments(call: ModuleCall, module: Module) -> Iterator[ModuleError]:
    for variable in module.variables.values():
        if variable.required and variable.name not in call.arguments:
            message = f'missing required argument: module "{call.name}" requires "{variable.name}"'
            yield ModuleError(message, call.place)
    for name, written in call.arguments.items():
        if name not in module.variables:
            near = near_name(name, module.variables)
            message = f'unsupported argument: module "{call.name}" has no variable "{name}"{near}'
            yield ModuleError(message, written.place)


def _wrong_outputs(module: Module, called: Mapping[str, Module]) -> Iterator[ModuleError]:
    """The outputs that are taken from calls and that are not there."""
    for written, bound in sites(module):
        for reference in written.references:
            meant = None if reference.name in bound else target(reference)
            if meant is None or meant.kind != "module" or meant.name not in called:
                continue
            outputs = called[meant.name].outputs
            name = _output_named(meant, module.calls[meant.name])
            if name is not None and name not in outputs:
                near = near_name(name, outputs)
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
        # A type in quotes is told by the reader of the block.
        if not isinstance(written.expression, Literal):
            yield from (ModuleError(it.message, written.source.place(it)) for it in faults)
    elif default is not None:
        mismatch = convert_input(variable, None).mismatch
        if mismatch is not None and mismatch.kind == "default" and _is_read(default):
            message = f"invalid default value for variable: {mismatch.sentence}"
            yield ModuleError(message, default.place)


def _is_read(default: Written) -> bool:
    """Whether the reader of the block has nothing to say of a default: names, calls and null."""
    expression = default.expression
    if isinstance(expression, Literal) and expression.value is None:
        return False
    return not default.references and not any(calls(expression))
