"""The report in one line a finding, and nothing else: for editors and grep."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.findings.report import Report
from dativo_lint.reports.entries import entries
from dativo_lint.reports.escape import visible
from dativo_lint.reports.sentences import crash_sentence, page_of, printable
from dativo_lint.reports.style import INKS, PLAIN, Ink, Reader, Style

READER = Reader.PEOPLE


def as_concise(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """`path:line:column: severity: message [rule]` for each finding, in the order of text."""
    for entry in entries(report, style):
        answer = entry.answer
        place = style.paint(style.where(answer.place), Ink.BOLD)
        state = style.paint(entry.state, INKS[entry.state])
        name = style.paint(f"[{visible(answer.rule.id)}]", Ink.DIM)
        rule = style.link(name, page_of(answer.rule))
        because = f" {entry.because}" if entry.because else ""
        yield f"{place}: {state}: {printable(answer.message)} {rule}{because}\n"
    for crash in report.crashes:
        yield f"{crash_sentence(crash, style)}\n"
