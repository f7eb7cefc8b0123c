"""What a job declares of itself, where a vendor has one table for this and another for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dativo_lint.checks.wording import shown
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.subject import Subject
from dativo_lint.texts.document import ABSENT

DECLARATION: Mapping[str, Any] = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": {"type": "array", "items": {"type": ["string", "number"]}},
    "description": (
        "Fields of the job, one of which declares it: by one of the values listed, compared "
        "without regard to case, or, with an empty list, by anything but false, zero and nothing."
    ),
}
"""The JSON Schema of a declaration as a rule writes it."""

Declaration = tuple[tuple[tuple[str, ...], frozenset[str]], ...]


def read_declaration(written: Mapping[str, Sequence[Any]]) -> Declaration:
    """Make ready a declaration that a rule writes."""
    return tuple(
        (tuple(field.split(".")), frozenset(str(value).casefold() for value in values))
        for field, values in written.items()
    )


def declares(declaration: Declaration, subject: Subject) -> bool | Said:
    """Whether a job declares it; where that hangs on an open value, what says so."""
    hangs_on = None
    for route, values in declaration:
        value = subject.value(*route)
        if value is ABSENT:
            hangs_on = hangs_on or _open_above(subject, route)
        elif is_open(value):
            hangs_on = hangs_on or subject.said(*route)
        elif _is_meant(value, values):
            return True
    return hangs_on or False


def _is_meant(value: Any, values: frozenset[str]) -> bool:
    if not values:
        return bool(value)
    return isinstance(value, (str, int, float)) and shown(value).casefold() in values


def _open_above(subject: Subject, route: tuple[str, ...]) -> Said | None:
    """An open value in the place of a block that the field would stand in."""
    for length in range(len(route) - 1, 0, -1):
        value = subject.value(*route[:length])
        if value is not ABSENT:
            return subject.said(*route[:length]) if is_open(value) else None
    return None
