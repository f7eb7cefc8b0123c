"""a file reads as its author meant it, and reads at all"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dativo_lint.checks.breach import Breach, Judge, Mention, Open
from dativo_lint.subject.text import Text
from dativo_lint.texts.document import Fault, FaultKind

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["faults"],
    "properties": {
        "faults": {
            "type": "array",
            "items": {"enum": [kind.value for kind in FaultKind]},
            "minItems": 1,
            "description": "The kinds of faults that are told.",
        }
    },
}


def prepare(params: Mapping[str, Any]) -> Judge:
    """Tell the faults of some kinds that the reader met."""
    kinds = frozenset(map(FaultKind, params["faults"]))

    def judge(text: Text) -> Iterator[Breach | Open]:
        for fault in text.reading.faults:
            if fault.kind in kinds:
                other = () if fault.other is None else (Mention(fault.other, _about(fault)),)
                yield Breach(fault.place, fault.message, other)

    return judge


def _about(fault: Fault) -> str:
    is_twice = fault.kind is FaultKind.DUPLICATE_KEY
    return "first written here" if is_twice else "what is read there begins here"
