"""The engine: evaluates every rule on every target that it applies to, some files at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.document import Document
from dativo_lint.documents.place import Place
from dativo_lint.documents.tracked_folder import Dependencies
from dativo_lint.engine.dependents import (
    Touched,
    paths_of_sets,
    paths_referred_to,
    reads_of,
    reads_of_sets,
    suppressions_in_modules,
)
from dativo_lint.engine.loading import job_loader, jobs_in
from dativo_lint.engine.selection import FileSelection, Request, Role, Taken
from dativo_lint.errors import UsageError
from dativo_lint.findings.file_results import FileResult, JobResult, TextResult, failed
from dativo_lint.findings.finding import ITSELF, Findings, in_words
from dativo_lint.findings.secrets import lines_before_secrets, secrets_in
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.job_shape import TEXT_SUFFIXES
from dativo_lint.jobs.kinds import MODULE_SUFFIXES, Kind
from dativo_lint.jobs.loading import JobLoader
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.rendered_forms import FormReader
from dativo_lint.jobs.suppression_comment import suppressions_of
from dativo_lint.jobs.text import Text, text_of
from dativo_lint.rulebook.load import taggable
from dativo_lint.settings.ruleset import Overrides, PreparedRule, RuleSets, Target

BATCH = 32
"""Files that are judged together: rule by rule, a rule's code stays in the processor."""


class Schedules(Struct, frozen=True, array_like=True):
    """The runner files' schedules of each job, by its path, and the unreadable runner files."""

    of_jobs: dict[str, str] = {}
    broken: tuple[str, ...] = ()


class Judged(Struct, frozen=True):
    """The result of a request, with its dependencies; it `is_part` where a job was left out."""

    request: Request
    result: FileResult
    dependencies: Dependencies
    is_part: bool = False


class _Case(Struct, eq=False):
    """A file in progress: its content, its targets, and its findings so far."""

    request: Request
    of_jobs: Findings
    of_text: Findings
    of_sets: Findings
    dependencies: Dependencies
    taken: Taken = Taken()
    jobs: Sequence[Job] = ()
    sets: Sequence[RenderedSet] = ()
    overrides: Overrides = ()
    failure: str = ""
    is_part: bool = False


