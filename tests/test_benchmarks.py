"""The made-up monorepos of the benchmarks: the same each time, and as defective as they say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmarks.contestants import Linter, environment
from benchmarks.copies import write_copies
from benchmarks.monorepo import KINDS
from benchmarks.processes import Ring
from benchmarks.repository import MANIFEST
from benchmarks.score import Score, score

FAMILIES = 10


def _score(folder: Path) -> Score:
    scratch = folder.parent
    report = scratch / "report.json"
    ring = Ring(folder, environment(), scratch / "output.txt")
    ring.cost(Linter(scratch).report("json", report))
    return score(folder / MANIFEST, report)


@pytest.mark.parametrize("kind", KINDS)
def test_one_seed_makes_one_monorepo(tmp_path: Path, kind: str) -> None:
    for name in ("one", "other"):
        KINDS[kind](tmp_path / name, 30, 3)
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
def test_in_copies_nothing_is_wrong_beside_seeded_defects(tmp_path: Path, share: float) -> None:
    write_copies(tmp_path / "copies", 120, seed=7, share=share)
    result = _score(tmp_path / "copies")
    assert not result.false
    assert not result.crashes


def test_in_copies_every_seeded_defect_is_found(tmp_path: Path) -> None:
    write_copies(tmp_path / "copies", 250, seed=7, share=1.0)
    result = _score(tmp_path / "copies")
    assert not result.missed
    assert not result.crashes


def test_individual_jobs_are_valid_and_have_about_two_findings_each(tmp_path: Path) -> None:
    KINDS["individual"](tmp_path / "individual", 90, 5)
    texts = [file.read_text("utf-8") for file in (tmp_path / "individual/jobs").rglob("*.yaml")]
    assert len(set(texts)) == 90
    assert all(isinstance(yaml.safe_load(text), dict) for text in texts)
    result = _score(tmp_path / "individual")
    assert 1.5 < result.findings.total() / result.jobs < 2.5
    assert not result.crashes


def test_troubled_jobs_break_rules_of_every_family(tmp_path: Path) -> None:
    KINDS["troubled"](tmp_path / "troubled", 150, 5)
    result = _score(tmp_path / "troubled")
    assert len(result.families) == FAMILIES
    assert not result.crashes


def test_few_jobs_are_on_modules_that_can_be_read(tmp_path: Path) -> None:
    KINDS["few"](tmp_path / "few", 1000, 5)
    result = _score(tmp_path / "few")
    assert result.jobs == 40
    assert not result.findings["unreadable-module"]
    assert not result.crashes
