"""Suppressions for findings that are left: one comment a line, with all its rules."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from dativo_lint.documents.place import Place
from dativo_lint.edits.comments import has_comment
from dativo_lint.edits.fix import Edit, Fix
from dativo_lint.findings.finding import Finding
from dativo_lint.findings.report import Report

_WITH_COMMENTS = (".yaml", ".yml", ".tf", ".tofu")


def with_suppressions(report: Report, reason: str, until: date | None) -> Report:
    """A report whose findings have, as their only fix, a comment that accepts them."""
    rules: dict[tuple[str, int], set[str]] = {}
    for finding in report.findings:
        rules.setdefault((finding.place.path, finding.place.line), set()).add(finding.rule.id)
    day = f" until {until.isoformat()}" if until is not None else ""

    def suppressed(finding: Finding) -> Finding:
        path, line = finding.place.path, finding.place.line
        title = "Suppress it"
        if not path.lower().endswith(_WITH_COMMENTS) or not finding.source:
            fix = Fix(title, refusal="there is no line for a comment")
        elif has_comment(finding.source):
            fix = Fix(title, refusal="another suppression is on its line")
        else:
            names = ", ".join(sorted(rules[path, line]))
            end = len(finding.source.rstrip()) + 1
            where = Place(path, line, end, line, len(finding.source) + 1)
            comment = f"  # dativo-lint: ignore[{names}]{day} because {reason}"
            fix = Fix(title, (Edit(where, comment),))
        return replace(finding, fixes=(fix,))

    return replace(report, findings=tuple(map(suppressed, report.findings)))
