"""Measure the linter over four kinds of made-up monorepos: time, memory and what it finds."""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.contestants import (
    COLD,
    FILLING,
    IMPORTS,
    UNCHANGED,
    Corpus,
    Linter,
    environment,
    imports,
)
from benchmarks.few import JOBS as FEW
from benchmarks.monorepo import KINDS, SEED
from benchmarks.processes import Ring
from benchmarks.profiling import profile
from benchmarks.repository import MANIFEST
from benchmarks.tables import GOAL_SIZE, Measured, print_summary, print_turns

_ONE_FILE_KINDS = ("copies", "individual")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the monorepos, measure, and print the figures as Markdown."""
    options = _options(arguments)
    print(f"Python {platform.python_version()}, {platform.machine()}, {sys.platform}")
    with ExitStack() as stack:
        work = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        work.mkdir(parents=True, exist_ok=True)
        bench = Bench(work.resolve(), options)
        if options.profile:
            bench.profile()
            return
        measured: list[Measured] = []
        for kind in options.kinds:
            sizes = [FEW] if kind == "few" else sorted(options.jobs)
            measured += (bench.whole(kind, jobs) for jobs in sizes)
        one_file = bench.one_file() if options.one_file_rounds else None
        print_summary(measured, one_file)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--kinds", nargs="+", choices=KINDS, default=list(KINDS), help="kinds of monorepos")
    add("--jobs", type=int, nargs="+", default=[1000], help="sizes of the monorepos")
    add("--rounds", type=int, default=3, help=f"rounds, up to {GOAL_SIZE:,} jobs; then one")
    add("--one-file-rounds", type=int, default=15, help="rounds over one file; 0 for none")
    add("--quick", action="store_true", help="without SARIF, changes and two processes")
    add("--seed", type=int, default=SEED)
    add("--folder", type=Path, help="keep the monorepos here, and use those that are there")
    add("--profile", action="store_true", help="only show where a cold run spends its time")
    return parser.parse_args(arguments)


class Bench:
    """Measures over monorepos in a work folder, which are written when first asked for."""

    def __init__(self, work: Path, options: argparse.Namespace) -> None:
        self._work = work
        self._options = options

    def whole(self, kind: str, jobs: int) -> Measured:
        """The linter in its modes over a whole monorepo; over a large one, in two of them."""
        corpus = self._corpus(kind, jobs)
        linter, ring = Linter(corpus.scratch), self._ring(corpus)
        modes, rounds = linter.modes(corpus), self._options.rounds
        if jobs > GOAL_SIZE:
            modes, rounds = [mode for mode in modes if mode.name in (COLD, FILLING)], 1
        elif self._options.quick:
            modes = [mode for mode in modes if mode.name in (COLD, FILLING, UNCHANGED)]
        # Once unmeasured, so that the bytecode is at hand.
        ring.cost(linter.cold(COLD, *corpus.jobs[:10]))
        turns = ring.turns(corpus.floor(), modes, rounds)
        print(f"\n## {kind.capitalize()}, {jobs:,} jobs ({corpus.bytes / 2**20:.1f} MiB)\n")
        print_turns(turns, jobs)
        self._print_score(corpus, linter, ring)
        return Measured(kind, jobs, turns)

    def one_file(self) -> float | None:
        """One job as a commit hook hands it over: one without a defect, and one with findings."""
        ratio = None
        for kind in (kind for kind in _ONE_FILE_KINDS if kind in self._options.kinds):
            corpus = self._corpus(kind, min(self._options.jobs))
            job = _sound_job(corpus) if kind == "copies" else corpus.jobs[0]
            linter, ring = Linter(corpus.scratch), self._ring(corpus)
            cold = linter.cold(COLD, job)
            ring.cost(cold)
            turns = ring.turns(imports(), [cold], self._options.one_file_rounds)
            print(f"\n## One file of {kind}\n")
            print_turns(turns, 1, IMPORTS)
            if kind == "copies":
                ratio = median(turn.cpu_ratio for turn in turns[COLD])
        return ratio

    def profile(self) -> None:
        """Where cold runs over whole monorepos spend their time."""
        for kind in self._options.kinds:
            corpus = self._corpus(kind, min(self._options.jobs))
            linter, ring = Linter(corpus.scratch), self._ring(corpus)
            print(f"\n## Where the time goes, {kind}\n")
            print(profile(ring, linter, corpus.scratch / "profile.out"), flush=True)

    def _corpus(self, kind: str, jobs: int) -> Corpus:
        folder = self._work / f"{kind}-{jobs}-{self._options.seed}"
        scratch = self._work / f"{folder.name}-scratch"
        scratch.mkdir(exist_ok=True)
        if not (folder / MANIFEST).is_file():
            KINDS[kind](folder, jobs, self._options.seed)
        return Corpus(folder, scratch)

    def _ring(self, corpus: Corpus) -> Ring:
        return Ring(corpus.folder, environment(), corpus.scratch / "output.txt")

    def _print_score(self, corpus: Corpus, linter: Linter, ring: Ring) -> None:
        report = corpus.scratch / "report.json"
        ring.cost(linter.report("json", report))
        print(flush=True)
        # In a process of its own: no peak can be measured below that of this one.
        command = [
            sys.executable,
            "-m",
            "benchmarks.score",
            str(corpus.folder / MANIFEST),
            str(report),
        ]
        subprocess.run(command, env=dict(environment()), check=True)


def _sound_job(corpus: Corpus) -> str:
    """A job in which no defect was seeded."""
    seeded = (corpus.folder / MANIFEST).read_text(encoding="utf-8")
    return next(job for job in corpus.jobs if f'"{job}"' not in seeded)


if __name__ == "__main__":
    main()
