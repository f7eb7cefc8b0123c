"""A report: all that one run found, and whether it fails."""

from __future__ import annotations

from collections import Counter

from msgspec import Struct

from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.verdict.finding import Crash, Finding, OpenQuestion


class Report(Struct, frozen=True):
    """All that one run found.

    `findings` and `allowed` are sorted by path and place; `rules` are those that ran, with the
    severity that the settings give them, sorted by id. `jobs` counts the jobs judged, `rendered`
    the rendered sets, `files` the texts read; `passed_over` names the given files that concern no
    job.
    """

    findings: tuple[Finding, ...] = ()
    allowed: tuple[Finding, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    crashes: tuple[Crash, ...] = ()
    rules: tuple[Rule, ...] = ()
    jobs: int = 0
    files: int = 0
    passed_over: tuple[str, ...] = ()
    rendered: int = 0

    def fails(self, level: Severity) -> bool:
        """Whether a finding is at least as bad as `level`."""
        return any(finding.severity.reaches(level) for finding in self.findings)

    def count(self, severity: Severity) -> int:
        """How many findings are of just this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def by_rule(self) -> list[tuple[Rule, int]]:
        """Each rule that was broken and how often, the most frequent first, then by id."""
        counts = Counter(finding.rule.id for finding in self.findings)
        rules = {finding.rule.id: finding.rule for finding in self.findings}
        return [(rules[id], n) for id, n in sorted(counts.items(), key=lambda x: (-x[1], x[0]))]
