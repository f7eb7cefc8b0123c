"""The public functions: a report, a job with everything that it refers to, and its tags."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dativo_lint.documents.discovery import Discovery, deleted, discover, inside_repository, locate
from dativo_lint.documents.document import Fault, FaultKind, Limits
from dativo_lint.documents.edited_folder import EditedFolder, HidingFolder, OverlaidFolder
from dativo_lint.documents.folder import DiskFolder, Folder
from dativo_lint.documents.place import start_of
from dativo_lint.engine.loading import job_loader, jobs_in
from dativo_lint.engine.means import ALONE, Means
from dativo_lint.engine.run import Progress, Run
from dativo_lint.engine.selection import FileSelection, Given, Request
from dativo_lint.engine.unmatched import nothing_to_check
from dativo_lint.errors import UsageError, near_path, not_there
from dativo_lint.findings.baseline import NO_BASELINE, load_baseline
from dativo_lint.findings.report import Report
from dativo_lint.findings.shards import Shard
from dativo_lint.git.files import GitError, head
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.kinds import A_JOB
from dativo_lint.jobs.repository import Repository
from dativo_lint.jobs.tags import TagSet
from dativo_lint.jobs.text import Text
from dativo_lint.rulebook.load import builtin_rules, hold_yields_to, own_rules
from dativo_lint.rulebook.rule import Rule
from dativo_lint.settings.entries import with_contents
from dativo_lint.settings.files import find_settings, start_of_run
from dativo_lint.settings.identity import digest_of
from dativo_lint.settings.ruleset import Overrides, RuleSets
from dativo_lint.settings.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from dativo_lint.terraform.calls import ModuleTree


def lint(
    paths: Sequence[str | Path],
    settings: Settings | None = None,
    *,
    changed: bool = False,
    stdin: tuple[str, bytes] | None = None,
    rendered: Sequence[str | Path] = (),
    job: str | Path | None = None,
    sink: str = "",
    shard: Shard | None = None,
    edited: Mapping[str, bytes] = MappingProxyType({}),
    today: date | None = None,
    progress: Progress | None = None,
    means: Means = ALONE,
) -> Report:
    """Lint jobs, rendered sets, and the jobs that depend on other given files.

    `paths` are files, folders and globs; `settings` default to those found from the current folder.
    With `changed`, the paths are changed files: those unrelated to jobs are skipped, and git is
    asked which files the commit deletes. `stdin` is a path, relative to the root, and the content
    to use for it. `rendered` are files of rendered sets, whatever their shape; sets that name no
    job are compared with `job`, and sets without a known sink are of `sink`. Of a `shard`, only the
    files in it are judged, and the report has its part for the merge. `edited` are contents
    that are read in place of files, by their real paths. `today` decides which suppressions have
    expired. `progress` is called for each file; `means` are the processes and the cache of the run.

    Raises UsageError where there is nothing to check, or where settings or rule files cannot be
    used.
    """
    settings = settings or find_settings(start_of_run([str(path) for path in paths]))
    if shard is not None and (changed or stdin or rendered or job or sink):
        raise UsageError("--shard cannot be combined with --changed, --plan, --job, --sink or -")
    sets = {str(path): locate(settings.root, str(path)) for path in rendered}
    outside = [os.path.realpath(path) for path, inside in sets.items() if inside is None]
    found = discover(
        settings.root,
        [*map(str, paths), *(path for path, inside in sets.items() if inside is not None)],
    )
    if not changed:
        _hold_arguments(found, settings.root)
    folder: Folder = DiskFolder(settings.root)
    gone = _deleted(settings.root) if changed else ()
    if gone:
        folder = HidingFolder(folder, frozenset(gone))
    if edited:
        folder = EditedFolder(folder, edited)
        settings = with_contents(settings, edited)
    if stdin is not None:
        folder = OverlaidFolder(folder, *stdin)
    for path in outside:
        folder = OverlaidFolder(folder, path, _content_outside(path, settings.limits))
    given = Given(
        named=(*found.named, *((stdin[0],) if stdin else ()), *outside),
        walked=(*found.walked, *found.unreadable),
        changed=changed,
        gone=(
            *(locate(settings.root, path) or path for path in found.missing),
            *(found.links if changed else ()),
        ),
        deleted=gone,
        rendered=(*filter(None, sets.values()), *outside),
        job=None if job is None else _located(job, settings.root),
        sink=sink,
        is_whole=any(locate(settings.root, str(path)) == "." for path in paths),
        all_files=cache(
            lambda: discover(settings.root, [settings.root], only_tracked=changed).walked
        ),
        shard=shard,
    )
    if stdin is not None:
        means = replace(means, cache=None)
    report = lint_folder(folder, given, settings, today=today, progress=progress, means=means)
    if report.part is None:
        return report
    common = {**report.part.digests, **origin_of(paths, settings)}
    return replace(report, part=replace(report.part, digests=common))


def origin_of(paths: Sequence[str | Path], settings: Settings) -> dict[str, str]:
    """What a run is over, wherever the repository is: its commit, and a digest of the paths."""
    located = sorted(locate(settings.root, str(path)) or str(path) for path in paths)
    return {"commit": head(inside_repository(settings.root)[0]), "paths": digest_of(located)}


def lint_folder(
    folder: Folder,
    given: Given,
    settings: Settings,
    rules: Iterable[Rule] | None = None,
    *,
    today: date | None = None,
    progress: Progress | None = None,
    means: Means = ALONE,
) -> Report:
    """As `lint`, for any folder and rules; paths are relative to the root."""
    rule_sets = RuleSets(all_rules(settings) if rules is None else rules, settings)
    if rules is None:
        rule_sets.hold_any()
    baseline = NO_BASELINE
    if settings.baseline is not None:
        baseline = load_baseline(settings.baseline, folder, settings.root, settings.limits)
    return Run(folder, given, settings, rule_sets, means, progress).report(today, baseline)


def all_rules(settings: Settings, *, whole: bool = False) -> tuple[Rule, ...]:
    """The built-in rules and those of the settings' rule folders, sorted by id."""
    rules = {rule.id: rule for rule in builtin_rules(whole=whole)}
    for folder in settings.rule_folders:
        rules.update((rule.id, rule) for rule in own_rules(folder, rules, settings.root))
    if settings.rule_folders:  # those of the tool are held by a test
        hold_yields_to(rules)
    return tuple(rules[id] for id in sorted(rules))


