"""Settlement: what came up in a run is sorted into what stands and what somebody accepted."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from dativo_lint.subject.allowance import Allowance
from dativo_lint.texts.place import Place
from dativo_lint.verdict.evaluate import Docket
from dativo_lint.verdict.finding import Finding, order_of

if TYPE_CHECKING:
    from datetime import date

_Key = tuple[str, str]
"""The path of a file and the id of a rule."""
_Use = tuple[Allowance, set[str]]
"""An allowance with the rules of which it accepted something."""


class Settlement(Struct, eq=False):
    """The findings that stand, those that are allowed, and of each allowance what it accepted.

    `accepted` holds the rules of which an allowance accepted a finding or covers an open question.
    """

    standing: list[Finding] = field(default_factory=list)
    allowed: list[Finding] = field(default_factory=list)
    accepted: list[_Use] = field(default_factory=list)


def settle(docket: Docket, allowances: Iterable[Allowance], today: date | None) -> Settlement:
    """Sort the findings, each with its fingerprint, by the allowances that hold then, or now."""
    settled = Settlement()
    holding: dict[_Key, list[_Use]] = {}
    for allowance in allowances:
        use: _Use = allowance, set()
        settled.accepted.append(use)
        if not allowance.fault and not allowance.is_expired(today):
            for rule in allowance.rules:
                holding.setdefault((allowance.place.path, rule), []).append(use)
    covers = {key: _Cover(allowance for allowance, _ in found) for key, found in holding.items()}
    for finding, fingerprint in _with_fingerprints(docket.findings.values()):
        cover = covers.get((finding.place.path, finding.rule.id))
        allowance_of = cover.of(finding.place) if cover else None
        into = settled.standing if allowance_of is None else settled.allowed
        into.append(_settled(finding, fingerprint, allowance_of))
    lines = _lines(docket, covers)
    for key, found in holding.items():
        for allowance, accepted in found:
            if _is_within(lines.get(key, []), allowance):
                accepted.add(key[1])
    return settled


def _settled(it: Finding, fingerprint: str, allowance: Allowance | None) -> Finding:
    # As `replace` would make it, in a third of the time.
    return Finding(
        it.rule,
        it.severity,
        it.place,
        it.message,
        it.mentions,
        fingerprint,
        it.source,
        allowance,
    )


class _Cover:
    """Which of some allowances of a file covers a line: the innermost, found by bisection.

    What they cover are blocks of a document, which lie inside each other or apart.
    """

    def __init__(self, allowances: Iterable[Allowance]) -> None:
        self._starts: list[int] = []
        self._owners: list[Allowance | None] = []
        above: list[Allowance] = []
        for allowance in sorted(allowances, key=lambda it: (it.first_line, -it.last_line)):
            while above and above[-1].last_line < allowance.first_line:
                self._leave(above)
            above.append(allowance)
            self._starts.append(allowance.first_line)
            self._owners.append(allowance)
        while above:
            self._leave(above)

    def of(self, place: Place) -> Allowance | None:
        """The allowance for a place: on the line where it begins, or else where it ends."""
        return self._at(place.line) or self._at(place.end_line)

    def _leave(self, above: list[Allowance]) -> None:
        self._starts.append(above.pop().last_line + 1)
        self._owners.append(above[-1] if above else None)

    def _at(self, line: int) -> Allowance | None:
        number = bisect_right(self._starts, line) - 1
        owner = self._owners[number] if number >= 0 else None
        return owner if owner and owner.first_line <= line <= owner.last_line else None


def _lines(docket: Docket, wanted: Iterable[_Key]) -> dict[_Key, list[int]]:
    """The lines on which findings and open questions begin and end, sorted."""
    found: dict[_Key, list[int]] = {key: [] for key in wanted}
    for rule, place, _ in (*docket.findings, *docket.open_questions):
        lines = found.get((place.path, rule))
        if lines is not None:
            lines += (place.line, place.end_line)
    for lines in found.values():
        lines.sort()
    return found


def _is_within(lines: list[int], allowance: Allowance) -> bool:
    number = bisect_left(lines, allowance.first_line)
    return number < len(lines) and lines[number] <= allowance.last_line


def _with_fingerprints(findings: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Findings in the order of a report; of several with one rule, path and field, the
    fingerprints tell the first from the second by their order."""
    ordered = sorted(findings, key=order_of)
    if not ordered:
        return
    # Not needed, and not paid for, by a run that finds nothing.
    from hashlib import blake2b

    numbers: dict[tuple[str, str, str], int] = {}
    for finding in ordered:
        identity = (finding.rule.id, finding.place.path, finding.place.field)
        number = numbers[identity] = numbers.get(identity, 0) + 1
        text = "\0".join((*identity, str(number))).encode("utf-8", "surrogatepass")
        yield finding, blake2b(text, digest_size=16).hexdigest()
