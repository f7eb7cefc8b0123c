"""references of the job are spelled as their kind is"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from msgspec import Struct, field

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import Names, RuleParams, Under, about, names_of, route, some
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.condition import Condition, condition, holds
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.scalars import Scalar
from dativo_lint.patterns import Pattern, compile_pattern

APPLIES_TO = ("job",)


class Reference(RuleParams, frozen=True):
    """A kind of reference."""

    patterns: Annotated[tuple[str, ...], some("Patterns, one of which matches the whole value.")]
    expected: Annotated[str, about("What is expected, in words.")]
    names: Names = ()
    starts: Annotated[
        str | None, about("Values that start so, in any case, are of this kind too.")
    ] = None
    where: Annotated[
        dict[str, Any], about("Fields of the job and their values; all have to hold.")
    ] = field(default_factory=dict)


class Params(RuleParams, frozen=True):
    under: Under
    kinds: Annotated[
        tuple[Reference, ...], some("Kinds of references; the first that fits judges a value.")
    ]


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


def prepare(params: Params) -> Judge:
    """Hold references against their kinds; raises ValueError for a pattern that is none."""
    under = tuple(map(route, params.under))
    kinds = tuple(
        _Kind(
            names_of(kind.names),
            kind.starts,
            condition(kind.where),
            tuple(map(compile_pattern, kind.patterns)),
            kind.expected,
        )
        for kind in params.kinds
    )

    def judge(subject: Job) -> Answers:
        for leaf in subject.scalars(*under):
            value = leaf.value
            if isinstance(value, str):
                for kind in kinds:
                    if kind.holds(leaf.name, value) and (applies := holds(kind.where, subject.job)):
                        yield from _judge(kind, leaf, value, applies)
                        break

    return judge


def _judge(kind: _Kind, leaf: Scalar, value: str, applies: bool | FieldRef) -> Answers:
    message = f"{shown(leaf.label)} is {shown(value)}"
    if is_open(value):
        yield Unresolved(leaf.said, message)
    elif not kind.fits(value):
        message += f"; expected: {kind.expected}"
        if isinstance(applies, FieldRef):
            yield Unresolved(applies, f"{message}, which hangs on {applies.name}")
        else:
            yield Violation(leaf.said, message)
