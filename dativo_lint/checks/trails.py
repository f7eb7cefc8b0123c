"""How checks tell a trail: the words of the layers as mentions, the weakest first."""

from __future__ import annotations

from collections.abc import Iterable

from dativo_lint.checks.answers import Mention
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.selectors import Statement
from dativo_lint.jobs.tags import Assignment


def told(trail: Iterable[Assignment]) -> tuple[Mention, ...]:
    """Each word of a trail at its place."""
    return tuple(Mention(it.at, shown(it.sentence)) for it in trail)


def weaker(trail: tuple[Assignment, ...]) -> tuple[Mention, ...]:
    """The words of a trail that the strongest one overrides."""
    return told(trail[:-1])


def heard(word: Statement) -> tuple[Mention, ...]:
    """What a voice says, after the words that it overrides."""
    return (*weaker(word.trail), Mention(word.at, f"{word.name} is {shown(word.text)}"))
