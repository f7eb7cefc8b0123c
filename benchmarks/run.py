"""Measure the linter over a made-up monorepo: time, memory and recall, beside floor and peers."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks.contestants import FLOOR, LINTER, Corpus, Linter, environment, peers, python
from benchmarks.monorepo import MANIFEST, write_monorepo
from benchmarks.processes import Ring, Turn, quartiles
from benchmarks.profiling import profile
from benchmarks.score import Score, score


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the monorepos, measure, and print the figures as Markdown."""
    options = _options(arguments)
    with ExitStack() as stack:
        work = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        work.mkdir(parents=True, exist_ok=True)
        bench = Bench(work.resolve(), options)
        _print_machine()
        for jobs in sorted(options.jobs):
            bench.whole(jobs)
        bench.growth()
        if options.one_file_rounds:
            bench.one_file(min(options.jobs))
        if options.every_job_rounds:
            bench.every_job(min(options.jobs))
        if options.profile:
            bench.profile(min(options.jobs))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--jobs", type=int, nargs="+", default=[1000], help="sizes of the monorepos")
    add("--rounds", type=int, default=7, help="rounds over a whole monorepo")
    add("--one-file-rounds", type=int, default=15, help="rounds over one file; 0 for none")
    add("--every-job-rounds", type=int, default=5, help="rounds with a defect in every job")
    add("--peer-rounds", type=int, default=1, help="rounds of other linters; 0 for none")
    add("--defects", type=float, default=0.05, help="share of defective jobs")
    add("--seed", type=int, default=20)
    add("--folder", type=Path, help="keep the monorepos here, and use those that are there")
    add("--profile", action="store_true", help="where one run spends its time")
    return parser.parse_args(arguments)


class Bench:
    """Measures over monorepos in a work folder, which are written when first asked for."""

    def __init__(self, work: Path, options: argparse.Namespace) -> None:
        self._work = work
        self._options = options
        self._linter = Linter()
        self._per_job: dict[int, float] = {}

    def whole(self, jobs: int) -> None:
        """The linter in its modes, and the peers, over a whole monorepo."""
        corpus = self._corpus(jobs, self._options.defects)
        ring = self._ring(corpus)
        turns = ring.turns(corpus.floor(), list(self._linter.modes(corpus)), self._options.rounds)
        if self._options.peer_rounds:
            others = ring.turns(corpus.floor(), list(peers(corpus.jobs)), self._options.peer_rounds)
            turns |= {name: its for name, its in others.items() if name != FLOOR}
        print(f"\n## {jobs:,} jobs ({corpus.bytes / 2**20:.1f} MiB)\n")
        _print_turns(turns, jobs)
        walls = [turn.cost.wall for turn in turns[LINTER]]
        self._per_job[jobs] = quartiles(walls)[1] / jobs
        print(f"\n{_told(self._score(corpus))}")

    def growth(self) -> None:
        """Time a job at each size."""
        sizes = sorted(self._per_job)
        print("\n## Growth\n\n| jobs | µs a job | × the size before |\n| ---: | ---: | ---: |")
        for before, size in zip([None, *sizes], sizes, strict=False):
            times = f"{self._per_job[size] / self._per_job[before]:.2f}" if before else "-"
            print(f"| {size:,} | {self._per_job[size] * 1e6:.0f} | {times} |")

    def one_file(self, jobs: int) -> None:
        """One clean job, as a commit hook would hand it over."""
        corpus = self._corpus(jobs, self._options.defects)
        job = self._clean_job(corpus)
        starts = [
            python("python -c pass", "pass"),
            python("import yaml, click", "import yaml, click"),
        ]
        warm = self._linter.warm(corpus, f"{LINTER}, warm", job)
        lint = [self._linter.cold(LINTER, job), warm, *peers([job])]
        rounds = self._options.one_file_rounds
        turns = self._ring(corpus).turns(corpus.floor([job]), [*starts, *lint], rounds)
        print(f"\n## One job of {jobs:,}\n")
        _print_turns(turns, 1)

    def every_job(self, jobs: int) -> None:
        """A defect in every job, in units of the usual share."""
        usual = self._ring(self._corpus(jobs, self._options.defects))
        corpus = self._corpus(jobs, 1.0)
        every = self._ring(corpus)
        lint = self._linter.cold()
        every.cost(lint)
        walls = [
            every.cost(lint).wall / usual.cost(lint).wall
            for _ in range(self._options.every_job_rounds)
        ]
        low, middle, high = quartiles(walls)
        print(f"\n## A defect in every one of {jobs:,} jobs\n")
        share = f"a defect in {self._options.defects:.0%} of them"
        print(f"{middle:.2f} ({low:.2f}-{high:.2f}) times the wall time of {share}.")
        print(f"\n{_told(self._score(corpus))}")

    def profile(self, jobs: int) -> None:
        """Where one run over a whole monorepo spends its time."""
        corpus = self._corpus(jobs, self._options.defects)
        print(f"\n## Where the time goes, {jobs:,} jobs\n")
        print(profile(self._ring(corpus), self._linter, self._work / "profile.out"))

    def _corpus(self, jobs: int, share: float) -> Corpus:
        folder = self._work / f"{jobs}-{share}-{self._options.seed}"
        if not (folder / MANIFEST).is_file():
            write_monorepo(folder, jobs, share, self._options.seed)
        return Corpus(folder, self._work)

    def _ring(self, corpus: Corpus) -> Ring:
        return Ring(corpus.folder, environment(), self._work / "output.txt")

    def _score(self, corpus: Corpus) -> Score:
        report = self._work / "report.json"
        told = self._linter.cold(options=["--format", f"json={report}"])
        self._ring(corpus).cost(told)
        return score(corpus.folder / MANIFEST, report)

    def _clean_job(self, corpus: Corpus) -> str:
        seeded = (corpus.folder / MANIFEST).read_text(encoding="utf-8")
        return next(job for job in corpus.jobs if f'"{job}"' not in seeded)


