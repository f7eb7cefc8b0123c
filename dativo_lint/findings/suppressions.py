"""Which findings a comment or a setting accepts, what use each of these is, and what it lacks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from dativo_lint.documents.globs import path_matcher
from dativo_lint.documents.place import Place
from dativo_lint.findings.finding import Finding, UnresolvedValue
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.suppression_comment import Suppression, SuppressionUse
from dativo_lint.rulebook.rule import Rule
from dativo_lint.settings.effective import is_named
from dativo_lint.settings.ruleset import RuleSets

EntriesOf: TypeAlias = Callable[[Sequence[Suppression]], Mapping[Place, FieldRef]]
"""Finds the fields of suppressions in the settings, by their places."""
_Key = tuple[str, str]
"""The path of a file and the id of a rule."""
_Use = tuple[Suppression, set[str]]
"""A suppression with the rules of which it accepted something."""


class Suppressed(Struct, eq=False):
    """Collects the findings that remain, those suppressed, and the use of each suppression.

    `accepted` has the rules of which a suppression covers a finding or an unresolved value.
    """

    accepted: list[_Use]
    standing: list[Finding] = field(default_factory=list)
    suppressed: list[Finding] = field(default_factory=list)


def suppress(
    findings: Sequence[Finding],
    unresolved: Sequence[UnresolvedValue],
    suppressions: Iterable[Suppression],
    today: date | None,
    never: Collection[str] = (),
) -> Suppressed:
    """Sort findings by the suppressions that apply on a day, or today.

    `never` are the ids of rules that may not be suppressed.
    """
    result = Suppressed(accepted=[(suppression, set()) for suppression in suppressions])
    holding = [use for use in result.accepted if _holds(use[0], today)]
    by_rule = [(rule, use) for use in holding for rule in use[0].rules if rule not in never]
    comments: dict[_Key, list[_Use]] = {}
    ignores: dict[str, list[_Use]] = {}
    for rule, use in by_rule:
        if use[0].paths:
            ignores.setdefault(rule, []).append(use)
        else:
            comments.setdefault((use[0].place.path, rule), []).append(use)
    covers = {key: _Cover(comment for comment, _ in uses) for key, uses in comments.items()}
    for finding in findings:
        cover = covers.get((finding.place.path, finding.rule.id))
        by = cover.of(finding.place) if cover else None
        if by is None and (ignoring := _ignoring(ignores, finding)):
            by = ignoring[0][0]
            _note(ignoring, finding.rule.id)
        if by is None:
            result.standing.append(finding)
        else:
            result.suppressed.append(replace(finding, suppression=by))
    for question in unresolved:
        _note(_ignoring(ignores, question), question.rule.id)
    lines = _lines((*findings, *unresolved), covers)
    for key, uses in comments.items():
        _note((use for use in uses if _is_within(lines[key], use[0])), key[1])
    return result


def concerns(suppression: Suppression, paths: Collection[str]) -> bool:
    """Whether a suppression is in one of some files, or for one."""
    if suppression.kind == "setting":
        return any(map(path_matcher(suppression.paths), paths))
    return (*suppression.paths, suppression.place.path)[0] in paths


def counted(
    uses: Iterable[SuppressionUse], paths: Collection[str] | None
) -> Iterator[tuple[Suppression, int]]:
    """The suppressions that are sound and used, or concern some files, with their findings."""
    for use in sorted(uses, key=lambda use: use.suppression.place):
        is_meant = paths is None or use.findings or concerns(use.suppression, paths)
        if is_meant and not use.suppression.fault:
            yield use.suppression, use.findings


def with_sources(
    uses: Sequence[SuppressionUse], lines: Mapping[Place, str], entries_of: EntriesOf
) -> list[SuppressionUse]:
    """Uses with the lines of their comments, or the entries of the settings, where one is idle."""
    idle = [use.suppression for use in uses if use.ran.difference(use.accepted)]
    entries = entries_of(idle) if any(each.paths for each in idle) else {}
    places = [use.suppression.place for use in uses]
    return [
        replace(use, line=lines.get(place, ""), entry=entries.get(place))
        for use, place in zip(uses, places, strict=True)
    ]


def by_suppression(findings: Iterable[Finding]) -> dict[Suppression, list[Finding]]:
    """Suppressed findings by what suppresses them."""
    groups: dict[Suppression, list[Finding]] = {}
    for finding in findings:
        if finding.suppression is not None:
            groups.setdefault(finding.suppression, []).append(finding)
    return groups


def use_of(
    suppression: Suppression,
    findings: Sequence[Finding],
    rules: RuleSets,
    today: date | None,
    **more: Any,
) -> SuppressionUse:
    """A suppression after a run, in which it accepts some findings.

    What it must have depends on its rules, with the severity of these findings or else as usual.
    """
    allowed = (id for id in suppression.rules if id in rules.known and id not in rules.never)
    concerned = {id: rules.rule(id) for id in allowed} | {
        each.rule.id: each.rule for each in findings
    }
    return SuppressionUse(
        suppression,
        rules.known,
        today,
        missing=tuple(_missing(suppression, concerned.values(), rules.policy.require)),
        forbidden=rules.never.intersection(suppression.rules),
        findings=len(findings),
        **more,
    )


def _missing(
    suppression: Suppression, rules: Collection[Rule], require: Mapping[str, Sequence[str]]
) -> Iterable[str]:
    """The parts that a suppression must have for some rules, and does not have."""
    if suppression.kind != "baseline":
        require = {"reason": ("*",), **require}
    for part, names in require.items():
        severities = {name.lower() for name in names}
        is_required = any(
            is_named(rule, names) or rule.severity.value in severities for rule in rules
        )
        if is_required and not getattr(suppression, part):
            yield part


def _holds(suppression: Suppression, today: date | None) -> bool:
    return not suppression.fault and not suppression.is_expired(today)


def _ignoring(
    ignores: Mapping[str, Sequence[_Use]], answer: Finding | UnresolvedValue
) -> list[_Use]:
    """The suppressions of the settings for the rule and the file of an answer."""
    path = answer.place.path
    return [use for use in ignores.get(answer.rule.id, ()) if path_matcher(use[0].paths)(path)]


def _note(uses: Iterable[_Use], rule: str) -> None:
    """Note that suppressions accept something of a rule."""
    for _, accepted in uses:
        accepted.add(rule)


class _Cover:
    """The suppression of a file that covers a line: the innermost, found by bisection.

    Each covers a block of a document; blocks are nested or disjoint.
    """

    def __init__(self, suppressions: Iterable[Suppression]) -> None:
        self._starts: list[int] = []
        self._owners: list[Suppression | None] = []
        above: list[Suppression] = []
        for suppression in sorted(suppressions, key=_outermost_first):
            while above and above[-1].last_line < suppression.first_line:
                self._leave(above)
            above.append(suppression)
            self._starts.append(suppression.first_line)
            self._owners.append(suppression)
        while above:
            self._leave(above)

    def of(self, place: Place) -> Suppression | None:
        """The suppression for a place: on the line where it begins, or else where it ends."""
        return self._at(place.line) or self._at(place.end_line)

    def _leave(self, above: list[Suppression]) -> None:
        self._starts.append(above.pop().last_line + 1)
        self._owners.append(above[-1] if above else None)

    def _at(self, line: int) -> Suppression | None:
        number = bisect_right(self._starts, line) - 1
        owner = self._owners[number] if number >= 0 else None
        return owner if owner and owner.first_line <= line <= owner.last_line else None


def _outermost_first(suppression: Suppression) -> tuple[int, int]:
    return suppression.first_line, -suppression.last_line


def _lines(
    answers: Iterable[Finding | UnresolvedValue], keys: Iterable[_Key]
) -> dict[_Key, list[int]]:
    """The lines on which findings, and what is unresolved, begin and end, sorted."""
    lines: dict[_Key, list[int]] = {key: [] for key in keys}
    for answer in answers:
        of_key = lines.get((answer.place.path, answer.rule.id))
        if of_key is not None:
            of_key += (answer.place.line, answer.place.end_line)
    for of_key in lines.values():
        of_key.sort()
    return lines


def _is_within(lines: list[int], suppression: Suppression) -> bool:
    number = bisect_left(lines, suppression.first_line)
    return number < len(lines) and lines[number] <= suppression.last_line
