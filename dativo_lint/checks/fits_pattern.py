"""references of the job are spelled as their kind is"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from dativo_lint.checks.breach import Breach, Judge, Open
from dativo_lint.checks.named import NAMES, UNDER, blocks_of, names_of
from dativo_lint.checks.wording import shown
from dativo_lint.patterns import Pattern, compile_pattern
from dativo_lint.subject.condition import Condition, condition, holds
from dativo_lint.subject.leaves import Leaf
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.subject import Subject

_MOST_NAMES = 1_024

PARAMS: Mapping[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["under", "kinds"],
    "properties": {
        "under": UNDER,
        "kinds": {
            "type": "array",
            "minItems": 1,
            "description": "Kinds of references; the first that a value belongs to judges it.",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["patterns", "expected"],
                "properties": {
                    "names": NAMES,
                    "starts": {
                        "type": "string",
                        "description": "Values that start so, in any case, are of this kind too.",
                    },
                    "where": {
                        "type": "object",
                        "description": "Fields of the job and their values; all have to hold.",
                    },
                    "patterns": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "string"},
                        "description": "Regular expressions, one of which spells the whole value.",
                    },
                    "expected": {
                        "type": "string",
                        "description": "How a value of this kind is spelled, in words.",
                    },
                },
            },
        },
    },
}


class _Kind(Struct, frozen=True, eq=False):
    is_named: Callable[[str], bool]
    starts: str | None
    where: Condition
    patterns: tuple[Pattern, ...]
    expected: str

    def holds(self, name: str, value: str) -> bool:
        """Whether a value belongs to this kind."""
        if self.is_named(name):
            return True
        starts = self.starts
        return starts is not None and value[: len(starts)].casefold() == starts

    def fits(self, value: str) -> bool:
        """Whether a value is spelled as those of this kind are."""
        return any(pattern.fits(value) for pattern in self.patterns)


def prepare(params: Mapping[str, Any]) -> Judge:
    """Hold references against their kinds; raises ValueError for a pattern that is none."""
    under = blocks_of(params["under"])
    kinds = tuple(
        _Kind(
            names_of(kind.get("names", ())),
            kind.get("starts"),
            condition(kind.get("where", {})),
            tuple(map(compile_pattern, kind["patterns"])),
            kind["expected"],
        )
        for kind in params["kinds"]
    )

    def judge(subject: Subject) -> Iterator[Breach | Open]:
        for leaf in subject.leaves(*under):
            value = leaf.value
            if isinstance(value, str):
                for kind in kinds:
                    if kind.holds(leaf.name, value) and (applies := holds(kind.where, subject.job)):
                        yield from _judge(kind, leaf, value, applies)
                        break

    return judge


def _judge(kind: _Kind, leaf: Leaf, value: str, applies: bool | Said) -> Iterator[Breach | Open]:
    message = f"{shown(leaf.label)} is {shown(value)}"
    if is_open(value):
        yield Open(leaf.said, message)
    elif not kind.fits(value):
        message += f"; expected: {kind.expected}"
        if isinstance(applies, Said):
            yield Open(applies, f"{message}, which hangs on {applies.name}")
        else:
            yield Breach(leaf.said, message)
