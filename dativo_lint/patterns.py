"""Regular expressions of rules and settings: RE2's dialect, matched in time linear in the value.

https://github.com/google/re2/wiki/Syntax is the reference. There is no look-around and there are no
back-references; `\\d`, `\\w` and `\\s` are ASCII, `\\p{L}` is any letter.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, Final

import re2

LONGEST_VALUE: Final = 4_096
"""Characters that a value may have; a longer one fits no pattern."""


class Pattern:
    """A regular expression that a value fits as a whole or not at all."""

    def __init__(self, text: str) -> None:
        options = re2.Options()
        options.log_errors = False
        try:
            self._regexp = re2.compile(text, options)
        except UnicodeEncodeError as error:
            raise ValueError(f"the pattern {text!r} is not valid Unicode") from error
        except re2.error as error:
            raise ValueError(f"RE2 does not accept the pattern {text}: {_reason(error)}") from error
        self.text = text

    def fits(self, value: str) -> bool:
        """Whether the whole value is spelled by the pattern."""
        return len(value) <= LONGEST_VALUE and _matches(self._regexp, value)


@cache
def compile_pattern(text: str) -> Pattern:
    """The pattern that a text spells; raises ValueError with RE2's reason."""
    return Pattern(text)


@lru_cache(maxsize=1 << 14)
def _matches(regexp: Any, value: str) -> bool:
    try:
        return regexp.fullmatch(value) is not None
    except UnicodeEncodeError:  # half of a surrogate pair
        return False


def _reason(error: Exception) -> str:
    message = error.args[0]
    return message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
