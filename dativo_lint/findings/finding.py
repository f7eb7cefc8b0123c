"""Findings: the answers of rules, as they are stored, and as a report shows them."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.checks.violation import Related, Unresolved, Violation
from dativo_lint.documents.place import Place, byte_column, start_of
from dativo_lint.edits.fix import Edit, Fix
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.suppression_comment import Suppression, SuppressionUse
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.settings.ruleset import PreparedRule, Target

Key = tuple[str, Place, str]
"""The identity of an answer: the id of its rule, its place and its message."""

LineAt = Callable[[Place], str]
"""The line of a file at a place, without its end; empty where it is not known."""


class Mention(Struct, frozen=True):
    """Another place that the reader has to see; `source` is the line of the file there."""

    place: Place
    sentence: str
    source: str = ""


class Finding(Struct, frozen=True):
    """A violation of a rule, at the place that has to change.

    `mentions` are in reading order, the weakest layer first. `fingerprint` is a hexadecimal digest
    of rule, path and field that does not depend on lines. `source` is the line of the file at the
    place. `suppression` is set if the finding is suppressed. `fixes` are alternatives.
    """

    rule: Rule
    severity: Severity
    place: Place
    message: str
    mentions: tuple[Mention, ...] = ()
    fingerprint: str = ""
    source: str = ""
    suppression: Suppression | None = None
    fixes: tuple[Fix, ...] = ()


class UnresolvedValue(Struct, frozen=True):
    """What a rule could not decide from the text."""

    rule: Rule
    place: Place
    message: str
    source: str = ""


_ByRule = dict[str, Finding]
"""The first finding of each rule, by its id."""
_Spot = tuple[str, int, int]


def one_a_defect(findings: Sequence[Finding]) -> list[Finding]:
    """The findings without those that another finding at the same place covers.

    The more severe counts. What a rule refuses is not judged by others, nor is anything in it.
    """
    at_place: dict[_Spot, _ByRule] = {}
    mentioned: dict[_Spot, _ByRule] = {}
    items: dict[tuple[str, str], _ByRule] = {}  # of refused items, by their lists
    refused: dict[str, dict[str, Finding]] = {}  # by their files and fields
    for finding in findings:
        rule, place = finding.rule, finding.place
        at_place.setdefault(_spot(place), {}).setdefault(rule.id, finding)
        for mention in finding.mentions:
            # What stands elsewhere, as in an asset, may be that of several jobs.
            if mention.place.field.startswith("infrastructure."):
                mentioned.setdefault(_spot(mention.place), {}).setdefault(rule.id, finding)
        if rule.refuses and place.field:
            in_file = refused.setdefault(place.path, {})
            known = in_file.get(place.field)
            if known is None or not known.severity.reaches(finding.severity):
                in_file[place.field] = finding
            if place.field.endswith("]"):
                whole = place.path, place.field.rpartition("[")[0]
                items.setdefault(whole, {}).setdefault(rule.id, finding)
    left_out = set()
    for finding in findings:
        rule = finding.rule
        if rule.refuses:
            first = at_place[_spot(finding.place)][rule.id]
            if first is not finding and first.place == finding.place:
                left_out.add(id(finding))
        for place in (finding.place, *(mention.place for mention in finding.mentions)):
            is_own = place is finding.place
            near = [at_place.get(_spot(place)), items.get((place.path, place.field))]
            near += [] if is_own else [mentioned.get(_spot(place))]
            others = [by[id] for by in near if by for id in rule.yields_to if id in by]
            if rule.refuses:  # what is missing is where its block is, as are other fields
                others = [other for other in others if other.place.field == place.field]
            if in_file := refused.get(place.path, {}):
                others += [in_file[field] for field in _around(place.field) if field in in_file]
                same = None if rule.refuses else in_file.get(place.field)
                others += [same] if same and _spot(same.place) == _spot(place) else []
            for other in others:
                is_near = place.path == finding.place.path and other.rule.id in rule.yields_to
                loser = _loser(finding, other, may_win=is_own or is_near)
                if loser is not None:
                    left_out.add(id(loser))
    return [finding for finding in findings if id(finding) not in left_out]


def _loser(yielding: Finding, other: Finding, *, may_win: bool) -> Finding | None:
    """The less severe of two findings of one defect; of two alike, the yielding one.

    A yielding finding that only mentions the value takes the place of the other in its own file:
    what another file says may concern other jobs as well.
    """
    if other.severity.reaches(yielding.severity):
        return yielding
    return other if may_win else None


def _around(field: str) -> Iterator[str]:
    """The fields around one."""
    return (field[:at] for at, char in enumerate(field) if char in ".[")


def _spot(place: Place) -> _Spot:
    return place.path, place.line, place.column


def order_of(finding: Finding | UnresolvedValue) -> tuple[str | int, ...]:
    """What a report is sorted by: the place, then the rule, then the message."""
    at = finding.place
    where = at.path, at.line, at.column, at.end_line, at.end_column, at.field
    return (*where, finding.rule.id, finding.message)


def with_fingerprints(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of a report; of several with one rule, path and field, the
    fingerprints tell the first from the second by their order."""
    numbers: dict[tuple[str, str, str], int] = {}
    ordered = sorted(findings, key=order_of)
    for position, finding in enumerate(ordered):
        identity = (finding.rule.id, finding.place.path, finding.place.field)
        number = numbers[identity] = numbers.get(identity, 0) + 1
        ordered[position] = replace(finding, fingerprint=fingerprint_of(*identity, number))
    return ordered


