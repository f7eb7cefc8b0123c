"""Reads regular expressions in RE2's syntax, as Go's package regexp understands it.

https://pkg.go.dev/regexp/syntax is the reference; the wording of the errors is Go's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Code points, as ascending ranges that do not touch, both ends included."""

LAST: Final = 0x10FFFF
_DEEPEST: Final = 100
_MOST_REPETITIONS: Final = 1_000
_LONGEST: Final = 10_000

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


class Chars(NamedTuple):
    """One character out of these."""

    ranges: Ranges


class Edge(NamedTuple):
    """A place between characters: `text-start`, `text-end`, `line-start`, `line-end`, `word`, or
    `no-word`."""

    kind: str


class Row(NamedTuple):
    """Parts one after the other."""

    parts: tuple[Node, ...]


class Choice(NamedTuple):
    """One of some parts, the first that fits."""

    parts: tuple[Node, ...]


class Repeat(NamedTuple):
    """A part several times, without end where `high` is None; as often as it fits, if greedy."""

    part: Node
    low: int
    high: int | None
    greedy: bool


class Group(NamedTuple):
    """A part whose match is remembered under a number, from 1."""

    part: Node
    number: int


Node: TypeAlias = Chars | Edge | Row | Choice | Repeat | Group


class Expression(NamedTuple):
    """A regular expression, and the names of its groups, empty for those without one."""

    node: Node
    names: tuple[str, ...]


def read_expression(text: str) -> Expression:
    """The tree of a regular expression. Raises PatternError, and PatternLimit."""
    if len(text) > _LONGEST:
        raise PatternLimit(f"a pattern is longer than {_LONGEST} characters")
    reader = _Reader(text)
    node = reader.choice()
    if reader.at < len(text):
        raise PatternError(f"unexpected ) in {text}")
    return Expression(node, tuple(reader.names))


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


