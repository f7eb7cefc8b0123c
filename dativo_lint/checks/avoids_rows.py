"""some fields of the job, taken together, match no row of a list of doubtful ones"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dativo_lint.checks.breach import Breach, Judge, Mention, Open
from dativo_lint.checks.cells import CELL, Cell, comparable, read_cell
from dativo_lint.checks.wording import shown
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.subject import Subject

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rows"],
    "properties": {
        "rows": {
            "type": "array",
            "minItems": 1,
            "description": "What is doubtful; a job is told of the first row that it matches.",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["fields", "because"],
                "properties": {
                    "fields": {
                        "type": "object",
                        "minProperties": 1,
                        "additionalProperties": CELL,
                        "description": (
                            "Fields of the job and the values that match; all have to. "
                            "The last is the one to be mended."
                        ),
                    },
                    "because": {
                        "type": "string",
                        "description": "What is doubtful about it, to stand behind the values.",
                    },
                },
            },
        }
    },
}

_Row = tuple[tuple[tuple[tuple[str, ...], Cell], ...], str]


def prepare(params: Mapping[str, Any]) -> Judge:
    """Look for the rows of a list in jobs."""
    rows: tuple[_Row, ...] = tuple(
        (
            tuple(
                (tuple(field.split(".")), read_cell(cell)) for field, cell in it["fields"].items()
            ),
            it["because"],
        )
        for it in params["rows"]
    )

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        question = None
        for cells, because in rows:
            matched = _matches(cells, subject)
            if isinstance(matched, Said):
                question = question or matched
            elif matched:
                yield _breach([subject.said(*route) for route, _ in cells], because)
                return
        if question is not None:
            yield Open(question, f"{question.route[-1]} is {shown(question.value)}")

    return judge


def _matches(cells: tuple[tuple[tuple[str, ...], Cell], ...], subject: Subject) -> bool | Said:
    """Whether every field has a value of its cell; the open field where that hangs on one."""
    hangs_on = None
    for route, cell in cells:
        written = subject.value(*route)
        if is_open(written):
            hangs_on = hangs_on or subject.said(*route)
            continue
        value = comparable(written)
        if value is None or not cell.allows(value):
            return False
    return hangs_on or True


def _breach(fields: list[Said], because: str) -> Breach:
    *others, at = fields
    words = [f"{said.route[-1]} is {shown(said.value)}" for said in others]
    mentions = tuple(Mention(said, word) for said, word in zip(others, words, strict=True))
    given = "".join(f" with {said.route[-1]} {shown(said.value)}" for said in others)
    return Breach(at, f"{at.route[-1]} is {shown(at.value)}{given}: {because}", mentions)
