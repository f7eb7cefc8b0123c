"""Suppressions: comments, and `ignores` of the settings, that accept a finding with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from dativo_lint.documents.comments import WORD, Comment, comments
from dativo_lint.documents.document import Reading
from dativo_lint.documents.place import Place

_ASKED = re.compile(rf"#\s*{WORD}\s*(?P<colon>:?)\s*(?P<verb>[\w-]*)")
_BECAUSE = re.compile(r"(?<!\S)because(?!\S)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LINE_END = re.compile(r"\r\n?|\n")
_RULES = re.compile(r"\s*\[([^\]]*)\]")
_VERB = "ignore"
_FORM = "ignore[RULE] because REASON"
_DATED = "ignore[RULE] until YYYY-MM-DD because REASON"
_LATE = re.compile(rf"(?:^|\s)until {_DAY.pattern}\W*$")


class Suppression(Struct, frozen=True):
    """A comment `# dativo-lint: ignore[RULE, RULE] until YYYY-MM-DD because REASON`.

    `first_line` and `last_line` (1-based, both included) are what it covers: its own line, the
    next line where it stands alone, and all of the block that a key on that line opens. `until`
    is its last day. `fault` says what is wrong with the comment itself, where something is; it
    then suppresses nothing. One of the settings covers the whole of the files that its `paths`
    match; an entry of a baseline is for the one file that `paths` holds, `since` a day.
    """

    place: Place
    rules: tuple[str, ...]
    reason: str
    until: date | None
    first_line: int
    last_line: int
    fault: str = ""
    paths: tuple[str, ...] = ()
    since: date | None = None

    def is_expired(self, today: date | None) -> bool:
        """Whether its last day is over, on a day or, without one, now."""
        if self.until is None:
            return False
        return (today or date.today()) > self.until


class SuppressionUse(Struct, frozen=True):
    """A suppression after the run: `accepted` are the rules of which it accepted something.

    `known` are the ids of all rules; `ran` of those that ran on all that it covers, so that what
    is not accepted will not be. `today` is the day of the run where that is another than now.
    `absent` counts the findings that an entry of a baseline accepts, and that are fixed.
    """

    suppression: Suppression
    accepted: frozenset[str]
    known: frozenset[str]
    ran: frozenset[str]
    today: date | None
    absent: int = 0


class _Request(Struct, frozen=True):
    """What a comment asks for; `fault` says why it gets nothing."""

    rules: tuple[str, ...] = ()
    reason: str = ""
    until: date | None = None
    fault: str = ""


def suppressions_of(reading: Reading) -> tuple[Suppression, ...]:
    """The suppressions of a file, in order; a comment that only mentions the linter is none."""
    if WORD not in reading.text:
        return ()
    found = comments(reading)
    last_lines: dict[int, int] = {}
    for document in reading.documents if found else ():
        last_lines.update(document.last_lines())
    return suppressions_in(reading.path, reading.text, found, last_lines)


def suppressions_in(
    path: str,
    text: str,
    found: Iterable[Comment],
    last_lines: Mapping[int, int],
    signs: tuple[str, ...] = ("#", "--- #"),
) -> tuple[Suppression, ...]:
    """The suppressions among the comments of a text.

    `last_lines` tells of a line on which blocks begin where the last of them ends, `signs` how a
    line begins that is a comment.
    """
    asked = [(it, request) for it in found if (request := _request(it.text))]
    alone = (it.line + it.more_lines for it, _ in asked if it.stands_alone)
    below = _below(text, alone, signs) if asked else {}
    suppressions = []
    for comment, request in asked:
        last = comment.line + comment.more_lines
        target = below[last] if comment.stands_alone else last
        last_line = max(target, last_lines.get(target, 0))
        suppressions.append(_suppression(path, comment, request, last_line))
    return tuple(suppressions)


def _suppression(path: str, comment: Comment, request: _Request, last_line: int) -> Suppression:
    end = comment.column + len(comment.text)
    return Suppression(
        place=Place(path, comment.line, comment.column, comment.line, end),
        rules=request.rules,
        reason=request.reason,
        until=request.until,
        first_line=comment.line,
        last_line=last_line,
        fault=request.fault,
    )


def _request(text: str) -> _Request | None:
    """What a comment asks for; None where it does not speak to the linter."""
    asked = _ASKED.search(text)
    if asked is None or not (asked["colon"] or asked["verb"] == _VERB):
        return None
    if not asked["colon"]:
        return _Request(fault=f"there is no colon after dativo-lint; expected: {_FORM}")
    if asked["verb"] != _VERB:
        return _Request(fault=f'unknown keyword "{asked["verb"]}"; expected: {_FORM}')
    bracket = _RULES.match(text, asked.end())
    names = bracket[1].replace(",", " ").split() if bracket else []
    rules = tuple(dict.fromkeys(names))
    if bracket is None or not rules:
        return _Request(fault=f"it names no rule; expected: {_FORM}")
    rest = text[bracket.end() :]
    because = _BECAUSE.search(rest)
    reason = rest[because.end() :].strip() if because else ""
    if _LATE.search(reason):
        return _Request(rules, reason, fault=f"until stands before because; expected: {_DATED}")
    return _dated(rules, rest[: because.start() if because else None].split(), reason)


def _dated(rules: tuple[str, ...], words: list[str], reason: str) -> _Request:
    """A request with what stands between the rules and the reason: nothing, or an end."""
    if not words:
        return _Request(rules, reason)
    last_day = " ".join(words[1:])
    until = day_of(last_day)
    if words[0] != "until":
        return _Request(rules, reason, fault=f'unknown keyword "{words[0]}"; expected: {_FORM}')
    if until is None:
        fault = f'until "{last_day}" is not a date; expected: YYYY-MM-DD'
        return _Request(rules, reason, fault=fault)
    return _Request(rules, reason, until)


def day_of(text: str) -> date | None:
    """The day that a text names in the one form that is taken, YYYY-MM-DD."""
    # Python 3.11 reads other spellings of dates, which 3.10 does not.
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _below(text: str, lines: Iterable[int], signs: tuple[str, ...]) -> dict[int, int]:
    """Of comments that stand alone, the next line below each that is more than a comment."""
    written = _LINE_END.split(text)
    found: dict[int, int] = {}
    # From the last one on, so that no line is looked at twice.
    for number in sorted(set(lines), reverse=True):
        below = number + 1
        while below <= len(written) and below not in found:
            line = written[below - 1].strip()
            if line != "---" and not line.startswith(signs):
                break
            below += 1
        found[number] = found.get(below, min(below, len(written)))
    return found
