"""The made-up monorepo of the benchmarks: the same each time, and as defective as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.monorepo import MANIFEST, write_monorepo
from benchmarks.score import Score, score
from dativo_lint.api import lint
from dativo_lint.reports.as_json import as_json
from dativo_lint.settings_file import find_settings


def _scored(folder: Path, jobs: int, share: float) -> Score:
    write_monorepo(folder, jobs, share, seed=7)
    report = folder / "report.json"
    found = lint([folder / "jobs"], find_settings(folder))
    report.write_text("".join(as_json(found)), encoding="utf-8")
    return score(folder / MANIFEST, report)


def test_one_seed_makes_one_monorepo(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write_monorepo(tmp_path / name, 40, 0.5, seed=3)
    one, other = (
        {
            file.relative_to(folder): file.read_bytes()
            for file in folder.rglob("*")
            if file.is_file()
        }
        for folder in (tmp_path / "one", tmp_path / "other")
    )
    assert one == other


@pytest.mark.parametrize("share", [0.0, 0.1])
def test_nothing_is_found_where_no_defect_was_seeded(tmp_path: Path, share: float) -> None:
    scored = _scored(tmp_path, 120, share)
    assert not scored.false
    assert not scored.crashes


def test_every_seeded_defect_is_told_by_a_rule_that_ran(tmp_path: Path) -> None:
    scored = _scored(tmp_path, 250, 1.0)
    assert not scored.missed
    assert not scored.crashes
