"""Regular expressions of rules and settings: RE2's dialect, matched in time linear in the value.

https://github.com/google/re2/wiki/Syntax is the reference. There is no look-around and there are no
back-references; `\\d`, `\\w` and `\\s` are ASCII, `\\p{L}` is any letter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from typing import Final

import re2

LONGEST_VALUE: Final = 4_096
"""Characters that a value may have; a longer one fits no pattern."""
_REMEMBERED_LENGTH: Final = 256
_SEARCH_BYTES: Final = 1 << 27
"""Memory for the states of a pattern; it is many times what the largest that compiles needs."""


class Pattern:
    """A regular expression that a value fits as a whole or not at all; compiled on first use."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def fits(self) -> Callable[[str], bool]:
        """Whether the whole value is spelled by the pattern."""
        return remembered(fitting(self.text, count=1))


@cache  # several rules are about what one vendor accepts
def fitting(*patterns: str, count: int) -> Callable[[str], bool]:
    """What tells whether the whole of a value fits the first `count` of some sound patterns, and
    none of the others."""
    wanted = set(range(count))

    @cache
    def together() -> re2.Set:
        # A set makes no object of each match, and asks for all of its patterns at once.
        options = _options()
        options.max_mem = _SEARCH_BYTES
        patterns_together = re2.Set.FullMatchSet(options)
        for pattern in patterns:
            patterns_together.Add(pattern)
        patterns_together.Compile()
        return patterns_together

    def fits(value: str) -> bool:
        try:
            matching = together().Match(value) if len(value) <= LONGEST_VALUE else None
        except UnicodeEncodeError:  # half of a surrogate pair
            matching = None
        return set(matching or ()) == wanted

    return fits


def remembered(test: Callable[[str], bool]) -> Callable[[str], bool]:
    """A test with its last answers: jobs, and tags of one job, have many values in common."""
    known = lru_cache(maxsize=1_024)(test)
    return lambda value: known(value) if len(value) <= _REMEMBERED_LENGTH else test(value)


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


@cache
def compile_pattern(text: str) -> Pattern:
    """The pattern that a text spells; raises ValueError with RE2's reason."""
    try:
        re2.compile(text, _options())
    except UnicodeEncodeError as error:
        raise ValueError(f"the pattern {text!r} is not valid Unicode") from error
    except re2.error as error:
        raise ValueError(f'"{text}" is not valid RE2: {_reason(error, text)}') from error
    return sound_pattern(text)


@cache
def sound_pattern(text: str) -> Pattern:
    """The pattern that a text spells which is known to be sound; compiled on first use."""
    return Pattern(text)


def _reason(error: Exception, text: str) -> str:
    """What RE2 says, without the pattern as a whole, which messages name already."""
    message = error.args[0]
    reason = message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
    return reason.removesuffix(f": {text}")
