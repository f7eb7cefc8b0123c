"""Conditions: for which jobs a rule or a setting applies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from dativo_lint.documents.document import Document
from dativo_lint.documents.globs import glob_matcher, is_glob
from dativo_lint.jobs.field_ref import FieldRef, is_open

Condition = Mapping[str, frozenset[str]]
"""Of each dotted field of the job, the values and globs of values, folded; all must match."""

FIELDS = {"tenant": "tenant_id", "provider": "infrastructure.provider"}
"""Short names of fields."""
_ELSE = {"environment": "finops.environment"}
"""Where else the value of a field is, in a job that does not have the field."""


def condition(written: Mapping[str, Any]) -> Condition:
    """Make ready a `when`: dotted fields of the job to a value or a list of values."""
    return {
        FIELDS.get(name, name): frozenset(
            map(_folded, values if isinstance(values, (list, tuple)) else (values,))
        )
        for name, values in written.items()
    }


def holds(wanted: Condition, job: Document) -> bool | FieldRef:
    """Whether a condition holds for a job; the unresolved field where it depends on one.

    Strings are compared in any case, as the platform reads them.
    """
    hangs_on = None
    for name, values in wanted.items():
        route = _route(name)
        value = job.value(route)
        if name in _ELSE and not _folded(value):
            route = _route(_ELSE[name])
            value = job.value(route)
        if is_open(value):
            hangs_on = hangs_on or FieldRef(job, route)
        elif not _matches(values, _folded(value)):
            return False
    return hangs_on or True


@lru_cache(maxsize=1024)
def _route(name: str) -> tuple[str, ...]:
    return tuple(name.split("."))


def _matches(values: frozenset[str], value: str) -> bool:
    return value in values or (value != "" and any(glob(value) for glob in _globs(values)))


@lru_cache(maxsize=256)
def _globs(values: frozenset[str]) -> tuple[Callable[[str], bool], ...]:
    return tuple(glob_matcher(value) for value in values if is_glob(value))


def _folded(value: Any) -> str:
    return str(value).casefold() if isinstance(value, (str, int, float)) else ""
