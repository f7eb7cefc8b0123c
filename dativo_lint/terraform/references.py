"""What an expression refers to, and what it calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dativo_lint.terraform.syntax import Call, Expression, ForObject, ForTuple, Reference

_NO_NAMES: frozenset[str] = frozenset()


def references(expression: Expression) -> Iterator[Reference]:
    """The references in an expression, but for those to the names of its `for` expressions."""
    pending: list[tuple[Any, frozenset[str]]] = [(expression, _NO_NAMES)]
    while pending:
        node, bound = pending.pop()
        if isinstance(node, Reference):
            if node.name not in bound:
                yield node
            pending += [(step, bound) for step in reversed(node.steps)]
        elif isinstance(node, (ForTuple, ForObject)):
            inner = bound | {node.value_name} | ({node.key_name} if node.key_name else _NO_NAMES)
            key = node.key if isinstance(node, ForObject) else None
            pending += [(part, inner) for part in (node.condition, node.value, key) if part]
            pending.append((node.collection, bound))
        elif isinstance(node, tuple):
            pending += [(part, bound) for part in reversed(node) if isinstance(part, tuple)]


def calls(expression: Expression) -> Iterator[Call]:
    """The function calls in an expression, outer ones first."""
    pending: list[Any] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, Call):
            yield node
        if isinstance(node, tuple):
            pending += [part for part in reversed(node) if isinstance(part, tuple)]
