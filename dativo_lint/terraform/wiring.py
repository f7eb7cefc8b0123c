"""Wiring: what the calls of a module hand over and take back, held against what is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from dativo_lint.terraform.blocks import near_name
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import ModuleCall, ModuleError
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.names import Target, references, target
from dativo_lint.terraform.syntax import Attribute
from dativo_lint.terraform.undeclared import sites


@lru_cache(maxsize=1024)
def miswired(tree: ModuleTree) -> tuple[ModuleError, ...]:
    """What Terraform would refuse of the calls in a module, as far as they could be followed.

    Nothing is said of a called module that could not be read whole.
    """
    called = {name: it.module for name, it in tree.called.items() if it.module.complete}
    errors: list[ModuleError] = []
    for name, module in called.items():
        errors += _arguments(tree.module.calls[name], module)
    if called and tree.module.complete:
        errors += _outputs(tree.module, called)
    return tuple(errors)


def _arguments(call: ModuleCall, module: Module) -> Iterator[ModuleError]:
    for variable in module.variables.values():
        if variable.required and variable.name not in call.arguments:
            message = f'missing required argument: module "{call.name}" requires "{variable.name}"'
            yield ModuleError(message, call.place)
    for name, written in call.arguments.items():
        if name not in module.variables:
            near = near_name(name, module.variables)
            message = f'unsupported argument: module "{call.name}" has no variable "{name}"{near}'
            yield ModuleError(message, written.place)


def _outputs(module: Module, called: Mapping[str, Module]) -> Iterator[ModuleError]:
    """The outputs that are taken from calls and that are not there."""
    for written, bound in sites(module):
        for reference in references(written.expression):
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
