"""Conditions: for which jobs a rule or a setting applies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from dativo_lint.documents.document import Document
from dativo_lint.documents.globs import glob_matcher, is_glob
from dativo_lint.jobs.field_ref import FieldRef, is_open


class Term(NamedTuple):
    """A field of the job, where else its value is if the job does not have it, and its values and
    globs of values, folded."""

    route: tuple[str, ...]
    otherwise: tuple[str, ...] | None
    values: frozenset[str]


Condition = tuple[Term, ...]
"""All terms must hold."""

FIELDS = {"tenant": "tenant_id", "provider": "infrastructure.provider"}
"""Short names of fields."""
_ELSE = {"environment": ("finops", "environment")}


def condition(written: Mapping[str, Any]) -> Condition:
    """Make ready a `when`: dotted fields of the job to a value or a list of values."""
    terms = []
    for name, values in written.items():
        each = values if isinstance(values, (list, tuple)) else (values,)
        route = tuple(FIELDS.get(name, name).split("."))
        terms.append(Term(route, _ELSE.get(name), frozenset(map(_folded, each))))
    return tuple(terms)


def holds(wanted: Condition, job: Document) -> bool | FieldRef:
    """Whether a condition holds for a job; the unresolved field where it depends on one.

    Strings are compared in any case, as the platform reads them.
    """
    hangs_on = None
    for term in wanted:
        route = term.route
        if term.otherwise is not None and not _folded(job.value(route)):
            route = term.otherwise
        value = job.value(route)
        if is_open(value):
            hangs_on = hangs_on or FieldRef(job, route)
        elif not _matches(term.values, _folded(value)):
            return False
    return hangs_on or True


def _matches(values: frozenset[str], value: str) -> bool:
    return value in values or (value != "" and any(glob(value) for glob in _globs(values)))


@lru_cache(maxsize=256)
def _globs(values: frozenset[str]) -> tuple[Callable[[str], bool], ...]:
    return tuple(glob_matcher(value) for value in values if is_glob(value))


def _folded(value: Any) -> str:
    return str(value).casefold() if isinstance(value, (str, int, float)) else ""
