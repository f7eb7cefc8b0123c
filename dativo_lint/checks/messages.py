"""How checks write values, trails and suggestions in messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from dativo_lint.checks.spelling import plain_spelling
from dativo_lint.checks.violation import Placed, Related, Unresolved
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.selectors import Statement
from dativo_lint.jobs.tags import Assignment, Tag

if TYPE_CHECKING:
    from dativo_lint.terraform.declarations import Variable

_MOST_NAMED = 3
"""Resources that a message names."""


def listed(names: Sequence[str]) -> str:
    """A list of names; of many, the first."""
    more = len(names) - _MOST_NAMED
    parts = [*map(shown, names[:_MOST_NAMED]), *([f"{more} more"] if more > 0 else [])]
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def at_run_time(at: Placed, name: str, value: Any) -> Unresolved:
    """A value that is known only at run time."""
    return Unresolved(at, f"{name} is {quoted(value)}, known only at run time")


def asset_may_set(job: Job, key: str) -> Unresolved:
    """A tag that the asset may set, whose path is known only at run time."""
    path = job.references["asset_path"].field
    return Unresolved(path, f"asset_path is {quoted(path.value)}: the asset may set {key}")


def unset(field: FieldRef) -> Related:
    """A field that sets nothing."""
    return Related(field, f"{field.name} is {'empty' if field.is_there else 'not set'}")


def declared_here(variable: Variable) -> Related:
    """The variable of a module that a message is about."""
    return Related(variable, "the module declares it here")


def removal(at: FieldRef) -> tuple[Fix, ...]:
    """The fix that removes a field; that its value is not wanted is a decision."""
    from dativo_lint.edits.removal import remove  # only a violation needs it

    return (fix(f"Remove {at.name}", remove(at.document, at.route), is_safe=False),)


def trail_mentions(trail: Iterable[Assignment]) -> tuple[Related, ...]:
    """Each assignment of a trail at its place."""
    return tuple(Related(assignment.at, assignment.sentence) for assignment in trail)


def overridden(value: Tag | Statement | None) -> tuple[Related, ...]:
    """The assignments that the strongest one of a value overrides."""
    return () if value is None else trail_mentions(value.trail[:-1])


def statement_mentions(statement: Statement) -> tuple[Related, ...]:
    """A statement, after the assignments that it overrides."""
    here = f"{statement.name} = {quoted(_value(statement))} (set here)"
    return (*overridden(statement), Related(statement.at, here))


def shown_statement(statement: Statement) -> str:
    """A statement as messages write it."""
    if statement.trail and isinstance(statement.trail[-1].written, (int, float)):
        spelled = plain_spelling(statement.at.document, statement.at.route)
        if spelled not in (None, statement.text):
            return f"{statement.name} is {spelled} (read by YAML as {statement.text})"
    return f"{statement.name} is {quoted(_value(statement))}"


def _value(statement: Statement) -> object:
    """What a statement says, as it is written; of a tag that is a list, the text."""
    if not statement.trail:
        return statement.at.value
    written = statement.trail[-1].written
    return written if isinstance(written, str) else statement.text
