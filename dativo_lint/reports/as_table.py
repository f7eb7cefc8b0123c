"""The report as a table: one row a finding with its trail under it, and a count a rule."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.documents.place import Place
from dativo_lint.findings.report import Report
from dativo_lint.reports.columns import fitted, table
from dativo_lint.reports.entries import Entry, entries
from dativo_lint.reports.escape import visible
from dativo_lint.reports.sentences import crash_sentence, page_of, pages_of, printable, summary
from dativo_lint.reports.style import PLAIN, Reader, Style

READER = Reader.PEOPLE

# A place pads its whole column, so one long path would make every row as long.
_PLACE = 300
_COLUMNS = ("severity", "place", "message")


def as_table(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """The findings, how often each rule was broken, and the summary."""
    pages = pages_of(rule for rule, _ in report.by_rule())
    rows = [row for entry in entries(report, style) for row in _rows(entry, style)]
    if rows:
        yield f"{table(_COLUMNS, rows, style)}\n\n"
    counts = [
        (f"{count:,}", visible(rule.id), visible(rule.family), page_of(rule))[
            : 4 - style.is_wrapped
        ]
        for rule, count in report.by_rule()
    ]
    if counts:
        headers = ("findings", "rule", "family", "page")[: 4 - style.is_wrapped]
        yield f"{table(headers, counts, style, pages)}\n\n"
    for crash in report.crashes:
        yield f"{crash_sentence(crash)}\n\n"
    yield f"{fitted(summary(report, style), style)}\n"


def _rows(entry: Entry, style: Style) -> Iterator[tuple[str, ...]]:
    """The row of an entry, and one for each step of its trail."""
    answer = entry.answer
    message = f"{printable(answer.message)} [{visible(answer.rule.id)}]"
    yield entry.state, _place(answer.place, style), message
    for mention in entry.mentions:
        yield "", _place(mention.place, style), f"- {printable(mention.sentence)}"


def _place(place: Place, style: Style) -> str:
    shown = style.where(place)
    return shown if len(shown) <= _PLACE else f"...{shown[-_PLACE:]}"
