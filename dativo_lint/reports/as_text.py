"""The report for a terminal: by file, with the line, the trail and the fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from dativo_lint.documents.place import Place
from dativo_lint.findings.report import Report
from dativo_lint.reports.columns import wrapped
from dativo_lint.reports.entries import Entry, entries
from dativo_lint.reports.escape import visible
from dativo_lint.reports.excerpt import excerpt
from dativo_lint.reports.sentences import (
    CRASH_ADVICE,
    crash_sentence,
    frequent_rules,
    page_of,
    printable,
    summary,
)
from dativo_lint.reports.style import INKS, PLAIN, Ink, Reader, Style

READER = Reader.PEOPLE

_INDENT = "  "
_SOURCE = "    "
_FOLDED = 4
"""The number of files from which equal findings are shown once."""
_DOTS = len("......")
_NARROW = 10
_PLACES = 3
"""Named places of findings that are folded into another."""


def as_text(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """Findings by file, errors first, then internal errors, then the summary in its last lines."""
    shown, others = _folded(entries(report, style))
    for _, in_file in groupby(shown, lambda entry: entry.answer.place.path):
        for entry in in_file:
            yield "\n".join(_entry(entry, others.get(_sameness(entry), ()), style)) + "\n"
        yield "\n"
    if report.crashes:
        yield f"{_crashes(report, style)}\n\n"
    for words in frequent_rules(report, style):
        yield from (f"{line}\n" for line in _lines("", words, style))
    good = not report.findings and not report.crashes and bool(report.jobs or report.files)
    for line in _lines("", _words(summary(report, style)), style):
        yield f"{style.paint(line, Ink.GOOD if good else Ink.BOLD)}\n"


def _folded(listed: Sequence[Entry]) -> tuple[list[Entry], dict[tuple[object, ...], list[Entry]]]:
    """The entries to show, and those that are folded into one of the same cause.

    The cause is the same if rule, message and trail are: a gap in an asset, for example, that is
    found in each of its jobs.
    """
    alike: dict[tuple[object, ...], list[Entry]] = {}
    for entry in listed:
        alike.setdefault(_sameness(entry), []).append(entry)
    others = {
        key: same[1:]
        for key, same in alike.items()
        if len({entry.answer.place.path for entry in same}) >= _FOLDED
    }
    named = {id(entry) for same in others.values() for entry in same}
    return [entry for entry in listed if id(entry) not in named], others


def _sameness(entry: Entry) -> tuple[object, ...]:
    return entry.state, entry.answer.rule.id, entry.answer.message, entry.mentions


def _entry(entry: Entry, others: Sequence[Entry], style: Style) -> Iterator[str]:
    answer, mentions, ink = entry.answer, entry.mentions, INKS[entry.state]
    places = (answer.place, *(mention.place for mention in mentions))
    gutter = max(len(str(place.line)) for place in places)
    at, rule = style.where(answer.place), f"[{visible(answer.rule.id)}]"
    words = [
        (f"{at}:", f"{style.paint(at, Ink.BOLD)}:"),
        (f"{entry.state}:", f"{style.paint(entry.state, ink)}:"),
        *_words(printable(answer.message)),
        (rule, style.link(style.paint(rule, Ink.DIM), page_of(answer.rule))),
    ]
    yield from _lines("", words, style)
    yield from _source(answer.source, answer.place, gutter, style, ink)
    for mention in mentions:
        place = style.where(mention.place)
        words = [
            (f"{place}:", f"{style.paint(place, Ink.BOLD)}:"),
            *_words(printable(mention.sentence)),
        ]
        yield from _lines(_INDENT, words, style)
        yield from _source(mention.source, mention.place, gutter, style)
    if others:
        named = ", ".join(style.where(other.answer.place) for other in others[:_PLACES])
        dots = ", ..." if len(others) > _PLACES else ""
        yield from _lines(_INDENT, _words(f"and {len(others):,} more: {named}{dots}"), style)
    if entry.fix:
        words = [("fix:", f"{style.paint('fix', Ink.GOOD)}:"), *_words(entry.fix)]
        yield from _lines(_INDENT, words, style)


def _words(text: str) -> list[tuple[str, str]]:
    return [(word, word) for word in text.split(" ")]


def _lines(first: str, words: Iterable[tuple[str, str]], style: Style) -> Iterator[str]:
    """Lines that fit a terminal, the first one after `first`; elsewhere one line."""
    if not style.is_wrapped:
        return iter([first + " ".join(printed for _, printed in words)])
    width = style.width - len(first)
    return (f"{first}{line}" for line in wrapped(words, width, _SOURCE[len(first) :]))


def _crashes(report: Report, style: Style) -> str:
    lines = [style.paint(crash_sentence(crash, style), Ink.ERROR) for crash in report.crashes]
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
