"""What Terraform would refuse of a module whose files are read: names, calls and types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Final, TypeAlias

from dativo_lint.names import Suggestions, nearest
from dativo_lint.terraform import syntax
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import Content, ModuleCall, ModuleError, Variable
from dativo_lint.terraform.evaluate import evaluate_constant
from dativo_lint.terraform.judge import constraint_of, convert_input
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.module_files import path_in_module
from dativo_lint.terraform.plain_data import UNREAD, literal
from dativo_lint.terraform.reach import cycles_of_calls, cycles_of_locals
from dativo_lint.terraform.source import Target, Written, calls
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

_GIVEN: Final = {"each": "for_each", "count": "count"}
"""Names that a block has where it has an argument, with that argument."""

_ATTRIBUTES: Final = {"path": ("cwd", "module", "root"), "terraform": ("applying", "workspace")}
"""What there is of Terraform's own names."""

Bound: TypeAlias = tuple[Written, frozenset[str]]
"""An expression, and the names that are bound around it."""


def errors_in(tree: ModuleTree) -> Iterator[ModuleError]:
    """All that Terraform would refuse of a module, but not of those that it calls."""
    module = tree.module
    yield from (*module.errors, *tree.errors, *ill_typed(module), *undeclared(module))
    yield from (*missing_files(module), *miswired(tree))


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
    suggestions = {kind: Suggestions(names) for kind, names in declared.items()}
    errors = []
    for written, reference, meant in _meanings(sites(module)):
        if message := _message(meant, declared.get(meant.kind, ())):
            hint = suggestions[meant.kind].of(meant.name) if meant.kind in suggestions else ""
            errors.append(ModuleError(message + hint, written.source.place(reference)))
    errors += (*cycles_of_locals(module), *_own_references(module))
    return tuple(sorted(errors, key=lambda error: (error.place, error.message)))


def _message(meant: Target, declared: Iterable[str]) -> str:
    """What is wrong with a name; empty for one that is declared, or Terraform's own."""
    name = meant.name
    if meant.kind != "own":
        message = f'reference to undeclared {_WHAT[meant.kind]}: "{name}"'
        return "" if name in declared else message
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
        blocks = resource.content.nested
        nested = tuple(block for block in blocks if block.type not in _OTHER_RULES)
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
        for reference, meaning in written.targets:
            if reference.name not in bound:
                yield written, reference, meaning


def sites(module: Module) -> Iterator[Bound]:
    """Every expression of a module that may refer to what it declares."""
    free: frozenset[str] = frozenset()
    alone: list[Written | None] = [local.value for local in module.locals.values()]
    for variable in module.variables.values():
        for validation in variable.validations:
            alone += validation.expressions
    for output in module.outputs.values():
        alone += (output.value, *output.conditions)
    yield from ((written, free) for written in alone if written)
    for call in module.calls.values():
        yield from _arguments(call.meta, free)
        yield from _arguments(call.arguments, _arguments_of(call.meta))
    for resource in module.resources.values():
        yield from _content(resource.content, _arguments_of(resource.content.arguments))
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
            inner = block.content
            if block.type == "dynamic":
                if "for_each" in inner.arguments:
                    yield inner.arguments["for_each"], names
                own = names | {block.iterator}
                pending += [(content.content, own) for content in inner.blocks("content")]
            elif block.type == "lifecycle":
                before, after = inner.blocks("precondition"), inner.blocks("postcondition")
                pending += [(condition.content, names) for condition in before]
                pending += [(condition.content, names | {"self"}) for condition in after]
            elif block.type not in _OTHER_RULES:
                pending.append((inner, names))


def _arguments_of(arguments: Mapping[str, Written]) -> frozenset[str]:
    """The names that a block with these arguments gives to what is inside it."""
    return frozenset(name for name, argument in _GIVEN.items() if argument in arguments)


@lru_cache(maxsize=1024)
def miswired(tree: ModuleTree) -> tuple[ModuleError, ...]:
    """What Terraform would refuse of the calls in a module, of modules that are read whole."""
    called = {name: inner.module for name, inner in tree.called.items() if inner.module.complete}
    errors: list[ModuleError] = []
    for name, module in called.items():
        errors += _wrong_arguments(tree.module.calls[name], module)
    if called and tree.module.complete:
        errors += _wrong_outputs(tree.module, called)
        errors += cycles_of_calls(tree)
    return tuple(errors)


