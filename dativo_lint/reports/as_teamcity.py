"""The report as service messages, which TeamCity shows as inspections of the build."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from dativo_lint.findings.finding import Crash, Finding
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import in_command, shortened
from dativo_lint.reports.sentences import TOOL, accepted, in_full, printable, worst_first
from dativo_lint.reports.style import PLAIN, Reader, Style
from dativo_lint.rulebook.rule import Rule, Severity

READER = Reader.BUILD_SERVICE

_SEVERITIES = {
    Severity.ERROR: "ERROR",
    Severity.WARNING: "WARNING",
    Severity.NOTE: "WEAK WARNING",
}
_NAME, _MESSAGE, _DESCRIPTION = 255, 3900, 650
"""At most 255, 4000 and 4000 characters are allowed, and those of HTML may become six."""
_ESCAPES = str.maketrans({"|": "||", "'": "|'", "\n": "|n", "[": "|[", "]": "|]"})


def as_teamcity(report: Report, _style: Style = PLAIN) -> Iterator[str]:
    """An inspection a finding, the most severe first, after the types of the inspections.

    https://www.jetbrains.com/help/teamcity/service-messages.html#Reporting+Inspections
    """
    findings = worst_first(report.findings)
    rules = [*(crash.rule for crash in report.crashes), *(finding.rule for finding in findings)]
    yield from map(_type, {rule.id: rule for rule in rules}.values())
    for crash in report.crashes:
        yield _inspection(crash, Severity.ERROR, {"file": crash.path})
    for finding in findings:
        where = {"file": finding.place.path, "line": str(finding.place.line)}
        yield _inspection(finding, finding.severity, where)
    yield from (_message("message", {"text": text}) for text in accepted(report))


def _type(rule: Rule) -> str:
    """TeamCity takes the description for HTML, and requires all four."""
    values = {
        "id": rule.id[:_NAME],
        "name": (printable(rule.summary) or rule.id)[:_NAME],
        "description": escape(printable(" ".join(rule.why.split()), _DESCRIPTION)) or rule.id,
        "category": f"{TOOL} {rule.family}"[:_NAME],
    }
    return _message("inspectionType", values)


def _inspection(item: Finding | Crash, severity: Severity, where: dict[str, str]) -> str:
    message = shortened(in_full(item), _MESSAGE)
    values = {"typeId": item.rule.id[:_NAME], "message": message, **where}
    return _message("inspection", {**values, "SEVERITY": _SEVERITIES[severity]})


def _message(name: str, values: dict[str, str]) -> str:
    spelled = "".join(f" {key}='{_value(value)}'" for key, value in values.items() if value)
    return f"##teamcity[{name}{spelled}]\n"


def _value(text: str) -> str:
    """A value in ASCII: agents read output in the encoding of their own machine."""
    return re.sub(r"[^ -~]", _unicode, in_command(text, _ESCAPES))


def _unicode(character: re.Match[str]) -> str:
    units = character.group().encode("utf-16-be")
    return "".join(f"|0x{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
