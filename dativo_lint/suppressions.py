"""Suppressions: which findings a comment accepts, and of what use each comment is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import blake2b

from msgspec import Struct, field
from msgspec.structs import replace

from dativo_lint.documents.globs import path_matcher
from dativo_lint.documents.place import Place
from dativo_lint.findings import Finding, UnresolvedValue, order_of
from dativo_lint.jobs.suppression_comment import Suppression

_Key = tuple[str, str]
"""The path of a file and the id of a rule."""
_Use = tuple[Suppression, set[str]]
"""A suppression with the rules of which it accepted something."""


class Suppressed(Struct, eq=False):
    """The findings that remain, those that are suppressed, and the use of each suppression.

    `accepted` has the rules of which a suppression covers a finding or an unresolved value.
    """

    standing: list[Finding] = field(default_factory=list)
    suppressed: list[Finding] = field(default_factory=list)
    accepted: list[_Use] = field(default_factory=list)


def suppress(
    findings: Iterable[Finding],
    unresolved: Iterable[UnresolvedValue],
    suppressions: Iterable[Suppression],
    today: date | None,
) -> Suppressed:
    """Sort findings, with fingerprints, by the suppressions that apply on a day, or today."""
    result = Suppressed()
    uses: dict[_Key, list[_Use]] = {}
    ignores: dict[str, list[_Use]] = {}
    for suppression in suppressions:
        use: _Use = suppression, set()
        result.accepted.append(use)
        if not suppression.fault and not suppression.is_expired(today):
            for rule in suppression.rules:
                if suppression.paths:
                    ignores.setdefault(rule, []).append(use)
                else:
                    uses.setdefault((suppression.place.path, rule), []).append(use)
    covers = {key: _Cover(suppression for suppression, _ in uses[key]) for key in uses}
    ordered = with_fingerprints(findings)
    for finding in ordered:
        cover = covers.get((finding.place.path, finding.rule.id))
        suppression_of = cover.of(finding.place) if cover else None
        suppression_of = suppression_of or _ignored_by(ignores, finding)
        if suppression_of is None:
            result.standing.append(finding)
        else:
            result.suppressed.append(replace(finding, suppression=suppression_of))
    lines = _lines((*ordered, *unresolved), covers)
    for key, uses_of_key in uses.items():
        for suppression, accepted in uses_of_key:
            if _is_within(lines[key], suppression):
                accepted.add(key[1])
    for question in unresolved if ignores else ():
        _ignored_by(ignores, question)
    return result


def _ignored_by(
    ignores: Mapping[str, list[_Use]], answer: Finding | UnresolvedValue
) -> Suppression | None:
    """The first suppression of the settings for the file of an answer, all of which are of use."""
    first = None
    for suppression, accepted in ignores.get(answer.rule.id, ()):
        if path_matcher(suppression.paths)(answer.place.path):
            accepted.add(answer.rule.id)
            first = first or suppression
    return first


def with_fingerprints(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of a report; those with equal rule, path and field get fingerprints by
    their order."""
    numbers: dict[tuple[str, str, str], int] = {}
    ordered = sorted(findings, key=order_of)
    for position, finding in enumerate(ordered):
        identity = (finding.rule.id, finding.place.path, finding.place.field)
        number = numbers[identity] = numbers.get(identity, 0) + 1
        text = "\0".join((*identity, str(number))).encode("utf-8", "surrogatepass")
        fingerprint = blake2b(text, digest_size=16).hexdigest()
        ordered[position] = replace(finding, fingerprint=fingerprint)
    return ordered


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
