"""a rendered set names a known sink, and a file with the job that it was rendered from"""

from __future__ import annotations

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import RuleParams
from dativo_lint.checks.wording import nearest
from dativo_lint.documents.wording import quoted
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.references import Resolution
from dativo_lint.jobs.rendered import JobOf, RenderedSet
from dativo_lint.jobs.sinks import RECEIVING

APPLIES_TO = ("rendered",)


Params = RuleParams


_FAULTS = {
    Resolution.MISSING: "file not found",
    Resolution.OUTSIDE: "outside the repository",
    Resolution.MALFORMED: "not a path",
    Resolution.REMOTE: "file not found",
}


def prepare(params: Params) -> Judge:
    """Look up the sink and the job of a set."""

    def judge(rendered: RenderedSet) -> Answers:
        sink = rendered.sink_said
        if not rendered.sink_name and sink is not None:
            known = ", ".join(RECEIVING)
            hint = nearest(str(sink.value), RECEIVING)
            yield Violation(sink, f"sink is {quoted(sink.value)}; expected one of: {known}{hint}")
        elif not rendered.sink_name and rendered.job.subject is not None:
            yield Unresolved(rendered.block, "the sink that the tags were rendered for is unknown")
        if rendered.job.said is not None:
            yield from _incomparable(rendered.job.said, rendered.job)

    return judge


def _incomparable(said: FieldRef, job: JobOf) -> Answers:
    """Why a set cannot be compared with the job that it names."""
    lead = Resolution.MALFORMED if job.reference is None else job.reference.resolution
    if lead is Resolution.OPEN:
        yield Unresolved(said, f"job is {quoted(said.value)}, known only at run time")
    elif lead is not Resolution.FOUND:
        yield Violation(said, f"job {quoted(said.value)}: {_FAULTS[lead]}")
    elif job.subject is None and job.is_readable:
        number = f"{job.count} jobs" if job.count else "no jobs"
        yield Violation(said, f"job {quoted(said.value)} contains {number}; expected one")
