"""Tables: what was measured, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.contestants import COLD, FILLING, FLOOR, TEN_CHANGED, TWO_PROCESSES, UNCHANGED
from benchmarks.processes import Turn, quartiles

Turns = dict[str, list[Turn]]
"""The turns of each contestant, by name; the floor's own among them."""

GOAL_SIZE = 10_000
"""The size that the goals are for; what is larger is looked at for memory and growth."""


@dataclass(frozen=True)
class Measured:
    """All turns over a monorepo of one kind and size."""

    kind: str
    jobs: int
    turns: Turns

    def cpu(self, name: str) -> float | None:
        """The CPU time of a contestant in units of the floor."""
        turns = self.turns.get(name)
        return median(turn.cpu_ratio for turn in turns) if turns else None

    def two_processes(self) -> float | None:
        """The wall time of two processes in units of the cold run with one."""
        turns = self.turns.get(TWO_PROCESSES)
        if not turns:
            return None
        cold = median(turn.wall_ratio for turn in self.turns[COLD])
        return median(turn.wall_ratio for turn in turns) / cold

    def peak(self) -> float:
        """The most memory that a cold run or one that fills the cache took, in MiB."""
        turns = self.turns[COLD] + self.turns.get(FILLING, [])
        return max(turn.cost.peak for turn in turns)


@dataclass(frozen=True)
class _Goal:
    """A figure, and what it is to be at most for each kind."""

    name: str
    figure: Callable[[Measured], float | None]
    most: dict[str, float]


def _each(most: float) -> dict[str, float]:
    return dict.fromkeys(("copies", "individual", "troubled"), most)


_COLD_GOALS = {"copies": 1.8, "individual": 2.5, "troubled": 5.0}
_GOALS = (
    _Goal("cold, CPU / floor", lambda it: it.cpu(COLD), _COLD_GOALS),
    _Goal("unchanged, CPU / floor", lambda it: it.cpu(UNCHANGED), _each(0.12)),
    _Goal("ten files changed, CPU / floor", lambda it: it.cpu(TEN_CHANGED), _each(0.16)),
    _Goal("two processes, wall / cold", Measured.two_processes, _each(0.65)),
    _Goal("memory, MiB", Measured.peak, _each(90)),
)
_LARGE_MEMORY = 250
_GROWTH = 1.15
_ONE_FILE = 2.5


def print_turns(turns: Turns, jobs: int, unit: str = FLOOR) -> None:
    """A table of medians, with quartiles in brackets where there are several turns."""
    print(f"| what | CPU / {unit} | wall / {unit} | CPU, s | wall, s | ms a job | peak, MiB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, its in turns.items():
        cpu = median(turn.cost.cpu for turn in its)
        cells = [name, _spread([turn.cpu_ratio for turn in its])]
        cells += [_spread([turn.wall_ratio for turn in its]), f"{cpu:.2f}"]
        cells += [f"{median(turn.cost.wall for turn in its):.2f}", f"{cpu / jobs * 1000:.2f}"]
        cells.append(f"{max(turn.cost.peak for turn in its):.0f}")
        print(f"| {' | '.join(cells)} |")


def print_summary(measured: Sequence[Measured], one_file: float | None) -> None:
    """The goals beside what was measured, kind by kind."""
    by_kind: dict[str, list[Measured]] = {}
    for one in measured:
        by_kind.setdefault(one.kind, []).append(one)
    small, large = {}, {}
    for kind, its in by_kind.items():
        small[kind] = _largest(it for it in its if it.jobs <= GOAL_SIZE)
        large[kind] = _largest(it for it in its if it.jobs > GOAL_SIZE)
    print("\n## Summary\n")
    print(f"What was measured / the goal, which is for {GOAL_SIZE:,} jobs.\n")
    _print_row("figure", by_kind)
    _print_row("---", ["---:"] * len(by_kind))
    _print_row("jobs", [f"{it.jobs:,}" if it else "-" for it in small.values()])
    for goal in _GOALS:
        figures = {kind: goal.figure(it) if it else None for kind, it in small.items()}
        if any(figure is not None for figure in figures.values()):
            _print_row(goal.name, [_cell(it, goal.most.get(kind)) for kind, it in figures.items()])
    if any(large.values()):
        _print_row("jobs", [f"{it.jobs:,}" if it else "-" for it in large.values()])
        peaks = [it.peak() if it else None for it in large.values()]
        _print_row("memory, MiB", [_cell(peak, _LARGE_MEMORY) for peak in peaks])
        _print_row(
            "CPU a job / that of the smaller size",
            [_cell(_growth(small[kind], it), _GROWTH) for kind, it in large.items()],
        )
    if one_file is not None:
        print(f"\nOne file, CPU / importing yaml and click: {_cell(one_file, _ONE_FILE)}")


def _largest(measured: Iterable[Measured]) -> Measured | None:
    return max(measured, key=lambda it: it.jobs, default=None)


def _growth(small: Measured | None, large: Measured | None) -> float | None:
    """CPU a job at the larger size over the smaller, both in units of the floor of their time."""
    if small is None or large is None:
        return None
    before, after = small.cpu(COLD), large.cpu(COLD)
    return after / before if before and after else None


def _print_row(name: str, cells: Sequence[str] | dict[str, list[Measured]]) -> None:
    print(f"| {' | '.join([name, *cells])} |")


def _cell(figure: float | None, most: float | None) -> str:
    if figure is None:
        return "-"
    shown = f"{figure:.2f}" if figure < 20 else f"{figure:.0f}"
    return shown if most is None else f"{shown} / {most}"


def _spread(values: Sequence[float]) -> str:
    low, middle, high = quartiles(values)
    return f"{middle:.2f}" if len(values) == 1 else f"{middle:.2f} ({low:.2f}-{high:.2f})"
