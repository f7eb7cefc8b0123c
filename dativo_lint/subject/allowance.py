"""Allowances: comments that accept a finding, with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dativo_lint.texts.comments import Comment, comments
from dativo_lint.texts.document import Document, Reading
from dativo_lint.texts.place import Field, Place

_ALLOWANCE = re.compile(
    r"#\s*dativo-lint\s*:\s*(?P<verb>[\w-]*)\s*(?P<rules>.*?)\s*"
    r"(?:\buntil\b\s*(?P<until>\S*)\s*)?(?:\bbecause\b\s*(?P<reason>.*?))?\s*\Z",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Allowance:
    """A comment `# dativo-lint: allow RULE[, RULE] [until YYYY-MM-DD] because REASON`.

    `first_line` and `last_line` (1-based, both included) are what it covers: its own line, the
    next line where it stands alone, and all of the block that a key on that line opens. `fault`
    says what is wrong with the comment itself, where something is.
    """

    place: Place
    rules: tuple[str, ...]
    reason: str
    until: date | None
    first_line: int
    last_line: int
    fault: str = ""

    def covers(self, rule: str, place: Place, today: date) -> bool:
        """Whether it accepts a finding of a rule at a place on a day; `until` is the last day."""
        return (
            rule in self.rules
            and place.path == self.place.path
            and self.first_line <= place.line <= self.last_line
            and not self.is_expired(today)
        )

    def is_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until is not None and today > self.until


@dataclass(frozen=True, slots=True)
class AllowanceUse:
    """An allowance after the run: `accepted` are the rules of which it accepted a finding.

    `known` are the ids of all rules, `ran` of those that ran.
    """

    allowance: Allowance
    accepted: frozenset[str]
    known: frozenset[str]
    ran: frozenset[str]
    today: date


def allowances(reading: Reading) -> tuple[Allowance, ...]:
    """The allowances of a file, in order."""
    found = comments(reading)
    if not found:
        return ()
    blocks = {}
    for document in reading.documents:
        for route in _routes(document):
            first, last = document.block_lines(route)
            blocks[first] = max(last, blocks.get(first, 0))
    alone = {comment.line for comment in found if comment.stands_alone}
    lines = reading.text.split("\n")
    return tuple(_allowance(reading.path, comment, blocks, alone, lines) for comment in found)


def _allowance(
    path: str, comment: Comment, blocks: dict[int, int], alone: set[int], lines: list[str]
) -> Allowance:
    end = comment.column + len(comment.text)
    place = Place(path, comment.line, comment.column, comment.line, end)
    target = comment.line
    if comment.stands_alone:
        target += 1
        while target <= len(lines) and lines[target - 1].lstrip().startswith(("#", "---")):
            target += 1
    match = _ALLOWANCE.match(comment.text)
    rules: tuple[str, ...] = ()
    until, fault, reason = None, "", ""
    if match is None or match["verb"] != "allow":
        verb = match["verb"] if match else ""
        fault = f"{verb or 'nothing'} is not something that a comment can ask for; expected: allow"
    else:
        rules = tuple(dict.fromkeys(re.findall(r"[^\s,]+", match["rules"])))
        reason = (match["reason"] or "").strip()
        if match["until"] is not None:
            try:
                until = date.fromisoformat(match["until"])
            except ValueError:
                fault = f"until {match['until']} is not a date; expected: YYYY-MM-DD"
        if not rules and not fault:
            fault = "it names no rule; expected: allow RULE because REASON"
    return Allowance(
        place, rules, reason, until, comment.line, max(target, blocks.get(target, 0)), fault
    )


def _routes(document: Document) -> Iterator[Field]:
    """Every field of a document, once each, however often aliases repeat it."""
    pending: list[tuple[Field, object]] = [((), document.data)]
    seen = set()
    while pending:
        route, data = pending.pop()
        if route:
            yield route
        if not isinstance(data, (dict, list)) or id(data) in seen:
            continue
        seen.add(id(data))
        items = data.items() if isinstance(data, dict) else enumerate(data)
        pending += [((*route, key), value) for key, value in items]
