"""some fields of the job, taken together, match a row of a table"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dativo_lint.checks.breach import Breach, Mention, Open
from dativo_lint.checks.cells import CELL, Cell, Value, comparable, joined, numeral, read_cell
from dativo_lint.checks.declared import DECLARATION, Declaration, declares, read_declaration
from dativo_lint.checks.wording import nearest, shown
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.subject import Subject

_COLUMNS = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string"},
    "description": "Fields of the job, in the order in which they narrow the rows.",
}
_ROWS = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "array", "minItems": 1, "items": CELL},
    "description": "The rows of the table: of each column, in order, what it may be.",
}
PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["columns", "rows"],
    "properties": {
        "columns": _COLUMNS,
        "rows": _ROWS,
        "ignores_case": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Columns whose words are compared without regard to case.",
        },
        "instead": {
            "type": "array",
            "description": "Tables that take the place of this one for jobs that declare so.",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["where", "rows"],
                "properties": {"where": DECLARATION, "columns": _COLUMNS, "rows": _ROWS},
            },
        },
    },
}

_MOST_CELLS_TOLD = 3


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    columns: tuple[tuple[str, ...], ...]
    folded: frozenset[int]
    rows: tuple[tuple[Cell, ...], ...]


def prepare(params: Mapping[str, Any]) -> Callable[[Subject], Iterator[Breach | Open]]:
    """Hold jobs against a table; raises ValueError for a row that is not as long as the columns."""
    columns, blind = params["columns"], params.get("ignores_case", ())
    table = _table(columns, params["rows"], blind)
    instead = tuple(
        (read_declaration(it["where"]), _table(it.get("columns", columns), it["rows"], blind))
        for it in params.get("instead", ())
    )

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        chosen = _choose(table, instead, subject) if instead else table
        if isinstance(chosen, Said):
            yield Open(
                chosen, f"{chosen.name} is {shown(chosen.value)}, which decides on the table"
            )
        else:
            yield from _walk(chosen, subject)

    return judge


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]], blind: Sequence[str]) -> _Table:
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
    table: _Table, instead: tuple[tuple[Declaration, _Table], ...], subject: Subject
) -> _Table | Said:
    """The table for a job; where that hangs on an open value, what says so."""
    for declaration, other in instead:
        declared = declares(declaration, subject)
        if declared is True:
            return other
        if isinstance(declared, Said):
            return declared
    return table


def _walk(table: _Table, subject: Subject) -> Iterator[Breach | Open]:
    """Narrow the rows column by column; the first that no row allows is at fault.

    A column of which nothing is known narrows nothing: what no row allows is wrong whatever it
    turns out to be.
    """
    rows = table.rows
    told: list[Said] = []
    unknown: list[Said] = []
    question = None
    for number, route in enumerate(table.columns):
        written = subject.value(*route)
        value = comparable(written, ignores_case=number in table.folded)
        if value is None or is_open(written):
            unknown.append(subject.said(*route))
            if is_open(written):
                question = question or subject.said(*route)
            continue
        if isinstance(value, str) and not any(_has_words(row[number]) for row in rows):
            return
        fitting = tuple(row for row in rows if row[number].allows(value))
        if not fitting:
            cells = [row[number] for row in rows]
            yield _breach(subject.said(*route), value, cells, told, unknown)
            return
        rows = fitting
        told.append(subject.said(*route))
    if question is not None:
        yield Open(question, f"{_name(question)} is {shown(question.value)}")


def _has_words(cell: Cell) -> bool:
    return any(isinstance(choice, str) for choice in cell.choices)


def _breach(
    at: Said, value: Value, cells: Sequence[Cell], told: Sequence[Said], unknown: Sequence[Said]
) -> Breach:
    words = f"{_name(at)} is {shown(at.value)}"
    if told:
        words += f" with {' and '.join(f'{_name(said)} {shown(said.value)}' for said in told)}"
    if unknown and len({cell.said for cell in cells}) > _MOST_CELLS_TOLD:
        words += f", which goes with no {' and '.join(map(_name, unknown))}"
    else:
        words += f"; allowed: {joined(cells)}{_near(value, cells)}"
    mentions = (Mention(said, f"{_name(said)} is {shown(said.value)}") for said in told)
    return Breach(at, words, tuple(mentions))


def _near(value: Value, cells: Sequence[Cell]) -> str:
    if isinstance(value, str):
        return nearest(value, (str(choice) for cell in cells for choice in cell.choices))
    around = sorted({near for cell in cells for near in cell.around(value)})
    below = [near for near in around if near < value][-1:]
    above = [near for near in around if near > value][:1]
    near = " and ".join(map(numeral, below + above))
    return f"; nearest: {near}" if near else ""


def _name(said: Said) -> str:
    return str(said.route[-1])
