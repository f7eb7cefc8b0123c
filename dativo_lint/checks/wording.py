"""How checks word values, trails and near misses, so that all messages read alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dativo_lint.checks.answers import Mention, Placed, Unresolved
from dativo_lint.jobs.selectors import Statement
from dativo_lint.jobs.tags import Assignment

LONGEST = 80
"""Characters of a value that a message shows."""
MOST_SUGGESTIONS = 20
"""Unknown words, of one kind in one job, for which the nearest known one is looked for: with
thousands of words on either side that would take minutes."""
_DIGITS = 10**40


def shown(value: Any) -> str:
    """A value as a message tells it: as written, clipped where it is long, `""` where empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and not -_DIGITS < value < _DIGITS:
        # Python refuses to write very large integers in decimal digits.
        value = hex(value)
    elif value is None:
        return "null"
    elif isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value)
    if len(text) > LONGEST:
        return f"{text[:LONGEST]}..."
    return text or '""'


_MOST_NAMED = 3
"""Resources that a message names."""


def listed(names: Sequence[str]) -> str:
    """Names in a row; of many, the first."""
    more = len(names) - _MOST_NAMED
    return ", ".join(map(shown, names[:_MOST_NAMED])) + (f" and {more} more" if more > 0 else "")


_NEAR = 0.7
"""How alike names are of which one may be meant for the other, see difflib."""


def nearest(word: str, known: Iterable[str]) -> str:
    """What to put behind a message about an unknown word: the nearest known one, if one is near."""
    if len(word) > LONGEST:
        return ""
    # Only a message about a wrong word needs it.
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1, cutoff=_NEAR)
    return f"; did you mean {shown(near[0])}?" if near else ""


def at_run_time(at: Placed, name: str, value: Any) -> Unresolved:
    """What to answer of a value that is filled in when the job runs."""
    return Unresolved(at, f"{name} is {shown(value)}, known only at run time")


def told(trail: Iterable[Assignment]) -> tuple[Mention, ...]:
    """Each assignment of a trail at its place."""
    return tuple(Mention(assignment.at, shown(assignment.sentence)) for assignment in trail)


def weaker(trail: tuple[Assignment, ...]) -> tuple[Mention, ...]:
    """The assignments of a trail that the strongest one overrides."""
    return told(trail[:-1])


def heard(statement: Statement) -> tuple[Mention, ...]:
    """What is stated, after the assignments that it overrides."""
    words = f"{statement.name} is {shown(statement.text)}"
    return (*weaker(statement.trail), Mention(statement.at, words))
