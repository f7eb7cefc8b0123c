"""Where the forms of a report go: standard output, files, and the summary of GitHub Actions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Sequence

import click
from msgspec import Struct

from dativo_lint.cli import BROKEN, CLEAN, FOUND
from dativo_lint.cli.options import file_option, together
from dativo_lint.cli.output import hold_writable, is_terminal, screen, show, tell, write_whole
from dativo_lint.documents.document import Fault, Limits
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.errors import UsageError
from dativo_lint.findings.report import Report
from dativo_lint.names import nearest
from dativo_lint.reports import REPORTS, reader_of
from dativo_lint.reports.as_markdown import job_summary
from dativo_lint.reports.sentences import summary
from dativo_lint.reports.style import Reader, Style
from dativo_lint.rulebook.rule import Severity

Output = tuple[str, str | None]
"""The name of a form, and its file; None is standard output."""


def _forms(_context: click.Context, _option: click.Parameter, word: str) -> list[str]:
    return [name for name in REPORTS if name.startswith(word)]


report_options = together(
    click.option(
        "--format",
        "formats",
        multiple=True,
        metavar="NAME[=FILE]",
        shell_complete=_forms,
        help=f"Report format, to standard output or a file; repeatable. {', '.join(REPORTS)}.",
    ),
    file_option("-o", "--output", help="Write the report to this file."),
    click.option(
        "--statistics", is_flag=True, help="Count findings by rule instead of listing them."
    ),
    click.option("-q", "--quiet", count=True, help="Print the summary only; twice: print nothing."),
    click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings."),
    click.option(
        "--show-unresolved", is_flag=True, help="List values that are only known at run time."
    ),
    click.option(
        "--show-suppressed",
        is_flag=True,
        help="List suppressed findings, with reason and last day.",
    ),
    click.option(
        "--sarif-category",
        metavar="NAME",
        help="Distinguish this run from others of the commit, in SARIF.",
    ),
    click.option(
        "--sarif-alerts-only",
        is_flag=True,
        help="Leave out of SARIF what is no alert: suppressed and fixed findings, findings in the"
        " baseline, unresolved values.",
    ),
)
"""The options about what comes out; `Delivery` has their values."""


class Delivery(Struct, frozen=True):
    """What the options say about what comes out."""

    formats: tuple[str, ...]
    output: str | None
    statistics: bool
    quiet: int
    exit_zero: bool
    show_unresolved: bool
    show_suppressed: bool
    sarif_category: str | None
    sarif_alerts_only: bool

    @property
    def is_form_asked(self) -> bool:
        """Whether the report is wanted in a form, or in a file."""
        return bool(self.formats or self.output or self.statistics)

    def outputs(self, forms: Collection[str] = REPORTS) -> list[Output]:
        """The forms to make, of which the first is the default.

        Raises UsageError for unknown forms, and for those that cannot be in one place.
        """
        formats = (*self.formats, "statistics") if self.statistics else self.formats
        default = next(iter(forms))
        outputs: list[Output] = []
        for written in formats:
            name, _, file = written.partition("=")
            if name not in forms:
                choices = f"expected one of: {', '.join(forms)}{nearest(name, forms)}"
                raise UsageError(f'--format: unknown format "{name}"; {choices}')
            outputs.append((name, file or None))
        if self.output is not None:
            if len(outputs) > 1 or any(file for _, file in outputs):
                needs = "--output needs a single --format; write --format NAME=FILE for each"
                raise UsageError(needs)
            outputs = [(name, self.output) for name, _ in outputs or [(default, None)]]
        files = [file for _, file in outputs if file is not None]
        for file in files:
            if files.count(file) > 1:
                raise UsageError(f"--format: two forms cannot be written to one file, {file}")
            hold_writable(file)
        if len(files) == len(outputs) and self.output is None:
            outputs.append((default, None))
        printed = [name for name, file in outputs if file is None]
        readers = set(map(reader_of, printed))
        if len(printed) > 1 and Reader.PROGRAM in readers:
            both = " and ".join(printed)
            raise UsageError(f"--format: {both} cannot share standard output; name a FILE")
        in_actions = os.environ.get("GITHUB_ACTIONS") == "true" and "github" in forms
        if in_actions and "github" not in dict(outputs) and readers <= {Reader.PEOPLE}:
            outputs.append(("github", None))
        # Files first: whoever reads the other end of standard output may leave at any time.
        return sorted(outputs, key=lambda output: output[1] is None)

    def deliver(
        self,
        report: Report,
        outputs: Sequence[Output],
        *,
        root: str,
        fail_on: Severity,
        content: Callable[[str], bytes | None],
    ) -> None:
        """Write a report in its forms; those for people name paths from the current folder."""
        style = Style(
            show_unresolved=self.show_unresolved,
            show_suppressed=self.show_suppressed,
            fail_on=fail_on,
            category=self.sarif_category or "",
            alerts_only=self.sarif_alerts_only,
            content=content,
            warn=_warn,
        )
        for warning in report.warnings:
            _warn(warning)
        # Lines break on a terminal only: editors and grep read what is piped.
        shown = screen(style, root, is_wrapped=is_terminal(sys.stdout))
        for name, file in outputs:
            if file is None and self.quiet and reader_of(name) is Reader.PEOPLE:
                show(f"{summary(report)}\n" if self.quiet == 1 else "")
            elif file is None:
                show(REPORTS[name](report, shown))
            else:
                write_whole(file, REPORTS[name](report, style))
        if "github" in dict(outputs):
            _summarise(report)

    def exit_code(self, report: Report, *, is_failed: bool, ratchet: bool) -> int:
        """The exit code of a run, with findings that fail it or not."""
        if report.crashes:
            return BROKEN
        is_failed = is_failed or (ratchet and bool(report.stale))
        return FOUND if is_failed and not self.exit_zero else CLEAN


def content_in(root: str, stdin: tuple[str, bytes] | None = None) -> Callable[[str], bytes | None]:
    """What reads the files of a report below a root; one that standard input has is not read."""
    folder = DiskFolder(root)
    limits = Limits().of_rendered

    def content(path: str) -> bytes | None:
        if stdin is not None and path == stdin[0]:
            return stdin[1]
        earlier = folder.read(path, limits)
        return None if isinstance(earlier, Fault) else earlier

    return content


def _warn(warning: str) -> None:
    tell(f"warning: {warning}")


def _summarise(report: Report) -> None:
    """Append the job summary to the file that GitHub Actions names for it."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        try:
            with open(file, "a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(job_summary(report))
        except OSError as error:
            tell(f"no job summary: {error.strerror or error}")