def fingerprint_of(rule: str, path: str, field: str, number: int) -> str:
    """The fingerprint of the finding with this number of those with one rule, path and field."""
    text = "\0".join((rule, path, field, str(number))).encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=16).hexdigest()


class Crash(Struct, frozen=True):
    """A check that raised: an internal error, with the rule and the job.

    `rule` is `ITSELF` for an error outside all checks.
    """

    rule: Rule
    path: str
    message: str


ITSELF = Rule(
    id="internal-error",
    family="itself",
    summary="An internal error outside all checks",
    why="Files affected by an internal error are not checked.",
    fix="Report the error, if possible with the file.",
    severity=Severity.ERROR,
    check="",
    place=start_of(""),
)
"""The rule of a crash outside all checks."""


class Answer(Struct, frozen=True, array_like=True):
    """The answer of a rule at a place: a finding, or an unresolved value."""

    rule: str
    severity: Severity
    place: Place
    message: str
    source: str = ""
    mentions: tuple[Mention, ...] = ()
    fixes: tuple[Fix, ...] = ()


class Failure(Struct, frozen=True, array_like=True):
    """What a check, or the tool outside all checks, failed on; the rule is known by its id."""

    rule: str
    path: str
    message: str


def question_of(answer: Answer, rule_of: Callable[[str, Severity], Rule]) -> UnresolvedValue:
    rule = rule_of(answer.rule, answer.severity)
    return UnresolvedValue(rule, answer.place, answer.message, answer.source)


def crash_of(failure: Failure, rule_of: Callable[[str], Rule]) -> Crash:
    rule = ITSELF if failure.rule == ITSELF.id else rule_of(failure.rule)
    return Crash(rule, failure.path, failure.message)


class Answers(Struct, frozen=True, array_like=True):
    """The answers of rules, without duplicates."""

    findings: tuple[Answer, ...] = ()
    unresolved: tuple[Answer, ...] = ()
    failures: tuple[Failure, ...] = ()


NO_ANSWERS = Answers()


class Findings:
    """Runs checks and collects their answers; the same defect at the same place is there once."""

    def __init__(
        self, line_at: LineAt, is_marked: Callable[[str], bool] = lambda path: False
    ) -> None:
        """`is_marked` tells whether a file begins with a byte order mark, which no line shows."""
        self._line_at, self._is_marked = line_at, is_marked
        self._findings: dict[Key, Answer] = {}
        self._unresolved: dict[Key, Answer] = {}
        self._failures: list[Failure] = []

    def run_check(self, prepared: PreparedRule, target: Target) -> None:
        """Ask a rule about a target; a check that raises is a failure, and the rest goes on."""
        try:
            for answer in prepared.ask(target):
                self._add(prepared.rule, answer)
        except Exception as error:  # noqa: BLE001  one failure must not hide other findings
            self.add_failure(prepared.rule.id, path_of(target), error)

    def add_failure(self, rule: str, path: str, error: Exception) -> None:
        """Add a crash of a rule on a file."""
        self._failures.append(Failure(rule, path, in_words(error)))

    def answers(self) -> Answers:
        """All that has come up so far."""
        if not (self._findings or self._unresolved or self._failures):
            return NO_ANSWERS
        unresolved = tuple(self._unresolved.values())
        return Answers(tuple(self._findings.values()), unresolved, tuple(self._failures))

    def _add(self, rule: Rule, answer: Violation | Unresolved) -> None:
        place = answer.at.place
        known = self._findings if isinstance(answer, Violation) else self._unresolved
        key = (rule.id, place, answer.message)
        if key in known:
            return
        mentions = answer.mentions if isinstance(answer, Violation) else ()
        known[key] = Answer(
            rule=rule.id,
            severity=rule.severity,
            place=place,
            message=answer.message,
            source=self._line_at(place),
            mentions=tuple(map(self._mention, mentions)),
            fixes=tuple(map(self._fix, answer.fixes)) if isinstance(answer, Violation) else (),
        )

    def _fix(self, fix: Fix) -> Fix:
        return replace(fix, edits=tuple(map(self._edit, fix.edits)))

    def _edit(self, edit: Edit) -> Edit:
        place, end = edit.place, replace(edit.place, line=edit.place.end_line)
        starts, ends = self._line_at(place), self._line_at(end)
        columns = byte_column(starts, place.column), byte_column(ends, place.end_column)
        if place.line == 1 and all(columns) and self._is_marked(place.path):
            mark = len(BOM_UTF8)
            columns = columns[0] + mark, columns[1] + (mark if end.line == 1 else 0)
        return replace(edit, byte_columns=columns)

    def _mention(self, related: Related) -> Mention:
        place = related.at.place
        return Mention(place, related.sentence, self._line_at(place))


def in_words(error: Exception) -> str:
    """An error as a crash shows it."""
    return f"{type(error).__name__}: {error}"


def path_of(target: Target) -> str:
    """The file that a target is in."""
    if isinstance(target, Job):
        return target.config.path
    if isinstance(target, RenderedSet):
        return target.document.path
    return target.suppression.place.path if isinstance(target, SuppressionUse) else target.path
