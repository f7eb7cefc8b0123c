"""Signatures: what Terraform would refuse of the types and defaults that variables declare."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from dativo_lint.terraform.declarations import ModuleError, Variable
from dativo_lint.terraform.judge import constraint_of, convert_input
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.names import calls, references
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.syntax import Literal


@lru_cache(maxsize=256)
def ill_typed(module: Module) -> tuple[ModuleError, ...]:
    """The types that are none, and the defaults that do not convert to their types."""
    return tuple(it for variable in module.variables.values() for it in _wrong(variable))


def _wrong(variable: Variable) -> Iterator[ModuleError]:
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
    return not any(references(expression)) and not any(calls(expression))
