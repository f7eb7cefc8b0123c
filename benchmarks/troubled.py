"""Troubled: a monorepo of many people in which every job is defective, in every way there is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from benchmarks.defects import DEFECTS, Defect, pick
from benchmarks.individual import write_own
from benchmarks.jobs import Draft
from benchmarks.own_defects import module_defects
from benchmarks.own_modules import Module

_MOST = 4


def write_troubled(folder: Path, jobs: int, seed: int) -> None:
    """Write jobs that share nothing, each with some seeded defects."""
    write_own(folder, jobs, seed, _some_defects)


def _some_defects(job: Draft, module: Module, rng: Random) -> Sequence[Defect]:
    """A defect to begin with, and others beside it; every fourth of them is about the module."""
    own = module_defects(module)
    return [
        pick(own if own and rng.random() < 0.25 else DEFECTS, job, rng)
        for _ in range(rng.randint(1, _MOST))
    ]