class _Reader:
    """Reads a text from left to right; `flags` are those of `(?imsU)` that are on."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.names: list[str] = []
        self.flags: frozenset[str] = frozenset()
        self.depth = 0

    def _next(self) -> str:
        """The character at hand, empty at the end."""
        return self.text[self.at : self.at + 1]

    def _take(self, expected: str) -> bool:
        found = self.text.startswith(expected, self.at)
        self.at += len(expected) if found else 0
        return found

    def choice(self) -> Node:
        choices = [self._row()]
        while self._take("|"):
            choices.append(self._row())
        return choices[0] if len(choices) == 1 else Choice(tuple(choices))

    def _row(self) -> Node:
        parts: list[Node] = []
        while self._next() not in ("", "|", ")"):
            start = self.at
            part = self._piece()
            if part is not None:
                parts.append(self._repeated(part, start))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _piece(self) -> Node | None:
        """The part at hand; None for a setting of flags."""
        char = self._next()
        if char == "(":
            return self._group()
        if char == "[":
            return Chars(self._class())
        if char in "*+?" or (char == "{" and self._braces() is not None):
            raise PatternError(f"missing argument to repetition operator: {self._operator()}")
        if char == "\\":
            return self._escaped()
        self.at += 1
        if char == "^":
            return Edge("line-start" if "m" in self.flags else "text-start")
        if char == "$":
            return Edge("line-end" if "m" in self.flags else "text-end")
        if char == ".":
            return Chars(((0, LAST),) if "s" in self.flags else inverted(((10, 10),)))
        return Chars(self._folded(((ord(char), ord(char)),)))

    def _operator(self) -> str:
        """The repetition operator at hand, as written."""
        braces = self._braces()
        end = braces[1] if braces else self.at + 1
        return self.text[self.at : end]

    def _folded(self, ranges: Ranges) -> Ranges:
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

    def _group(self) -> Node | None:
        start, flags = self.at, self.flags
        self.at += 1
        number = 0
        if self._take("?"):
            if self._take("P<") or self._take("<"):
                number = self._name(start)
            elif not self._settings(start):
                return None
        else:
            self.names.append("")
            number = len(self.names)
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PatternLimit(f"more than {_DEEPEST} groups stand inside each other")
        node = self.choice()
        self.depth -= 1
        if not self._take(")"):
            raise PatternError(f"missing closing ) in {self.text}")
        self.flags = flags
        return Group(node, number) if number else node

    def _name(self, start: int) -> int:
        end = self.text.find(">", self.at)
        if end < 0:
            raise PatternError(f"invalid named capture in {self.text[start:]}")
        name = self.text[self.at : end]
        is_word = bool(name) and name.isascii() and name.replace("_", "a").isalnum()
        if not is_word or name in self.names:
            what = "duplicate capture group name" if is_word else "invalid named capture"
            written = name if is_word else self.text[start : end + 1]
            raise PatternError(f"{what} in {written}")
        self.at = end + 1
        self.names.append(name)
        return len(self.names)

    def _settings(self, start: int) -> bool:
        """Flags after `(?`; whether a group follows them, `(?i:...)`, or nothing, `(?i)`."""
        on, off, minus = set(self.flags), False, False
        while True:
            char = self._next()
            self.at += 1
            if char in ("i", "m", "s", "U"):
                on = on - {char} if minus else on | {char}
                off = False
            elif char == "-" and not minus:
                minus = off = True
            elif char in (":", ")") and not off:
                self.flags = frozenset(on)
                return char == ":"
            else:
                written = self.text[start : self.at]
                raise PatternError(f"invalid or unsupported Perl syntax in {written}")

    def _repeated(self, part: Node, start: int) -> Node:
        """A part with the repetition operators behind it; there may be one."""
        bounds = self._quantifier()
        if bounds is None:
            return part
        low, high = bounds
        lazy = self._take("?")
        after = self.at
        if self._next() in ("*", "+", "?") or (self._next() == "{" and self._braces()):
            # Go's parser takes `a**` for the mistake that it is elsewhere.
            written = self.text[start:after] + self._operator()
            raise PatternError(f"invalid nested repetition operator in {written}")
        if self._size(part) * max(low, high or 1) > _MOST_REPETITIONS and (low, high) not in (
            (0, None),
            (1, None),
            (0, 1),
        ):
            raise PatternError(f"invalid repeat count in {self.text[start:after]}")
        return Repeat(part, low, high, greedy=lazy == ("U" in self.flags))

    def _size(self, node: Node) -> int:
        """How many times the innermost part of a node is repeated by the braces around it."""
        if isinstance(node, (Row, Choice)):
            return max(map(self._size, node.parts), default=1)
        if isinstance(node, Group):
            return self._size(node.part)
        if isinstance(node, Repeat):
            return self._size(node.part) * max(node.low, node.high or 1, 1)
        return 1

    def _quantifier(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return bounds
        found = self._braces()
        if found is None:
            return None
        (low, high), end = found
        if low > _MOST_REPETITIONS or (
            high is not None and (high > _MOST_REPETITIONS or high < low)
        ):
            raise PatternError(f"invalid repeat count in {self.text[self.at : end]}")
        self.at = end
        return low, high

    def _braces(self) -> tuple[tuple[int, int | None], int] | None:
        """The bounds in `{m,n}` and where it ends; None for a brace that is only a brace."""
        end = self.text.find("}", self.at, self.at + 40)
        if self._next() != "{" or end < 0:
            return None
        low, comma, high = self.text[self.at + 1 : end].partition(",")
        if not _is_count(low) or not (high == "" or _is_count(high)):
            return None
        return (int(low), int(high) if high else None if comma else int(low)), end + 1

    def _escaped(self) -> Node:
        """What a backslash stands before, outside of a class."""
        follows = self.text[self.at + 1 : self.at + 2]
        edges = {"A": "text-start", "z": "text-end", "b": "word", "B": "no-word"}
        if follows in edges and follows:
            self.at += 2
            return Edge(edges[follows])
        if follows == "Q":
            end = self.text.find("\\E", self.at)
            end = len(self.text) if end < 0 else end
            literal = self.text[self.at + 2 : end]
            self.at = min(end + 2, len(self.text))
            chars = [Chars(self._folded(((ord(one), ord(one)),))) for one in literal]
            # A quantifier behind \E repeats the last character alone.
            if len(chars) > 1 and self._next() in ("*", "+", "?", "{"):
                return Row((*chars[:-1], self._repeated(chars[-1], self.at)))
            return chars[0] if len(chars) == 1 else Row(tuple(chars))
        named = self._named_class()
        if named is not None:
            return Chars(named)
        code = self._character()
        return Chars(self._folded(((code, code),)))

    def _named_class(self) -> Ranges | None:
        """The class that `\\d`, `\\pL` and the like name; None if none is at hand."""
        sign = self.text[self.at + 1 : self.at + 2]
        perl = _PERL.get(sign.lower())
        if perl is not None and self._next() == "\\":
            self.at += 2
            perl = self._folded(perl)
            return inverted(perl) if sign.isupper() else perl
        if sign not in ("p", "P") or self._next() != "\\":
            return None
        start = self.at
        self.at += 2
        name, negated = self._next(), sign == "P"
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

    def _character(self) -> int:
        """The character that an escape stands for, as Go reads it."""
        start = self.at
        self.at += 1
        char = self._next()
        if not char:
            raise PatternError("trailing backslash at end of expression: ``")
        self.at += 1
        follows = self._next()
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in "1234567" and not (follows and follows in "01234567"):
            raise PatternError(f"invalid escape sequence in {self.text[start : self.at]}")
        if char in "01234567":
            digits = char
            while len(digits) < 3 and self._next() and self._next() in "01234567":
                digits += self._next()
                self.at += 1
            return int(digits, 8)
        if char == "x":
            return self._hexadecimal(start)
        if char.isascii() and not char.isalnum():
            return ord(char)
        raise PatternError(f"invalid escape sequence in {self.text[start : self.at]}")

    def _hexadecimal(self, start: int) -> int:
        if self._take("{"):
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

    def _class(self) -> Ranges:
        """The class `[...]` at hand."""
        start = self.at
        self.at += 1
        negated = self._take("^")
        found: list[tuple[int, int]] = []
        # Without (?s) a negated class takes newlines all the same, in Go.
        first = True
        while first or self._next() != "]":
            if not self._next():
                raise PatternError(f"missing closing ] in {self.text[start:]}")
            if self._next() == "-" and not first and self.text[self.at + 1 : self.at + 2] != "]":
                written = self.text[self.at : self.at + 2]
                raise PatternError(f"invalid character class range in {written}")
            first = False
            found += self._member(start)
        self.at += 1
        ranges = joined(found)
        return inverted(ranges) if negated else ranges

    def _member(self, start: int) -> Ranges:
        """A character, a range or a named class inside a class."""
        if self._take("[:"):
            end = self.text.find(":]", self.at)
            if end >= 0:
                name = self.text[self.at : end]
                written = f"[:{name}:]"
                self.at = end + 2
                posix = _POSIX.get(name.removeprefix("^"))
                if posix is None:
                    raise PatternError(f"invalid character class range in {written}")
                posix = self._folded(posix)
                return inverted(posix) if name.startswith("^") else posix
            self.at -= 2
        named = self._named_class()
        if named is not None:
            return named
        begun = self.at
        low = high = self._class_character(start)
        if self._next() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", ""):
            self.at += 1
            high = self._class_character(start)
            if high < low:
                written = self.text[begun : self.at]
                raise PatternError(f"invalid character class range in {written}")
        return self._folded(((low, high),))

    def _class_character(self, start: int) -> int:
        char = self._next()
        if not char:
            raise PatternError(f"missing closing ] in {self.text[start:]}")
        if char == "\\":
            return self._character()
        self.at += 1
        return ord(char)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0"))


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