def _wrong_arguments(call: ModuleCall, module: Module) -> Iterator[ModuleError]:
    for variable in module.variables.values():
        if variable.required and variable.name not in call.arguments:
            message = f'missing required argument: module "{call.name}" requires "{variable.name}"'
            yield ModuleError(message, call.place)
    suggestions = Suggestions(module.variables)
    for name, written in call.arguments.items():
        if name not in module.variables:
            near = suggestions.of(name)
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
    suggestions = {name: Suggestions(inner.outputs) for name, inner in called.items()}
    for written, reference, meant in _meanings(sites(module)):
        if meant.kind == "module" and meant.name in called:
            outputs = called[meant.name].outputs
            name = _output_named(meant, module.calls[meant.name])
            if name is not None and name not in outputs:
                near = suggestions[meant.name].of(name)
                message = f'unsupported attribute: module "{meant.name}" has no output "{name}"'
                yield ModuleError(message + near, written.source.place(reference))


def _output_named(meant: Target, call: ModuleCall) -> str | None:
    """The output that is named behind a call; of several instances, behind the index."""
    steps = meant.steps
    if steps and _arguments_of(call.meta):
        steps = () if isinstance(steps[0], Attribute) else steps[1:]
    first = steps[0] if steps else None
    return first.name if isinstance(first, Attribute) else None


@lru_cache(maxsize=256)
def ill_typed(module: Module) -> tuple[ModuleError, ...]:
    """The types that are none, and the defaults that do not convert to their types."""
    return tuple(chain.from_iterable(map(_ill_typed, module.variables.values())))


def _ill_typed(variable: Variable) -> Iterator[ModuleError]:
    written, default = variable.type_expr, variable.default_expr
    if not variable.whole:
        return
    faults = constraint_of(variable).faults
    if written is not None and faults:
        # The reader of the block reports a type in quotes.
        if not isinstance(written.expression, Literal):
            for fault in faults:
                yield ModuleError(fault.message, written.source.place(fault))
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


_FORGIVING: Final = frozenset({"can", "try"})
_LOGICAL: Final = frozenset({"&&", "||"})
_OF_BLOCKS: Final = frozenset({"count", "each", "self"})


@lru_cache(maxsize=256)
def missing_files(module: Module) -> tuple[ModuleError, ...]:
    """The calls of `file` and `templatefile` that fail for every caller: Terraform reads what they
    name before it makes anything, so that no resource can make it either."""
    if not module.complete or None not in module.texts.files.values():
        return ()
    errors: list[ModuleError] = []
    # A dynamic block, which gives names of its own, may make none.
    for written in (written for written, bound in sites(module) if bound <= _OF_BLOCKS):
        for call in _calls_in_any_case(written.expression):
            reads = call.name.removeprefix("core::") in ("file", "templatefile")
            path = path_in_module(call.arguments[0]) if reads and call.arguments else None
            if path is not None and module.texts.files.get(path, "") is None:
                message = f'{call.name}() finds no file "{path}" in the module'
                place = written.source.place(call.arguments[0])
                errors.append(ModuleError(f"invalid function argument: {message}", place))
    return tuple(sorted(errors, key=lambda error: error.place))


def _calls_in_any_case(expression: syntax.Node) -> Iterator[syntax.Call]:
    """The calls in an expression that no condition, loop or function can spare."""
    pending = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, syntax.Call):
            if node.name.removeprefix("core::") in _FORGIVING:
                continue
            yield node
        if isinstance(node, syntax.Conditional):
            pending.append(node.condition)
        elif isinstance(node, (syntax.ForTuple, syntax.ForObject)):
            pending.append(node.collection)
        elif isinstance(node, syntax.Operation) and _LOGICAL & {*node.operators}:
            pending.append(node.operands[0])
        elif isinstance(node, syntax.Relative):
            pending.append(node.source)
        elif not isinstance(node, syntax.Reference):
            pending += node.nodes
