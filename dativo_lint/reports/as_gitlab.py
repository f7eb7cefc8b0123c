"""The report for GitLab's Code Quality widget: an array in a small part of CodeClimate's form."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import chain

from dativo_lint.findings.finding import Crash, Finding
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import Json, json_pieces, shortened
from dativo_lint.reports.sentences import crash_sentence, printable, reason_of, trail
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.rulebook.rule import Severity

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}
_DESCRIPTION = 4000


def as_gitlab(report: Report, _style: Style = PLAIN) -> Iterator[str]:
    """Every finding, its trail folded into the description.

    https://docs.gitlab.com/ci/testing/code_quality
    """
    known = map(_baselined, report.baselined)
    issues = chain(map(_finding, report.findings), known, map(_crash, report.crashes))
    return json_pieces(_distinct(issues))


def _finding(finding: Finding) -> Json:
    lines = {"begin": finding.place.line, "end": finding.place.end_line}
    text = "; ".join([printable(finding.message), *trail(finding)]).replace(".; see: ", "; see: ")
    return {
        "description": shortened(text, _DESCRIPTION),
        "check_name": finding.rule.id,
        "fingerprint": finding.fingerprint or _digest(finding.rule.id, str(finding.place)),
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": finding.place.path, "lines": lines},
    }


def _baselined(finding: Finding) -> Json:
    description = f"{reason_of(finding)}: {printable(finding.message)}"
    return _finding(finding) | {
        "description": shortened(description, _DESCRIPTION),
        "severity": "info",
    }


def _crash(crash: Crash) -> Json:
    return {
        "description": crash_sentence(crash),
        "check_name": crash.rule.id,
        "fingerprint": _digest("internal error", crash.rule.id, crash.path),
        "severity": "blocker",
        "location": {"path": crash.path, "lines": {"begin": 1}},
    }


def _distinct(issues: Iterable[Json]) -> Iterator[Json]:
    """The same issues, each with a fingerprint of its own: GitLab shows only the first of equals.

    Fingerprints that would clash are numbered in the order of the report.
    """
    seen: dict[object, int] = {}
    for issue in issues:
        fingerprint = str(issue["fingerprint"])
        seen[fingerprint] = number = seen.get(fingerprint, 0) + 1
        own = fingerprint if number == 1 else _digest(fingerprint, str(number))
        yield {**issue, "fingerprint": own}


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
