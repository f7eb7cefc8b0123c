"""Selection: which jobs a run judges, given files, and which other files it read for them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from dativo_lint.settings import Settings
from dativo_lint.subject.assemble import MODULE_FIELD, Assembler
from dativo_lint.subject.kinds import Kind, kind_of, may_concern
from dativo_lint.subject.library import Library
from dativo_lint.texts.discovery import matcher
from dativo_lint.texts.document import Document, Reading
from dativo_lint.texts.place import spell

_MODULE_SUFFIXES = (".tf", ".tf.json")
_TEXT_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Given:
    """What a run was given, as paths relative to the root.

    `named` one by one; `walked` in folders and globs. `changed` says that the named files are a
    commit's, of which those that concern no job are passed over. `all_files` finds every text
    file of the repository, for when the jobs that depend on a file have to be found.
    """

    named: Sequence[str]
    walked: Sequence[str] = ()
    changed: bool = False
    all_files: Callable[[], Sequence[str]] = tuple


@dataclass(slots=True, eq=False)
class Selection:
    """The jobs to judge, in the order of their places, and the files to judge as texts.

    `readings` are by path, with the kind of document that a reference makes of them, where one
    does; `runners` the documents of runner files; `passed_over` the named files that concern no
    job.
    """

    jobs: list[Document] = field(default_factory=list)
    readings: dict[str, tuple[Reading, Kind | None]] = field(default_factory=dict)
    runners: list[Document] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def select(library: Library, settings: Settings, given: Given) -> Selection:
    """Find the jobs among the given files, and those that depend on the others."""
    return _Selector(library, settings).select(given)


class _Selector:
    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings
        self._is_job = matcher(settings.jobs)
        self._is_runner = matcher(settings.runners)
        self._is_excluded = matcher(settings.exclude)
        self._found = Selection()
        self._seen: dict[str, list[Document]] = {}

    def select(self, given: Given) -> Selection:
        found = self._found
        others: list[str] = []
        for path in given.named:
            if given.changed and self._is_excluded(path):
                found.passed_over.append(path)
            elif not self._take(path, named=not given.changed):
                others.append(path)
        for path in given.walked:
            if path not in self._seen and not self._is_excluded(path):
                self._take(path, named=False)
        if not given.named and not found.jobs:
            others = [path for path in given.walked if not self._is_excluded(path)]
        if others:
            self._take_dependents(others, given)
        self._take_runners()
        found.jobs.sort(key=lambda job: (job.path, job.number))
        return found

    def _take(self, path: str, *, named: bool) -> bool:
        """Take a file for what it is; tell whether it holds a job or is broken."""
        jobs = self._jobs(path, named)
        self._found.jobs += jobs
        return bool(jobs) or path in self._found.readings

    def _jobs(self, path: str, named: bool) -> list[Document]:
        """The jobs in a file; a broken one that may be meant for Dativo is taken as a text."""
        known = self._seen.get(path)
        if known is not None or not (named or path.endswith(_TEXT_SUFFIXES)):
            return known or []
        is_job = self._is_job(path)
        jobs: list[Document] = []
        self._seen[path] = jobs
        if path.endswith(_MODULE_SUFFIXES):
            return jobs
        wanted = None if named or is_job or self._is_runner(path) else may_concern
        reading = self._library.reading_if(path, wanted)
        if reading is None:
            return jobs
        for document in reading.documents:
            kind = Kind.JOB if is_job else kind_of(document)
            if kind is Kind.JOB:
                jobs.append(document)
            elif kind is Kind.RUNNER:
                self._found.runners.append(document)
        if jobs or reading.is_broken:
            self._found.readings[path] = (reading, Kind.JOB if is_job else None)
        return jobs

    def _take_dependents(self, others: list[str], given: Given) -> None:
        """Take the jobs that depend on files which are no jobs themselves."""
        assembler = Assembler(self._library, self._settings.prefixes)
        judges_all = any(map(self._is_policy, others))
        modules = {posixpath.dirname(it) or "." for it in others if it.endswith(_MODULE_SUFFIXES)}
        concerned = set()
        for path in (*given.walked, *given.all_files()):
            for job in self._jobs(path, named=False) if path not in given.named else ():
                leads = {
                    field: reference.path
                    for field, reference in assembler.references(job).items()
                    if reference.path is not None
                }
                module = leads.pop(spell(MODULE_FIELD), None)
                used = {path for path in leads.values() if path in others}
                if module in modules:
                    used |= {it for it in others if (posixpath.dirname(it) or ".") == module}
                if (used or judges_all) and job not in self._found.jobs:
                    self._found.jobs.append(job)
                concerned |= used
        self._take_unused(others, concerned, judges_all)

    def _take_unused(self, others: Iterable[str], concerned: set[str], judges_all: bool) -> None:
        """Assets are judged as texts though no job uses them; what is left is passed over."""
        for path in others:
            if path in concerned or (judges_all and self._is_policy(path)):
                continue
            if path.endswith(_TEXT_SUFFIXES):
                reading = self._library.reading_if(path, may_concern)
                if reading and any(kind_of(it) is Kind.ASSET for it in reading.documents):
                    self._found.readings[path] = (reading, None)
                    continue
            self._found.passed_over.append(path)

    def _take_runners(self) -> None:
        for path in self._library.matching(self._settings.runners):
            if path not in self._seen:
                self._jobs(path, named=False)

    def _is_policy(self, path: str) -> bool:
        """Whether a file is of the settings or of a rule folder, and so concerns every job."""
        absolute = self._settings.root / path
        return absolute == self._settings.file or any(
            absolute.is_relative_to(folder) for folder in self._settings.rule_folders
        )
