"""A run: judges the given files, then the jobs that depend on the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import repeat
from typing import TYPE_CHECKING

from msgspec.structs import replace

from dativo_lint.documents.folder import Folder
from dativo_lint.engine.dependents import Touched
from dativo_lint.engine.engine import BATCH, Engine, Judged, Schedules
from dativo_lint.engine.means import ALONE, Means
from dativo_lint.engine.merging import part_of_run
from dativo_lint.engine.selection import FileSelection, Given, Request, Role
from dativo_lint.engine.unmatched import no_rendered_set, nothing_to_check, unmatched
from dativo_lint.errors import NothingToCheck, UsageError
from dativo_lint.findings.baseline import NO_BASELINE, Baseline
from dativo_lint.findings.file_results import FileResult, Read
from dativo_lint.findings.report import Report
from dativo_lint.findings.results import Results
from dativo_lint.jobs.job_shape import TEXT_SUFFIXES
from dativo_lint.jobs.kinds import Kind
from dativo_lint.settings.entries import entries_of
from dativo_lint.settings.identity import identity_of
from dativo_lint.settings.ruleset import RuleSets
from dativo_lint.settings.settings import Settings

if TYPE_CHECKING:
    from dativo_lint.engine.cache import Cache

Progress = Callable[[int, int], None]
"""Called with the number of files that are judged, and of all."""


class Run:
    """One run over given files. Raises UsageError where there is nothing to check."""

    def __init__(
        self,
        folder: Folder,
        given: Given,
        settings: Settings,
        rules: RuleSets,
        means: Means = ALONE,
        progress: Progress | None = None,
    ) -> None:
        self._selector = FileSelection(folder, settings, given)
        self._repository = self._selector.repository
        self._engine = Engine(self._selector, rules, given.sink)
        self._results = Results(rules, self._selector.skipped)
        self._given = given
        self._rules = rules
        self._settings = settings
        self._means = means
        self._progress = progress
        self._cache: Cache | None = None
        self._schedules = Schedules()
        self._reads: dict[str, Role] = {}
        self._read_results: dict[tuple[str, Role], FileResult] = {}
        self._is_final: dict[str, bool] = {}
        self._touched = Touched(())
        self._used: set[str] = set()
        self._whole: set[str] = set()
        self._passed_over = [*self._selector.excluded]
        self._empty: list[str] = []
        self._is_any_set = False
        self._judged_in_shard: list[tuple[Request, FileResult]] = []
        self._warnings: tuple[str, ...] = ()

    def report(self, today: date | None = None, baseline: Baseline = NO_BASELINE) -> Report:
        """Judge all that is to be judged; `today` decides which suppressions have expired."""
        if self._means.cache is not None:
            from dativo_lint.engine.cache import open_cache  # with SQLite

            names = self._settings.root, identity_of(self._settings)
            self._cache = open_cache(self._means.cache, *names, self._repository.folder)
        try:
            self._judge_all()
        finally:
            if self._cache is not None:
                self._cache.close()
        judged = self._whole.union(self._selector.files)
        followed, is_part = self._touched.files, self._given.shard is not None
        # What a file in a shard is used for is not known before all parts are merged.
        report = self._results.report(
            frozenset() if is_part else judged,
            self._passed_over,
            today,
            ignores=self._settings.ignores,
            entries_of=lambda some: entries_of(some, self._repository.folder, self._settings),
            baseline=baseline,
            is_whole=self._given.is_whole and not is_part,
            followed=() if is_part else followed,
        )
        warned = (*self._warnings, *report.warnings)
        report = replace(report, warnings=warned, judged=tuple(sorted(judged)))
        if self._given.shard is None:
            return report
        part = part_of_run(
            self._given.shard,
            self._settings,
            self._rules,
            report,
            self._results,
            baseline=baseline,
            judged=self._judged_in_shard,
            is_whole=self._given.is_whole,
            followed=followed,
            empty=self._empty,
            warnings=self._warnings,
        )
        return replace(report, part=part)

    def _judge_all(self) -> None:
        for path in self._given.rendered:
            if not self._selector.is_given(path):
                raise UsageError(no_rendered_set(path))
        self._learn_schedules()
        if self._given.job is not None:
            self._engine.use_job(self._given.job)
        requests = [Request(path, self._selector.role(path)) for path in self._selector.files]
        self._judge(requests, self._progress)
        shard = self._given.shard
        has_jobs = self._results.jobs > 0 or (shard is not None and self._selector.is_any_job())
        others = self._selector.others(self._is_final, has_jobs=has_jobs)
        if others and shard is not None and self._given.named:
            raise UsageError(f"{others[0]} is no readable job; with --shard, name its folder")
        if others:
            self._judge_dependents(others)
        self._judge_what_was_read()
        self._passed_over += sorted(self._empty)
        if self._given.is_whole and not self._given.changed:
            self._warnings = unmatched(self._settings, self._repository.folder, self._given.walked)
        if not self._given.changed and shard is None:
            self._hold_checked()

    def _hold_checked(self) -> None:
        """Raise UsageError where nothing was checked: of what was walked, only jobs and rendered
        sets count, and files that may be such."""
        results, given = self._results, self._given
        if not (results.is_checked if given.walked else results.files - len(self._empty)):
            why = nothing_to_check(given, self._empty, results.not_checked)
            raise NothingToCheck(why, results.skipped)
        has_sets = self._is_any_set or results.is_any_broken
        if (given.sink or given.job is not None) and not has_sets:
            raise UsageError(
                f"{'--sink' if given.sink else '--job'} is of rendered tag sets, which no file has"
                "; name one with --plan or --rendered"
            )

    def _learn_schedules(self) -> None:
        """Read the schedules of each job from the runner files, before the first is judged."""
        path, role = "\0".join(self._selector.runner_paths), "schedules"
        stored = self._cache.results([(path, role, "")], Schedules) if self._cache else iter(())
        schedules = next(stored, None)
        if schedules is None:
            try:
                schedules, dependencies = self._engine.read_schedules()
            except Exception:  # noqa: BLE001  reported for each job, when it is judged
                return
            if self._cache is not None:
                self._cache.put(path, role, schedules, dependencies)
        self._schedules = schedules
        self._engine.use_schedules(schedules)

    def _judge(self, requests: Sequence[Request], progress: Progress | None = None) -> None:
        """Use the stored results of files, and judge the others in one or more processes."""
        left: list[Request] = []
        done = 0
        for request, result in self._recalled(requests):
            if result is None:
                left.append(request)
                continue
            self._add(request, result)
            done += 1
            if progress is not None:
                progress(done, len(requests))
        batches = [left[at : at + BATCH] for at in range(0, len(left), BATCH)]
        for judged, asked in self._judged(batches):
            for number, one in enumerate(judged):
                self._keep(one)
                self._add(one.request, one.result, is_part=one.is_part)
                # Files that were read for jobs follow those of the request.
                if number < asked and progress is not None:
                    done += 1
                    progress(done, len(requests))

    def _judged(self, batches: Sequence[Sequence[Request]]) -> Iterator[tuple[list[Judged], int]]:
        """The results of each batch, and the number of its own files, in any order."""
        processes = min(self._means.processes_for(sum(map(len, batches))), len(batches))
        if processes > 1:
            from dativo_lint.engine.workers import judge_in_processes  # slow; few runs are long

            yield from judge_in_processes(self._engine, batches, processes)
        else:
            for batch in batches:
                yield self._engine.judge(batch), len(batch)

    def _recalled(self, requests: Sequence[Request]) -> Iterator[tuple[Request, FileResult | None]]:
        """The results of files in an earlier run, if all their dependencies are unchanged."""
        stored: Iterator[FileResult | None] = repeat(None)
        if self._cache is not None:
            files = [(it.path, self._key(it), self._schedule(it)) for it in requests]
            stored = self._cache.results(files, FileResult)
        for request, result in zip(requests, stored, strict=False):
            if result is not None and result.jobs:  # only what jobs refer to may be needed again
                self._repository.forget(request.path)
            yield request, self._asked_for(request, result)

    def _asked_for(self, request: Request, result: FileResult | None) -> FileResult | None:
        """A stored result, unless it is of more jobs than those that depend on certain files."""
        if result is None or request.role is not Role.DEPENDENT:
            return result
        concerned = [self._touched.concerns(request.path, paths) for paths in result.refers_to]
        if any(concerned) and not all(concerned):
            return None
        return result if any(concerned) else FileResult()

    def _keep(self, judged: Judged) -> None:
        """Store the result of a file, unless the next run should judge it again."""
        request, result = judged.request, judged.result
        if self._cache is not None and not (judged.is_part or result.has_failed):
            key, schedule = self._key(request), self._schedule(request)
            self._cache.put(request.path, key, result, judged.dependencies, schedule)

    def _key(self, request: Request) -> str:
        """All that a result is of, beside the file: never which files a run is over."""
        role = Role.WALKED if request.role is Role.DEPENDENT else request.role
        return self._selector.key(role, request.path)

    def _schedule(self, request: Request) -> str:
        """The runner files' schedules of the jobs in a file."""
        return self._schedules.of_jobs.get(request.path, "")

    def _add(self, request: Request, result: FileResult, *, is_part: bool = False) -> None:
        """Add the result of a file, and note the files that were read for its jobs."""
        path, role = request.path, request.role
        if self._given.shard is not None:
            self._judged_in_shard.append((request, result))
        if role in (Role.READ, Role.ASSET):
            self._read_results[path, role] = result
            return
        if path in self._given.rendered and not result.is_rendered:
            raise UsageError(no_rendered_set(path))
        self._results.add(path, result)
        self._is_any_set = self._is_any_set or result.has_sets
        if result.is_empty:
            self._empty.append(path)
        if self._selector.is_given(path):
            self._is_final[path] = result.is_final
            if result.text is None and self._selector.is_walked(path):
                self._results.skipped[path] = "neither a job nor used by one"
        if role is Role.DEPENDENT and result.text is not None:
            self._whole.update(() if is_part else (path,))
            self._used.update(*map(self._touched.by, result.refers_to))
        for job in result.jobs:
            self._note_reads(job.reads)
        self._note_reads(result.set_reads)

    def _note_reads(self, reads: Sequence[Read]) -> None:
        for path, kind in reads:
            # A job that uses a file as its asset judges more of it than one that only names it.
            if kind is Kind.ASSET or path not in self._reads:
                self._reads[path] = Role.ASSET if kind is Kind.ASSET else Role.READ

    def _judge_dependents(self, others: Sequence[str]) -> None:
        """Judge the jobs that depend on other files, and what nothing depends on."""
        policy = set(filter(self._selector.governed, others))
        folders = [folder for path in policy for folder in self._selector.governed(path)]
        self._touched = Touched(others, folders, self._repository.folder.real)
        self._engine.use_touched(self._touched)
        has_text = self._results.has_text
        candidates = [path for path in self._selector.candidates() if not has_text(path)]
        self._judge([Request(path, Role.DEPENDENT) for path in candidates], self._progress)
        concerned = self._used | policy
        left_over = [path for path in others if not (path in concerned or has_text(path))]
        if not self._given.changed:
            named = set(left_over).intersection(self._given.named)
            self._judge([Request(path, Role.FLAT) for path in left_over if path in named])
        deleted = frozenset(self._given.deleted)
        self._passed_over += [it for it in left_over if not (it in deleted or has_text(it))]

    def _judge_what_was_read(self) -> None:
        """Judge what was read for jobs, and is not among the files that were judged themselves."""
        if self._results.jobs:
            self._note_reads([(path, None) for path in self._schedules.broken])
        # A schedule may start a job that is gone.
        if any(path.lower().endswith(TEXT_SUFFIXES) for path in self._given.deleted):
            self._note_reads([(path, None) for path in self._selector.runner_paths])
        reads = {
            (path, role): Request(path, role)
            for path, role in self._reads.items()
            if not self._results.has_text(path)
        }
        self._judge([reads[key] for key in reads if key not in self._read_results])
        for path, role in reads:
            self._results.add(path, self._read_results[path, role])
