"""Report: the result of a run, which every form of a report shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from dativo_lint.findings.baseline import Entry
from dativo_lint.findings.finding import Crash, Finding, UnresolvedValue
from dativo_lint.findings.secrets import Secret
from dativo_lint.findings.shards import CheckPart
from dativo_lint.jobs.suppression_comment import Suppression
from dativo_lint.rulebook.rule import Rule, Severity


class Report(Struct, frozen=True):
    """The result of a run.

    `findings`, `suppressed` and `baselined` are sorted by path and place. `baseline` is the path of
    the baseline, if there is one, `stale` its entries with the number of findings of each that no
    longer occur. `suppressions` are all that concern files of the run, each with the number of
    findings that it accepts, sorted by place. `rules` are those that ran, with their effective
    severity, sorted by id. `jobs` counts the jobs, `rendered` the rendered sets, of which
    `lone_sets` have no job to be compared with, `files` the files in `read`; `passed_over` are
    given files unrelated to jobs, `skipped` these and all others that were not checked, each with
    the reason; `judged` are those that were judged as a whole. `warnings` are about the
    settings, and about files that were meant to be judged. `since` is the commit whose changes
    chose the jobs; if `only_new`, findings that were there are
    among the `baselined`. `part` is what a shard hands over to be merged. `fixed` counts the
    findings that were fixed before. `owners` has the owner of all jobs that use a file with
    findings, by its path: empty for jobs without, None where they have several. `secrets` are what
    no excerpt of a file may show.
    """

    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    unresolved: tuple[UnresolvedValue, ...] = ()
    crashes: tuple[Crash, ...] = ()
    rules: tuple[Rule, ...] = ()
    jobs: int = 0
    files: int = 0
    passed_over: tuple[str, ...] = ()
    rendered: int = 0
    lone_sets: int = 0
    read: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    baselined: tuple[Finding, ...] = ()
    baseline: str = ""
    stale: tuple[tuple[Entry, int], ...] = ()
    suppressions: tuple[tuple[Suppression, int], ...] = ()
    warnings: tuple[str, ...] = ()
    part: CheckPart | None = None
    judged: tuple[str, ...] = ()
    since: str = ""
    only_new: bool = False
    fixed: int = 0
    owners: Mapping[str, str | None] = {}
    secrets: frozenset[Secret] = frozenset()

    @property
    def unresolved_values(self) -> int:
        """How many values are unresolved, whichever rules ask for them."""
        return len({question.place for question in self.unresolved})

    @property
    def in_baseline(self) -> tuple[Finding, ...]:
        """The findings that the baseline accepts."""
        return tuple(each for each in self.baselined if each.suppression and each.suppression.since)

    @property
    def unchanged(self) -> tuple[Finding, ...]:
        """The findings that were there at `since`."""
        return tuple(
            each for each in self.baselined if not (each.suppression and each.suppression.since)
        )

    @property
    def fixable(self) -> int:
        """How many findings have a safe fix."""
        return sum(any(fix.is_safe and fix.edits for fix in each.fixes) for each in self.findings)

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
