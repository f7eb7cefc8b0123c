"""a rendered set names a known sink, and a file with the job that it was rendered from"""

from __future__ import annotations

from dativo_lint.checks.params import RuleParams
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.references import Resolution
from dativo_lint.jobs.rendered import JobSource, RenderedSet
from dativo_lint.jobs.sinks import RECEIVING
from dativo_lint.names import nearest

APPLIES_TO = ("rendered",)


class Check(RuleParams, frozen=True):
    """Look up the sink and the job of a set."""

    def judge(self, rendered: RenderedSet) -> Results:
        sink = rendered.sink_field
        if not rendered.sink_name and sink is not None:
            known = ", ".join(RECEIVING)
            hint = nearest(str(sink.value), RECEIVING)
            yield Violation(sink, f"sink is {quoted(sink.value)}; expected one of: {known}{hint}")
        elif not rendered.sink_name and rendered.source.job is not None:
            yield Unresolved(rendered.block, "the sink that the tags were rendered for is unknown")
        if rendered.source.field is not None:
            yield from _incomparable(rendered.source.field, rendered.source)


_FAULTS = {
    Resolution.MISSING: "file not found",
    Resolution.OUTSIDE: "outside the repository",
    Resolution.MALFORMED: "not a path",
    Resolution.REMOTE: "file not found",
}


def _incomparable(field: FieldRef, source: JobSource) -> Results:
    """Why a set cannot be compared with the job that it names."""
    lead = Resolution.MALFORMED if source.reference is None else source.reference.resolution
    if lead is Resolution.OPEN:
        yield Unresolved(field, f"job is {quoted(field.value)}, known only at run time")
    elif lead is not Resolution.FOUND:
        yield Violation(field, f"job {quoted(field.value)}: {_FAULTS[lead]}")
    elif source.job is None and source.is_readable:
        number = f"{source.count} jobs" if source.count else "no jobs"
        yield Violation(field, f"job {quoted(field.value)} contains {number}; expected one")
