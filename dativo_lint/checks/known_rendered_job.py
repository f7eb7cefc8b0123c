"""a rendered set tells a known sink, and names a file with the job that it was rendered from"""

from __future__ import annotations

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import RuleParams
from dativo_lint.checks.wording import nearest, shown
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.references import Resolution
from dativo_lint.jobs.rendered import JobOf, RenderedSet
from dativo_lint.jobs.sinks import RECEIVING

APPLIES_TO = ("rendered",)


Params = RuleParams


_NOWHERE = {
    Resolution.MISSING: "file not found",
    Resolution.OUTSIDE: "it is outside the repository",
    Resolution.MALFORMED: "it is no path",
    Resolution.REMOTE: "file not found",
}


def prepare(params: Params) -> Judge:
    """Look at what the set tells of where it is from."""

    def judge(rendered: RenderedSet) -> Answers:
        sink = rendered.sink_said
        if not rendered.sink_name and sink is not None:
            known = ", ".join(RECEIVING)
            hint = nearest(str(sink.value), RECEIVING)
            yield Violation(sink, f"sink is {shown(sink.value)}; there are {known}{hint}")
        elif not rendered.sink_name and rendered.job.subject is not None:
            yield Unresolved(rendered.block, "nothing tells for which sink the tags were rendered")
        if rendered.job.said is not None:
            yield from _unheld(rendered.job.said, rendered.job)

    return judge


def _unheld(said: FieldRef, job: JobOf) -> Answers:
    """Why a set cannot be held against the job that it names."""
    lead = Resolution.MALFORMED if job.reference is None else job.reference.resolution
    if lead is Resolution.OPEN:
        yield Unresolved(said, f"job is {shown(said.value)}, known only at run time")
    elif lead is not Resolution.FOUND:
        yield Violation(said, f"job is {shown(said.value)}; {_NOWHERE[lead]}")
    elif job.subject is None and job.is_readable:
        number = f"{job.count} jobs" if job.count else "no job"
        yield Violation(said, f"job is {shown(said.value)}, which holds {number}; expected one")
