"""How often each rule was broken, the most frequent first, and the summary."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.findings.report import Report
from dativo_lint.reports.columns import fitted, table
from dativo_lint.reports.escape import visible
from dativo_lint.reports.sentences import crash_sentence, page_of, pages_of, printable, summary
from dativo_lint.reports.style import PLAIN, Reader, Style

READER = Reader.PEOPLE


def as_statistics(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """A row a rule: findings, severity, rule, what it is about, and outside a terminal its page."""
    if report.findings:
        yield f"{counts(report, style)}\n\n"
    for crash in report.crashes:
        yield f"{crash_sentence(crash)}\n\n"
    yield f"{fitted(summary(report, style), style)}\n"


def counts(report: Report, style: Style) -> str:
    """The table."""
    headers = ("findings", "severity", "rule", "defect", "page")
    rows = [
        (
            f"{count:,}",
            rule.severity.value,
            visible(rule.id),
            printable(rule.summary),
            page_of(rule),
        )
        for rule, count in report.by_rule()
    ]
    shown = len(headers) - style.is_wrapped
    pages = pages_of(rule for rule, _ in report.by_rule())
    return table(headers[:shown], [row[:shown] for row in rows], style, pages)
