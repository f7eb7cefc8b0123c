"""The report as workflow commands, which GitHub shows as annotations on the changed lines."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.documents.place import Place
from dativo_lint.findings.finding import Crash, Finding
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import in_command, shortened
from dativo_lint.reports.sentences import (
    CRASH_ADVICE,
    accepted,
    crash_sentence,
    printable,
    trail,
    worst_first,
)
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.rulebook.rule import Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MESSAGE = 8000
_ESCAPES = str.maketrans({"%": "%25", "\n": "%0A"})
_PROPERTY = _ESCAPES | str.maketrans({":": "%3A", ",": "%2C"})


def as_github(report: Report, _style: Style = PLAIN) -> Iterator[str]:
    """One command a line, the most severe first, for GitHub shows ten of each level a step.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    for crash in report.crashes:
        yield f"{_crash(crash)}\n"
    for finding in worst_first(report.findings):
        yield f"{_finding(finding)}\n"
    for text in accepted(report):
        yield f"{_command('notice', {'file': report.baseline, 'title': 'baseline'}, text)}\n"


def _finding(finding: Finding) -> str:
    message = "\n".join([printable(finding.message), *trail(finding)])
    properties = {**_region(finding.place), "title": finding.rule.id}
    return _command(_COMMANDS[finding.severity], properties, message)


def _crash(crash: Crash) -> str:
    properties = {"file": crash.path, "title": f"internal error in {crash.rule.id}"}
    return _command("error", properties, f"{crash_sentence(crash)}\n{CRASH_ADVICE}")


def _region(place: Place) -> dict[str, str]:
    """Columns only count within one line; GitHub drops other annotations."""
    region = {"file": place.path, "line": str(place.line), "endLine": str(place.end_line)}
    if place.line == place.end_line:
        region["col"] = str(place.column)
        if place.end_column > place.column:
            region["endColumn"] = str(place.end_column)
    return region


def _command(name: str, properties: dict[str, str], message: str) -> str:
    spelled = ",".join(
        f"{key}={in_command(value, _PROPERTY)}" for key, value in properties.items() if value
    )
    return f"::{name} {spelled}::{in_command(shortened(message, _MESSAGE), _ESCAPES)}"
