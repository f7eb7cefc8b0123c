"""Whole processes, run in turns with the floor and measured from outside."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles


@dataclass(frozen=True)
class Contestant:
    """A command; `prepare` runs before each time it does, and is not measured."""

    name: str
    command: Sequence[str | Path]
    prepare: Callable[[], None] = lambda: None
    expected: Sequence[int] = (0,)


@dataclass(frozen=True)
class Cost:
    """What one process cost: wall and CPU seconds, children included, and peak memory in MiB.

    The peak cannot read below that of the process that started it.
    """

    wall: float
    cpu: float
    peak: float


@dataclass(frozen=True)
class Turn:
    """One run of a contestant, beside the mean of the floor's runs before and after it."""

    cost: Cost
    floor: Cost

    @property
    def wall_ratio(self) -> float:
        """Wall time in units of the floor."""
        return self.cost.wall / self.floor.wall

    @property
    def cpu_ratio(self) -> float:
        """CPU time in units of the floor."""
        return self.cost.cpu / self.floor.cpu


@dataclass(frozen=True)
class Ring:
    """Where and with which environment processes run, and where their output goes."""

    folder: Path
    environment: Mapping[str, str]
    output: Path

    def cost(self, contestant: Contestant) -> Cost:
        """Run a process once; raises RuntimeError where it ends in an unexpected way."""
        contestant.prepare()
        with open(self.output, "wb") as output:
            start = time.perf_counter()
            process = subprocess.Popen(
                list(map(str, contestant.command)),
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in contestant.expected:
            said = self.output.read_bytes()[-2000:].decode(errors="replace")
            raise RuntimeError(f"{contestant.name} ended with {process.returncode}:\n{said}")
        return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def turns(
        self, floor: Contestant, contestants: Sequence[Contestant], rounds: int
    ) -> dict[str, list[Turn]]:
        """Run all in turns, the floor before and after each; by name, the floor among them.

        The first round goes in the order that is given.
        """
        self.cost(floor)  # once unmeasured, so that the files are at hand
        turns: dict[str, list[Turn]] = {it.name: [] for it in (floor, *contestants)}
        before = self.cost(floor)
        for contestant in _in_rounds(contestants, rounds):
            cost = self.cost(contestant)
            after = self.cost(floor)
            turns[contestant.name].append(Turn(cost, _mean(before, after)))
            turns[floor.name].append(Turn(after, after))
            before = after
        return turns


def _in_rounds(contestants: Sequence[Contestant], rounds: int) -> Iterator[Contestant]:
    """Each contestant once a round, every other round backwards."""
    for number in range(rounds):
        yield from contestants if number % 2 == 0 else reversed(contestants)


def _mean(one: Cost, other: Cost) -> Cost:
    return Cost((one.wall + other.wall) / 2, (one.cpu + other.cpu) / 2, max(one.peak, other.peak))


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median and upper quartile."""
    if len(values) == 1:
        return (values[0],) * 3
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return low, middle, high
