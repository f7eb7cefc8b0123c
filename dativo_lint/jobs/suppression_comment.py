"""Suppressions: comments, and `ignores` of the settings, that accept a finding with a reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import zip_longest
from typing import Any

from msgspec import Struct

from dativo_lint.documents.comments import WORD, Comment, comments
from dativo_lint.documents.document import Reading
from dativo_lint.documents.place import Place
from dativo_lint.documents.quoting import shown
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.names import nearest

# Compiled where they are used: few files have suppressions.
_ASKED = rf"#\s*{WORD}\s*(?P<colon>:?)\s*(?P<verb>[\w-]*)"
_BECAUSE = r"(?<!\S)because(?!\S)"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_LINE_END = r"\r\n?|\n"
_RULES = r"\s*\[([^\]]*)\]"
_VERB = "ignore"
_FORM = "ignore[RULE] because REASON"
_DATED = "ignore[RULE] until YYYY-MM-DD because REASON"
_DETAILS = {"until": "YYYY-MM-DD", "owner": "NAME", "ticket": "ID"}
"""What may be between the rules and the reason, in any order, and what follows each."""
_LATE = rf"(?:^|\s)until {_DAY}\W*$"


class Suppression(Struct, frozen=True):
    """A comment `# dativo-lint: ignore[RULE, RULE] until DAY owner NAME ticket ID because REASON`.

    `first_line` and `last_line` (1-based, inclusive) are the lines that it covers: its own line,
    the next line if it is alone on its line, and the whole block of a key on that line. `until` is
    its last day. `fault` says what is wrong with the comment itself; it then suppresses nothing. A
    suppression of the settings covers all files that its `paths` match; an entry of a baseline the
    one file in `paths`, `since` a day.
    """

    place: Place
    rules: tuple[str, ...] = ()
    reason: str = ""
    until: date | None = None
    first_line: int = 1
    last_line: int = 1
    fault: str = ""
    paths: tuple[str, ...] = ()
    since: date | None = None
    owner: str = ""
    ticket: str = ""

    @property
    def kind(self) -> str:
        """What it is: a comment, a setting, or an entry of a baseline."""
        if not self.paths:
            return "comment"
        return "setting" if self.since is None else "baseline"

    def is_expired(self, today: date | None) -> bool:
        """Whether its last day is over, on a day or, without one, now."""
        if self.until is None:
            return False
        return (today or date.today()) > self.until


class SuppressionUse(Struct, frozen=True):
    """A suppression after the run: `accepted` are the rules of which it accepted something.

    `known` has the families of all rules by their ids; `ran` the ids of those that ran on all that
    it covers, so that what is not accepted will not be. `today` is the day of the run where that is
    another than now. `missing` names the parts that it must have and lacks, `forbidden` the rules
    that may not be suppressed, `findings` counts those that it accepts; `line` is the line of a
    comment, `entry` the field of a settings file. Of an entry of a baseline, `absent` counts the
    findings that are fixed, and `alike` the entries with the same last day; it is 0 for all but the
    first of these.
    """

    suppression: Suppression
    known: Mapping[str, str]
    today: date | None
    missing: tuple[str, ...] = ()
    forbidden: frozenset[str] = frozenset()
    findings: int = 0
    accepted: frozenset[str] = frozenset()
    ran: frozenset[str] = frozenset()
    absent: int = 0
    alike: int = 1
    line: str = ""
    entry: FieldRef | None = None


def suppressions_of(reading: Reading) -> tuple[Suppression, ...]:
    """The suppressions of a file, in order; a comment that only mentions the linter is none."""
    if WORD not in reading.text:
        return ()
    written = comments(reading)
    last_lines: dict[int, int] = {}
    for document in reading.documents if written else ():
        last_lines.update(document.last_lines())
    return suppressions_in(reading.path, reading.text, written, last_lines)


def suppressions_in(
    path: str,
    text: str,
    written: Iterable[Comment],
    last_lines: Mapping[int, int],
    signs: tuple[str, ...] = ("#", "--- #"),
) -> tuple[Suppression, ...]:
    """The suppressions among the comments of a file.

    `last_lines` maps lines on which blocks begin to the last line of the longest one; `signs` are
    the characters that start a comment.
    """
    asked = [(each, request) for each in written if (request := _request(each.text))]
    alone = (each.line + each.more_lines for each, _ in asked if each.stands_alone)
    below = _below(text, alone, signs) if asked else {}
    suppressions = []
    for comment, request in asked:
        last = comment.line + comment.more_lines
        target = below[last] if comment.stands_alone else last
        last_line = max(target, last_lines.get(target, 0))
        end = comment.column + len(comment.text)
        place = Place(path, comment.line, comment.column, comment.line, end)
        suppressions.append(
            Suppression(place, first_line=comment.line, last_line=last_line, **request)
        )
    return tuple(suppressions)


def _request(text: str) -> dict[str, Any] | None:
    """The content of a comment, by the fields of a suppression; None if it is not for the linter.

    Of one that is invalid, `fault` says why.
    """
    asked = re.search(_ASKED, text)
    if asked is None or not (asked["colon"] or asked["verb"] == _VERB):
        return None
    if not asked["colon"]:
        return {"fault": f"no colon after dativo-lint; expected: {_FORM}"}
    if asked["verb"] != _VERB:
        return {"fault": f'unknown keyword "{asked["verb"]}"; expected: {_FORM}'}
    bracket = re.compile(_RULES).match(text, asked.end())
    rules = bracket[1].replace(",", " ").split() if bracket else []
    if bracket is None or not rules:
        return {"fault": f"no rule is named; expected: {_FORM}"}
    details, *reasons = re.split(_BECAUSE, text[bracket.end() :], maxsplit=1)
    reason = "".join(reasons).strip()
    content: dict[str, Any] = {"rules": tuple(dict.fromkeys(rules)), "reason": reason}
    if re.search(_LATE, reason):
        return {**content, "fault": f"until must be before because; expected: {_DATED}"}
    words, named = details.split(), dict[str, str]()
    for keyword, value in zip_longest(words[::2], words[1::2], fillvalue=""):
        if fault := _fault(keyword, value, named):
            return {**content, "fault": fault}
        named[keyword] = value
    return {**content, **named, "until": day_of(named.get("until", ""))}


def _fault(keyword: str, value: str, earlier: Collection[str]) -> str:
    """What is wrong with a keyword and its value, after earlier keywords; empty if nothing is."""
    if keyword not in _DETAILS:
        known = (*_DETAILS, "because")
        hint = nearest(keyword, known) or f"; expected one of: {', '.join(known)}"
        return f'unknown keyword "{shown(keyword)}"{hint}'
    if keyword in earlier:
        return f"{keyword} is there twice; expected it once"
    if keyword == "until" and day_of(value) is None:
        return f'until "{shown(value) if value else ""}" is not a date; expected: YYYY-MM-DD'
    if not value or value in _DETAILS:
        return f"{keyword} has no value; expected: {keyword} {_DETAILS[keyword]}"
    return ""


def day_of(text: str) -> date | None:
    """A day in the only accepted form, YYYY-MM-DD."""
    # Python 3.11 reads other spellings of dates, which 3.10 does not.
    if not re.fullmatch(_DAY, text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _below(text: str, lines: Iterable[int], signs: tuple[str, ...]) -> dict[int, int]:
    """For comments alone on their lines, the next line that is more than a comment."""
    written = re.split(_LINE_END, text)
    targets: dict[int, int] = {}
    # From the last one on, so that no line is looked at twice.
    for number in sorted(set(lines), reverse=True):
        below = number + 1
        while below <= len(written) and below not in targets:
            line = written[below - 1].strip()
            if line != "---" and not line.startswith(signs):
                break
            below += 1
        targets[number] = targets.get(below, min(below, len(written)))
    return targets
