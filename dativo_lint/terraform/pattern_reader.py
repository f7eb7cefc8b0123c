"""Reads regular expressions in RE2's syntax, as Go's package regexp understands it."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

from dativo_lint.terraform.pattern_classes import (
    LAST,
    CharacterReader,
    PatternError,
    PatternLimit,
    Ranges,
    inverted,
)

_DEEPEST: Final = 100
_MOST_REPETITIONS: Final = 1_000
_LONGEST: Final = 10_000


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


class _Reader(CharacterReader):
    """Reads a text from left to right; `flags` are those of `(?imsU)` that are on."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.names: list[str] = []
        self.depth = 0

    def choice(self) -> Node:
        choices = [self._row()]
        while self.take("|"):
            choices.append(self._row())
        return choices[0] if len(choices) == 1 else Choice(tuple(choices))

    def _row(self) -> Node:
        parts: list[Node] = []
        while self.next_char() not in ("", "|", ")"):
            part = self._piece()
            if part is not None:
                parts.append(self._repeated(part))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _piece(self) -> Node | None:
        """The part at hand; None for a setting of flags."""
        char = self.next_char()
        if char == "(":
            return self._group()
        if char == "[":
            return Chars(self.character_class())
        if char in "*+?" or (char == "{" and self._braces() is not None):
            raise PatternError(f"missing argument to repetition operator in {self._operator()}")
        if char == "\\":
            return self._escaped()
        self.at += 1
        if char == "^":
            return Edge("line-start" if "m" in self.flags else "text-start")
        if char == "$":
            return Edge("line-end" if "m" in self.flags else "text-end")
        if char == ".":
            return Chars(((0, LAST),) if "s" in self.flags else inverted(((10, 10),)))
        return Chars(self.folded(((ord(char), ord(char)),)))

    def _operator(self) -> str:
        """The repetition operator at hand, as written."""
        braces = self._braces()
        end = braces[1] if braces else self.at + 1
        return self.text[self.at : end]

    def _group(self) -> Node | None:
        start, flags = self.at, self.flags
        self.at += 1
        number = 0
        if self.take("?"):
            if self.take("P<") or self.take("<"):
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
        if not self.take(")"):
            raise PatternError(f"missing closing ) in {self.text}")
        self.flags = flags
        return Group(node, number) if number else node

    def _name(self, start: int) -> int:
        end = self.text.find(">", self.at)
        if end < 0:
            raise PatternError(f"invalid named capture in {self.text[start:]}")
        name = self.text[self.at : end]
        is_word = bool(name) and name.isascii() and name.replace("_", "a").isalnum()
        if not is_word:
            raise PatternError(f"invalid named capture in {self.text[start : end + 1]}")
        self.at = end + 1
        self.names.append(name)
        return len(self.names)

    def _settings(self, start: int) -> bool:
        """Flags after `(?`; whether a group follows them, `(?i:...)`, or nothing, `(?i)`."""
        on, off, minus = set(self.flags), False, False
        while True:
            char = self.next_char()
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

    def _repeated(self, part: Node) -> Node:
        """A part with the repetition operators behind it; there may be one."""
        start = self.at
        bounds = self._quantifier()
        if bounds is None:
            return part
        low, high = bounds
        lazy = self.take("?")
        after = self.at
        if self.next_char() in ("*", "+", "?") or (self.next_char() == "{" and self._braces()):
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
            if self.take(sign):
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
        if self.next_char() != "{" or end < 0:
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
            chars = [Chars(self.folded(((ord(one), ord(one)),))) for one in literal]
            # A quantifier behind \E repeats the last character alone.
            if len(chars) > 1 and self.next_char() in ("*", "+", "?", "{"):
                return Row((*chars[:-1], self._repeated(chars[-1])))
            return chars[0] if len(chars) == 1 else Row(tuple(chars))
        named = self.named_class()
        if named is not None:
            return Chars(named)
        code = self.character()
        return Chars(self.folded(((code, code),)))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or not text.startswith("0"))
