"""What a job declares of itself, where a vendor has one table for this and another for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from dativo_lint.checks.params import about, route
from dativo_lint.documents.quoting import shown
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job

DeclarationParam: TypeAlias = Annotated[
    dict[str, tuple[str | float | int, ...]],
    about("Condition: one of these fields has a listed value (empty list: any value)."),
]
"""A declaration as a rule writes it."""

Declaration = Mapping[tuple[str, ...], frozenset[str]]
"""Of each field: the values that declare it."""


def read_declaration(written: Mapping[str, Sequence[Any]]) -> Declaration:
    """Make ready a declaration that a rule writes."""
    return {route(field): frozenset(map(_folded, values)) for field, values in written.items()}


def declared_by(declaration: Declaration, job: Job) -> FieldRef | None:
    """The first field of a job that declares it, or else an unresolved one that this depends on."""
    for field, values in declaration.items():
        at = job.field(*field)
        if at.is_there and not at.is_open and _is_meant(at.value, values):
            return at
    blocks = (job.field(*field[:depth]) for field in declaration for depth in (-1, len(field)))
    return next((at for at in blocks if at.is_open), None)


def _is_meant(value: Any, values: frozenset[str]) -> bool:
    return _folded(value) in values if values else bool(value)


def _folded(value: Any) -> str:
    return shown(value).casefold() if isinstance(value, (str, int, float)) else ""
