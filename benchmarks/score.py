"""Score: which seeded defects a report tells, and what it tells of files without any."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Score:
    """A report held against the manifest.

    All are counts by rule: of the defects that are `seeded`, those that are `missed`, and those of
    rules that did not run, `asleep`; of findings, the `false` ones in files without a seeded
    defect, and those `beside` a seeded defect of another rule.
    """

    seeded: Counter[str]
    missed: Counter[str]
    asleep: Counter[str]
    false: Counter[str]
    beside: Counter[str]
    allowed: int
    open_questions: int
    crashes: int

    @property
    def told(self) -> int:
        """How many of the seeded defects are told."""
        return self.seeded.total() - self.missed.total() - self.asleep.total()


def score(manifest: Path, report: Path) -> Score:
    """Hold a JSON report against the manifest of a monorepo."""
    seeds = json.loads(manifest.read_text(encoding="utf-8"))
    said = json.loads(report.read_text(encoding="utf-8"))
    rules_by_file: dict[str, set[str]] = {}
    for seed in seeds:
        for path in seed["files"]:
            rules_by_file.setdefault(path, set()).add(seed["rule"])
    told: set[tuple[str, str]] = set()
    false: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    for finding in said["findings"]:
        rule, paths = finding["rule"], _paths(finding)
        told |= {(rule, path) for path in paths}
        expected = set().union(*(rules_by_file.get(path, ()) for path in paths))
        if not expected:
            false[rule] += 1
        elif rule not in expected:
            beside[rule] += 1
    missed = [it for it in seeds if not told & {(it["rule"], path) for path in it["files"]}]
    ran = {rule["id"] for rule in said["rules"]}
    return Score(
        seeded=Counter(seed["rule"] for seed in seeds),
        missed=Counter(seed["rule"] for seed in missed if seed["rule"] in ran),
        asleep=Counter(seed["rule"] for seed in missed if seed["rule"] not in ran),
        false=false,
        beside=beside,
        allowed=len(said["allowed"]),
        open_questions=len(said["open"]),
        crashes=len(said["crashes"]),
    )


def _paths(finding: dict[str, Any]) -> set[str]:
    """The files that a finding is placed in or mentions."""
    places = [finding["place"], *(it["place"] for it in finding["mentions"])]
    return {place["path"] for place in places}
