"""The command `check`: lint, show the report, and answer with an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from dativo_lint.api import lint
from dativo_lint.cli.cache_folder import cache_folder
from dativo_lint.cli.destinations import (
    content_in,
    deliver,
    exit_code,
    outputs_of,
    report_options,
)
from dativo_lint.cli.fixing import Fixing, fix_options, written_fixes
from dativo_lint.cli.options import (
    PATH,
    names,
    rule_names,
    settings_by_root,
    settings_options,
    shard_option,
)
from dativo_lint.cli.progress import shown_progress
from dativo_lint.cli.since_options import since_of, since_options
from dativo_lint.cli.verbose import about_files, about_settings, about_skipped, log
from dativo_lint.cli.watch import watch_option
from dativo_lint.documents.discovery import locate
from dativo_lint.engine.means import Means
from dativo_lint.errors import NothingToCheck, UsageError
from dativo_lint.findings.report import Report
from dativo_lint.findings.roots import merged
from dativo_lint.findings.shards import Shard
from dativo_lint.jobs.sinks import RECEIVING
from dativo_lint.reports.style import Style
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings.files import find_settings, start_of_run
from dativo_lint.settings.presets import PRESETS
from dativo_lint.settings.settings import Settings

if TYPE_CHECKING:
    from dativo_lint.fixes.rounds import Fixed


@click.command()
@click.argument("paths", nargs=-1, type=PATH)
@report_options
@click.option(
    "--fail-on",
    type=click.Choice([severity.value for severity in Severity]),
    help="Exit with 1 for findings at or above this severity.  [default: error]",
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Print to standard error what was read and skipped, and why.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    shell_complete=rule_names,
    help="Run only these rules or families.",
)
@click.option(
    "--extend-select",
    multiple=True,
    metavar="RULE",
    shell_complete=rule_names,
    help="Also run these rules, even if they are off by default.",
)
@click.option(
    "--ignore",
    "--extend-ignore",
    "ignore",
    multiple=True,
    metavar="RULE",
    shell_complete=rule_names,
    help="Skip these rules or families, in addition to the settings.",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="GLOB",
    help="Skip matching files in folders, in addition to the settings; repeatable.",
)
@click.option("--preset", type=click.Choice(PRESETS), help="Set of rules, and how strict it is.")
@click.option(
    "--changed",
    is_flag=True,
    help="PATHS are changed files: skip unrelated ones, and ask git for deleted ones.",
)
@since_options
@click.option("--stdin-filename", metavar="FILE", help="The path of the file that '-' reads.")
@click.option(
    "--plan",
    "--rendered",
    "rendered",
    multiple=True,
    metavar="FILE",
    type=PATH,
    help="A plan in JSON, or another rendered tag set, whatever its name; repeatable.",
)
@click.option(
    "--job",
    metavar="FILE",
    type=PATH,
    help="The job that rendered sets are compared with.",
)
@click.option(
    "--sink", type=click.Choice(RECEIVING), help="Sink of rendered sets that do not name one."
)
@click.option(
    "--processes",
    metavar="N",
    type=click.IntRange(min=1),
    help="Number of worker processes.  [default: 1, or one per core above 1,000 files]",
)
@click.option("--no-cache", is_flag=True, help="Neither read nor write the cache.")
@click.option(
    "--cache-dir",
    metavar="FOLDER",
    type=PATH,
    help="The folder of the cache.  [default: in the user's cache folder]",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=PATH,
    help="Accept the findings in this baseline (see dativo-lint baseline).",
)
@click.option("--no-baseline", is_flag=True, help="Ignore the baseline of the settings.")
@click.option(
    "--ratchet", is_flag=True, help="Exit with 1 if findings in the baseline no longer occur."
)
@shard_option
@watch_option
@fix_options
@settings_options
def check(
    paths: tuple[str, ...],
    formats: tuple[str, ...],
    output: str | None,
    fail_on: str | None,
    statistics: bool,
    quiet: int,
    verbose: bool,
    exit_zero: bool,
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    exclude: tuple[str, ...],
    preset: str | None,
    show_unresolved: bool,
    show_suppressed: bool,
    changed: bool,
    since: str | None,
    diff_only: bool,
    stdin_filename: str | None,
    rendered: tuple[str, ...],
    job: str | None,
    sink: str | None,
    processes: int | None,
    no_cache: bool,
    cache_dir: str | None,
    baseline: str | None,
    no_baseline: bool,
    ratchet: bool,
    shard: Shard | None,
    sarif_category: str | None,
    sarif_alerts_only: bool,
    fixing: Fixing,
    on_report: Callable[[Report, str], None],
    config: str | None,
    isolated: bool,
) -> int:
    """Lint jobs and report problems with their location.

    PATHS are files, folders, globs, or - for standard input; without any, the current folder.
    Given an asset, a connector, a runner file, a file of a Terraform module, a rule file or the
    settings, the jobs that depend on it are linted. A plan in JSON and other rendered tag sets are
    checked by themselves, and compared with the job that they or --job name.

    Exit codes: 0 clean; 1 findings at or above --fail-on, or files were fixed; 2 usage error, or
    nothing to check; 3 the tool itself failed.
    """
    if fixing.is_diff and (formats or output or statistics):
        raise UsageError("--diff shows no report; expected it without --format and --output")
    outputs = outputs_of((*formats, "statistics") if statistics else formats, output)
    if baseline is not None and no_baseline:
        raise UsageError("--baseline names a baseline, and --no-baseline asks for none")
    over_settings = {
        "baseline": None if baseline is None else os.path.abspath(baseline),
        "fail_on": fail_on,
        "preset": preset,
        "select": names(select, "--select"),
        "extend_select": names(extend_select, "--extend-select"),
        "ignore": names(ignore, "--ignore"),
        "exclude": exclude,
    }
    over = {name: value for name, value in over_settings.items() if value}
    others = {"--changed": changed, "-": "-" in paths, "--plan": rendered, "--job": job}
    fixing.hold_alone({**others, "--since": since, "--shard": shard})
    find = partial(find_settings, isolated=isolated, over=over)
    run_since = since_of(
        since, diff_only, find, config, {**others, "--sink": sink, "--shard": shard}
    )
    named = [path for path in paths if path != "-"]
    asked = [*named, *filter(None, [stdin_filename])]
    runs = settings_by_root(config, isolated, over, paths=asked)
    if no_baseline:
        runs = [(replace(it, baseline=None), own) for it, own in runs]
    if len(runs) > 1 and (rendered or job or sink or baseline or shard or "-" in paths):
        start_of_run(asked)  # which refuses them: what else is named is of one repository
    top = os.path.commonpath([settings.root for settings, _ in runs])
    results: dict[str, tuple[Report, Fixed | None]] = {}
    for settings, own in runs:
        if ratchet and settings.baseline is None:
            raise UsageError("--ratchet needs a baseline; expected --baseline FILE")
        stdin = _stdin(paths, stdin_filename, settings)
        means = Means(processes, cache_folder(cache_dir, settings.root, is_wanted=not no_cache))
        judge = partial(
            lint,
            changed=changed,
            stdin=stdin,
            rendered=rendered,
            job=job,
            sink=sink or "",
            shard=shard,
        )
        if verbose:
            log(about_settings(settings))
        else_all = [] if stdin or changed or rendered else ["."]
        chosen = [path for path in own if path in named] or else_all
        try:
            with shown_progress(is_wanted=not quiet) as progress, fixing.means(means) as kept:
                run = partial(run_since or judge, settings=settings, progress=progress, means=kept)
                results[settings.root] = fixing.run(run, chosen, settings, top=top, quiet=quiet)
        except NothingToCheck as nothing:
            if verbose:
                log(about_skipped(sorted(nothing.skipped.items()), settings.root))
            raise
    reports = written_fixes(results)
    is_failed = any(reports[settings.root].fails(settings.fail_on) for settings, _ in runs)
    root, report = merged(reports)
    on_report(report, root)
    if verbose:
        log(about_files(report, root))
    style = Style(
        show_unresolved=show_unresolved,
        show_suppressed=show_suppressed,
        fail_on=max((settings.fail_on for settings, _ in runs), key=lambda severity: severity.rank),
        category=sarif_category or "",
        alerts_only=sarif_alerts_only,
        content=content_in(root, stdin),
    )
    if report.part is not None:
        report = replace(report, part=replace(report.part, ratchet=ratchet))
    if fixing.is_diff:
        return fixing.end_of_diff(report, exit_zero=exit_zero, quiet=quiet)
    is_failed = is_failed or fixing.fails(report)
    deliver(report, outputs, style, root=root, quiet=quiet)
    return exit_code(report, is_failed=is_failed, ratchet=ratchet, exit_zero=exit_zero)


def _stdin(
    paths: tuple[str, ...], name: str | None, settings: Settings
) -> tuple[str, bytes] | None:
    if "-" not in paths:
        if name is not None:
            raise UsageError("--stdin-filename needs the path -")
        return None
    path = locate(settings.root, name or "stdin.yaml")
    if path is None:
        root = settings.root
        raise UsageError(
            f"--stdin-filename: {name} is outside the repository, whose root is {root}"
        )
    # One byte above the limit shows that the text is too long.
    most = max(settings.limits.file_bytes, settings.limits.rendered_bytes)
    return path, sys.stdin.buffer.read(most + 1)
