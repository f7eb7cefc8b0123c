"""Characters and classes of characters in regular expressions, as Go's package regexp reads them.

https://pkg.go.dev/regexp/syntax is the reference; the wording of the errors is Go's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Code points, as ascending ranges that do not touch, both ends included."""

LAST: Final = 0x10FFFF

_DIGIT: Final[Ranges] = ((0x30, 0x39),)
_SPACE: Final[Ranges] = ((9, 10), (12, 13), (32, 32))
_WORD: Final[Ranges] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_PERL: Final = {"d": _DIGIT, "s": _SPACE, "w": _WORD}
_POSIX: Final[dict[str, Ranges]] = {
    "alnum": ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)),
    "alpha": ((0x41, 0x5A), (0x61, 0x7A)),
    "ascii": ((0, 0x7F),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 0x1F), (0x7F, 0x7F)),
    "digit": _DIGIT,
    "graph": ((0x21, 0x7E),),
    "lower": ((0x61, 0x7A),),
    "print": ((0x20, 0x7E),),
    "punct": ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)),
    "space": ((9, 13), (32, 32)),
    "upper": ((0x41, 0x5A),),
    "word": _WORD,
    "xdigit": ((0x30, 0x39), (0x41, 0x46), (0x61, 0x66)),
}
_CONTROLS: Final = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_CATEGORIES: Final = {
    "L": "ultmo",
    "M": "nce",
    "N": "dlo",
    "P": "cdseifo",
    "S": "mcko",
    "Z": "slp",
    "C": "cfso",
}


class PatternError(ValueError):
    """A text that is no regular expression, in Go's words."""


class PatternLimit(Exception):
    """A regular expression that is not worked with, though it may well be one."""


def inverted(ranges: Ranges) -> Ranges:
    """All other code points."""
    found: list[tuple[int, int]] = []
    start = 0
    for low, high in ranges:
        if low > start:
            found.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        found.append((start, LAST))
    return tuple(found)


