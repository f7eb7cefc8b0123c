"""Since: the jobs that a change can affect, and the findings that are new since a commit."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from datetime import date
from tempfile import TemporaryDirectory

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.api import lint_folder
from dativo_lint.changes.changes import (
    Change,
    State,
    change_since,
    governed,
    is_policy,
    past_of,
    scheduled,
    write_settings,
)
from dativo_lint.documents.discovery import discover, is_within, locate, upwards
from dativo_lint.documents.folder import DiskFolder, is_there, leaves
from dativo_lint.documents.globs import GlobError, glob_matcher, is_glob
from dativo_lint.engine.means import ALONE, Means
from dativo_lint.engine.run import Progress
from dativo_lint.engine.selection import Given
from dativo_lint.errors import UsageError, not_there
from dativo_lint.findings.baseline import Baseline, Entry, Key, accept, key_of
from dativo_lint.findings.finding import order_of
from dativo_lint.findings.report import Report
from dativo_lint.git.files import GitError
from dativo_lint.jobs.suppression_comment import Suppression
from dativo_lint.settings.files import start_of_run
from dativo_lint.settings.settings import Settings


class Since(Struct, frozen=True):
    """The commit `ref` that a run is compared with; if `only_new`, findings that were there are
    accepted. `find` is `find_settings` with the options of the run, `config` its settings file."""

    ref: str
    find: Callable[..., Settings]
    config: str | None = None
    only_new: bool = False


def lint_since(
    paths: Sequence[str],
    settings: Settings,
    since: Since,
    *,
    today: date | None = None,
    progress: Progress | None = None,
    means: Means = ALONE,
) -> Report:
    """Lint the jobs below some paths that the change since a commit can affect.

    Raises UsageError where git cannot tell the change.
    """
    root = settings.root
    try:
        change = change_since(root, since.ref)
        files = discover(root, [root])
        now = State(DiskFolder(root), settings, (*files.walked, *files.unreadable))
        run = _Run(
            change=change,
            paths=scheduled(change, now).union(path for path in change.paths if not leaves(path)),
            is_policy=is_policy(change, now),
            has_settings=bool(governed(change, now)),
            tops=_tops(paths, now, change),
            today=today,
        )
        report = run.report(now, progress=progress, means=means)
        report = replace(report, since=since.ref, only_new=since.only_new)
        if not since.only_new:
            return report
        return _against(report, run, now, since, start_of_run(paths), means)
    except GitError as error:
        raise UsageError(f"--since: {error}") from error


class _Run(Struct, frozen=True):
    """A run that can be made at several times, over the jobs in `tops` that depend on `paths`; over
    all of them if it `is_policy` that changed. `has_settings` if settings changed, be it of a
    folder."""

    change: Change
    paths: frozenset[str]
    is_policy: bool
    has_settings: bool
    tops: frozenset[str]
    today: date | None

    def report(
        self,
        state: State,
        also: Set[str] = frozenset(),
        *,
        is_past: bool = False,
        progress: Progress | None = None,
        means: Means = ALONE,
    ) -> Report:
        """The result at one time; over the jobs that depend on some other paths, too."""
        files = tuple(filter(self.is_wanted, state.files))
        paths = self.paths | also
        named = frozenset(paths.intersection(files))
        nowhere = [path for path in named if state.folder.kind(path) is None]  # a link to nothing
        given = Given(
            named=() if self.is_policy else tuple(sorted(named)),
            walked=files if self.is_policy else (),
            changed=is_past or not self.is_policy,
            deleted=() if self.is_policy else tuple(sorted((*(paths - named), *nowhere))),
            is_whole=self.is_policy and "." in self.tops,
            all_files=lambda: state.files,
            wanted=self.is_wanted,
            follows_jobs=True,
        )
        folder, settings = state.folder, state.settings
        return lint_folder(
            folder, given, settings, today=self.today, progress=progress, means=means
        )

    def is_wanted(self, path: str) -> bool:
        """Whether a path is in one of the folders of the run."""
        return not self.tops.isdisjoint((".", *upwards(path)))


def _tops(paths: Sequence[str], now: State, change: Change) -> frozenset[str]:
    """The paths of a run from the root; they may be those of files that are not there any more."""
    root = now.settings.root
    changed = {above for path in change.paths for above in upwards(path)}
    tops: set[str] = set()
    for path in paths or ["."]:
        top = locate(root, path)
        if top is None:
            raise UsageError(f"{path} is outside the repository, whose root is {root}")
        if is_there(os.path.join(root, top)) or top in changed:
            matching = {top}
        else:
            places = changed.union(above for file in now.files for above in upwards(file))
            matching = _matching(top, places)
        if not matching:
            raise UsageError(not_there(path))
        tops |= matching
    return frozenset(tops)


def _matching(pattern: str, paths: Set[str]) -> set[str]:
    """The paths that a glob matches; none for another path."""
    with suppress(GlobError):
        return set(filter(glob_matcher(pattern), paths)) if is_glob(pattern) else set()
    return set()


def _against(
    report: Report, run: _Run, now: State, since: Since, start: str, means: Means
) -> Report:
    """A report in which the findings that were there at a commit are accepted."""
    past = past_of(run.change, now)
    names = run.change.renames()
    # What is in the folders of the run now may have been elsewhere.
    run_then = replace(run, tops=run.tops.union(old for old in names if run.is_wanted(names[old])))
    uncached = replace(means, cache=None)
    try:
        with _past_settings(run, past, since, start) as settings:
            past = replace(past, settings=settings)
            after, before = report, run_then.report(past, is_past=True, means=uncached)
            places = {finding.place.path for each in (after, before) for finding in each.findings}
            # Other jobs have findings in the same files, now and then.
            shared = places - run.paths - ({*after.judged} & {*before.judged})
            if shared and not run.is_policy:
                after = run.report(now, shared, means=means)
                before = run_then.report(past, shared, is_past=True, means=uncached)
    except UsageError as error:
        sentence = f"{since.ref} cannot be judged, so every finding counts as new: {error}"
        return replace(report, warnings=(*report.warnings, sentence))
    known = Counter(
        (names.get(path, path), rule, field) for path, rule, field in map(key_of, before.findings)
    )
    new = Counter(map(key_of, after.findings)) - known
    return _accepted(report, Counter(map(key_of, report.findings)) - new, since.ref)


def _accepted(report: Report, known: Counter[Key], ref: str) -> Report:
    """A report in which so many findings of each key are accepted."""
    entries = tuple(Entry(*key, date.min, count) for key, count in known.items())
    split = accept(report.findings, Baseline(ref, entries), None)
    reason = f"it was already there at {ref}"
    accepted = (
        replace(
            finding,
            # No comment accepts it: what does is outside of the file.
            suppression=Suppression(
                finding.place, (finding.rule.id,), reason, None, 1, 1, paths=(finding.place.path,)
            ),
        )
        for finding in split.baselined
    )
    baselined = tuple(sorted([*report.baselined, *accepted], key=order_of))
    return replace(report, findings=split.standing, baselined=baselined)


@contextmanager
def _past_settings(run: _Run, past: State, since: Since, start: str) -> Iterator[Settings]:
    """The settings at the commit, whose rules are in a folder for the time being.

    Raises UsageError where they cannot be used.
    """
    settings = past.settings
    baseline = settings.baseline
    if baseline is not None and past.folder.kind(baseline) is None:
        baseline = None
    if not (run.is_policy or run.has_settings):
        yield replace(settings, baseline=baseline)
        return
    with TemporaryDirectory(prefix="dativo-lint-") as temporary:
        folder = os.path.realpath(temporary)
        write_settings(run.change, folder)
        places = (start, None if since.config is None else os.path.realpath(since.config))
        there, config = (
            os.path.join(folder, os.path.relpath(place, settings.root))
            if place is not None and is_within(place, settings.root)
            else place
            for place in places
        )
        before = since.find(there, root=folder, file=config)
        yield replace(before, root=settings.root, baseline=baseline)
