"""a file can be read, and reads as its author meant it"""

from __future__ import annotations

from typing import Annotated

from dativo_lint.checks.params import RuleParams, non_empty
from dativo_lint.checks.violation import Judge, Related, Results, Violation
from dativo_lint.documents.document import FaultKind
from dativo_lint.jobs.text import Text

APPLIES_TO = ("text",)


class Params(RuleParams, frozen=True):
    faults: Annotated[tuple[FaultKind, ...], non_empty("The kinds of faults that are reported.")]


def prepare(params: Params) -> Judge:
    """Report the faults of some kinds that the reader found."""

    def judge(text: Text) -> Results:
        for fault in text.reading.faults:
            if fault.kind in params.faults:
                is_twice = fault.kind is FaultKind.DUPLICATE_KEY
                about = "first defined here" if is_twice else "the context starts here"
                mentions = () if fault.other is None else (Related(fault.other, about),)
                yield Violation(fault.place, fault.message, mentions)

    return judge
