"""Where the forms of a report go: standard output, files, and the summary of GitHub Actions."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from dativo_lint.cli.output import hold_writable
from dativo_lint.errors import UsageError, nearest
from dativo_lint.report import Report
from dativo_lint.reports import FOR_PEOPLE, REPORTS
from dativo_lint.reports.as_markdown import job_summary


def outputs_of(formats: Sequence[str], output: str | None) -> list[tuple[str, str | None]]:
    """The forms to make, each with its file; None is standard output, unless there is an `output`.

    Raises UsageError for unknown forms, and for those that cannot be in one place.
    """
    outputs: list[tuple[str, str | None]] = []
    for written in formats:
        name, _, file = written.partition("=")
        if name not in REPORTS:
            choices = f"expected one of: {', '.join(REPORTS)}{nearest(name, REPORTS)}"
            raise UsageError(f'--format: unknown format "{name}"; {choices}')
        outputs.append((name, file or None))
    if output is not None:
        if len(outputs) > 1 or any(file for _, file in outputs):
            raise UsageError("--output goes with one --format; write --format NAME=FILE for each")
        outputs = [(name, output) for name, _ in outputs or [("text", None)]]
    files = [file for _, file in outputs if file is not None]
    for file in files:
        if files.count(file) > 1:
            raise UsageError(f"--format: two forms cannot be written to one file, {file}")
        hold_writable(file)
    if len(files) == len(outputs) and output is None:
        outputs.append(("text", None))
    printed = [name for name, file in outputs if file is None]
    if len(printed) > 1 and not set(printed) <= {*FOR_PEOPLE, "github"}:
        raise UsageError(
            f"--format: {' and '.join(printed)} cannot share standard output; name a FILE"
        )
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    if in_actions and "github" not in dict(outputs) and set(printed) <= set(FOR_PEOPLE):
        outputs.append(("github", None))
    return outputs


def summarise(report: Report) -> None:
    """Append the job summary to the file that GitHub Actions names for it."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        try:
            with open(file, "a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(job_summary(report))
        except OSError as error:
            sys.stderr.write(f"dativo-lint: no job summary: {error.strerror or error}\n")
