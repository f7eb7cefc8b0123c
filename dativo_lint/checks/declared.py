"""What a job declares of itself, where a vendor has one table for this and another for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from dativo_lint.checks.params import about
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.job import Job

DeclarationParam: TypeAlias = Annotated[
    dict[str, tuple[str | float | int, ...]],
    about("Fields, one of which declares it: by a listed value; if none is listed, by any."),
]
"""A declaration as a rule writes it."""

Declaration = tuple[tuple[tuple[str, ...], str, frozenset[str]], ...]
"""Of each field: the block that it stands in, its name, and the values that declare it."""


def read_declaration(written: Mapping[str, Sequence[Any]]) -> Declaration:
    """Make ready a declaration that a rule writes."""
    return tuple(
        (tuple(field.split(".")[:-1]), field.split(".")[-1], frozenset(map(_folded, values)))
        for field, values in written.items()
    )


def declares(declaration: Declaration, subject: Job) -> bool | FieldRef:
    """Whether a job declares it; where that hangs on an open value, what says so."""
    hangs_on = None
    for route, name, values in declaration:
        block = subject.job.value(route)
        if isinstance(block, dict):
            value = block.get(name)
            if is_open(value):
                hangs_on = hangs_on or subject.said(*route, name)
            elif _is_meant(value, values):
                return True
        elif is_open(block):
            hangs_on = hangs_on or subject.said(*route)
    return hangs_on or False


def declared_by(declaration: Declaration, subject: Job) -> FieldRef | None:
    """The first field of a job that declares it; None where none does."""
    for route, name, values in declaration:
        said = subject.said(*route, name)
        if said.is_there and not said.is_open and _is_meant(said.value, values):
            return said
    return None


def _is_meant(value: Any, values: frozenset[str]) -> bool:
    return _folded(value) in values if values else bool(value)


def _folded(value: Any) -> str:
    return shown(value).casefold() if isinstance(value, (str, int, float)) else ""
