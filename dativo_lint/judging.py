"""Judging: some files at a time, from their texts to all that rules have to say of each."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from dativo_lint.selection import Selector, Taken
from dativo_lint.settings import Settings
from dativo_lint.subject.allowance import allowances
from dativo_lint.subject.assemble import MODULE_NAME, Assembler, text_of
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.library import Library
from dativo_lint.subject.references import Lead
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.tagging import KnownModule, Tagging
from dativo_lint.subject.text import Text
from dativo_lint.texts.place import Place
from dativo_lint.texts.witness import Facts, Witness
from dativo_lint.verdict.answers import (
    NOBODYS,
    SILENT,
    Answers,
    FileVerdict,
    JobVerdict,
    TextVerdict,
)
from dativo_lint.verdict.evaluate import Docket, hold_all
from dativo_lint.verdict.finding import ITSELF, Crash
from dativo_lint.verdict.ready import Readiness, ReadyRule
from dativo_lint.verdict.secrets import may_hold_secrets, secrets_of

if TYPE_CHECKING:
    from dativo_lint.subject.taggable import TagKeeping
    from dativo_lint.verdict.evaluate import Judged

    _Asked = tuple[Docket, Judged, Iterable[ReadyRule]]
    """Rules that may have something to say of a subject, and where it is entered."""

_MOST_ALIKE = 1_024

Take = Callable[[str], Taken]
"""Says of a path what a run takes of the file there."""


class _Case(Struct, frozen=True, eq=False):
    """A file that is being judged: what is taken of it, and what comes up on its jobs and on its
    text; `failure` says how the tool failed on it."""

    path: str
    taken: Taken
    docket: Docket
    text_docket: Docket
    subjects: Sequence[Subject] = ()
    failure: str = ""

    @property
    def text(self) -> Text | None:
        return self.taken.text


_DERIVED = (attrgetter("tags"), attrgetter("given_tags"), attrgetter("handover.in_question"))
"""What is derived of all jobs of a batch before any of them is judged."""


class Judging:
    """Judges the files of one run; what several of them share is read and prepared once."""

    def __init__(
        self,
        library: Library,
        settings: Settings,
        ready: Readiness,
        selector: Selector,
        scheduled: Container[str] | None = None,
    ) -> None:
        self.library = library
        self.selector = selector
        self._settings = settings
        self._ready = ready
        self._scheduled = scheduled
        self._quiet: dict[str, bool] = {}
        self._alike: dict[JobVerdict, JobVerdict] = {}

    @cached_property
    def assembler(self) -> Assembler:
        """Puts jobs together; the runner files are read when the first job is that may be started
        by one."""
        return assembler(self.library, self._settings, self._runners, self._scheduled)

    def _runners(self) -> Sequence[Text]:
        return self.selector.runners

    def prepare(self) -> None:
        """Read what every job needs, before others go on from here."""
        self.assembler.all_schedules()

    def failed(self, path: str, how: str) -> FileVerdict:
        """What became of a file on which the tool itself failed."""
        answers = Answers(crashes=(Crash(ITSELF, path, how),))
        return FileVerdict(SILENT, answers=answers, is_final=True)

    def schedules(self) -> tuple[dict[str, str], tuple[Facts, ...], bool]:
        """All that the runner files say of each job, and where, in a text by the path of the job;
        the answers of a `Witness` without which they might say something else; and whether one of
        the files is broken."""
        found = self.assembler.all_schedules()
        facts = [self.assembler.facts_of_schedule(it) for it in self.assembler.entries_of_runners()]
        told = {
            path: "\n".join(f"{it.document.path}:{it.place}: {it.value!r}" for it in entries)
            for path, entries in found.items()
        }
        return told, tuple(facts), bool(self.selector.broken_runners)

    def files(self, paths: Sequence[str], take: Take) -> Iterator[FileVerdict]:
        """Judge what is taken of some files, in their order; never raises.

        All are judged under one rule before the next: so what a rule needs, of code above all, is
        at hand for all of them. That takes 5/6 of the time of going file by file.
        """
        cases = [self._case(path, take) for path in paths]
        for derive in _DERIVED:
            for case in cases:
                for subject in case.subjects:
                    # What cannot be derived is told by whoever asks for it.
                    try:  # noqa: SIM105  contextlib takes 0.5 ms to import
                        derive(subject)
                    except Exception:  # noqa: BLE001, S110
                        pass
        self._hold([asked for case in cases for asked in self._asked_of_jobs(case)])
        self._hold([asked for case in cases for asked in self._asked_of_text(case)])
        return map(self._verdict, cases)

    def _case(self, path: str, take: Take) -> _Case:
        dockets = Docket(self.line_at), Docket(self.line_at)
        try:
            taken = take(path)
            subjects = [self.assembler.subject(job) for job in taken.jobs]
            if taken.text is not None:
                self._quiet[path] = may_hold_secrets(taken.text)
        except Exception as error:  # noqa: BLE001  one failure must not hide other findings
            return _Case(path, Taken(), *dockets, failure=_told(error))
        return _Case(path, taken, *dockets, subjects)

    def _asked_of_jobs(self, case: _Case) -> Iterator[_Asked]:
        for subject in case.subjects:
            try:
                rules = self._ready.for_job(subject.job)
                yield case.docket, subject, rules.speaking(subject)
            except Exception as error:  # noqa: BLE001  as above
                case.docket.crashes.append(Crash(ITSELF, case.path, _told(error)))

    def _asked_of_text(self, case: _Case) -> Iterator[_Asked]:
        """A file is judged under what is set for its jobs, if that is the same for all of them."""
        if case.text is None:
            return
        try:
            overrides = {self._ready.overrides_of(subject.job) for subject in case.subjects}
            rules = self._ready.for_overrides(overrides.pop() if len(overrides) == 1 else ())
            yield case.text_docket, case.text, rules.speaking_of(case.text)
        except Exception as error:  # noqa: BLE001  as above
            case.text_docket.crashes.append(Crash(ITSELF, case.path, _told(error)))

    def _hold(self, asked: Iterable[_Asked]) -> None:
        """Hold subjects against rules, rule by rule."""
        by_rule: dict[ReadyRule, list[tuple[Docket, Judged]]] = {}
        for docket, subject, rules in asked:
            case = docket, subject
            for ready in rules:
                found = by_rule.get(ready)
                if found is None:
                    found = by_rule[ready] = []
                found.append(case)
        for ready, cases in by_rule.items():
            hold_all(ready, cases)

    def _verdict(self, case: _Case) -> FileVerdict:
        self._quiet.pop(case.path, None)
        if case.failure:
            return self.failed(case.path, case.failure)
        if case.text is None:
            return NOBODYS
        try:
            return self._whole_verdict(case, case.text)
        except Exception as error:  # noqa: BLE001  as above
            return self.failed(case.path, _told(error))

    def _whole_verdict(self, case: _Case, text: Text) -> FileVerdict:
        jobs = tuple(map(self._job, case.subjects))
        hangs_on: list[Facts] = []
        if isinstance(self.library.folder, Witness):
            for subject, job in zip(case.subjects, jobs, strict=True):
                hangs_on += self._facts(self.library.folder, subject, job)
        return FileVerdict(
            text=self._text_verdict(text, case.text_docket),
            jobs=jobs,
            answers=case.docket.answers(),
            secrets=tuple(it for subject in case.subjects for it in secrets_of(subject)),
            is_final=case.taken.is_final,
            has_sets=Kind.RENDERED in text.kinds,
            uses=case.taken.uses,
            hangs_on=tuple(dict.fromkeys(hangs_on)),
        )

    def _job(self, subject: Subject) -> JobVerdict:
        overrides = self._ready.overrides_of(subject.job)
        verdict = JobVerdict(overrides, subject.is_whole, tuple(_read_for(subject)))
        # Jobs that share an asset are often judged alike.
        if len(self._alike) >= _MOST_ALIKE:
            self._alike.clear()
        return self._alike.setdefault(verdict, verdict)

    def _facts(self, witness: Witness, subject: Subject, job: JobVerdict) -> Iterator[Facts]:
        read = [self.library.content_fact(path, witness) for path, _ in job.reads]
        # Where there is a content, there is a file.
        told = {(("kind", path, "file"),) for _, path, said in read if isinstance(said, bytes)}
        yield from (facts for facts in self.assembler.facts(subject) if facts not in told)
        yield from ((fact,) for fact in read)

    def read(self, path: str, kind: Kind | None) -> TextVerdict:
        """Judge a file that was read for the sake of a job, which takes it for a kind."""
        try:
            return self.text(text_of(self.library.reading(path), kind))
        except Exception as error:  # noqa: BLE001  as above
            return TextVerdict(self.failed(path, _told(error)).answers)

    def text(self, text: Text) -> TextVerdict:
        """Judge a file as a text."""
        self._quiet[text.path] = may_hold_secrets(text)
        docket = Docket(self.line_at)
        docket.hold(text, self._ready.usual.speaking_of(text))
        return self._text_verdict(text, docket)

    def _text_verdict(self, text: Text, docket: Docket) -> TextVerdict:
        reading = text.reading
        found = allowances(reading)
        if not (docket or found or reading.is_broken):
            return SILENT
        return TextVerdict(docket.answers(), found, reading.is_broken)

    def line_at(self, place: Place) -> str:
        """The line at a place; none of a plan, which may hold secrets anywhere on it."""
        if self._holds_plan(place.path):
            return ""
        return self.library.line_at(place)

    def _holds_plan(self, path: str) -> bool:
        found = self._quiet.get(path)
        if found is None:
            is_text = path.endswith((".json", ".yaml", ".yml"))
            found = is_text and may_hold_secrets(text_of(self.library.reading(path)))
            self._quiet[path] = found
        return found


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def assembler(
    library: Library,
    settings: Settings,
    runners: Callable[[], Sequence[Text]],
    scheduled: Container[str] | None = None,
) -> Assembler:
    """What puts the jobs of a run together."""
    tagging = Tagging(_taggable)
    prefixes, propagation = settings.prefixes, settings.propagation
    return Assembler(library, prefixes, propagation, runners, scheduled, tagging)


def known_module(library: Library, path: str) -> KnownModule:
    """The Terraform module in a folder, with those that it calls and what is known of its tags."""
    return KnownModule(library.module_tree(path), Tagging(_taggable))


def _taggable() -> tuple[TagKeeping, ...]:
    # The table is large, and only jobs that name a module need it.
    from dativo_lint.rulebook.taggable import taggable

    return taggable()


def _read_for(subject: Subject) -> Iterator[tuple[str, Kind | None]]:
    """The files that were read for a job, and what it takes them for, if that is anything."""
    for name, reference in subject.references.items():
        if reference.lead is Lead.FOUND and reference.path and name != MODULE_NAME:
            yield reference.path, Kind.ASSET if name == "asset_path" else None
    for schedule in subject.schedules:
        yield schedule.document.path, None
