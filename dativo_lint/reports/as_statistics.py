"""How often each rule was broken, the most frequent first, and the summary."""

from __future__ import annotations

from collections.abc import Iterator

from tabulate import tabulate

from dativo_lint.reports.escape import visible
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.reports.wording import crash_sentence, said, summary
from dativo_lint.results import Report


def as_statistics(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """A row a rule: findings, severity, rule, and what it is about."""
    rows = [
        (f"{count:,}", rule.severity.value, visible(rule.id), said(rule.summary))
        for rule, count in report.by_rule()
    ]
    if rows:
        headers = ("findings", "severity", "rule", "defect")
        yield f"{tabulate(rows, headers=headers, tablefmt='simple', disable_numparse=True)}\n\n"
    for crash in report.crashes:
        yield f"{crash_sentence(crash)}\n\n"
    yield f"{summary(report, lists_open=style.show_unresolved)}\n"
