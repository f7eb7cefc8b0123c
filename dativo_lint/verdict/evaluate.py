"""Evaluation: rules held against subjects; what they answer becomes findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from dativo_lint.checks.breach import Open
from dativo_lint.subject.condition import holds
from dativo_lint.subject.said import Said
from dativo_lint.texts.place import Place
from dativo_lint.verdict.answers import NOTHING, Answers
from dativo_lint.verdict.finding import Crash, Finding, Mention, OpenQuestion

if TYPE_CHECKING:
    from typing import TypeAlias

    from dativo_lint.checks.breach import Breach
    from dativo_lint.checks.breach import Mention as Mentioned
    from dativo_lint.rulebook.rule import Rule
    from dativo_lint.subject.allowance import AllowanceUse
    from dativo_lint.subject.rendered import RenderedSet
    from dativo_lint.subject.subject import Subject
    from dativo_lint.subject.text import Text
    from dativo_lint.verdict.ready import ReadyRule

    Judged: TypeAlias = Subject | RenderedSet | Text | AllowanceUse
    """What rules are held against."""

Key = tuple[str, Place, str]
"""What tells one answer from another: its rule, its place and its message."""

_KNOWN_ANSWERS: dict[tuple[int, ...], Answers] = {}
_MOST_ANSWERS = 64

LineAt = Callable[[Place], str]
"""From a place to the line of the file there, without its end; empty where it is not known."""


class Docket:
    """What has come up so far in a run; the same defect at the same place is entered once."""

    __slots__ = ("crashes", "findings", "line_at", "open_questions")

    def __init__(self, line_at: LineAt) -> None:
        self.line_at = line_at
        self.findings: dict[Key, Finding] = {}
        self.open_questions: dict[Key, OpenQuestion] = {}
        self.crashes: list[Crash] = []

    def hold(self, subject: Judged, rules: Iterable[ReadyRule]) -> None:
        """Hold a subject against rules."""
        for ready in rules:
            hold_all(ready, ((self, subject),))

    def __bool__(self) -> bool:
        """Whether anything has come up."""
        return bool(self.findings or self.open_questions or self.crashes)

    def answers(self) -> Answers:
        """All that has come up so far."""
        if not self:
            return NOTHING
        found = tuple(self.findings.values())
        if self.open_questions or self.crashes:
            return Answers(found, tuple(self.open_questions.values()), tuple(self.crashes))
        return _together(found)

    def enter(self, rule: Rule, answer: Breach | Open) -> None:
        """Enter what a rule answers."""
        if isinstance(answer, Open):
            place = answer.at.place
            key = (rule.id, place, answer.message)
            if key not in self.open_questions:
                line = self.line_at(place)
                self.open_questions[key] = OpenQuestion(rule, place, answer.message, line)
            return
        finding = self._found(rule, answer)
        self.findings.setdefault((rule.id, finding.place, finding.message), finding)

    def _found(self, rule: Rule, answer: Breach) -> Finding:
        place = answer.at.place
        return Finding(
            rule=rule,
            severity=rule.severity,
            place=place,
            message=answer.message,
            mentions=tuple(map(self._mention, answer.mentions)),
            source=self.line_at(place),
        )

    def _mention(self, mentioned: Mentioned) -> Mention:
        place = mentioned.at.place
        return Mention(place, mentioned.sentence, self.line_at(place))


def hold_all(ready: ReadyRule, cases: Iterable[tuple[Docket, Judged]]) -> None:
    """Hold subjects against a rule, each with the docket in which its answers are entered.

    A check that raises is a crash, and the rest goes on.
    """
    rule, is_sure = ready.rule, not ready.when
    for docket, subject in cases:
        try:
            for answer in ready.judge(subject) if is_sure else _answers(subject, ready):
                docket.enter(rule, answer)
        except Exception as error:  # noqa: BLE001  one failure must not hide findings
            message = f"{type(error).__name__}: {error}"
            docket.crashes.append(Crash(rule, _path_of(subject), message))


def _together(findings: tuple[Finding, ...]) -> Answers:
    """The answers that are these findings: the same for jobs of which just the same was found.

    Findings are the same that were made of one breach in an asset; who gathers the answers looks
    at the same ones once. They are known by where they are in memory, and kept there.
    """
    key = tuple(map(id, findings))
    answers = _KNOWN_ANSWERS.get(key)
    if answers is None:
        if len(_KNOWN_ANSWERS) >= _MOST_ANSWERS:
            _KNOWN_ANSWERS.clear()
        answers = _KNOWN_ANSWERS[key] = Answers(findings)
    return answers


def _answers(subject: Judged, ready: ReadyRule) -> Iterable[Breach | Open]:
    """What a rule answers that applies to some jobs only."""
    from dativo_lint.subject.rendered import RenderedSet  # not for what the cache tells
    from dativo_lint.subject.subject import Subject

    if isinstance(subject, (Subject, RenderedSet)):
        job = subject.job if isinstance(subject, Subject) else subject.fields
        applies = holds(ready.when, job)
        if isinstance(applies, Said):
            question = f"{applies.name} is {applies.value}: {ready.rule.id} may or may not apply"
            return (Open(applies, question),)
        if not applies:
            return ()
    return ready.judge(subject)


def _path_of(subject: Judged) -> str:
    from dativo_lint.subject.rendered import RenderedSet
    from dativo_lint.subject.subject import Subject
    from dativo_lint.subject.text import Text

    if isinstance(subject, Subject):
        return subject.job.path
    if isinstance(subject, RenderedSet):
        return subject.document.path
    return subject.path if isinstance(subject, Text) else subject.allowance.place.path
