"""A run as it is without options, for commands that need all that it finds."""

from __future__ import annotations

from collections.abc import Sequence

from dativo_lint.api import lint
from dativo_lint.cli.cache_folder import cache_folder
from dativo_lint.cli.progress import shown_progress
from dativo_lint.engine.means import Means
from dativo_lint.errors import UsageError
from dativo_lint.findings.report import Report
from dativo_lint.reports.sentences import crash_sentence
from dativo_lint.settings.settings import Settings


def plain_run(paths: Sequence[str], settings: Settings) -> Report:
    """The report on some paths, or on the current folder.

    Raises UsageError where a check crashed: what it would find is not known.
    """
    means = Means(None, cache_folder(None, settings.root, is_wanted=True))
    with shown_progress() as progress:
        report = lint(paths or ["."], settings, progress=progress, means=means)
    if report.crashes:
        raise UsageError("\n".join(crash_sentence(crash) for crash in report.crashes))
    return report
