"""How commands run the linter: its cache, its progress, and what it tells of a run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from math import ceil
from time import monotonic

from dativo_lint.api import lint
from dativo_lint.cli.output import is_capable, screen
from dativo_lint.engine.means import Means
from dativo_lint.engine.run import Progress
from dativo_lint.errors import UsageError
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import visible
from dativo_lint.reports.sentences import crash_sentence
from dativo_lint.settings.settings import Settings

_NAME = "dativo-lint"
_LATER, _STEP = 1.0, 0.1
"""Seconds before progress is shown, and before it is shown again."""
_MINUTES = 100
"""Seconds from which the time left is in minutes."""


def plain_run(paths: Sequence[str], settings: Settings) -> Report:
    """The report on some paths, or on the current folder, of a run without options.

    Raises UsageError where a check crashed: what it would find is not known.
    """
    means = Means(None, cache_folder(None, settings.root))
    with shown_progress() as progress:
        report = lint(paths or ["."], settings, progress=progress, means=means)
    if report.crashes:
        raise UsageError("\n".join(crash_sentence(crash) for crash in report.crashes))
    return report


def cache_folder(asked: str | None, root: str, *, is_wanted: bool = True) -> str | None:
    """The folder of the cache, None for no cache.

    By default it lies where caches of the user lie (`XDG_CACHE_HOME`, else `~/.cache`), and there
    is none where that is inside the repository. Raises UsageError for what is no folder, and where
    a cache is asked for and refused at once.
    """
    if asked is not None and not is_wanted:
        raise UsageError("--cache-dir names a cache, and --no-cache asks for none")
    if not is_wanted:
        return None
    if asked is not None:
        if os.path.lexists(asked) and not os.path.isdir(asked):
            raise UsageError(f"--cache-dir: {asked} is not a folder")
        return os.path.abspath(asked)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.path.join(home, _NAME)
    inside = os.path.join(os.path.realpath(root), "")
    is_inside = os.path.join(os.path.realpath(folder), "").startswith(inside)
    return None if is_inside or not os.path.isabs(folder) else folder


@contextmanager
def shown_progress(quiet: int = 0) -> Iterator[Progress | None]:
    """What a run calls to show its progress; None where nobody looks at it: standard error is no
    terminal, or that of a build."""
    if quiet or not is_capable(sys.stderr) or os.environ.get("CI"):
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


def log(lines: Iterable[str]) -> None:
    """Write lines to standard error."""
    for line in lines:
        sys.stderr.write(f"{visible(line)}\n")
    sys.stderr.flush()


def about_settings(settings: Settings) -> Iterator[str]:
    """What decides about a run: root, settings file, preset, and what the command line adds."""
    yield f"root: {settings.root}"
    yield f"settings file: {settings.file or 'none'}"
    yield from (
        f"settings file: {file} (for {folder})" for file, folder in settings.files if folder
    )
    yield f"preset: {', '.join(settings.preset)} ({settings.origins.get('preset', 'default')})"
    for name in ("select", "extend_select", "ignore", "exclude"):
        if values := getattr(settings, name):
            yield f"{name}: {', '.join(values)} ({settings.origins[name]})"


def about_files(report: Report, root: str) -> Iterator[str]:
    """A line for each file that was read or skipped, from the current folder."""
    style = screen(root=root)
    yield from (f"read: {style.path(path)}" for path in report.read)
    yield from about_skipped(report.skipped, root)
    yield f"{len(report.rules)} rules, {len(report.read)} files read, {len(report.skipped)} skipped"


def about_skipped(skipped: Iterable[tuple[str, str]], root: str) -> Iterator[str]:
    """A line for each file that was skipped, with why."""
    style = screen(root=root)
    return (f"skipped: {style.path(path)} ({reason})" for path, reason in skipped)