class Engine:
    """Judges the files of one run; what several of them share is read and prepared once."""

    def __init__(self, selector: FileSelection, rules: RuleSets, sink: str) -> None:
        self._repository = selector.repository
        self._rules = rules
        self._selector = selector
        self._schedules: Schedules | None = None
        namespaces = selector.settings.propagation.dagster_namespaces
        self._form_reader = FormReader(taggable, sink, namespaces)
        self._given_job: tuple[Job, Dependencies] | None = None
        self._touched = Touched(())
        self._read: dict[str, Role] = {}
        self._texts: dict[str, Text] = {}
        self._lines: dict[str, list[str]] = {}

    @cached_property
    def _loader(self) -> JobLoader:
        scheduled = self._schedules.of_jobs if self._schedules is not None else None
        return job_loader(self._selector, scheduled)

    def read_schedules(self) -> tuple[Schedules, Dependencies]:
        """The runner files' schedules of each job, with their dependencies."""
        with self._repository.folder.recording() as dependencies:
            schedules = job_loader(self._selector).all_schedules
            runners = self._selector.runners()
        of_jobs = {
            path: "\n".join(
                f"{field.document.path}:{field.place}: {field.value!r}" for field in entries
            )
            for path, entries in schedules.items()
        }
        broken = tuple(runner.path for runner in runners if runner.reading.is_broken)
        return Schedules(of_jobs, broken), dependencies

    def use_schedules(self, schedules: Schedules) -> None:
        """Use these schedules; otherwise runner files are read when the first job needs them."""
        self._schedules = schedules

    def use_job(self, path: str) -> None:
        """Compare sets that name no job with that of a file; raises UsageError for none or more."""
        with self._repository.folder.recording() as dependencies:
            jobs = jobs_in(self._selector, path)
            if len(jobs) != 1:
                number = len(jobs) or "no"
                raise UsageError(f"{path} contains {number} job{'s'[: len(jobs)]}; expected one")
            self._given_job = self._loader.load(jobs[0]), dependencies

    def use_touched(self, touched: Touched) -> None:
        """Judge of dependents the jobs that these files concern."""
        self._touched = touched

    def judge(self, requests: Sequence[Request]) -> list[Judged]:
        """Judge files in their roles, and those that were read for their jobs; never raises."""
        judged = self._judge(requests)
        reads = dict.fromkeys(read for each in judged for read in self._new_reads(each.result))
        judged += self._judge(list(reads))
        for each in judged:
            if each.result.jobs:  # only what jobs refer to may be needed again
                self._repository.forget(each.request.path)
        self._texts.clear()
        self._lines.clear()
        return judged

    def _judge(self, requests: Sequence[Request]) -> list[Judged]:
        """Each rule judges all targets before the next one does."""
        cases = [self._case(request) for request in requests]
        asked: dict[PreparedRule, list[tuple[Findings, Target]]] = {}
        for case in cases:
            for findings, target, rules in self._targets(case):
                for rule in rules:
                    asked.setdefault(rule, []).append((findings, target))
        for rule, targets in asked.items():
            for findings, target in targets:
                findings.run_check(rule, target)
        return [
            Judged(each.request, self._result(each), each.dependencies, each.is_part)
            for each in cases
        ]

    def _case(self, request: Request) -> _Case:
        """All that the result of a file depends on is read here."""
        path = request.path
        if self._schedules is not None and path in self._schedules.of_jobs:
            # Read before the recording, or one job would depend on every runner file.
            self._loader.schedules(path)
        with self._repository.folder.recording() as dependencies:
            reading = self._line_at, self._repository.is_marked
            of_jobs, of_text, of_sets = (Findings(*reading) for _ in range(3))
            case = _Case(request, of_jobs, of_text, of_sets, dependencies)
            try:
                taken = self._selector.take(request)
                if taken.text is not None:
                    taken = replace(taken, text=self._loader.with_references(taken.text))
                documents, sets = taken.jobs, [*self._sets(taken.text)]
                if request.role is Role.DEPENDENT:
                    documents = tuple(filter(self._is_dependent, documents))
                    is_any = documents or self._touched.concern_sets(path, sets, self._repository)
                    case.is_part = not is_any or documents != taken.jobs
                    if not is_any:
                        return case
                case.taken, case.sets = taken, sets
                case.jobs = [self._job(document) for document in documents]
                if taken.text is not None:
                    self._texts[path] = taken.text
            except Exception as error:  # noqa: BLE001  one failure must not hide other findings
                case.failure = in_words(error)
            return case

    def _job(self, document: Document) -> Job:
        job = self._loader.load(document)
        for schedule in job.schedules:
            self._repository.reading(schedule.document.path)
        return job

    def _sets(self, text: Text | None) -> Iterator[RenderedSet]:
        for document in text.documents(Kind.RENDERED) if text is not None else ():
            job, dependencies = self._given_job or (None, Dependencies())
            self._repository.folder.add(dependencies)
            yield from self._loader.rendered(document, self._form_reader, job)

    def _targets(self, case: _Case) -> Iterator[tuple[Findings, Target, Sequence[PreparedRule]]]:
        """The targets of rules, each with the rules and the collector of their findings."""
        try:
            for job in case.jobs:
                yield case.of_jobs, job, self._rules.for_job(job.config).of("job", job.config)
            for rendered in case.sets:
                rules = self._rules.for_job(rendered.fields).of("rendered", rendered.fields)
                yield case.of_sets, rendered, rules
            if case.taken.text is not None:
                # A file is judged under what is set for its jobs, if that is the same for all.
                overrides = {self._rules.overrides_of(job.config) for job in case.jobs}
                usual = () if case.jobs else self._rules.overrides_of_file(case.request.path)
                case.overrides = overrides.pop() if len(overrides) == 1 else usual
                rules = self._rules.for_overrides(case.overrides).of("text")
                yield case.of_text, case.taken.text, rules
        except Exception as error:  # noqa: BLE001  one file must not hide the others
            case.of_jobs.add_failure(ITSELF.id, case.request.path, error)

    def _result(self, case: _Case) -> FileResult:
        if case.failure:
            return failed(case.request.path, case.failure)
        text = case.taken.text
        if text is None:
            return FileResult(lack=case.taken.lack)
        try:
            return FileResult(
                text=self._text_result(text, case),
                jobs=tuple(map(self._job_result, case.jobs)),
                answers=case.of_jobs.answers(),
                sets=tuple(self._rules.overrides_of(rendered.fields) for rendered in case.sets),
                set_answers=case.of_sets.answers(),
                set_reads=tuple(dict.fromkeys(reads_of_sets(case.sets))),
                sets_refer_to=paths_of_sets(case.sets, self._repository),
                secrets=secrets_in(case.jobs, case.sets),
                is_final=case.taken.is_final,
                has_sets=Kind.RENDERED in text.kinds,
                lone_sets=sum(not (each.source.field or each.source.job) for each in case.sets),
            )
        except Exception as error:  # noqa: BLE001  one file must not hide the others
            return failed(case.request.path, in_words(error))

    def _text_result(self, text: Text, case: _Case) -> TextResult:
        suppressions = [(each, self._line_at(each.place)) for each in suppressions_of(text.reading)]
        overrides = () if case.jobs else case.overrides
        return TextResult(case.of_text.answers(), tuple(suppressions), text.is_broken, overrides)

    def _job_result(self, job: Job) -> JobResult:
        overrides = self._rules.overrides_of(job.config)
        reads = tuple(dict.fromkeys(reads_of(job)))
        paths = paths_referred_to(job.references, job.schedules, self._repository)
        own = tuple((each, self._line_at(each.place)) for each in suppressions_in_modules(job))
        return JobResult(job.config.number, overrides, job.is_whole, reads, paths, own, _owner(job))

    def _new_reads(self, result: FileResult) -> Iterator[Request]:
        """Requests for what was read for the jobs of a file, and was not judged by itself yet."""
        reads = (*(read for job in result.jobs for read in job.reads), *result.set_reads)
        for path, kind in reads:
            role = Role.ASSET if kind is Kind.ASSET else Role.READ
            is_new = self._read.get(path) not in (role, Role.ASSET)
            if is_new and not self._selector.is_given(path):
                self._read[path] = role
                yield Request(path, role)

    def _is_dependent(self, document: Document) -> bool:
        job = self._loader.references(document), self._loader.schedules(document.path)
        return self._touched.concerns(document.path, paths_referred_to(*job, self._repository))

    def _line_at(self, place: Place) -> str:
        """The line at a place; empty for one that is not known, or that may show a secret."""
        lines = self._lines.get(place.path)
        if lines is None:
            lines = self._lines[place.path] = self._lines_before_secrets(place.path)
        line = lines[place.line - 1] if place.line <= len(lines) else ""
        is_secret = "sensitive(" in line and place.path.endswith(MODULE_SUFFIXES)
        return "" if is_secret else line

    def _lines_before_secrets(self, path: str) -> list[str]:
        text = self._texts.get(path)
        if text is None and path.lower().endswith(TEXT_SUFFIXES):
            text = text_of(self._repository.reading(path))
        number = lines_before_secrets(text) if text is not None else None
        return [] if number == 0 else self._repository.lines(path)[:number]


def _owner(job: Job) -> str:
    tag = job.tags.get("governance.owner")
    is_secret = any(variable.name == "governance_owner" for variable in job.sensitive)
    return "" if tag is None or is_secret else tag.text or ""
