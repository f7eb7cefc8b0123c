"""The report as logging commands, which Azure Pipelines shows as issues of the run."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import in_command, shortened
from dativo_lint.reports.sentences import accepted, in_full, worst_first
from dativo_lint.reports.style import PLAIN, Reader, Style
from dativo_lint.rulebook.rule import Severity

READER = Reader.BUILD_SERVICE

_MESSAGE = 4000
_ESCAPES = str.maketrans({"%": "%AZP25", "\n": "%0A", ";": "%3B", "]": "%5D"})


def as_azure(report: Report, _style: Style = PLAIN) -> Iterator[str]:
    """One command a line, the most severe first, for ten errors and ten warnings of a step are
    shown; Azure knows no notes.

    https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
    """
    for crash in report.crashes:
        yield _issue("error", {"sourcepath": crash.path, "code": crash.rule.id}, in_full(crash))
    for finding in worst_first(report.findings):
        place = finding.place
        properties = {
            "sourcepath": place.path,
            "linenumber": str(place.line),
            "columnnumber": str(place.column),
            "code": finding.rule.id,
        }
        kind = "error" if finding.severity is Severity.ERROR else "warning"
        yield _issue(kind, properties, in_full(finding))
    yield from (f"{text}\n" for text in accepted(report))


def _issue(kind: str, properties: dict[str, str], message: str) -> str:
    spelled = "".join(
        f"{key}={in_command(value, _ESCAPES)};" for key, value in properties.items() if value
    )
    text = in_command(shortened(message, _MESSAGE), _ESCAPES)
    return f"##vso[task.logissue type={kind};{spelled}]{text}\n"
