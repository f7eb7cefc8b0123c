"""The command `check`: lint, show the report, and answer with an exit code."""

from __future__ import annotations

import os
import sys

import click
from msgspec.structs import replace

from dativo_lint.api import lint
from dativo_lint.cli.cache_folder import cache_folder
from dativo_lint.cli.options import names, settings_by_root, settings_options
from dativo_lint.cli.output import (
    AUTO,
    COLORS,
    hold_writable,
    is_terminal,
    on_terminal,
    show,
    write_whole,
)
from dativo_lint.documents.discovery import locate
from dativo_lint.errors import UsageError, nearest
from dativo_lint.jobs.sinks import RECEIVING
from dativo_lint.reports import REPORTS
from dativo_lint.reports.as_markdown import job_summary
from dativo_lint.reports.escape import visible
from dativo_lint.reports.style import Style
from dativo_lint.reports.wording import summary
from dativo_lint.results import Report
from dativo_lint.roots import merged
from dativo_lint.rulebook.rule import Severity
from dativo_lint.run import Means
from dativo_lint.settings import PRESETS, Settings
from dativo_lint.settings_file import start_of_run

CLEAN, FOUND, BROKEN = 0, 1, 3
_FOR_PEOPLE = ("text", "concise", "table", "statistics")
_LONG, _STEP = 500, 100
"""Files of a run whose progress is told, and after how many."""


@click.command()
@click.argument("paths", nargs=-1)
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="NAME[=FILE]",
    help=f"A form of the report, to standard output or a file; repeatable. {', '.join(REPORTS)}.",
)
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="Exit with 1 for findings at or above this severity.  [default: error]",
)
@click.option("--statistics", is_flag=True, help="Count findings by rule instead of listing them.")
@click.option("-q", "--quiet", count=True, help="Print the summary only; twice: print nothing.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even when there are findings.")
@click.option("--select", multiple=True, metavar="RULE", help="Run only these rules or families.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave out these rules or families.")
@click.option("--preset", type=click.Choice(PRESETS), help="Which rules, and how strict.")
@click.option(
    "--show-unresolved",
    "show_unresolved",
    is_flag=True,
    help="List values that are only known at run time.",
)
@click.option(
    "--changed",
    is_flag=True,
    help="PATHS are changed files: pass over unrelated ones, and ask git for deleted ones.",
)
@click.option("--stdin-filename", metavar="FILE", help="The path of what '-' reads.")
@click.option(
    "--plan",
    "--rendered",
    "rendered",
    multiple=True,
    metavar="FILE",
    help="A plan in JSON, or another rendered tag set, whatever it is called; repeatable.",
)
@click.option("--job", metavar="FILE", help="The job that rendered sets are held against.")
@click.option(
    "--sink",
    type=click.Choice(RECEIVING),
    help="Sink of rendered sets that do not name one.",
)
@click.option(
    "--processes",
    "processes",
    metavar="N",
    type=click.IntRange(min=1),
    help="Number of worker processes.  [default: 1, or one per core above 1,000 files]",
)
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
@click.option(
    "--cache-dir",
    metavar="FOLDER",
    help="Where the cache is kept.  [default: in the user's folder of caches]",
)
@click.option(
    "--color",
    type=click.Choice(COLORS),
    default=AUTO,
    help="Force or disable colour.  [default: auto]",
)
@click.option(
    "--baseline",
    metavar="FILE",
    help="Accept the findings in a baseline, which dativo-lint baseline writes.",
)
@click.option("--no-baseline", is_flag=True, help="Leave out the baseline of the settings.")
@click.option(
    "--ratchet", is_flag=True, help="Exit with 1 where findings in the baseline no longer occur."
)
@click.option(
    "--sarif-category", metavar="NAME", help="Tell this run from others of the commit, in SARIF."
)
@settings_options
def check(
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    fail_on: str | None,
    statistics: bool,
    quiet: int,
    exit_zero: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    preset: str | None,
    show_unresolved: bool,
    changed: bool,
    stdin_filename: str | None,
    rendered: tuple[str, ...],
    job: str | None,
    sink: str | None,
    processes: int | None,
    no_cache: bool,
    cache_dir: str | None,
    color: str,
    baseline: str | None,
    no_baseline: bool,
    ratchet: bool,
    sarif_category: str | None,
    config: str | None,
    isolated: bool,
) -> int:
    """Lint jobs and report problems with their location.

    PATHS are files, folders, globs, or - for standard input; without any, the current folder.
    Given an asset, a connector, a runner file, a file of a Terraform module, a rule file or the
    settings, the jobs that depend on it are linted. A plan in JSON and other rendered tag sets are
    judged by themselves, and held against the job that they name or that --job does.

    Exit codes: 0 clean; 1 findings at or above --fail-on; 2 usage error, or nothing to check; 3 the
    tool itself failed.
    """
    outputs = _outputs((*formats, "statistics") if statistics else formats)
    if baseline is not None and no_baseline:
        raise UsageError("--baseline names a baseline, and --no-baseline asks for none")
    baseline = None if baseline is None else os.path.abspath(baseline)
    said = {
        "baseline": baseline,
        "fail_on": fail_on,
        "preset": preset,
        "select": names(select),
        "ignore": names(ignore),
    }
    over = {name: value for name, value in said.items() if value}
    named = [path for path in paths if path != "-"]
    asked = [*named, *filter(None, [stdin_filename])]
    runs = settings_by_root(config, isolated, over, paths=asked)
    if no_baseline:
        runs = [(replace(it, baseline=None), own) for it, own in runs]
    if len(runs) > 1 and (rendered or job or sink or baseline or "-" in paths):
        start_of_run(asked)  # which refuses them: what else is named is of one repository
    progress = _Progress().told if is_terminal(sys.stderr) else None
    reports: dict[str, Report] = {}
    for settings, own in runs:
        if ratchet and settings.baseline is None:
            raise UsageError("--ratchet goes with a baseline; expected --baseline FILE")
        stdin = _stdin(paths, stdin_filename, settings)
        has_others = stdin or changed or rendered
        cache = cache_folder(cache_dir, settings.root, is_wanted=not no_cache)
        reports[settings.root] = lint(
            [path for path in own if path in named] or ([] if has_others else ["."]),
            settings,
            changed=changed,
            stdin=stdin,
            rendered=rendered,
            job=job,
            sink=sink or "",
            progress=progress,
            means=Means(processes, cache),
        )
    is_failed = any(reports[it.root].fails(it.fail_on) for it, _ in runs)
    root, report = merged(reports)
    for warning in report.warnings:
        sys.stderr.write(f"dativo-lint: warning: {visible(warning)}\n")
    strictest = max((it.fail_on for it, _ in runs), key=lambda severity: severity.rank)
    style = Style(show_unresolved=show_unresolved, fail_on=strictest, category=sarif_category or "")
    shown = on_terminal(style, color, root)
    # Files first: whoever reads the other end of standard output may leave at any time.
    for name, file in sorted(outputs, key=lambda output: output[1] is None):
        if file is None and quiet and name in _FOR_PEOPLE:
            show(f"{summary(report)}\n" if quiet == 1 else "")
        elif file is None:
            show(REPORTS[name](report, shown))
        else:
            write_whole(file, REPORTS[name](report, style))
    if "github" in dict(outputs):
        _summarise(report)
    if report.crashes:
        return BROKEN
    is_ratcheted = ratchet and bool(report.stale)
    return FOUND if (is_failed or is_ratcheted) and not exit_zero else CLEAN


