"""several fields of the job together match no row of a table of doubtful values"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from dativo_lint.checks.params import RuleParams, about, non_empty, route
from dativo_lint.checks.tables import (
    Cell,
    CellParam,
    comparable,
    mentions_of,
    name_of,
    read_cell,
    stated,
)
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job

APPLIES_TO = ("job",)


class Row(RuleParams, frozen=True):
    """A doubtful combination of values."""

    fields: Annotated[
        dict[str, CellParam],
        non_empty("Fields and the values that match; all have to. The last is at fault."),
    ]
    because: Annotated[str, about("Why it is reported.")]


class Check(RuleParams, frozen=True):
    rows: Annotated[
        tuple[Row, ...], non_empty("Doubtful values; only the first row that matches is reported.")
    ]

    @cached_property
    def _rows(self) -> list[tuple[dict[tuple[str, ...], Cell], str]]:
        """The cells of each row by their fields, and why it is reported."""
        return [
            ({route(name): read_cell(cell) for name, cell in row.fields.items()}, row.because)
            for row in self.rows
        ]

    def judge(self, job: Job) -> Results:
        """Look for the rows of the table in a job."""
        question = None
        for cells, because in self._rows:
            matched = _matches(cells, job)
            if isinstance(matched, FieldRef):
                question = question or matched
            elif matched:
                yield _violation([job.field(*field) for field in cells], because)
                return
        if question is not None:
            yield Unresolved(question, stated(question))


def _matches(cells: Mapping[tuple[str, ...], Cell], job: Job) -> bool | FieldRef:
    """Whether every field has a value of its cell; the unresolved field if that depends on one."""
    hangs_on = None
    for field, cell in cells.items():
        at = job.field(*field)
        value = comparable(at.value)
        if at.is_open:
            hangs_on = hangs_on or at
        elif value is None or not cell.allows(value):
            return False
    return hangs_on or True


def _violation(fields: list[FieldRef], because: str) -> Violation:
    *others, at = fields
    beside = "".join(f" with {name_of(each)} {quoted(each.value)}" for each in others)
    message = f"{name_of(at)} {quoted(at.value)}{beside} is {because}"
    return Violation(at, message, mentions_of(others))
