"""The report as workflow commands, which GitHub shows as annotations on the changed lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from dativo_lint.documents.place import Place
from dativo_lint.findings.finding import Crash, Finding
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import in_command, shortened
from dativo_lint.reports.sentences import TOOL, accepted, in_full, plural
from dativo_lint.reports.style import PLAIN, Reader, Style
from dativo_lint.rulebook.rule import Severity

READER = Reader.BUILD_SERVICE

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MESSAGE = 8000
_ESCAPES = str.maketrans({"%": "%25", "\n": "%0A"})
_PROPERTY = _ESCAPES | str.maketrans({":": "%3A", ",": "%2C"})
_SHOWN = 10
"""Annotations of each level that GitHub shows of a step; it leaves out others without a word."""


def as_github(report: Report, _style: Style = PLAIN) -> Iterator[str]:
    """One command a line, the most severe first, and of each level as many as GitHub shows.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    for severity, name in _COMMANDS.items():
        commands: list[Callable[[], str]] = [
            *(partial(_crash, crash) for crash in report.crashes if severity is Severity.ERROR),
            *(
                partial(_note, report, text)
                for text in accepted(report)
                if severity is Severity.NOTE
            ),
            *(partial(_finding, each) for each in report.findings if each.severity is severity),
        ]
        left = len(commands) - _SHOWN + 1
        if left > 1:
            more = f"{plural(left, f'more {name}')}; see the log or the summary of the job"
            commands[_SHOWN - 1 :] = [partial(_command, name, {"title": TOOL}, more)]
        yield from (f"{command()}\n" for command in commands)


def _note(report: Report, text: str) -> str:
    return _command("notice", {"file": report.baseline, "title": "baseline"}, text)


def _finding(finding: Finding) -> str:
    properties = {**_region(finding.place), "title": finding.rule.id}
    return _command(_COMMANDS[finding.severity], properties, in_full(finding))


def _crash(crash: Crash) -> str:
    properties = {"file": crash.path, "title": f"internal error in {crash.rule.id}"}
    return _command("error", properties, in_full(crash))


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