def joined(ranges: list[tuple[int, int]]) -> Ranges:
    """Ranges in any order as ascending ones that do not touch."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


class CharacterReader:
    """Reads a text from left to right; `flags` are those of `(?imsU)` that are on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flags: frozenset[str] = frozenset()

    def next_char(self) -> str:
        """The character at hand, empty at the end."""
        return self.text[self.at : self.at + 1]

    def take(self, expected: str) -> bool:
        """Step over a text if it is at hand, and tell whether it is."""
        found = self.text.startswith(expected, self.at)
        self.at += len(expected) if found else 0
        return found

    def folded(self, ranges: Ranges) -> Ranges:
        """The characters with those that differ in case only, where case is ignored."""
        if "i" not in self.flags:
            return ranges
        found = [*ranges]
        for low, high in ranges:
            if high > 0x7F and high - low < 0x1000:
                if any(_has_case(chr(code)) for code in range(max(low, 0x80), high + 1)):
                    raise PatternLimit("case is not ignored beyond ASCII")
            for first, last, shift in ((0x41, 0x5A, 32), (0x61, 0x7A, -32)):
                if low <= last and high >= first:
                    found.append((max(low, first) + shift, min(high, last) + shift))
            for letters, other in (((0x4B, 0x6B), 0x212A), ((0x53, 0x73), 0x17F)):
                if any(low <= letter <= high for letter in letters):
                    found.append((other, other))
        return joined(found)

    def named_class(self) -> Ranges | None:
        """The class that `\\d`, `\\pL` and the like name; None if none is at hand."""
        sign = self.text[self.at + 1 : self.at + 2]
        perl = _PERL.get(sign.lower())
        if perl is not None and self.next_char() == "\\":
            self.at += 2
            perl = self.folded(perl)
            return inverted(perl) if sign.isupper() else perl
        if sign not in ("p", "P") or self.next_char() != "\\":
            return None
        start = self.at
        self.at += 2
        name, negated = self.next_char(), sign == "P"
        self.at += 1
        if name == "{":
            end = self.text.find("}", self.at)
            if end < 0:
                raise PatternError(f"invalid character class range in {self.text[start:]}")
            name, self.at = self.text[self.at : end], end + 1
            if name.startswith("^"):
                name, negated = name[1:], not negated
        written = self.text[start : self.at]
        if name == "Any":
            found: Ranges = ((0, LAST),)
        elif name[:1] in _CATEGORIES and name[1:] in (*_CATEGORIES[name[:1]], ""):
            found = _category(name)
        elif name.isascii() and name.replace("_", "").isalpha() and len(name) > 2:
            raise PatternLimit("scripts of Unicode are not looked up")
        else:
            raise PatternError(f"invalid character class range in {written}")
        if "i" in self.flags:
            raise PatternLimit("case is not ignored beyond ASCII")
        return inverted(found) if negated else found

    def character(self) -> int:
        """The character that an escape stands for, as Go reads it."""
        start = self.at
        self.at += 1
        char = self.next_char()
        if not char:
            raise PatternError("trailing backslash at end of expression in ")
        self.at += 1
        follows = self.next_char()
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in "1234567" and not (follows and follows in "01234567"):
            raise PatternError(f"invalid escape sequence in {self.text[start : self.at]}")
        if char in "01234567":
            digits = char
            while len(digits) < 3 and self.next_char() and self.next_char() in "01234567":
                digits += self.next_char()
                self.at += 1
            return int(digits, 8)
        if char == "x":
            return self._hexadecimal(start)
        if char.isascii() and not char.isalnum():
            return ord(char)
        raise PatternError(f"invalid escape sequence in {self.text[start : self.at]}")

    def _hexadecimal(self, start: int) -> int:
        if self.take("{"):
            end = self.text.find("}", self.at)
            digits = self.text[self.at : end] if end >= 0 else ""
            self.at = end + 1 if end >= 0 else len(self.text)
        else:
            digits = self.text[self.at : self.at + 2]
            self.at += 2
            digits = digits if len(digits) == 2 else ""
        is_hexadecimal = bool(digits) and all(one in "0123456789abcdefABCDEF" for one in digits)
        code = int(digits, 16) if is_hexadecimal and len(digits) <= 8 else LAST + 1
        if code > LAST:
            raise PatternError(f"invalid escape sequence in {self.text[start : self.at]}")
        return code

    def character_class(self) -> Ranges:
        """The class `[...]` at hand."""
        start = self.at
        self.at += 1
        negated = self.take("^")
        found: list[tuple[int, int]] = []
        # Without (?s) a negated class takes newlines all the same, in Go.
        first = True
        while first or self.next_char() != "]":
            if not self.next_char():
                raise PatternError(f"missing closing ] in {self.text[start:]}")
            if (
                self.next_char() == "-"
                and not first
                and self.text[self.at + 1 : self.at + 2] != "]"
            ):
                written = self.text[self.at : self.at + 2]
                raise PatternError(f"invalid character class range in {written}")
            first = False
            found += self._member(start)
        self.at += 1
        ranges = joined(found)
        return inverted(ranges) if negated else ranges

    def _member(self, start: int) -> Ranges:
        """A character, a range or a named class inside a class."""
        if self.take("[:"):
            end = self.text.find(":]", self.at)
            if end >= 0:
                name = self.text[self.at : end]
                written = f"[:{name}:]"
                self.at = end + 2
                posix = _POSIX.get(name.removeprefix("^"))
                if posix is None:
                    raise PatternError(f"invalid character class range in {written}")
                posix = self.folded(posix)
                return inverted(posix) if name.startswith("^") else posix
            self.at -= 2
        named = self.named_class()
        if named is not None:
            return named
        begun = self.at
        low = high = self._class_character(start)
        if self.next_char() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
            self.at += 1
            high = self._class_character(start)
            if high < low:
                written = self.text[begun : self.at]
                raise PatternError(f"invalid character class range in {written}")
        return self.folded(((low, high),))

    def _class_character(self, start: int) -> int:
        char = self.next_char()
        if not char:
            raise PatternError(f"missing closing ] in {self.text[start:]}")
        if char == "\\":
            return self.character()
        self.at += 1
        return ord(char)


def _has_case(char: str) -> bool:
    return char.lower() != char or char.upper() != char


@lru_cache(maxsize=64)
def _category(name: str) -> Ranges:
    """The code points of a category of Unicode's."""
    from unicodedata import category  # few patterns ask for it

    found: list[tuple[int, int]] = []
    for code in range(LAST + 1):
        if category(chr(code)).startswith(name):
            if found and found[-1][1] == code - 1:
                found[-1] = (found[-1][0], code)
            else:
                found.append((code, code))
    return tuple(found)
