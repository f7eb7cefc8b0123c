"""a file reads as its author meant it, and reads at all"""

from __future__ import annotations

from typing import Annotated, Literal

from dativo_lint.checks.answers import Answers, Judge, Mention, Violation
from dativo_lint.checks.params import RuleParams, some
from dativo_lint.documents.document import Fault, FaultKind
from dativo_lint.jobs.text import Text

APPLIES_TO = ("text",)


class Params(RuleParams, frozen=True):
    faults: Annotated[
        tuple[
            Literal[
                "syntax",
                "encoding",
                "character",
                "empty",
                "limit",
                "tag",
                "alias",
                "unhashable-key",
                "value",
                "not-a-file",
                "unreadable",
                "duplicate-key",
                "non-string-key",
            ],
            ...,
        ],
        some("The kinds of faults that are reported."),
    ]


def prepare(params: Params) -> Judge:
    """Tell the faults of some kinds that the reader met."""
    kinds = frozenset(map(FaultKind, params.faults))

    def judge(text: Text) -> Answers:
        for fault in text.reading.faults:
            if fault.kind in kinds:
                other = () if fault.other is None else (Mention(fault.other, _about(fault)),)
                yield Violation(fault.place, fault.message, other)

    return judge


def _about(fault: Fault) -> str:
    is_twice = fault.kind is FaultKind.DUPLICATE_KEY
    return "first written here" if is_twice else "what is read there begins here"
