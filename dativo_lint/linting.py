"""The story: for every job, gather what it refers to into one subject; hold the subject against
every rule that applies; sort what was found into a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dativo_lint.misuse import Misuse
from dativo_lint.rulebook.load import builtin_rules, own_rules
from dativo_lint.rulebook.rule import Rule
from dativo_lint.running import ALONE, Means, Progress, Run, nothing_to_check
from dativo_lint.selection import Given, select
from dativo_lint.settings import Settings
from dativo_lint.settings_file import find_settings, start_of_run
from dativo_lint.subject.library import Library
from dativo_lint.texts.discovery import Discovery, discover, locate
from dativo_lint.texts.folder import DiskFolder, Folder
from dativo_lint.verdict.ready import Readiness
from dativo_lint.verdict.report import Report

if TYPE_CHECKING:
    # Together they take 4 ms to import.
    from datetime import date
    from pathlib import Path

    from dativo_lint.subject.subject import Subject
    from dativo_lint.subject.tagging import KnownModule
    from dativo_lint.subject.tags import TagSet


def lint(
    paths: Sequence[str | Path],
    settings: Settings | None = None,
    *,
    changed: bool = False,
    stdin: tuple[str, bytes] | None = None,
    rendered: Sequence[str | Path] = (),
    job: str | Path | None = None,
    sink: str = "",
    today: date | None = None,
    progress: Progress | None = None,
    means: Means = ALONE,
) -> Report:
    """Lint jobs, rendered sets, and whatever jobs depend on the other files that are given.

    `paths` are files, folders and globs; `settings` default to those found from the current
    folder. `changed` says that the paths are changed files, of which those that concern no job
    are passed over. `stdin` is a path, relative to the root, and the content that stands in for
    the file there. `rendered` are files of rendered sets, whatever their shape; those that name no
    job are held against `job`, and those whose form tells no sink are of `sink`. `today` decides
    which allowances have expired. `progress` is told of each file; `means` are the processes and
    the cache with which the same is found sooner. Raises Misuse where there is nothing to check,
    or where settings or rule files cannot be used.
    """
    settings = settings or find_settings(start_of_run([str(path) for path in paths]))
    found = discover(settings.root, [str(path) for path in (*paths, *rendered)])
    if not changed:
        _hold_arguments(found, settings.root)
    folder: Folder = DiskFolder(settings.root)
    if stdin is not None:
        from dativo_lint.texts.folder import OverlaidFolder  # few read standard input

        folder = OverlaidFolder(folder, *stdin)
    given = Given(
        named=(*found.named, *((stdin[0],) if stdin else ())),
        walked=found.walked,
        changed=changed,
        gone=tuple(locate(settings.root, path) or path for path in found.missing),
        rendered=tuple(locate(settings.root, str(path)) or str(path) for path in rendered),
        job=None if job is None else _located(job, settings.root),
        sink=sink,
        all_files=cache(lambda: discover(settings.root, [str(settings.root)]).walked),
    )
    if stdin is not None:
        means = replace(means, cache=None)
    return lint_folder(folder, given, settings, today=today, progress=progress, means=means)


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
    """As `lint`, of texts in any folder and with given rules; paths are relative to the root."""
    state = None
    if means.cache is not None:
        from dativo_lint.cache.identity import state_of  # the first run in a place has no cache

        state = state_of(means.cache, settings)
    is_known = rules is None and state is not None and state.is_known
    rules = all_rules(settings) if rules is None else rules
    ready = Readiness(rules, settings, are_known_to_fit=is_known)
    run = Run(folder, given, settings, ready, means.processes, state, progress)
    run.judge()
    return run.report(today)


def all_rules(settings: Settings, *, whole: bool = False) -> tuple[Rule, ...]:
    """The built-in rules and those of the settings' rule folders, sorted by id."""
    rules = {rule.id: rule for rule in builtin_rules(whole=whole)}
    for folder in settings.rule_folders:
        rules.update((rule.id, rule) for rule in own_rules(folder, rules, settings.root))
    return tuple(rules[id] for id in sorted(rules))


def load_jobs(path: str | Path, settings: Settings | None = None) -> tuple[Subject, ...]:
    """The jobs in one file, each with all that it refers to.

    Raises Misuse for a file that is not there, cannot be read or holds no job.
    """
    from dativo_lint.judging import assembler  # a run that remembers all judges nothing

    settings = settings or find_settings(start_of_run([str(path)]))
    named = _located(path, settings.root)
    library = Library(DiskFolder(settings.root), settings.limits)
    selection = select(library, settings, Given((named,)))
    for fault in library.reading(named).faults:
        if fault.kind.is_fatal:
            raise Misuse(fault.message, fault.place)
    if not selection.jobs:
        raise Misuse(f"{path} holds no job: no asset_path, source_connector_path, infrastructure")
    subject = assembler(library, settings, lambda: selection.runners).subject
    return tuple(map(subject, selection.jobs))


def load_module(path: str, settings: Settings) -> KnownModule:
    """The Terraform module in a folder, with those that it calls and what is known of its tags.

    Raises Misuse for what is no folder of the repository.
    """
    from dativo_lint.judging import known_module  # as above

    where = locate(settings.root, path)
    library = Library(DiskFolder(settings.root), settings.limits)
    if where is None or library.folder.kind(where) != "folder":
        reason = "lies outside the repository" if where is None else "is no folder"
        raise Misuse(f"{path} {reason}; expected the folder of a Terraform module")
    return known_module(library, where)


def jobs_of(paths: Sequence[str | Path], settings: Settings) -> Iterator[Subject]:
    """The jobs in files and folders, each with all that it refers to; broken files are left out.

    Raises Misuse where there is no job.
    """
    from dativo_lint.judging import assembler  # as above

    found = discover(settings.root, [str(path) for path in paths])
    _hold_arguments(found, settings.root)
    given = Given(found.named, found.walked)
    library = Library(DiskFolder(settings.root), settings.limits)
    selection = select(library, settings, given)
    if not selection.jobs:
        raise Misuse(nothing_to_check(given))
    return map(assembler(library, settings, lambda: selection.runners).subject, selection.jobs)


def load_job(path: str | Path, settings: Settings | None = None) -> Subject:
    """The one job in a file; raises Misuse as `load_jobs`, and where there are several."""
    jobs = load_jobs(path, settings)
    if len(jobs) > 1:
        raise Misuse(f"{path} holds {len(jobs)} jobs; expected one")
    return jobs[0]


def derive_tags(job: Subject) -> TagSet:
    """The effective tags of a job by namespaced key, each with its trail."""
    return job.tags


def _hold_arguments(found: Discovery, root: str) -> None:
    """Raise Misuse for arguments that stand for nothing in the repository, all at once."""
    faults = [f"{path}: there is no such file or folder" for path in found.missing]
    for path in found.outside:
        faults.append(f"{path} lies outside the repository, whose root is {root}")
    if faults:
        raise Misuse("\n".join(faults))


def _located(path: str | Path, root: str) -> str:
    """A file of the repository, from its root. Raises Misuse where it is not one."""
    found = discover(root, [str(path)])
    _hold_arguments(found, root)
    if len(found.named) != 1:
        raise Misuse(f"{path} is not a file; expected one that holds a job")
    return found.named[0]
