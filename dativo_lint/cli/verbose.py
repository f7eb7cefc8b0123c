"""What a run prints on standard error with --verbose: its settings and files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from dativo_lint.cli.output import screen
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import visible
from dativo_lint.settings.settings import Settings


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
