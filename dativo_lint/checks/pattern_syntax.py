"""What a pattern says: the text of a regular expression as a tree of its parts."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import NamedTuple

LONGEST_PATTERN = 1_000
"""Characters that a pattern may have."""
MOST_REPETITIONS = 4_000
"""The largest number that may stand in `{m,n}`."""
DEEPEST = 30
"""Groups that may stand inside each other."""

CharTest = Callable[[str], bool]
"""Whether a character is one of a class."""


class Node(NamedTuple):
    """A part of a pattern.

    `kind` is "word" (the characters of its `name`), "one" (a character that passes the `test`,
    which has that name), "all" (the parts in a row), "any" (one of the parts), "repeat" (the first
    part `low` to `high` times, without end where `high` is None) or "folded" (the first part, its
    words in upper or lower case).
    """

    kind: str
    parts: tuple[Node, ...] = ()
    name: str = ""
    test: CharTest | None = None
    low: int = 0
    high: int | None = None


def read_pattern(text: str) -> Node:
    """The tree of a pattern; raises ValueError, with what is wrong and where, if it is none."""
    return _Reader(text).read()


_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_CATEGORIES = {
    "L": "ultmo",
    "M": "nce",
    "N": "dlo",
    "P": "cdseifo",
    "S": "mcko",
    "Z": "slp",
    "C": "cfson",
}
_QUANTIFIERS = frozenset("*+?{")
_SIGNS = frozenset("()[.^$*+?{\\|")
"""Characters that may mean something else than themselves."""
_SHORTHANDS: dict[str, CharTest] = {
    "d": str.isdecimal,
    "s": str.isspace,
    "w": lambda one: one.isalnum() or one == "_",
}


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_PATTERN:
            raise ValueError(f"a pattern is longer than {LONGEST_PATTERN} characters")
        self.text = text
        self.folds = text.startswith("(?i)")
        self.at = len("(?i)") if self.folds else 0
        self.depth = 0

    def read(self) -> Node:
        node = self._alternatives()
        if self.at < len(self.text):
            raise self._wrong("a ) without its (")
        return Node("folded", (node,)) if self.folds else node

    def _wrong(self, what: str) -> ValueError:
        return ValueError(f"pattern {self.text}: {what}, at character {self.at + 1}")

    def _next(self) -> str:
        """The character at hand, empty at the end."""
        return self.text[self.at : self.at + 1]

    def _after_next(self) -> str:
        return self.text[self.at + 1 : self.at + 2]

    def _take(self, expected: str) -> bool:
        found = self.text.startswith(expected, self.at)
        self.at += len(expected) if found else 0
        return found

    def _alternatives(self) -> Node:
        choices = [self._row()]
        while self._take("|"):
            choices.append(self._row())
        return choices[0] if len(choices) == 1 else Node("any", tuple(choices))

    def _row(self) -> Node:
        if self.depth == 0:
            self._take("^")
        parts = []
        while (char := self._next()) not in ("", "|", ")"):
            if char == "$" and self.depth == 0 and self._after_next() in ("", "|"):
                self.at += 1
            else:
                parts.append(self._word() or self._repeated(self._piece()))
        return parts[0] if len(parts) == 1 else Node("all", tuple(parts))

    def _word(self) -> Node | None:
        """Several characters that stand for themselves; a last one that is repeated is left."""
        start = end = self.at
        while end < len(self.text) and self.text[end] not in _SIGNS:
            end += 1
        if self.text[end : end + 1] in _QUANTIFIERS:
            end -= 1
        if end - start < 2:
            return None
        self.at = end
        return Node("word", (), self.text[start:end])

    def _piece(self) -> Node:
        char = self._next()
        if char == "(":
            return self._group()
        if char in ("^", "$"):
            raise self._wrong(f"{char} stands only at the ends of a pattern")
        if char in ("*", "+", "?"):
            raise self._wrong(f"nothing for {char} to repeat")
        self.at += 1
        if char == "[":
            return self._class()
        if char == ".":
            return Node("one", (), "any", lambda one: one != "\n")
        name, test = self._escape() if char == "\\" else (char, None)
        return Node("word", (), name) if test is None else Node("one", (), name, self._folded(test))

    def _folded(self, test: CharTest) -> CharTest:
        """The test, blind to case where the pattern is."""
        if not self.folds:
            return test
        return lambda one: test(one) or test(one.lower()) or test(one.upper())

    def _group(self) -> Node:
        self.at += 1
        if self._take("?P<"):
            end = self.text.find(">", self.at)
            if end < 0 or not self.text[self.at : end].isidentifier():
                raise self._wrong("expected a name and >")
            self.at = end + 1
        elif self._next() == "?" and not self._take("?:"):
            raise self._wrong("of groups that begin with ? only (?: and (?P<name> are understood")
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._wrong(f"more than {DEEPEST} groups inside each other")
        node = self._alternatives()
        self.depth -= 1
        if not self._take(")"):
            raise self._wrong("a ( without its )")
        return node

    def _repeated(self, node: Node) -> Node:
        bounds = self._quantifier()
        if bounds is None:
            return node
        low, high = bounds
        if high is not None and high < low:
            raise self._wrong(f"{{{low},{high}}} ends before it begins")
        # A lazy quantifier takes less first; for a value as a whole that makes no difference.
        self._take("?")
        if self._next() in ("*", "+", "?") or self._braces() is not None:
            raise self._wrong("a quantifier after a quantifier")
        return Node("repeat", (node,), "", None, low, high)

    def _quantifier(self) -> tuple[int, int | None] | None:
        if self._next() not in _QUANTIFIERS:
            return None
        if self._take("*"):
            return 0, None
        if self._take("+"):
            return 1, None
        if self._take("?"):
            return 0, 1
        found = self._braces()
        if found is None:
            return None
        bounds, self.at = found
        return bounds

    def _braces(self) -> tuple[tuple[int, int | None], int] | None:
        """The bounds in `{m,n}` and where it ends; None for a brace that is only a brace."""
        end = self.text.find("}", self.at)
        if self._next() != "{" or end < 0:
            return None
        low, comma, high = self.text[self.at + 1 : end].partition(",")
        is_bounds = all(n == "" or (n.isascii() and n.isdigit()) for n in (low, high))
        if not is_bounds or not (low or comma):
            return None
        if any(n and int(n[:9]) > MOST_REPETITIONS for n in (low, high)):
            raise self._wrong(f"more than {MOST_REPETITIONS} repetitions")
        first = int(low or 0)
        return (first, int(high) if high else None if comma else first), end + 1

    def _class(self) -> Node:
        start = self.at - 1
        negated = self._take("^")
        chars: set[str] = set()
        tests: list[CharTest] = []
        while not (chars or tests) or self._next() != "]":
            self._member(chars, tests)
        self.at += 1
        inside = self._folded(lambda one: one in chars or any(test(one) for test in tests))
        name = self.text[start : self.at]
        return Node("one", (), name, lambda one: inside(one) != negated)

    def _member(self, chars: set[str], tests: list[CharTest]) -> None:
        """A character, a range or an escape inside a class, entered as characters or as a test."""
        low, test = self._character()
        if self._next() != "-" or self._after_next() in ("]", ""):
            if test is None:
                chars.add(low)
            else:
                tests.append(test)
            return
        self.at += 1
        high, _ = self._character()
        if len(low) != 1 or len(high) != 1 or low > high:
            raise self._wrong(f"{low}-{high} is no range")
        if high.isascii():
            chars.update(map(chr, range(ord(low), ord(high) + 1)))
        else:
            tests.append(lambda one: low <= one <= high)

    def _character(self) -> tuple[str, CharTest | None]:
        char = self._next()
        if char == "":
            raise self._wrong("a [ without its ]")
        self.at += 1
        return self._escape() if char == "\\" else (char, None)

    def _escape(self) -> tuple[str, CharTest | None]:
        """What follows a backslash: a character, or a name of several and their test."""
        char = self._next()
        self.at += 1
        if char in ("p", "P"):
            return self._category(char)
        known = _SHORTHANDS.get(char.lower())
        if known is not None:
            return f"\\{char}", known if char.islower() else lambda one: not known(one)
        if char in _HEX_DIGITS:
            char = self._numbered(_HEX_DIGITS[char])
        elif char in _ESCAPED:
            char = _ESCAPED[char]
        elif char == "" or char.isalnum():
            raise self._wrong(f"\\{char} is not understood")
        return char, None

    def _numbered(self, length: int) -> str:
        digits = self.text[self.at : self.at + length]
        self.at += length
        try:
            if len(digits) == length and digits.isalnum():
                return chr(int(digits, 16))
        except (ValueError, OverflowError):
            pass
        raise self._wrong("expected the hexadecimal number of a character")

    def _category(self, sign: str) -> tuple[str, CharTest]:
        end = self.text.find("}", self.at)
        name = self.text[self.at + 1 : end]
        minors = _CATEGORIES.get(name[:1])
        if self._next() != "{" or minors is None or name[1:] not in minors:
            raise self._wrong("expected a Unicode category such as {L} or {Ll}")
        self.at = end + 1
        wanted = sign == "p"
        return (
            f"\\{sign}{{{name}}}",
            lambda one: unicodedata.category(one).startswith(name) == wanted,
        )
