"""some fields of the job, taken together, match a row of a table"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

from msgspec import Struct

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.cells import Cell, CellParam, comparable, joined, numeral, read_cell
from dativo_lint.checks.declared import (
    Declaration,
    DeclarationParam,
    declared_by,
    declares,
    read_declaration,
)
from dativo_lint.checks.params import RuleParams, about, some
from dativo_lint.checks.wording import nearest, shown
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.job import Job

APPLIES_TO = ("job",)


Columns: TypeAlias = Annotated[
    tuple[str, ...], about("Fields of the job, in the order in which they narrow the rows.")
]
Rows: TypeAlias = Annotated[
    tuple[tuple[CellParam, ...], ...], some("The rows of the table: what each column may be.")
]


class Other(RuleParams, frozen=True):
    """Another table, for jobs that declare something."""

    where: DeclarationParam
    rows: Rows
    columns: Columns = ()


class Params(RuleParams, frozen=True):
    columns: Columns
    rows: Rows
    ignores_case: Annotated[tuple[str, ...], about("Columns compared in any case.")] = ()
    instead: Annotated[tuple[Other, ...], about("Tables for jobs that declare something.")] = ()


_MOST_CELLS_TOLD = 3


class _Table(Struct, frozen=True, eq=False):
    columns: tuple[tuple[str, ...], ...]
    folded: frozenset[int]
    rows: tuple[tuple[Cell, ...], ...]

    def fault(self, values: tuple[Any, ...]) -> tuple[int, tuple[Cell, ...]] | None:
        """The first column that no row allows, given those before it, and what it could be.

        A column of which nothing is known narrows nothing: what no row allows is wrong whatever
        it turns out to be. What should be a number and is none is not judged.
        """
        rows = self.rows
        for number, written in enumerate(values):
            value = comparable(written, ignores_case=number in self.folded)
            if value is None or is_open(written):
                continue
            cells = tuple(row[number] for row in rows)
            if isinstance(value, str) and not any(map(_has_words, cells)):
                return None
            rows = tuple(row for row in rows if row[number].allows(value))
            if not rows:
                return number, cells
        return None


def prepare(params: Params) -> Judge:
    """Hold jobs against a table; raises ValueError for a row that is not as long as the columns."""
    columns, blind = params.columns, params.ignores_case
    table = _table(columns, params.rows, blind)
    instead = tuple(
        (read_declaration(it.where), _table(it.columns or columns, it.rows, blind))
        for it in params.instead
    )

    def judge(subject: Job) -> Answers:
        chosen = _choose(table, instead, subject) if instead else table
        if isinstance(chosen, FieldRef):
            message = f"{chosen.name} is {shown(chosen.value)}, which decides on the table"
            yield Unresolved(chosen, message)
            return
        routes = chosen.columns
        values = tuple(map(subject.job.value, routes))
        fault = chosen.fault(values)
        if fault is not None:
            by = next((declared_by(it, subject) for it, other in instead if other is chosen), None)
            yield _breach([subject.said(*route) for route in routes], *fault, by)
            return
        for route, value in zip(routes, values, strict=True):
            if is_open(value):
                yield Unresolved(subject.said(*route), f"{route[-1]} is {shown(value)}")
                return

    return judge


def _table(
    columns: Sequence[str], rows: Sequence[Sequence[CellParam]], blind: Sequence[str]
) -> _Table:
    if not columns:
        raise ValueError("columns is empty; expected at least one field")
    for number, row in enumerate(rows):
        if len(row) != len(columns):
            raise ValueError(f"row {number + 1} has {len(row)} cells; expected {len(columns)}")
    folded = frozenset(number for number, column in enumerate(columns) if column in blind)
    return _Table(
        tuple(tuple(column.split(".")) for column in columns),
        folded,
        tuple(
            tuple(read_cell(cell, ignores_case=n in folded) for n, cell in enumerate(row))
            for row in rows
        ),
    )


def _choose(
    table: _Table, instead: tuple[tuple[Declaration, _Table], ...], subject: Job
) -> _Table | FieldRef:
    """The table for a job; where that hangs on an open value, what says so."""
    for declaration, other in instead:
        declared = declares(declaration, subject)
        if declared is True:
            return other
        if isinstance(declared, FieldRef):
            return declared
    return table


def _has_words(cell: Cell) -> bool:
    return any(isinstance(choice, str) for choice in cell.choices)


def _breach(
    columns: Sequence[FieldRef], number: int, cells: Sequence[Cell], declared: FieldRef | None
) -> Violation:
    at = columns[number]
    known = [said for said in columns[:number] if comparable(said.value) and not said.is_open]
    unknown = [said for said in columns[:number] if said not in known]
    told = known if declared is None else [*known, declared]
    words = f"{_name(at)} is {shown(at.value)}"
    if told:
        words += f" with {' and '.join(f'{_name(said)} {shown(said.value)}' for said in told)}"
    if unknown and len({cell.said for cell in cells}) > _MOST_CELLS_TOLD:
        words += f", which goes with no {' and '.join(map(_name, unknown))}"
    else:
        words += f"; allowed: {joined(cells)}{_near(at.value, cells)}"
    mentions = (Mention(said, f"{_name(said)} is {shown(said.value)}") for said in told)
    return Violation(at, words, tuple(mentions))


def _near(written: Any, cells: Sequence[Cell]) -> str:
    value = comparable(written)
    if value is None or isinstance(value, str):
        return nearest(
            shown(written).casefold(), (str(each) for cell in cells for each in cell.choices)
        )
    around = sorted({near for cell in cells for near in cell.around(value)})
    below = [near for near in around if near < value][-1:]
    above = [near for near in around if near > value][:1]
    near = " and ".join(map(numeral, below + above))
    return f"; nearest: {near}" if near else ""


def _name(said: FieldRef) -> str:
    return str(said.route[-1])
