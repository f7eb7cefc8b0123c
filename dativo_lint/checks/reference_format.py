"""references of the job have the format of their kind"""

from functools import cached_property
from typing import Annotated, Any

from msgspec import field

from dativo_lint.checks.params import Names, RuleParams, Under, about, is_named, non_empty, route
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.condition import Condition, condition, holds
from dativo_lint.jobs.field_ref import FieldRef, Scalar, is_open
from dativo_lint.jobs.job import Job
from dativo_lint.patterns import Pattern

APPLIES_TO = ("job",)


class Reference(RuleParams, frozen=True):
    """A kind of reference."""

    patterns: Annotated[
        tuple[Pattern, ...], non_empty("Patterns, one of which matches the whole value.")
    ]
    expected: Annotated[str, about("The expected format, in words.")]
    names: Names = ()
    starts: Annotated[str | None, about("Prefix, in any case, of other values of this kind.")] = (
        None
    )
    where: Annotated[
        dict[str, Any], about("Fields of the job and their values; all must match.")
    ] = field(default_factory=dict)

    @cached_property
    def condition(self) -> Condition:
        """For which jobs it is one."""
        return condition(self.where)

    def is_of(self, scalar: Scalar) -> bool:
        """Whether a value, a string, is such a reference."""
        starts = self.starts
        return is_named(self.names, scalar.name) or (
            starts is not None and scalar.value[: len(starts)].casefold() == starts
        )


class Check(RuleParams, frozen=True):
    under: Under
    kinds: Annotated[
        tuple[Reference, ...],
        non_empty("Kinds of references; the first that matches a value applies."),
    ]

    def judge(self, job: Job) -> Results:
        """Match references with the formats of their kinds."""
        for scalar in job.scalars(*map(route, self.under)):
            for kind in self.kinds if isinstance(scalar.value, str) else ():
                if kind.is_of(scalar) and (applies := holds(kind.condition, job.config)):
                    yield from _judge(kind, scalar, scalar.value, applies)
                    break


def _judge(kind: Reference, scalar: Scalar, value: str, applies: bool | FieldRef) -> Results:
    message = f"{shown(scalar.label)} is {quoted(value)}"
    if is_open(value):
        yield Unresolved(scalar.field, message)
    elif not any(pattern.fits(value) for pattern in kind.patterns):
        message += f"; expected {kind.expected}"
        if isinstance(applies, FieldRef):
            yield Unresolved(applies, f"{message}, depending on {applies.name}")
        else:
            yield Violation(scalar.field, message)
