"""several fields of the job together match a row of a table"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Annotated, Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.checks.params import RuleParams, about, non_empty, route
from dativo_lint.checks.tables import (
    Cell,
    CellParam,
    Declaration,
    DeclarationParam,
    comparable,
    declared_by,
    joined,
    limits_depend_on,
    mentions_of,
    name_of,
    numeral,
    read_cell,
    read_declaration,
    stated,
)
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.names import nearest

APPLIES_TO = ("job",)


Columns: TypeAlias = Annotated[
    tuple[str, ...], about("Fields of the job, in the order in which they select rows.")
]
Rows: TypeAlias = Annotated[
    tuple[tuple[CellParam, ...], ...],
    non_empty("The rows of the table: the allowed values of each column."),
]


class Other(RuleParams, frozen=True):
    """Another table, for jobs that declare something."""

    where: DeclarationParam
    rows: Rows
    columns: Columns = ()


class Check(RuleParams, frozen=True):
    columns: Columns
    rows: Rows
    ignores_case: Annotated[tuple[str, ...], about("Columns compared in any case.")] = ()
    instead: Annotated[tuple[Other, ...], about("Other tables, used where a condition holds.")] = ()

    @cached_property
    def _usual(self) -> "_Table":
        return _table(self.columns, self.rows, self.ignores_case)

    @cached_property
    def _others(self) -> "list[tuple[Declaration, _Table]]":
        """The other tables, and what declares that they are used."""
        return [
            (
                read_declaration(other.where),
                _table(other.columns or self.columns, other.rows, self.ignores_case),
            )
            for other in self.instead
        ]

    def judge(self, job: Job) -> Results:
        """Hold a job against its table."""
        table, by = self._usual, None
        for declaration, other in self._others:
            by = declared_by(declaration, job)
            if by is not None:
                table = other
                break
        if by is not None and by.is_open:
            yield limits_depend_on(by)
            return
        fields = [job.field(*column) for column in table.columns]
        fault = table.fault(fields)
        unresolved = next((field for field in fields if field.is_open), None)
        if fault is not None:
            violation = _violation(fields, *fault, by)
            yield replace(violation, fixes=tuple(_fixes(fields, table, *fault)))
        elif unresolved is not None:
            yield Unresolved(unresolved, stated(unresolved))


_MOST_CELLS = 3
"""Different cells that a message lists."""


class _Table(Struct, frozen=True, eq=False):
    columns: tuple[tuple[str, ...], ...]
    folded: frozenset[int]
    rows: tuple[tuple[Cell, ...], ...]

    def fault(self, fields: Sequence[FieldRef]) -> tuple[int, tuple[Cell, ...]] | None:
        """The first column that no row allows, with the values before it, and what it could be.

        An unresolved column excludes no row: what no row allows is wrong whatever it turns out to
        be. What should be a number and is not is left to other rules.
        """
        rows = self.rows
        for number, field in enumerate(fields):
            value = comparable(field.value, ignores_case=number in self.folded)
            if value is None or field.is_open:
                continue
            matching = tuple(row for row in rows if row[number].allows(value))
            if not matching:
                cells = tuple(row[number] for row in rows)
                choices = (choice for cell in cells for choice in cell.choices)
                is_number = not any(isinstance(choice, str) for choice in choices)
                return None if is_number and isinstance(value, str) else (number, cells)
            rows = matching
        return None

    def beside(self, fields: Sequence[FieldRef], number: int) -> tuple[Cell, ...]:
        """What a column could be if all the others stay as they are."""
        others = [
            (at, comparable(field.value, ignores_case=at in self.folded))
            for at, field in enumerate(fields)
            if at != number and not field.is_open
        ]
        return tuple(
            row[number]
            for row in self.rows
            if all(value is None or row[at].allows(value) for at, value in others)
        )


def _table(
    columns: Sequence[str], rows: Sequence[Sequence[CellParam]], any_case: Sequence[str]
) -> _Table:
    """A table; raises ValueError for a row that is not as long as the columns."""
    if not columns:
        raise ValueError("columns is empty; expected at least one field")
    for number, row in enumerate(rows):
        if len(row) != len(columns):
            raise ValueError(f"row {number + 1} has {len(row)} cells; expected {len(columns)}")
    folded = frozenset(number for number, column in enumerate(columns) if column in any_case)
    cells = (
        tuple(read_cell(cell, ignores_case=n in folded) for n, cell in enumerate(row))
        for row in rows
    )
    return _Table(tuple(map(route, columns)), folded, tuple(cells))


def _violation(
    columns: Sequence[FieldRef], number: int, cells: Sequence[Cell], by: FieldRef | None
) -> Violation:
    at = columns[number]
    known = [field for field in columns[:number] if comparable(field.value) and not field.is_open]
    unknown = [field for field in columns[:number] if field not in known]
    others = known if by is None else [*known, by]
    beside = "".join(f" with {name_of(field)} {quoted(field.value)}" for field in others[:1])
    beside += "".join(f" and {name_of(field)} {quoted(field.value)}" for field in others[1:])
    if unknown and len({cell.label for cell in cells}) > _MOST_CELLS:
        message = f"{name_of(at)} {quoted(at.value)}{beside} is not supported with any "
        message += " and ".join(map(name_of, unknown))
    else:
        message = f"{stated(at)}{beside}; expected {joined(cells)}{_near(at.value, cells)}"
    return Violation(at, message, mentions_of(others))


def _fixes(
    fields: Sequence[FieldRef], table: _Table, number: int, cells: Sequence[Cell]
) -> Iterator[Fix]:
    """The value that was meant, or the nearest allowed numbers, of this column or the one before
    it, the larger first."""
    at = fields[number]
    if any(field.is_open for field in fields[:number]):
        return
    if isinstance(at.value, str) and isinstance(comparable(at.value), str):
        from dativo_lint.edits.names import respelled  # only a violation needs it

        choices = {choice for cell in cells for choice in cell.choices if isinstance(choice, str)}
        yield from respelled(at.document, at.route, choices)
        return
    yield from _nearest_numbers(at, table.beside(fields, number) or cells)
    if number:
        yield from _nearest_numbers(fields[number - 1], table.beside(fields, number - 1))


def _nearest_numbers(at: FieldRef, cells: Sequence[Cell]) -> Iterator[Fix]:
    value = comparable(at.value)
    if value is not None and not isinstance(value, str):
        numbers = {number for cell in cells for number in cell.bounds(value)}
        above, below = [n for n in numbers if n > value], [n for n in numbers if n < value]
        for number in (*sorted(above)[:1], *sorted(below)[-1:]):
            from dativo_lint.edits.fields import set_value  # only a violation needs it

            whole = int(number) if number.denominator == 1 else float(number)
            edit = set_value(at.document, at.route, whole)
            yield fix(f"Set {name_of(at)} to {numeral(number)}", edit, is_safe=False)


def _near(written: Any, cells: Sequence[Cell]) -> str:
    value = comparable(written)
    if value is None or isinstance(value, str):
        choices = (str(choice) for cell in cells for choice in cell.choices)
        return nearest(shown(written).casefold(), choices)
    around = sorted({near for cell in cells for near in cell.around(value)})
    below = [near for near in around if near < value][-1:]
    above = [near for near in around if near > value][:1]
    near = " or ".join(map(numeral, below + above))
    return f"; did you mean {near}?" if near else ""
