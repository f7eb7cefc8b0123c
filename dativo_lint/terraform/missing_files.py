"""Files that a module reads in any case, and that are not there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from dativo_lint.terraform import syntax
from dativo_lint.terraform.declarations import ModuleError
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.module_errors import sites
from dativo_lint.terraform.module_files import path_in_module

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
    for written in (it for it, bound in sites(module) if bound <= _OF_BLOCKS):
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
