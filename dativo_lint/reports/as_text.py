"""The report for a terminal: by file, what is wrong, the line, who set it before, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from dativo_lint.documents.place import Place
from dativo_lint.findings import Finding, UnresolvedValue
from dativo_lint.reports.columns import wrapped
from dativo_lint.reports.escape import visible
from dativo_lint.reports.excerpt import excerpt
from dativo_lint.reports.style import INK_OF, PLAIN, Ink, Style
from dativo_lint.reports.wording import (
    CRASH_ADVICE,
    crash_sentence,
    fix_of,
    frequent_rules,
    page_of,
    said,
    summary,
)
from dativo_lint.results import Report

_INDENT = "  "
_SOURCE = "    "
_FOLDED = 4
"""From so many files on, one and the same finding is shown once."""
_DOTS = len("......")
_NARROW = 10
_PLACES = 3
"""Places that are named of those that are folded into another."""


def as_text(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """Findings by file, errors first, then internal errors, then the summary in its last lines."""
    shown, others = _folded(report.findings)
    entries: list[Finding | UnresolvedValue] = [
        *shown,
        *(report.unresolved if style.show_unresolved else ()),
    ]
    for _, in_file in groupby(sorted(entries, key=_order), lambda entry: entry.place.path):
        for entry in in_file:
            more = others.get(_sameness(entry), ()) if isinstance(entry, Finding) else ()
            yield "\n".join(_entry(entry, more, style)) + "\n"
        yield "\n"
    if report.crashes:
        yield f"{_crashes(report, style)}\n\n"
    if report.findings:
        yield f"{frequent_rules(report)}\n"
    good = not report.findings and not report.crashes and bool(report.jobs or report.files)
    last = summary(report, lists_open=style.show_unresolved)
    yield f"{style.paint(last, Ink.GOOD if good else Ink.BOLD)}\n"


def _folded(
    findings: Sequence[Finding],
) -> tuple[list[Finding], dict[tuple[object, ...], list[Finding]]]:
    """The findings to show, and those that are named with one that has the same cause.

    They have the same cause where rule, message and trail are the same: a gap in an asset, say,
    that is found in each of its jobs.
    """
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        alike.setdefault(_sameness(finding), []).append(finding)
    shown: list[Finding] = []
    others = {}
    for key, same in alike.items():
        if len({finding.place.path for finding in same}) < _FOLDED:
            shown += same
        else:
            shown.append(same[0])
            others[key] = same[1:]
    return shown, others


def _sameness(finding: Finding) -> tuple[object, ...]:
    return finding.rule.id, finding.message, finding.mentions


def _order(entry: Finding | UnresolvedValue) -> tuple[str | int, ...]:
    rank = entry.severity.rank if isinstance(entry, Finding) else len(INK_OF)
    return entry.place.path, rank, entry.place.line, entry.place.column, entry.rule.id


def _entry(
    entry: Finding | UnresolvedValue, others: Sequence[Finding], style: Style
) -> Iterator[str]:
    if isinstance(entry, Finding):
        mentions, fix = entry.mentions, fix_of(entry.rule)
        word, ink = entry.severity.value, INK_OF[entry.severity]
    else:
        mentions, fix, word, ink = (), "", "unresolved", Ink.NOTE
    gutter = max(len(str(it.line)) for it in (entry.place, *(it.place for it in mentions)))
    at, rule = style.where(entry.place), f"[{visible(entry.rule.id)}]"
    words = [
        (f"{at}:", f"{style.paint(at, Ink.BOLD)}:"),
        (f"{word}:", f"{style.paint(word, ink)}:"),
        *_words(said(entry.message)),
        (rule, style.link(style.paint(rule, Ink.DIM), page_of(entry.rule))),
    ]
    yield from _lines("", words, style)
    yield from _source(entry.source, entry.place, gutter, style, ink)
    for mention in mentions:
        place = style.where(mention.place)
        words = [(f"{place}:", f"{style.paint(place, Ink.BOLD)}:"), *_words(said(mention.sentence))]
        yield from _lines(_INDENT, words, style)
        yield from _source(mention.source, mention.place, gutter, style)
    if others:
        places = ", ".join(style.where(other.place) for other in others[:_PLACES])
        dots = ", ..." if len(others) > _PLACES else ""
        yield from _lines(_INDENT, _words(f"and {len(others):,} more: {places}{dots}"), style)
    if fix:
        words = [("fix:", f"{style.paint('fix', Ink.GOOD)}:"), *_words(fix)]
        yield from _lines(_INDENT, words, style)


def _words(text: str) -> list[tuple[str, str]]:
    return [(word, word) for word in text.split(" ")]


def _lines(first: str, words: Iterable[tuple[str, str]], style: Style) -> Iterator[str]:
    """Lines that fit a terminal, the first one begun with `first`; one line for anybody else."""
    if not style.is_wrapped:
        return iter([first + " ".join(printed for _, printed in words)])
    width = style.width - len(first)
    return (f"{first}{line}" for line in wrapped(words, width, _SOURCE[len(first) :]))


def _crashes(report: Report, style: Style) -> str:
    lines = [style.paint(crash_sentence(crash), Ink.ERROR) for crash in report.crashes]
    return "\n".join([*lines, f"  {CRASH_ADVICE}"])


def _source(
    source: str, place: Place, gutter: int, style: Style, ink: str | None = None
) -> Iterator[str]:
    """The line of the file with its number, and a marker under it where an ink is given."""
    if not source.strip():
        return
    number = f"{place.line:>{gutter}} |"
    room = style.width - len(f"{_SOURCE}{number} ") - _DOTS
    shown, marker = excerpt(source, place, max(room, _NARROW))
    yield f"{_SOURCE}{style.paint(number, Ink.GUTTER)} {shown}"
    if ink is not None:
        bar = style.paint(f"{'':>{gutter}} |", Ink.GUTTER)
        indent = len(marker) - len(marker.lstrip())
        yield f"{_SOURCE}{bar} {marker[:indent]}{style.paint(marker[indent:], ink)}"