def _outputs(formats: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """The forms to make, each with its file; None is standard output."""
    outputs: list[tuple[str, str | None]] = []
    files: list[str] = []
    for written in formats:
        name, _, file = written.partition("=")
        if name not in REPORTS:
            hint = nearest(name, REPORTS)
            raise UsageError(
                f"--format: there is no form {name}{hint}; there are: {', '.join(REPORTS)}"
            )
        outputs.append((name, file or None))
        if file:
            if file in files:
                raise UsageError(f"--format: two forms cannot be written to one file, {file}")
            hold_writable(file)
            files.append(file)
    if len(files) == len(outputs):
        outputs.append(("text", None))
    printed = [name for name, file in outputs if file is None]
    if len(printed) > 1 and not set(printed) <= {*_FOR_PEOPLE, "github"}:
        raise UsageError(
            f"--format: {' and '.join(printed)} cannot share standard output; name a FILE"
        )
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    if in_actions and "github" not in dict(outputs) and set(printed) <= set(_FOR_PEOPLE):
        outputs.append(("github", None))
    return outputs


def _stdin(
    paths: tuple[str, ...], name: str | None, settings: Settings
) -> tuple[str, bytes] | None:
    if "-" not in paths:
        if name is not None:
            raise UsageError("--stdin-filename goes with the path -")
        return None
    path = locate(settings.root, name or "stdin.yaml")
    if path is None:
        root = settings.root
        raise UsageError(
            f"--stdin-filename: {name} is outside the repository, whose root is {root}"
        )
    # One byte more than is read tells that it is too much.
    most = max(settings.limits.file_bytes, settings.limits.rendered_bytes)
    return path, sys.stdin.buffer.read(most + 1)


class _Progress:
    """Tells on a terminal how far a run is, if it is long enough to wonder about."""

    def __init__(self) -> None:
        self._last = 0

    def told(self, done: int, total: int) -> None:
        """Tell it, now and then."""
        if total >= _LONG and (done >= self._last + _STEP or done == total):
            self._last = 0 if done == total else done
            end = "\r\x1b[K" if done == total else f"\r{done:,} of {total:,} files"
            sys.stderr.write(end)
            sys.stderr.flush()


def _summarise(report: Report) -> None:
    """Append the job summary to the file that GitHub Actions names for it."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        try:
            with open(file, "a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(job_summary(report))
        except OSError as error:
            sys.stderr.write(f"dativo-lint: no job summary: {error.strerror or error}\n")
