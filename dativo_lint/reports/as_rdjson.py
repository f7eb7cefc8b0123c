"""The report for reviewdog, in its Diagnostic Format; what is accepted is left out, as there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from dativo_lint.documents.place import Place, byte_column
from dativo_lint.edits.fix import Fix
from dativo_lint.findings.finding import Crash, Finding
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import Json, json_pieces, visible
from dativo_lint.reports.sentences import (
    TOOL,
    fix_of,
    in_full,
    page_of,
    printable,
    where,
)
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.version import HOME

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def as_rdjson(report: Report, _style: Style = PLAIN) -> Iterator[str]:
    """A diagnostic a finding; its trail are related locations, and its edits suggestions.

    https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
    """
    diagnostics = chain(map(_crash, report.crashes), map(_finding, report.findings))
    return json_pieces({"source": {"name": TOOL, "url": HOME}, "diagnostics": diagnostics})


def _finding(finding: Finding) -> Json:
    message = printable(finding.message) or visible(finding.rule.id)
    severity = finding.severity.value
    lines = [message, *([f"fix: {fix_of(finding.rule)}"] if finding.rule.fix else [])]
    lines += [_title(fix, finding.place.path) for fix in finding.fixes if fix.edits]
    mentions = [
        {
            "message": printable(mention.sentence),
            "location": _location(mention.place, mention.source),
        }
        for mention in finding.mentions
    ]
    suggestions = [each for fix in finding.fixes for each in _suggestions(fix, finding.place.path)]
    return {
        "message": "\n".join(lines),
        "location": _location(finding.place, finding.source),
        "severity": _SEVERITIES[finding.severity],
        "code": _code(finding.rule),
        **({"suggestions": suggestions} if suggestions else {}),
        **({"related_locations": mentions} if mentions else {}),
        "original_output": (
            f"{where(finding.place)}: {severity}: {message} [{visible(finding.rule.id)}]"
        ),
    }


def _crash(crash: Crash) -> Json:
    return {
        "message": in_full(crash),
        "location": {"path": crash.path or "."},
        "severity": "ERROR",
        "code": _code(crash.rule),
    }


def _code(rule: Rule) -> Json:
    page = page_of(rule)
    return {"value": visible(rule.id), **({"url": page} if page else {})}


def _title(fix: Fix, path: str) -> str:
    """What a fix does, and in which other files, which no suggestion can edit."""
    others = sorted({edit.place.path for edit in fix.edits} - {path})
    at = f" in {', '.join(map(visible, others))}" if others else ""
    return f"suggestion{at}: {printable(fix.title)}{'' if fix.is_safe else ' (unsafe)'}"


def _suggestions(fix: Fix, path: str) -> list[Json]:
    """Its edits, if each can be made alone, by bytes, and in the file of the finding."""
    if any(edit.place.path != path or 0 in edit.byte_columns or edit.others for edit in fix.edits):
        return []
    return [
        {"range": _range(edit.place, *edit.byte_columns), "text": edit.text} for edit in fix.edits
    ]


def _location(place: Place, source: str) -> Json:
    """Whole lines, if there are several, or the columns are not known."""
    start, end = (byte_column(source, column) for column in (place.column, place.end_column))
    if place.line == place.end_line and start and end:
        return {"path": place.path or ".", "range": _range(place, start, end)}
    last = max(place.line, place.end_line - (place.end_column == 1))
    lines = {"start": {"line": place.line}, "end": {"line": last}}
    return {"path": place.path or ".", "range": lines}


def _range(place: Place, start: int, end: int) -> Json:
    return {
        "start": {"line": place.line, "column": start},
        "end": {"line": place.end_line, "column": end},
    }
