"""Regular expressions of rules and settings: RE2's dialect, matched in time linear in the value.

https://github.com/google/re2/wiki/Syntax is the reference. There is no look-around and there are no
back-references; `\\d`, `\\w` and `\\s` are ASCII, `\\p{L}` is any letter.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final

import re2

LONGEST_VALUE: Final = 4_096
"""Characters that a value may have; a longer one fits no pattern."""
_REMEMBERED_LENGTH: Final = 256
_SEARCH_BYTES: Final = 1 << 27
"""Memory for the states of a pattern; it is many times what the largest that compiles needs."""


class Pattern:
    """A regular expression that a value fits as a whole or not at all."""

    def __init__(self, text: str) -> None:
        try:
            re2.compile(text, _options())
        except UnicodeEncodeError as error:
            raise ValueError(f"the pattern {text!r} is not valid Unicode") from error
        except re2.error as error:
            raise ValueError(f'"{text}" is not valid RE2: {_reason(error, text)}') from error
        self.text = text
        self.fits = remembered(fitting(text, count=1))
        """Whether the whole value is spelled by the pattern."""


def fitting(*patterns: str, count: int) -> Callable[[str], bool]:
    """What tells whether the whole of a value fits the first `count` of some sound patterns, and
    none of the others."""
    options = _options()
    options.max_mem = _SEARCH_BYTES
    # A set makes no object of each match, and asks for all of its patterns at once.
    together = re2.Set.FullMatchSet(options)
    for pattern in patterns:
        together.Add(pattern)
    together.Compile()
    wanted = set(range(count))

    def fits(value: str) -> bool:
        try:
            found = together.Match(value) if len(value) <= LONGEST_VALUE else None
        except UnicodeEncodeError:  # half of a surrogate pair
            found = None
        return set(found or ()) == wanted

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
    return Pattern(text)


def _reason(error: Exception, text: str) -> str:
    """What RE2 says, without the pattern as a whole, which messages name already."""
    message = error.args[0]
    reason = message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
    return reason.removesuffix(f": {text}")
