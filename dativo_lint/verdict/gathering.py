"""Gathering: what came of single files, in whatever order, sorted into a report."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING

from dativo_lint.subject.allowance import AllowanceUse
from dativo_lint.verdict.answers import (
    NOTHING,
    SILENT,
    Answers,
    BundleVerdict,
    FileVerdict,
    JobVerdict,
    TextVerdict,
)
from dativo_lint.verdict.evaluate import Docket, Key, LineAt
from dativo_lint.verdict.finding import Crash, order_of
from dativo_lint.verdict.ready import Readiness
from dativo_lint.verdict.report import Report
from dativo_lint.verdict.secrets import Censor, Secret
from dativo_lint.verdict.settle import settle

if TYPE_CHECKING:
    from datetime import date

Origin = tuple[int, str]
"""Whose answers: a rank and a path. Of answers that are the same, those of the lowest count."""

_MOST_ENTERED = 4_096
_JOB, _TEXT, _SET = 0, 1, 2


class Gathering:
    """What has come of a run so far; the same, whatever the order in which verdicts come in."""

    def __init__(self, ready: Readiness, line_at: LineAt) -> None:
        self.jobs = 0
        self.sets = 0
        self._ready = ready
        self._docket = Docket(line_at)
        self._origins: dict[Key, Origin] = {}
        self._entered: dict[int, tuple[Answers, Origin]] = {}
        self._crashes: list[tuple[Origin, Crash]] = []
        # Of 100,000 files nearly all are silent, and nobody asks under which rules they were.
        self._silent: set[str] = set()
        self._texts: dict[str, TextVerdict] = {}
        self._entered_jobs: dict[int, JobVerdict] = {}
        self._ran: dict[str, frozenset[str]] = {}
        self._secrets: list[Secret] = []

    def enter(self, path: str, verdict: FileVerdict) -> None:
        """Enter a file with its jobs."""
        self.jobs += len(verdict.jobs)
        if verdict.answers is not NOTHING:
            self._enter((_JOB, path), verdict.answers)
        if verdict.secrets:
            self._secrets += verdict.secrets
        for job in verdict.jobs:
            # Of a job that was not seen whole, nobody can say that an allowance is of no use.
            ran = self._ready.for_overrides(job.overrides).ids if job.is_whole else frozenset()
            if verdict.text is not None and verdict.text.allowances:
                self._enter_ran(path, ran)
            if id(job) not in self._entered_jobs:
                if len(self._entered_jobs) < _MOST_ENTERED:
                    self._entered_jobs[id(job)] = job
                for read, _ in job.reads:
                    self._enter_ran(read, ran)
        if verdict.text is not None:
            self.enter_text(path, verdict.text)

    def enter_silent(self, its: BundleVerdict) -> None:
        """Enter the silent files of a bundle with their jobs."""
        self.jobs += its.jobs
        for job in its.judged:
            ran = self._ready.for_overrides(job.overrides).ids if job.is_whole else frozenset()
            for read, _ in job.reads:
                self._enter_ran(read, ran)
        for path, answers in its.answers:
            self._enter((_JOB, path), answers)
        self._silent.update(path for path in its.silent if path not in self._texts)

    def _enter_ran(self, path: str, ran: frozenset[str]) -> None:
        before = self._ran.setdefault(path, ran)
        if before is not ran:
            self._ran[path] = before & ran

    def enter_text(self, path: str, verdict: TextVerdict) -> None:
        """Enter a file that was read.

        Of one that jobs take for different kinds, who has something to say knows more of it.
        """
        if verdict is SILENT:
            if path not in self._texts:
                self._silent.add(path)
            return
        self._silent.discard(path)
        self._texts[path] = verdict
        if verdict.answers is not NOTHING:
            self._enter((_TEXT, path), verdict.answers)

    def enter_set(self, path: str, answers: Answers, secrets: Iterable[Secret]) -> None:
        """Enter a rendered set."""
        self.sets += 1
        self._enter((_SET, path), answers)
        self._secrets += secrets

    def has_text(self, path: str) -> bool:
        """Whether a file was entered as a text."""
        return path in self._silent or path in self._texts

    @property
    def files(self) -> int:
        """How many files were read."""
        return len(self._silent) + len(self._texts)

    def _enter(self, origin: Origin, answers: Answers) -> None:
        # Jobs that share an asset often have just the same said of them.
        known = self._entered.get(id(answers))
        if known is not None and known[1] <= origin:
            return
        if known is not None or len(self._entered) < _MOST_ENTERED:
            self._entered[id(answers)] = answers, origin
        docket, origins = self._docket, self._origins
        for finding in answers.findings:
            key = finding.rule.id, finding.place, finding.message
            if origins.setdefault(key, origin) >= origin:
                origins[key] = origin
                docket.findings[key] = finding
        for question in answers.open_questions:
            key = question.rule.id, question.place, question.message
            if origins.setdefault(key, origin) >= origin:
                origins[key] = origin
                docket.open_questions[key] = question
        self._crashes += ((origin, crash) for crash in answers.crashes)

    def report(
        self, given: Container[str], passed_over: Sequence[str], today: date | None
    ) -> Report:
        """Sort all that came up into a report; `given` are the files that the run was given."""
        talking = sorted(path for path, text in self._texts.items() if text.allowances)
        found = [it for path in talking for it in self._texts[path].allowances]
        settled = settle(self._docket, found, today)
        watch = Docket(self._docket.line_at)
        crashes = [
            crash for _, crash in sorted(self._crashes, key=lambda it: (it[0], it[1].rule.id))
        ]
        crashed = {crash.rule.id for crash in crashes}
        for allowance, accepted in settled.accepted:
            if allowance.is_in_order(accepted, today):
                continue
            path = allowance.place.path
            ran = self._ran_on(path) - crashed if path in given else frozenset()
            use = AllowanceUse(allowance, frozenset(accepted), self._ready.known, ran, today)
            watch.hold(use, self._ready.usual.allowance)
        standing = [*settled.standing, *settle(watch, (), today).standing]
        censor = Censor(self._secrets)
        questions = map(censor.question, self._docket.open_questions.values())
        return Report(
            findings=tuple(sorted(map(censor.finding, standing), key=order_of)),
            allowed=tuple(map(censor.finding, settled.allowed)),
            open_questions=tuple(sorted(questions, key=order_of)),
            crashes=tuple(map(censor.crash, (*crashes, *watch.crashes))),
            rules=self._ready.all,
            jobs=self.jobs,
            rendered=self.sets,
            files=self.files,
            passed_over=tuple(passed_over),
        )

    def _ran_on(self, path: str) -> frozenset[str]:
        """The rules that ran, to the end, on all that concerns a given file.

        Of a file that was read for the sake of one job, other jobs may have more to say.
        """
        if self._texts[path].is_broken:
            return frozenset()
        of_texts = frozenset(it.rule.id for it in self._ready.usual.text)
        return self._ran.get(path, of_texts)
