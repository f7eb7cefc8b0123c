"""The report as a table: one row a finding with its trail under it, and a count a rule."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.documents.place import Place
from dativo_lint.reports.columns import table
from dativo_lint.reports.entries import Entry, entries
from dativo_lint.reports.escape import visible
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.reports.wording import crash_sentence, page_of, pages_of, said, summary
from dativo_lint.results import Report

# A cell pads its whole column, so one long value would make every row as long.
_CELL = 160
_PLACE = 80
_COLUMNS = ("severity", "place", "rule", "message")


def as_table(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """The findings, how often each rule was broken, and the summary."""
    pages = pages_of(rule for rule, _ in report.by_rule())
    rows = [_row(entry, style) for entry in entries(report, style)]
    if rows:
        yield f"{table(_COLUMNS, rows, style, pages)}\n\n"
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
    yield f"{summary(report, style)}\n"


def _row(entry: Entry, style: Style) -> tuple[str, ...]:
    """One row; the trail stands in the same row, a line a step."""
    answer = entry.answer
    places = [_place(answer.place, style)]
    sentences = [said(answer.message, _CELL)]
    for mention in entry.mentions:
        places.append(f"- {_place(mention.place, style)}")
        sentences.append(f"- {said(mention.sentence, _CELL)}")
    return entry.state, "\n".join(places), visible(answer.rule.id), "\n".join(sentences)


def _place(place: Place, style: Style) -> str:
    shown = style.where(place)
    return shown if len(shown) <= _PLACE else f"...{shown[-_PLACE:]}"