def load_jobs(path: str | Path, settings: Settings | None = None) -> tuple[Job, ...]:
    """The jobs in one file, each with everything that it refers to.

    Raises UsageError for a file that does not exist, cannot be read or has no job.
    """
    settings = settings or find_settings(start_of_run([str(path)]))
    named = _located(path, settings.root)
    selector = FileSelection(DiskFolder(settings.root), settings, Given((named,)))
    jobs = jobs_in(selector, named)
    if not jobs:
        raise UsageError(f"{path} contains no job; {A_JOB}")
    return tuple(map(job_loader(selector).load, jobs))


def overrides_for(path: str | Path, settings: Settings, rules: RuleSets) -> Overrides:
    """The overrides of the settings for everything in one file, by their positions.

    Raises UsageError for a missing file, or for one whose jobs have different overrides.
    """
    named = _located(path, settings.root)
    rules.hold_at(named)
    selector = FileSelection(DiskFolder(settings.root), settings, Given((named,)))
    jobs = jobs_in(selector, named)
    overrides = {rules.overrides_of(job) for job in jobs} or {rules.overrides_of_file(named)}
    if len(overrides) > 1:
        raise UsageError(f"{path} holds {len(jobs)} jobs with different overrides")
    return overrides.pop()


def load_module(path: str, settings: Settings) -> ModuleTree:
    """The Terraform module in a folder of the repository, or a UsageError; with those it calls."""
    where = locate(settings.root, path)
    repository = Repository(DiskFolder(settings.root), settings.limits)
    kind = repository.folder.kind(where) if where is not None else None
    if where is None or kind != "folder":
        reason = "cannot be read" if kind == "unreadable" else "is not a folder"
        reason = "is outside the repository" if where is None else reason
        hint = near_path(path) if kind is None else ""
        raise UsageError(f"{path} {reason}; expected the folder of a Terraform module{hint}")
    return repository.module_tree(where)


def files_in(paths: Sequence[str | Path], settings: Settings, shard: Shard | None = None) -> Given:
    """The files that are named and those in folders. Raises UsageError for what is not there."""
    discovery = discover(settings.root, [str(path) for path in paths])
    _hold_arguments(discovery, settings.root)
    return Given(discovery.named, (*discovery.walked, *discovery.unreadable), shard=shard)


def jobs_of(
    given: Given, settings: Settings, tell_broken: Callable[[Fault], None] = lambda fault: None
) -> Iterator[Job]:
    """The jobs in files, each with everything that it refers to.

    Unreadable files are left out and reported. Raises UsageError where there is no job, unless
    there may be some in other shards.
    """
    selector = FileSelection(DiskFolder(settings.root), settings, given)
    load = job_loader(selector).load
    is_any = False
    for path in selector.files:
        taken = selector.take(Request(path, selector.role(path)))
        for fault in _faults(taken.text) if taken.text is not None else ():
            tell_broken(fault)
        for job in taken.jobs:
            is_any = True
            yield load(job)
        selector.repository.forget(path)
    if not is_any and given.shard is None:
        raise UsageError(nothing_to_check(given))


def _faults(text: Text) -> Iterator[Fault]:
    """Why a file could not be read as what it was meant to be."""
    yield from (fault for fault in text.reading.faults if fault.kind.is_fatal)
    if text.is_broken and not text.reading.is_broken:
        message = "it holds a list where a job was expected"
        yield Fault(FaultKind.VALUE, message, start_of(text.path))


def load_job(path: str | Path, settings: Settings | None = None) -> Job:
    """The one job in a file; raises UsageError as `load_jobs`, and where there are several."""
    jobs = load_jobs(path, settings)
    if len(jobs) > 1:
        raise UsageError(f"{path} contains {len(jobs)} jobs; expected one")
    return jobs[0]


def derive_tags(job: Job) -> TagSet:
    """The effective tags of a job by namespaced key, each with its trail."""
    return job.tags


def _content_outside(path: str, limits: Limits) -> bytes:
    """The content of a file outside of the repository that was named; raises UsageError."""
    above, name = os.path.split(path)
    content = DiskFolder(above).read(name, limits.of_rendered)
    if isinstance(content, Fault):
        raise UsageError(f"{path}: {content.message}")
    return content


def _deleted(root: str) -> tuple[str, ...]:
    try:
        return deleted(root)
    except GitError as error:
        raise UsageError(f"--changed: {error}") from error


def _hold_arguments(found: Discovery, root: str) -> None:
    """Raise UsageError for all arguments that are missing or outside the repository."""
    faults = [*map(not_there, found.missing)]
    for path in found.outside:
        faults.append(f"{path} is outside the repository, whose root is {root}")
    if faults:
        raise UsageError("\n".join(faults))


def _located(path: str | Path, root: str) -> str:
    """A file of the repository, from its root. Raises UsageError for anything else."""
    found = discover(root, [str(path)])
    _hold_arguments(found, root)
    if len(found.named) != 1:
        raise UsageError(f"{path} is not a file; expected a file with a job")
    return found.named[0]
