"""Score: which seeded defects a report shows, and what it shows of files without any."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dativo_lint.rulebook.load import builtin_rules


@dataclass(frozen=True)
class Score:
    """A JSON report held against the list of seeded defects.

    Counts by rule: of the `findings`, of the defects that are `seeded` and those of them that are
    `missed`, and of `false` errors and warnings in files without a seeded defect. Notes are never
    false: there is one on every well-formed owner.
    """

    findings: Counter[str]
    families: frozenset[str]
    seeded: Counter[str]
    missed: Counter[str]
    false: Counter[str]
    jobs: int
    crashes: int

    @property
    def found(self) -> int:
        """How many of the seeded defects are found."""
        return self.seeded.total() - self.missed.total()


def score(manifest: Path, report: Path) -> Score:
    """Hold a JSON report against the list of seeded defects of a monorepo."""
    instead: dict[str, set[str]] = {}
    for rule in builtin_rules():
        for name in rule.yields_to:
            instead.setdefault(name, set()).add(rule.id)
    seeds = [json.loads(line) for line in manifest.read_text(encoding="utf-8").splitlines()]
    seeded_files = {path for seed in seeds for path in seed["files"]}
    data = json.loads(report.read_text(encoding="utf-8"))
    shown: set[tuple[str, str]] = set()
    false: Counter[str] = Counter()
    for finding in data["findings"]:
        rule, paths = finding["rule"], _paths(finding)
        shown |= {(rule, path) for path in paths}
        if finding["severity"] != "note" and not paths & seeded_files:
            false[rule] += 1
    findings = Counter(finding["rule"] for finding in data["findings"])
    return Score(
        findings=findings,
        families=frozenset(it["family"] for it in data["rules"] if findings[it["id"]]),
        seeded=Counter(seed["rule"] for seed in seeds),
        missed=Counter(seed["rule"] for seed in seeds if not shown & _expected(seed, instead)),
        false=false,
        jobs=data["summary"]["jobs"],
        crashes=len(data["crashes"]),
    )


def _expected(seed: dict[str, Any], instead: Mapping[str, Iterable[str]]) -> set[tuple[str, str]]:
    """The rules that show a defect, with its files: a worse finding may stand for it."""
    rules = (seed["rule"], *instead.get(seed["rule"], ()))
    return {(rule, path) for rule in rules for path in seed["files"]}


def _paths(finding: dict[str, Any]) -> set[str]:
    """The files that a finding is placed in or mentions."""
    places = [finding["place"], *(it["place"] for it in finding["mentions"])]
    return {place["path"] for place in places}


def _summary(its: Score) -> str:
    """What a report shows of the seeded defects, and what it shows besides."""
    findings = its.findings.total()
    lines = [
        f"{findings:,} findings, {findings / its.jobs:.1f} a job.",
        f"Rules: {len(its.findings)}, of {len(its.families)} families; crashes: {its.crashes}.",
        f"Seeded defects found: {its.found:,} of {its.seeded.total():,}.",
    ]
    for words, counts in (("Missed", its.missed), ("In files without a defect", its.false)):
        if counts:
            listed = ", ".join(f"{rule} {count}" for rule, count in counts.most_common(8))
            lines.append(f"{words}: {counts.total():,} ({listed}).")
    return "\n".join(lines)


def main() -> None:
    """Print the score of a report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("report", type=Path)
    options = parser.parse_args()
    print(_summary(score(options.manifest, options.report)))


if __name__ == "__main__":
    main()
