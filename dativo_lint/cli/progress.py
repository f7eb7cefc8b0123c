"""The progress of a run that takes longer than a second, on a terminal until it is over."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil
from time import monotonic

from dativo_lint.cli.output import is_capable
from dativo_lint.engine.run import Progress

_LATER, _STEP = 1.0, 0.1
"""Seconds before progress is shown, and before it is shown again."""
_MINUTES = 100
"""Seconds from which the time left is in minutes."""


@contextmanager
def shown_progress(*, is_wanted: bool = True) -> Iterator[Progress | None]:
    """What a run calls to show its progress; None where nobody looks at it: standard error is no
    terminal, or that of a build."""
    if not (is_wanted and is_capable(sys.stderr)) or os.environ.get("CI"):
        yield None
        return
    start = last_time = monotonic()
    next_time, last_total, is_shown = start + _LATER, 0, False

    def show(done: int, total: int) -> None:
        nonlocal start, last_time, next_time, last_total, is_shown
        now = monotonic()
        if total != last_total:  # other files of the same run
            start, last_total = last_time, total
        last_time = now
        if now >= next_time and done < total:
            left = ceil((now - start) / done * (total - done))
            time = f"{left} s" if left < _MINUTES else f"{ceil(left / 60)} min"
            sys.stderr.write(f"\r{done:,} of {total:,} files, {time} left\x1b[K")
            sys.stderr.flush()
            next_time, is_shown = now + _STEP, True

    try:
        yield show
    finally:
        if is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
