"""The report in one line a finding, and nothing else: for editors and grep."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.reports.escape import visible
from dativo_lint.reports.style import INK_OF, PLAIN, Ink, Style
from dativo_lint.reports.wording import crash_sentence, said
from dativo_lint.results import Report


def as_concise(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """`path:line:column: severity: message [rule]` for each finding, in the report's order."""
    for finding in report.findings:
        rule = style.paint(f"[{visible(finding.rule.id)}]", Ink.DIM)
        place = style.paint(style.where(finding.place), Ink.BOLD)
        severity = style.paint(finding.severity.value, INK_OF[finding.severity])
        yield f"{place}: {severity}: {said(finding.message)} {rule}\n"
    for value in report.unresolved if style.show_unresolved else ():
        place, rule = style.where(value.place), visible(value.rule.id)
        yield f"{place}: unresolved: {said(value.message)} [{rule}]\n"
    for crash in report.crashes:
        yield f"{crash_sentence(crash)}\n"
