"""The report as a table: one row a finding with its trail under it, and a count a rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tabulate import tabulate

from dativo_lint.documents.place import Place
from dativo_lint.findings import Finding
from dativo_lint.reports.escape import visible
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.reports.wording import crash_sentence, said, summary
from dativo_lint.results import Report

# A cell pads its whole column, so one long value would make every row as long.
_CELL = 160
_PLACE = 80
_COLUMNS = ("severity", "place", "rule", "message")


def as_table(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """The findings, how often each rule was broken, and the summary."""
    rows = [_row(finding, style) for finding in report.findings]
    if style.show_unresolved:
        rows += [
            ("unresolved", _place(one.place, style), visible(one.rule.id), said(one.message, _CELL))
            for one in report.unresolved
        ]
    if rows:
        yield f"{_grid(_COLUMNS, rows)}\n\n"
    counts = [
        (f"{count:,}", visible(rule.id), visible(rule.family)) for rule, count in report.by_rule()
    ]
    if counts:
        yield f"{_grid(('findings', 'rule', 'family'), counts)}\n\n"
    for crash in report.crashes:
        yield f"{crash_sentence(crash)}\n\n"
    yield f"{summary(report, lists_open=style.show_unresolved)}\n"


def _row(finding: Finding, style: Style) -> tuple[str, ...]:
    """One row; the trail stands in the same row, a line a step."""
    places = [_place(finding.place, style)]
    sentences = [said(finding.message, _CELL)]
    for mention in finding.mentions:
        places.append(f"- {_place(mention.place, style)}")
        sentences.append(f"- {said(mention.sentence, _CELL)}")
    return (
        finding.severity.value,
        "\n".join(places),
        visible(finding.rule.id),
        "\n".join(sentences),
    )


def _place(place: Place, style: Style) -> str:
    shown = style.where(place)
    return shown if len(shown) <= _PLACE else f"...{shown[-_PLACE:]}"


def _grid(headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    table = tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True)
    return "\n".join(line.rstrip() for line in table.split("\n"))
