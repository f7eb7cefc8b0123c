"""Conditions: for which jobs a rule or a setting applies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dativo_lint.documents.document import Document
from dativo_lint.jobs.field_ref import FieldRef, is_open

Condition = Mapping[tuple[str, ...], frozenset[str]]
"""Of each field of the job, the values for which the condition holds, folded; all must hold."""


def condition(written: Mapping[str, Any]) -> Condition:
    """Make ready a `when`: dotted fields of the job to a value or a list of values."""
    return {
        tuple(field.split(".")): frozenset(
            map(_folded, values if isinstance(values, (list, tuple)) else (values,))
        )
        for field, values in written.items()
    }


def holds(wanted: Condition, job: Document) -> bool | FieldRef:
    """Whether a condition holds for a job; the unresolved field where it depends on one.

    Strings are compared in any case, as the platform reads them.
    """
    hangs_on = None
    for route, values in wanted.items():
        value = job.value(route)
        if is_open(value):
            hangs_on = hangs_on or FieldRef(job, route)
        elif _folded(value) not in values:
            return False
    return hangs_on or True


def _folded(value: Any) -> str:
    return str(value).casefold() if isinstance(value, (str, int, float)) else ""
