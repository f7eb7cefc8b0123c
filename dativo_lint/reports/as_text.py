"""The report for a terminal: what is wrong, the line, who said so before, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.documents.place import Place
from dativo_lint.findings import Finding, UnresolvedValue
from dativo_lint.reports.escape import visible
from dativo_lint.reports.excerpt import excerpt
from dativo_lint.reports.style import INK_OF, PLAIN, Ink, Style
from dativo_lint.reports.wording import (
    CRASH_ADVICE,
    crash_sentence,
    fix_of,
    said,
    summary,
    where,
)
from dativo_lint.results import Report


def as_text(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """Every finding with its trail, then the internal errors, then the summary as last line."""
    for finding in report.findings:
        yield f"{_finding(finding, style)}\n\n"
    for question in report.open_questions if style.show_open else ():
        yield f"{_open(question, style)}\n\n"
    if report.crashes:
        yield f"{_crashes(report, style)}\n\n"
    good = not report.findings and not report.crashes and bool(report.jobs or report.files)
    last = summary(report, lists_open=style.show_open)
    yield f"{style.paint(last, Ink.GOOD if good else Ink.BOLD)}\n"


def _finding(finding: Finding, style: Style) -> str:
    gutter = _gutter([finding.place, *(mention.place for mention in finding.mentions)])
    ink = INK_OF[finding.severity]
    lines = [_heading(finding.place, finding.severity.value, ink, finding, style)]
    lines += _source(finding.source, finding.place, gutter, style, ink)
    for mention in finding.mentions:
        lines.append(f"  {style.paint(where(mention.place), Ink.BOLD)}: {said(mention.sentence)}")
        lines += _source(mention.source, mention.place, gutter, style)
    if finding.rule.fix:
        lines.append(f"  {style.paint('fix', Ink.GOOD)}: {fix_of(finding.rule)}")
    return "\n".join(lines)


def _open(question: UnresolvedValue, style: Style) -> str:
    heading = _heading(question.place, "open", Ink.NOTE, question, style)
    gutter = _gutter([question.place])
    source = _source(question.source, question.place, gutter, style, Ink.NOTE)
    return "\n".join([heading, *source])


def _crashes(report: Report, style: Style) -> str:
    lines = [style.paint(crash_sentence(crash), Ink.ERROR) for crash in report.crashes]
    return "\n".join([*lines, f"  {CRASH_ADVICE}"])


def _heading(
    place: Place, word: str, ink: str, one: Finding | UnresolvedValue, style: Style
) -> str:
    at = style.paint(where(place), Ink.BOLD)
    rule = style.paint(f"[{visible(one.rule.id)}]", Ink.DIM)
    return f"{at}: {style.paint(word, ink)}: {said(one.message)} {rule}"


def _source(
    source: str, place: Place, gutter: int, style: Style, ink: str | None = None
) -> list[str]:
    """The line of the file with its number, and a marker under it where an ink is given."""
    if not source.strip():
        return []
    shown, marker = excerpt(source, place, style.width)
    number = style.paint(f"{place.line:>{gutter}} |", Ink.GUTTER)
    lines = [f"    {number} {shown}"]
    if ink is not None:
        bar = style.paint(f"{'':>{gutter}} |", Ink.GUTTER)
        indent = len(marker) - len(marker.lstrip())
        lines.append(f"    {bar} {marker[:indent]}{style.paint(marker[indent:], ink)}")
    return lines


def _gutter(places: list[Place]) -> int:
    return max(len(str(place.line)) for place in places)
