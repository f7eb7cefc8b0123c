"""The command `check`: lint, show the report, and answer with an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.api import lint
from dativo_lint.cli.destinations import Delivery, content_in, report_options
from dativo_lint.cli.fixing import Fixing, fix_options, written_fixes
from dativo_lint.cli.options import (
    PATHS,
    cache_option,
    file_option,
    picked,
    rule_option,
    settings_by_root,
    settings_finder,
    settings_options,
    shard_option,
)
from dativo_lint.cli.output import shared_options
from dativo_lint.cli.runs import (
    about_files,
    about_settings,
    about_skipped,
    cache_folder,
    log,
    shown_progress,
)
from dativo_lint.documents.discovery import locate
from dativo_lint.engine.means import Means
from dativo_lint.errors import NothingToCheck, UsageError
from dativo_lint.findings.report import Report
from dativo_lint.findings.roots import merged
from dativo_lint.findings.shards import Shard
from dativo_lint.jobs.sinks import RECEIVING
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings.files import start_of_run
from dativo_lint.settings.presets import PRESETS
from dativo_lint.settings.settings import Settings

if TYPE_CHECKING:
    from dativo_lint.fixes.rounds import Fixed


@click.command()
@PATHS
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
@rule_option("--select", help="Run only these rules or families.")
@rule_option("--extend-select", help="Also run these rules, even if they are off by default.")
@rule_option(
    *("--ignore", "--extend-ignore", "ignore"),
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
@click.option(
    "--since", metavar="REF", help="Lint only the jobs that the changes since a commit can affect."
)
@click.option("--diff-only", is_flag=True, help="With --since: report only findings that are new.")
@click.option("--stdin-filename", metavar="FILE", help="The path of the file that '-' reads.")
@file_option(
    *("--plan", "--rendered", "rendered"),
    multiple=True,
    help="A plan in JSON, or another rendered tag set, whatever its name; repeatable.",
)
@file_option("--job", help="The job that rendered sets are compared with.")
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
@cache_option
@file_option("--baseline", help="Accept the findings in this baseline (see dativo-lint baseline).")
@click.option("--no-baseline", is_flag=True, help="Ignore the baseline of the settings.")
@click.option(
    "--ratchet", is_flag=True, help="Exit with 1 if findings in the baseline no longer occur."
)
@shard_option
@click.option("--watch", is_flag=True, help="Lint again after each change, until Ctrl-C.")
@fix_options
@settings_options
def check(watch: bool, **options: Any) -> int:
    """Lint jobs and report problems with their location.

    PATHS are files, folders, globs, or - for standard input; without any, the current folder.
    Given an asset, a connector, a runner file, a file of a Terraform module, a rule file or the
    settings, the jobs that depend on it are linted. A plan in JSON and other rendered tag sets are
    checked by themselves, and compared with the job that they or --job name.

    Exit codes: 0 clean; 1 findings at or above --fail-on, or files were fixed; 2 usage error, or
    nothing to check; 3 the tool itself failed.
    """
    if watch:
        from dativo_lint.cli.watch import Watch  # few runs last so long

        Watch(_check, options).run()
    return _check(**options, on_report=lambda report, root: None)


class _Asked(Struct, frozen=True):
    """What the options say about what is linted."""

    paths: tuple[str, ...]
    changed: bool
    since: str | None
    diff_only: bool
    stdin_filename: str | None
    rendered: tuple[str, ...]
    job: str | None
    sink: str | None
    shard: Shard | None

    @property
    def others(self) -> dict[str, object]:
        """The options that do not go with all others, each with whether it is there."""
        sets = {"--plan": self.rendered, "--job": self.job, "--sink": self.sink}
        return {"--changed": self.changed, "-": "-" in self.paths, **sets, "--shard": self.shard}

    @property
    def named(self) -> list[str]:
        """The paths of files and folders."""
        return [path for path in self.paths if path != "-"]

    def judge(self, over: Mapping[str, Any]) -> Callable[..., Report]:
        """What lints it. Raises UsageError for options that do not go with `--since`."""
        if self.since is None:
            if self.diff_only:
                raise UsageError("--diff-only compares with a commit; expected --since REF")
            return partial(
                lint,
                changed=self.changed,
                rendered=self.rendered,
                job=self.job,
                sink=self.sink or "",
                shard=self.shard,
            )
        for option in filter(self.others.get, self.others):
            raise UsageError(f"--since asks git what to lint; it cannot be combined with {option}")
        from dativo_lint.changes.since import Since, lint_since  # most runs do without

        find, config = settings_finder(over), shared_options().get("config")
        return partial(lint_since, since=Since(self.since, find, config, self.diff_only))

    def runs(self, over: Mapping[str, Any]) -> list[tuple[Settings, list[str]]]:
        """The settings of each repository in which some of it is, and the paths there."""
        asked = [*self.named, *filter(None, [self.stdin_filename])]
        runs = settings_by_root(asked, over)
        of_one = (self.rendered, self.job, self.sink, self.shard, over.get("baseline"))
        if len(runs) > 1 and (any(of_one) or "-" in self.paths):
            start_of_run(asked)  # which refuses them: what else is named is of one repository
        return runs

    def stdin(self, settings: Settings) -> tuple[str, bytes] | None:
        """The path and content of what standard input has."""
        name, root = self.stdin_filename, settings.root
        if "-" not in self.paths:
            if name is not None:
                raise UsageError("--stdin-filename needs the path -")
            return None
        path = locate(root, name or "stdin.yaml")
        if path is None:
            where = f"outside the repository, whose root is {root}"
            raise UsageError(f"--stdin-filename: {name} is {where}")
        # One byte above the limit shows that the text is too long.
        most = max(settings.limits.file_bytes, settings.limits.rendered_bytes)
        return path, sys.stdin.buffer.read(most + 1)


def _check(
    *,
    verbose: bool,
    processes: int | None,
    no_cache: bool,
    cache_dir: str | None,
    baseline: str | None,
    no_baseline: bool,
    ratchet: bool,
    on_report: Callable[[Report, str], None],
    **options: Any,
) -> int:
    """One run, whose report `on_report` is called with, and the folder of its paths."""
    asked, fixing = picked(_Asked, options), picked(Fixing, options)
    delivery = picked(Delivery, options)
    fixing.hold({**asked.others, "--since": asked.since}, is_form_asked=delivery.is_form_asked)
    outputs = delivery.outputs()
    if baseline is not None and no_baseline:
        raise UsageError("--baseline names a baseline, and --no-baseline asks for none")
    over = {name: value for name, value in options.items() if value}  # the others are settings
    if baseline is not None:
        over["baseline"] = os.path.abspath(baseline)
    judge = asked.judge(over)
    runs = asked.runs(over)
    if no_baseline:
        runs = [(replace(settings, baseline=None), own) for settings, own in runs]
    top = os.path.commonpath([settings.root for settings, _ in runs])
    results: dict[str, tuple[Report, Fixed | None]] = {}
    stdin = None
    for settings, own in runs:
        if ratchet and settings.baseline is None:
            raise UsageError("--ratchet needs a baseline; expected --baseline FILE")
        stdin = asked.stdin(settings)
        piped = {} if stdin is None else {"stdin": stdin}
        means = Means(processes, cache_folder(cache_dir, settings.root, is_wanted=not no_cache))
        if verbose:
            log(about_settings(settings))
        else_all = [] if stdin or asked.changed or asked.rendered else ["."]
        chosen = [path for path in own if path in asked.named] or else_all
        try:
            with shown_progress(delivery.quiet) as progress, fixing.means(means) as kept:
                run = partial(judge, settings=settings, progress=progress, means=kept, **piped)
                fixed = fixing.run(run, chosen, settings, top=top, quiet=delivery.quiet)
                results[settings.root] = fixed
        except NothingToCheck as nothing:
            if verbose:
                log(about_skipped(sorted(nothing.skipped.items()), settings.root))
            raise
    reports = written_fixes(results)
    root, report = merged(reports)
    on_report(report, root)
    if verbose:
        log(about_files(report, root))
    if fixing.diff:
        fixing.tell_end(report, delivery.quiet)
        return delivery.exit_code(report, is_failed=fixing.fails(report), ratchet=False)
    if report.part is not None:
        report = replace(report, part=replace(report.part, ratchet=ratchet))
    fail_on = max((settings.fail_on for settings, _ in runs), key=lambda severity: severity.rank)
    content = content_in(root, stdin)
    delivery.deliver(report, outputs, root=root, fail_on=fail_on, content=content)
    is_failed = any(reports[settings.root].fails(settings.fail_on) for settings, _ in runs)
    is_failed = is_failed or fixing.fails(report)
    return delivery.exit_code(report, is_failed=is_failed, ratchet=ratchet)
