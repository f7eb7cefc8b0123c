"""Results: the results of all files, merged in any order into one report."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from operator import itemgetter
from types import MappingProxyType

from dativo_lint.documents.place import Place
from dativo_lint.findings.baseline import NO_BASELINE, Baseline, accept, key_of, uses_of
from dativo_lint.findings.file_results import FileResult, TextResult
from dativo_lint.findings.finding import (
    Answer,
    Answers,
    Failure,
    Finding,
    Findings,
    Key,
    Mention,
    crash_of,
    one_a_defect,
    order_of,
    question_of,
    with_fingerprints,
)
from dativo_lint.findings.report import Report
from dativo_lint.findings.rules_ran import NOTHING, RulesRan
from dativo_lint.findings.secrets import Censor, Secret
from dativo_lint.findings.shared_edits import settled
from dativo_lint.findings.suppressions import (
    EntriesOf,
    Suppressed,
    by_suppression,
    counted,
    suppress,
    use_of,
    with_sources,
)
from dativo_lint.jobs.suppression_comment import Suppression, SuppressionUse
from dativo_lint.settings.ruleset import RuleSets

_Origin = tuple[int, str]
"""Whose answers: a rank and a path. Of answers that are the same, those of the lowest count."""
_JOB, _TEXT, _SET = 0, 1, 2
_Told = list[tuple[_Origin, Answer]]
"""The same answer by those who gave it, those of the lowest origins."""
_MOST_TELLERS = 3
_origin_of = itemgetter(0)


class Results:
    """What has come of a run so far; the same, whatever the order in which results come in."""

    def __init__(self, rules: RuleSets, skipped: Mapping[str, str] = MappingProxyType({})) -> None:
        self.jobs = self.sets = self.lone_sets = 0
        self.skipped = dict(skipped)
        self._rules = rules
        self._findings: dict[Key, _Told] = {}
        self._unresolved: dict[Key, _Told] = {}
        self._left_out: Counter[Key] = Counter()
        self._failures: list[tuple[_Origin, Failure]] = []
        # Of 100,000 files nearly all have nothing to report.
        self._texts: dict[str, TextResult | None] = {}
        self._ran = RulesRan(rules, self._texts)
        self._secrets: list[Secret] = []
        self._in_modules: dict[Place, tuple[Suppression, str]] = {}
        self._owners: dict[str, str | None] = {}
        self._lacks: dict[str, str] = {}

    @property
    def files(self) -> int:
        """How many files were read."""
        return len(self._texts)

    @property
    def is_checked(self) -> bool:
        """Whether there was a job or a rendered set, or a broken file that may contain one."""
        return bool(self.jobs or self.sets or self._failures) or self.is_any_broken

    @property
    def is_any_broken(self) -> bool:
        """Whether a file could not be read as what it was meant to be."""
        return self._ran.is_any_broken

    def has_text(self, path: str) -> bool:
        """Whether a file was judged as a text."""
        return path in self._texts

    def add(self, path: str, result: FileResult) -> None:
        """Add the result of a file."""
        self.jobs += len(result.jobs)
        self.sets += len(result.sets)
        self.lone_sets += result.lone_sets
        self._add((_JOB, path), result.answers)
        self._add((_SET, path), result.set_answers)
        self._secrets += result.secrets
        if result.lack:
            self._lacks[path] = result.lack
        for overrides in result.sets:
            self._rules.for_overrides(overrides)
        for job in result.jobs:
            for concerned in (path, *job.refers_to):
                if self._owners.setdefault(concerned, job.owner) != job.owner:
                    self._owners[concerned] = None
            self._in_modules.update((one.place, (one, line)) for one, line in job.suppressions)
            self._ran.note(path, job)
        if result.text is not None:
            self._rules.hold_at(path)
            self._texts[path] = None if result.text == NOTHING else result.text
            self._rules.for_overrides(result.text.overrides)
            self._add((_TEXT, path), result.text.answers)

    def _add(self, origin: _Origin, answers: Answers) -> None:
        for answer in answers.findings:
            self._note(self._findings, origin, answer)
        for answer in answers.unresolved:
            self._note(self._unresolved, origin, answer)
        self._failures += [(origin, failure) for failure in answers.failures]

    def _note(self, known: dict[Key, _Told], origin: _Origin, answer: Answer) -> None:
        key = answer.rule, answer.place, answer.message
        told = known.setdefault(key, [])
        insort(told, (origin, answer), key=_origin_of)
        if len(told) > _MOST_TELLERS:
            self._left_out[key] += 1
            del told[_MOST_TELLERS:]

    @property
    def censor(self) -> Censor:
        """What hides the secrets of all files so far."""
        return Censor(self._secrets, lambda id: self._rules.rule(id).summary)

    def _hide_secrets(self) -> Censor:
        """Hide secrets in all answers; those that are the same without them become one."""
        censor = self.censor
        for known in (self._findings, self._unresolved) if censor else ():
            before = dict(known)
            known.clear()
            for key, told in before.items():
                left_out = self._left_out.pop(key, 0)
                for origin, answer in told:
                    self._note(known, origin, hidden := censor.answer(answer))
                self._left_out[hidden.rule, hidden.place, hidden.message] += left_out
        return censor

    @property
    def not_checked(self) -> tuple[str, ...]:
        """A sentence for each file that was plainly meant to be Dativo's."""
        return tuple(
            f"{path} is not checked: {lack}"
            for path, lack in sorted(self._lacks.items())
            if path not in self._texts
        )

    def report(
        self,
        given: Container[str],
        passed_over: Sequence[str],
        today: date | None,
        *,
        ignores: Sequence[Suppression] = (),
        entries_of: EntriesOf = lambda _: {},
        baseline: Baseline = NO_BASELINE,
        is_whole: bool = False,
        followed: Container[str] = (),
    ) -> Report:
        """Everything as a report; `given` are the files of the run, all of the repository if it
        `is_whole`; jobs that depend on `followed` were judged; `ignores` are of the settings."""
        censor = self._hide_secrets()
        findings = with_fingerprints(one_a_defect([*map(self._finding, _taken(self._findings))]))
        unresolved = [
            question_of(told[0][1], self._rules.rule) for told in _taken(self._unresolved)
        ]
        failures = [it for _, it in sorted(self._failures, key=lambda it: (it[0], it[1].rule))]
        talking = {path: text for path, text in sorted(self._texts.items()) if text is not None}
        written = [it for text in talking.values() for it in text.suppressions]
        written += map(self._in_modules.__getitem__, sorted(self._in_modules))
        lines = {one.place: line for one, line in written}
        accepting = [*(it for it, _ in written), *ignores]
        sorted_out = suppress(findings, unresolved, accepting, today, self._rules.never)
        crashed = {failure.rule for failure in failures}
        uses = self._uses(
            sorted_out, given, talking, crashed, today, is_whole=is_whole, followed=followed
        )
        uses = with_sources(uses, lines, entries_of)
        of_uses, failed = self._watched(uses, lines, censor)
        standing = sorted([*settled(sorted_out.standing), *of_uses], key=order_of)
        sorted_by = accept(standing, baseline, today, self._rules.never)
        undecided = set(map(key_of, unresolved))
        stale = [
            (entry, count)
            for entry, count in sorted_by.absent
            if entry.key not in undecided
            if entry.rule in self._ran.at(entry.path, given, baseline.gone, is_whole) - crashed
        ]
        entries = list(uses_of(baseline, sorted_by.baselined, stale, self._rules, today))
        of_entries, failed_on_entries = self._watched(entries, {}, censor)
        failures += (*failed, *failed_on_entries)
        read = self._texts.keys() | self._ran.of_jobs.keys()
        skipped = {**dict.fromkeys(passed_over, "concerns no job"), **self.skipped}
        listed = tuple(sorted([*sorted_by.standing, *of_entries], key=order_of))
        paths = sorted({finding.place.path for finding in listed} & self._owners.keys())
        return Report(
            findings=listed,
            owners={path: self._owners[path] for path in paths},
            suppressed=tuple(sorted_out.suppressed),
            baselined=sorted_by.baselined,
            unresolved=tuple(sorted(unresolved, key=order_of)),
            crashes=tuple(crash_of(censor.failure(it), self._rules.rule) for it in failures),
            rules=self._rules.all,
            secrets=frozenset(self._secrets),
            jobs=self.jobs,
            rendered=self.sets,
            lone_sets=self.lone_sets,
            files=self.files,
            passed_over=tuple(passed_over),
            read=tuple(sorted(self._texts)),
            warnings=self.not_checked,
            skipped=tuple(sorted(it for it in skipped.items() if it[0] not in self._texts)),
            baseline=baseline.path,
            stale=tuple(stale),
            suppressions=tuple(counted([*uses, *entries], None if is_whole else read)),
        )

    def _uses(
        self,
        suppressed: Suppressed,
        given: Container[str],
        talking: Mapping[str, TextResult],
        crashed: Set[str],
        today: date | None,
        *,
        is_whole: bool,
        followed: Container[str],
    ) -> list[SuppressionUse]:
        """Of what use each suppression is, as far as the rules that it names ran to the end."""
        uses, own = [], by_suppression(suppressed.suppressed)
        for suppression, accepted in suppressed.accepted:
            path, ran = suppression.place.path, frozenset[str]()
            if suppression.paths:
                ran = self._ran.everywhere() if is_whole else ran
            elif path in given and path in talking:
                ran = self._ran.on(path, talking[path])
            elif is_whole or path in followed:
                ran = self._ran.of_jobs.get(path, ran)
            more = {"accepted": frozenset(accepted), "ran": ran - crashed}
            uses.append(use_of(suppression, own.get(suppression, ()), self._rules, today, **more))
        return uses

    def _watched(
        self, uses: Iterable[SuppressionUse], lines: Mapping[Place, str], censor: Censor
    ) -> tuple[list[Finding], tuple[Failure, ...]]:
        """What rules say of the use of suppressions, whose lines are known by their places."""
        by_line = {(place.path, place.line): line for place, line in lines.items()}
        about = Findings(lambda place: by_line.get((place.path, place.line), ""))
        for use in uses:
            for rule in self._rules.for_file(use.suppression.place.path).of("suppression"):
                about.run_check(rule, use)
        answers = about.answers()
        told = ([((_TEXT, it.place.path), censor.answer(it))] for it in answers.findings)
        return with_fingerprints(map(self._finding, told)), answers.failures

    def _finding(self, told: _Told) -> Finding:
        """A finding with what all who gave it mention, such as the jobs that share a module."""
        answer = told[0][1]
        mentions = [mention for _, each in told for mention in each.mentions]
        if mentions and (more := self._left_out[answer.rule, answer.place, answer.message]):
            files = "file" if more == 1 else "files"
            mentions.append(Mention(answer.place, f"and the same in {more:,} more {files}"))
        return Finding(
            rule=self._rules.rule(answer.rule, answer.severity),
            severity=answer.severity,
            place=answer.place,
            message=answer.message,
            mentions=tuple(dict.fromkeys(mentions)),
            source=answer.source,
            fixes=answer.fixes,
        )


def _taken(known: dict[Key, _Told]) -> Iterator[_Told]:
    """The answers, each of which is held no longer than it is needed."""
    for key in [*known]:
        yield known.pop(key)
