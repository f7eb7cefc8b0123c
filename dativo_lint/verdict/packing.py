"""Packing: verdicts as plain data, which can be written down and sent to another process.

Plain data are tuples, texts, numbers, digests and None: all that `marshal` takes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.subject.allowance import Allowance
from dativo_lint.subject.kinds import Kind
from dativo_lint.texts.place import Place
from dativo_lint.verdict.answers import (
    NOBODYS,
    NOTHING,
    SILENT,
    Answers,
    FileVerdict,
    JobVerdict,
    TextVerdict,
)
from dativo_lint.verdict.finding import ITSELF, Crash, Finding, Mention, OpenQuestion
from dativo_lint.verdict.ready import Readiness
from dativo_lint.verdict.secrets import Secret

Plain = tuple[Any, ...]

_MOST_KNOWN = 4_096


def pack_file(it: FileVerdict) -> Plain:
    """A file verdict as plain data, all but what it hangs on; nothing for a file of nobody's."""
    if it == NOBODYS:
        return ()
    jobs = tuple((job.overrides, job.is_whole, _pack_reads(job.reads)) for job in it.jobs)
    text = None if it.text is None else pack_text(it.text)
    secrets = tuple((o.path, o.field, o.first_line, o.last_line) for o in it.secrets)
    flags = it.is_final, it.has_sets, tuple(it.uses)
    return text, jobs, _pack_answers(it.answers), secrets, *flags


def is_of_jobs_only(plain: Plain) -> bool:
    """Whether a packed verdict says nothing but what rules had to say of a file's jobs."""
    text, _, _, secrets, *_ = plain
    return not secrets and text == ()


def pack_text(it: TextVerdict) -> Plain:
    """A text verdict as plain data; nothing for a silent one."""
    if it is SILENT:
        return ()
    return _pack_answers(it.answers), tuple(map(_pack_allowance, it.allowances)), it.is_broken


class Unpacking:
    """Makes verdicts of plain data again, under the rules of a run.

    Raises KeyError, TypeError or ValueError for what is no packed verdict of these rules.
    """

    def __init__(self, ready: Readiness) -> None:
        self._ready = ready
        self._files: dict[Plain, FileVerdict] = {}
        self._jobs: dict[Plain, JobVerdict] = {}
        self._known: dict[Plain, Answers] = {}
        self._rules: dict[Plain, Rule] = {}

    def file(self, plain: Plain) -> FileVerdict:
        """A file verdict."""
        found = self._files.get(plain)
        if found is None:
            found = self._file(*plain) if plain else NOBODYS
            if len(self._files) < _MOST_KNOWN:
                self._files[plain] = found
        return found

    def _file(
        self,
        text: Plain | None,
        jobs: Plain,
        answers: Plain,
        secrets: Plain,
        is_final: bool,
        has_sets: bool,
        uses: Plain,
    ) -> FileVerdict:
        return FileVerdict(
            None if text is None else self.text(text),
            tuple(map(self._job, jobs)),
            self.answers(answers),
            tuple(Secret(*it) for it in secrets) if secrets else (),
            is_final,
            has_sets,
            frozenset(uses),
        )

    def text(self, plain: Plain) -> TextVerdict:
        """A text verdict."""
        if not plain:
            return SILENT
        answers, allowances, is_broken = plain
        found = tuple(map(_allowance, allowances)) if allowances else ()
        return TextVerdict(self.answers(answers), found, is_broken)

    def _job(self, plain: Plain) -> JobVerdict:
        # Jobs that share an asset and a module are judged alike.
        found = self._jobs.get(plain)
        if found is None:
            overrides, is_whole, reads = plain
            told = tuple((path, None if kind is None else Kind(kind)) for path, kind in reads)
            found = JobVerdict(overrides, is_whole, told)
            if len(self._jobs) < _MOST_KNOWN:
                self._jobs[plain] = found
        return found

    def answers(self, plain: Plain) -> Answers:
        """What rules had to say."""
        if not plain:
            return NOTHING
        found = self._known.get(plain)
        if found is None:
            found = self._unpacked(*plain)
            if len(self._known) < _MOST_KNOWN:
                self._known[plain] = found
        return found

    def _unpacked(self, findings: Plain, questions: Plain, crashes: Plain) -> Answers:
        return Answers(
            tuple(map(self._finding, findings)),
            tuple(map(self._question, questions)),
            tuple(Crash(self._rule(rule), path, said) for rule, path, said in crashes),
        )

    def _finding(self, plain: Plain) -> Finding:
        rule, place, message, source, mentions = plain
        told = tuple(Mention(Place(*at), sentence, line) for at, sentence, line in mentions)
        its = self._rule(rule)
        return Finding(its, its.severity, Place(*place), message, told, source=source)

    def _question(self, plain: Plain) -> OpenQuestion:
        rule, place, message, source = plain
        return OpenQuestion(self._rule(rule), Place(*place), message, source)

    def _rule(self, plain: Plain) -> Rule:
        found = self._rules.get(plain)
        if found is None:
            id, severity = plain
            found = ITSELF if id == ITSELF.id else self._ready.rule(id, Severity(severity))
            self._rules[plain] = found
        return found


def _pack_reads(reads: Iterable[tuple[str, Kind | None]]) -> Plain:
    return tuple((path, None if kind is None else kind.value) for path, kind in reads)


def _pack_answers(it: Answers) -> Plain:
    if it is NOTHING:
        return ()
    return (
        tuple(map(_pack_finding, it.findings)),
        tuple((_pack_rule(o.rule), _pack(o.place), o.message, o.source) for o in it.open_questions),
        tuple((_pack_rule(o.rule), o.path, o.message) for o in it.crashes),
    )


def _pack_finding(it: Finding) -> Plain:
    mentions = tuple((_pack(o.place), o.sentence, o.source) for o in it.mentions)
    return _pack_rule(it.rule), _pack(it.place), it.message, it.source, mentions


def _pack_rule(rule: Rule) -> Plain:
    return rule.id, rule.severity.value


def _pack(at: Place) -> Plain:
    return at.path, at.line, at.column, at.end_line, at.end_column, at.field


def _pack_allowance(it: Allowance) -> Plain:
    until = None if it.until is None else it.until.toordinal()
    return _pack(it.place), it.rules, it.reason, until, it.first_line, it.last_line, it.fault


def _allowance(plain: Plain) -> Allowance:
    place, rules, reason, until, *rest = plain
    last_day = None if until is None else date.fromordinal(until)
    return Allowance(Place(*place), rules, reason, last_day, *rest)