def _print_machine() -> None:
    print(f"Python {platform.python_version()}, {platform.machine()}, {sys.platform}")


def _print_turns(turns: dict[str, list[Turn]], files: int) -> None:
    """A table of medians, with quartiles in brackets where they tell something."""
    print("| what | wall, s | CPU, s | peak, MiB | files a second | wall × (b) | CPU × (b) |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, its in turns.items():
        low, wall, high = quartiles([turn.cost.wall for turn in its])
        cpu = quartiles([turn.cost.cpu for turn in its])[1]
        peak = max(turn.cost.peak for turn in its)
        ratios = [quartiles([it.wall_ratio for it in its]), quartiles([it.cpu_ratio for it in its])]
        cells = [name, f"{wall:.3f} ({low:.3f}-{high:.3f})", f"{cpu:.3f}", f"{peak:.0f}"]
        cells += [f"{files / wall:,.0f}", *(f"{m:.2f} ({a:.2f}-{z:.2f})" for a, m, z in ratios)]
        print(f"| {' | '.join(cells)} |")


def _told(its: Score) -> str:
    """What a report tells of the seeded defects, and what it tells beside them."""
    lines = [f"Seeded defects told: {its.told} of {its.seeded.total()}."]
    for words, counts in (
        ("Missed", its.missed),
        ("Of rules that did not run", its.asleep),
        ("In files without a defect", its.false),
        ("Beside the seeded defect", its.beside),
    ):
        listed = ", ".join(f"{rule} {count}" for rule, count in counts.most_common())
        lines.append(f"{words}: {counts.total()}{f' ({listed})' if listed else ''}.")
    lines.append(
        f"Allowed: {its.allowed}; open: {its.open_questions}; crashed checks: {its.crashes}."
    )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
