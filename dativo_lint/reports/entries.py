"""What the forms for people list, in one order: findings, and what else is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from dativo_lint.documents.place import Place
from dativo_lint.findings.finding import Finding, Mention, UnresolvedValue
from dativo_lint.findings.report import Report
from dativo_lint.reports.sentences import fix_of, reason_of
from dativo_lint.reports.style import INKS, Style

_STATES = tuple(INKS)


class Entry(Struct, frozen=True):
    """A finding, or what is unresolved or suppressed; `state` is the severity, or which of them.

    `because` is the reason of a suppression.
    """

    state: str
    answer: Finding | UnresolvedValue
    mentions: tuple[Mention, ...] = ()
    fix: str = ""
    because: str = ""


def entries(report: Report, style: Style) -> list[Entry]:
    """All that is listed, by file and in a file the worst first."""
    listed = [
        Entry(finding.severity.value, finding, finding.mentions, fix_of(finding.rule))
        for finding in report.findings
    ]
    if style.show_unresolved:
        listed += _unresolved(report.unresolved)
    if style.show_suppressed:
        listed += map(_suppressed, (*report.suppressed, *report.baselined))
    return sorted(listed, key=_order)


def _unresolved(values: Iterable[UnresolvedValue]) -> Iterator[Entry]:
    """An entry a place: what other rules ask of the same value is mentioned with it."""
    at_place: dict[Place, list[UnresolvedValue]] = {}
    for value in values:
        at_place.setdefault(value.place, []).append(value)
    for place, (first, *others) in at_place.items():
        more = (Mention(place, f"{each.message} [{each.rule.id}]") for each in others)
        yield Entry("unresolved", first, tuple(more))


def _suppressed(finding: Finding) -> Entry:
    reason = reason_of(finding)
    at = finding.suppression.place if finding.suppression else finding.place
    because = reason.removeprefix("suppressed").strip()
    return Entry("suppressed", finding, (Mention(at, reason),), because=because)


def _order(entry: Entry) -> tuple[str | int, ...]:
    place, rank = entry.answer.place, _STATES.index(entry.state)
    return place.path, rank, place.line, place.column, entry.answer.rule.id
