"""Regular expressions of rules and settings: RE2's dialect, matched in time linear in the value.

https://github.com/google/re2/wiki/Syntax is the reference. There is no look-around and there are no
back-references; `\\d`, `\\w` and `\\s` are ASCII, `\\p{L}` is any letter.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import re2

LONGEST_VALUE: Final = 4_096
"""Characters that a value may have; a longer one fits no pattern."""
_SEARCH_BYTES: Final = 1 << 27
"""Memory for the states of a pattern; it is many times what the largest that compiles needs."""


class Pattern:
    """A regular expression that a value fits as a whole or not at all."""

    def __init__(self, text: str) -> None:
        options = re2.Options()
        options.log_errors = False
        try:
            re2.compile(text, options)
        except UnicodeEncodeError as error:
            raise ValueError(f"the pattern {text!r} is not valid Unicode") from error
        except re2.error as error:
            raise ValueError(f"invalid pattern {text} (RE2): {_reason(error)}") from error
        # A set of one: it answers yes or no without making an object of each match.
        options.max_mem = _SEARCH_BYTES
        self._set = re2.Set.FullMatchSet(options)
        self._set.Add(text)
        self._set.Compile()
        self.text = text

    def fits(self, value: str) -> bool:
        """Whether the whole value is spelled by the pattern."""
        try:
            return len(value) <= LONGEST_VALUE and bool(self._set.Match(value))
        except UnicodeEncodeError:  # half of a surrogate pair
            return False


@cache
def compile_pattern(text: str) -> Pattern:
    """The pattern that a text spells; raises ValueError with RE2's reason."""
    return Pattern(text)


def _reason(error: Exception) -> str:
    message = error.args[0]
    return message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
