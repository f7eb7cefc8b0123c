"""Regular expressions as Terraform matches them: by RE2, whose dialect Go's package regexp shares.

https://pkg.go.dev/regexp/syntax and https://github.com/google/re2/wiki/Syntax are the references.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, TypeAlias

import re2

Spans: TypeAlias = tuple[int, ...]
"""Start and end of a match and of each of its groups, as character offsets; -1 where unmatched."""

LONGEST_TEXT: Final = 1_000_000
"""Characters of a string that is searched."""

_GO_WORDING: Final = {
    "missing ]": "missing closing ]",
    "missing )": "missing closing )",
    "trailing \\": "trailing backslash at end of expression",
    "no argument for repetition operator": "missing argument to repetition operator",
    "invalid repetition size": "invalid repeat count",
    "bad repetition operator": "invalid nested repetition operator",
    "invalid perl operator": "invalid or unsupported Perl syntax",
    "invalid named capture group": "invalid named capture",
}
_TOO_LARGE: Final = "pattern too large"
_SINGLE_BYTE: Final = re.compile(r"(?<!\\)(?:\\\\)*\\C")
"""RE2's `\\C`, which Go does not have."""


class PatternError(ValueError):
    """A string that is no regular expression, in Go's words."""


class PatternLimit(Exception):
    """A regular expression, or a string to search, that is too large to work with."""


class Pattern:
    """A regular expression; `names` are those of its groups, empty for a group without one."""

    def __init__(self, pattern: str) -> None:
        try:
            self._regexp = re2.compile(pattern, _options())
        except UnicodeEncodeError:
            raise PatternError(f"invalid UTF-8 in {pattern}") from None
        except re2.error as error:
            raise _worded(error) from None
        if _SINGLE_BYTE.search(pattern):
            raise PatternError(r"invalid escape sequence in \C")
        by_number = {number: name for name, number in self._regexp.groupindex.items()}
        if any(pattern.count(f"<{name}>") > 1 for name in by_number.values()):
            # Go gives both groups the name, RE2 only the first.
            raise PatternLimit("two groups of a regular expression have one name")
        self.names = tuple(by_number.get(n + 1, "") for n in range(self._regexp.groups))

    def search(self, text: str) -> Spans | None:
        """The leftmost match, None where there is none. Raises PatternLimit."""
        return next(self._matches(text), None)

    def search_all(self, text: str) -> Iterator[Spans]:
        """All matches from left to right; an empty one does not follow right on another.

        Raises PatternLimit.
        """
        last_end = -1
        for spans in self._matches(text):
            if spans[1] > spans[0] or spans[0] != last_end:
                yield spans
            last_end = spans[1]

    def _matches(self, text: str) -> Iterator[Spans]:
        if len(text) > LONGEST_TEXT:
            raise PatternLimit(f"a string is longer than {LONGEST_TEXT} characters")
        if r"\B" in self._regexp.pattern and not text.isascii():
            # RE2 also finds such a place between the bytes of a character.
            raise PatternLimit(r"\B is not evaluated on characters beyond ASCII")
        numbers = range(self._regexp.groups + 1)
        for match in self._regexp.finditer(text):
            yield tuple(offset for number in numbers for offset in match.span(number))


@lru_cache(maxsize=256)
def compile_pattern(text: str) -> Pattern:
    """The pattern that a string spells. Raises PatternError, and PatternLimit."""
    return Pattern(text)


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


def _worded(error: Exception) -> PatternError | PatternLimit:
    """An error of RE2 in the words of Go."""
    message = error.args[0]
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else str(message)
    kind, _, part = text.partition(": ")
    if kind.startswith(_TOO_LARGE):
        return PatternLimit("a regular expression is too large")
    return PatternError(f"{_GO_WORDING.get(kind, kind)} in {part}")
