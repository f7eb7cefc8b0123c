"""Judging: one file at a time, from its text to all that rules have to say of it and its jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from dativo_lint.selection import Selector, Taken
from dativo_lint.settings import Settings
from dativo_lint.subject.allowance import allowances
from dativo_lint.subject.assemble import MODULE_FIELD, Assembler, text_of
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.library import Library
from dativo_lint.subject.references import Lead
from dativo_lint.subject.subject import Subject, Text
from dativo_lint.subject.tagging import KnownModule, Tagging
from dativo_lint.texts.place import Place, spell
from dativo_lint.texts.witness import Facts, Witness
from dativo_lint.verdict.answers import SILENT, Answers, FileVerdict, JobVerdict, TextVerdict
from dativo_lint.verdict.evaluate import Docket
from dativo_lint.verdict.finding import ITSELF, Crash
from dativo_lint.verdict.ready import Readiness, ReadyRules
from dativo_lint.verdict.secrets import Secret, may_hold_secrets, secrets_of

if TYPE_CHECKING:
    from dativo_lint.subject.taggable import TagKeeping

_MOST_ALIKE = 1_024

Take = Callable[[str], Taken]
"""Says of a path what a run takes of the file there."""


class Judging:
    """Judges the files of one run; what several of them share is read and prepared once."""

    def __init__(
        self, library: Library, settings: Settings, ready: Readiness, selector: Selector
    ) -> None:
        self.library = library
        self.selector = selector
        self._settings = settings
        self._ready = ready
        self._quiet: dict[str, bool] = {}
        self._alike: dict[JobVerdict, JobVerdict] = {}

    @cached_property
    def assembler(self) -> Assembler:
        """Puts jobs together; the runner files are read when the first job is."""
        return assembler(self.library, self._settings, tuple(self.selector.runners))

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

    def file(self, path: str, take: Take) -> FileVerdict:
        """Judge what is taken of a file; never raises."""
        try:
            return self._file(path, take(path))
        except Exception as error:  # noqa: BLE001  one failure must not hide other findings
            return self.failed(path, f"{type(error).__name__}: {error}")

    def _file(self, path: str, taken: Taken) -> FileVerdict:
        if taken.text is None:
            return FileVerdict()
        docket = Docket(self.line_at)
        secrets: list[Secret] = []
        jobs = []
        hangs_on: list[Facts] = []
        for job in taken.jobs:
            subject = self.assembler.subject(job)
            jobs.append(self._job(subject, docket, secrets))
            if isinstance(self.library.folder, Witness):
                hangs_on += self._facts(self.library.folder, subject, jobs[-1])
        # A file is judged under what is set for its jobs, if that is the same for all of them.
        overrides = {job.overrides for job in jobs}
        rules = self._ready.for_overrides(overrides.pop() if len(overrides) == 1 else ())
        return FileVerdict(
            text=self._text(taken.text, rules),
            jobs=tuple(jobs),
            answers=docket.answers(),
            secrets=tuple(secrets),
            is_final=taken.is_final,
            has_sets=Kind.RENDERED in taken.text.kinds,
            uses=taken.uses,
            hangs_on=tuple(dict.fromkeys(hangs_on)),
        )

    def _job(self, subject: Subject, docket: Docket, secrets: list[Secret]) -> JobVerdict:
        overrides = self._ready.overrides_of(subject.job)
        rules = self._ready.for_overrides(overrides)
        docket.hold(subject, rules.speaking(subject))
        secrets += secrets_of(subject)
        verdict = JobVerdict(overrides, subject.is_whole, tuple(_read_for(subject)))
        # Jobs that share an asset are often judged alike.
        if len(self._alike) >= _MOST_ALIKE:
            self._alike.clear()
        return self._alike.setdefault(verdict, verdict)

    def _facts(self, witness: Witness, subject: Subject, job: JobVerdict) -> Iterator[Facts]:
        yield from self.assembler.facts(subject)
        for path, _ in job.reads:
            yield (self.library.content_fact(path, witness),)

    def read(self, path: str, kind: Kind | None) -> TextVerdict:
        """Judge a file that was read for the sake of a job, which takes it for a kind."""
        return self._text(text_of(self.library.reading(path), kind), self._ready.usual)

    def text(self, text: Text) -> TextVerdict:
        """Judge a file as a text."""
        return self._text(text, self._ready.usual)

    def _text(self, text: Text, rules: ReadyRules) -> TextVerdict:
        self._quiet[text.path] = may_hold_secrets(text)
        docket = Docket(self.line_at)
        docket.hold(text, rules.text)
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


def assembler(library: Library, settings: Settings, runners: tuple[Text, ...]) -> Assembler:
    """What puts the jobs of a run together."""
    tagging = Tagging(_taggable)
    return Assembler(library, settings.prefixes, settings.propagation, runners, tagging)


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
        if reference.lead is Lead.FOUND and reference.path and name != spell(MODULE_FIELD):
            yield reference.path, Kind.ASSET if name == "asset_path" else None
    for schedule in subject.schedules:
        yield schedule.document.path, None
