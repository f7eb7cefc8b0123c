"""Patterns that a shop, or a stranger, may write: none keeps a run busy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from memory_folder import MemoryFolder
from repository_samples import ASSET, FILES, JOB

from dativo_lint.api import lint_folder
from dativo_lint.engine.selection import Given
from dativo_lint.settings.settings import settings_from

LONG = "a" * 200
GLOBS = ["*a" * 60 + "b", "**/" * 60 + "b", "[" * 100, "?" * 120 + "*" * 50 + "b", "{a,b}" * 30]
WORDS = ["(a+)+b", "(a|a)*b", "(a|aa)+b", "(.*a){20}b", "a*" * 50 + "b"]


def lint(job: str, asset: str, **data: Any) -> int:
    """How many jobs are judged in a repository with a long path."""
    files = {**FILES, "jobs/orders.yaml": job, "assets/orders.yaml": asset}
    folder = MemoryFolder({**files, "/".join([LONG] * 12) + ".yaml": JOB})
    given = Given((), sorted(folder.files), all_files=lambda: sorted(folder.files))
    return lint_folder(folder, given, settings_from(data, Path("/repository"))).jobs


@pytest.mark.parametrize("glob", GLOBS)
@pytest.mark.parametrize("setting", ["jobs", "exclude", "runners"])
def test_no_glob_of_the_settings_runs_away(setting: str, glob: str) -> None:
    globs = [glob, "jobs/*.yaml"] if setting == "jobs" else [glob]

    assert 2 == lint(JOB, ASSET, **{setting: globs})


@pytest.mark.parametrize("glob", GLOBS)
def test_no_glob_of_a_rule_runs_away(glob: str) -> None:
    rules = {"unclassified-column": {"params": {"columns": [glob]}}}

    assert 2 == lint(JOB, ASSET.replace("name: id", f"name: {LONG}"), rules=rules)


@pytest.mark.parametrize("pattern", WORDS)
def test_no_pattern_of_a_rule_runs_away(pattern: str) -> None:
    rules = {"malformed-cost-center": {"params": {"pattern": pattern}}}

    assert 2 == lint(JOB, ASSET.replace("FIN-001", "a" * 4_000), rules=rules)


@pytest.mark.parametrize("word", ["x" * 100_000, "missing-owner" * 5_000])
def test_no_unknown_name_is_compared_for_long(word: str) -> None:
    job = JOB.replace("provider: aws", f"provider: {word}  # dativo-lint: allow {word} because x")

    assert 2 == lint(f"{job}{word[:1_000]}: 1\n", ASSET)
