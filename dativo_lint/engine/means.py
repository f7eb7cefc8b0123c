"""Means: how a run is made, which changes nothing about what it finds."""

from __future__ import annotations

import os
from os import PathLike

from msgspec import Struct

LEAST_FILES = 1_000  # with fewer to judge, a second process costs more than it saves


class Means(Struct, frozen=True):
    """`processes` share the work, None for as many as pay; `cache` is the folder of stored
    results."""

    processes: int | None = 1
    cache: str | PathLike[str] | None = None

    def processes_for(self, files: int) -> int:
        """How many processes to judge so many files with."""
        if not hasattr(os, "fork"):
            return 1
        if self.processes is not None:
            return self.processes
        return _available() if files >= LEAST_FILES else 1


ALONE = Means()


def _available() -> int:
    """How many processes can run at one time."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
