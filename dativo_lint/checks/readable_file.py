"""a file can be read, and reads as its author meant it"""

from __future__ import annotations

import re
from typing import Annotated

from dativo_lint.checks.params import RuleParams, non_empty
from dativo_lint.checks.violation import Judge, Related, Results, Violation
from dativo_lint.documents.document import FaultKind
from dativo_lint.documents.place import Lines, Place
from dativo_lint.edits.fix import Edit, Fix, fix
from dativo_lint.jobs.text import Text

APPLIES_TO = ("text",)


class Params(RuleParams, frozen=True):
    faults: Annotated[tuple[FaultKind, ...], non_empty("The kinds of faults that are reported.")]


def prepare(params: Params) -> Judge:
    """Report the faults of some kinds that the reader found."""

    def judge(text: Text) -> Results:
        faults = [fault for fault in text.reading.faults if fault.kind in params.faults]
        lines = Lines(text.reading.text) if faults else None
        for fault in faults:
            is_twice = fault.kind is FaultKind.DUPLICATE_KEY
            about = "first defined here" if is_twice else "the context starts here"
            mentions = () if fault.other is None else (Related(fault.other, about),)
            is_key = fault.kind is FaultKind.NON_STRING_KEY
            fixes = _quoting(text.reading.text, lines, fault.place) if lines and is_key else ()
            yield Violation(fault.place, fault.message, mentions, fixes)

    return judge


def _quoting(text: str, lines: Lines, place: Place) -> tuple[Fix, ...]:
    """The fix that writes a plain key in quotes."""
    start = lines.offset(place.line, place.column)
    key = text[start : lines.offset(place.end_line, place.end_column)].rstrip()
    if not re.fullmatch(r"~|[\w.:+-]+", key):
        return ()
    where = lines.place(place.path, start, start + len(key))
    return (fix("Write the key in quotes", Edit(where, f'"{key}"')),)
