"""Likeness: what expressions that say the same have in common, wherever they stand."""

from __future__ import annotations

from typing import Any, TypeAlias

from dativo_lint.terraform.source import Written

Likeness: TypeAlias = tuple[Any, ...]
"""Equal for expressions that differ in their offsets only; it can be hashed."""


def likeness(written: Written | None) -> Likeness:
    """The nodes of an expression with all that they hold, outermost first."""
    found: list[Any] = []
    pending: list[Any] = [None if written is None else written.expression]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            # Nodes begin with their two offsets; items of objects and plain rows have none.
            parts = node[2:] if getattr(node, "_fields", ())[:1] == ("start",) else node
            found += (node.__class__, len(parts))
            pending += reversed(parts)
        else:
            found += (node.__class__, repr(node))
    return tuple(found)
