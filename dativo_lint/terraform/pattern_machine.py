"""Matches regular expressions in time linear in the text, with the choices that RE2 makes.

The machine goes through the text once and keeps, for each place in the program that may be next,
the best way to it (https://swtch.com/~rsc/regexp/regexp2.html).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from dativo_lint.terraform.pattern_classes import PatternLimit, Ranges
from dativo_lint.terraform.pattern_reader import (
    Chars,
    Choice,
    Edge,
    Group,
    Node,
    Repeat,
    Row,
)

Spans: TypeAlias = tuple[int, ...]
"""Start and end of the match and then of each group, -1 for what took no part."""

_MOST_INSTRUCTIONS: Final = 20_000
_MOST_STEPS: Final = 200_000


class Allowance:
    """How many steps have been taken in a search, or in several, and how many may be."""

    def __init__(self) -> None:
        self.spent = 0

    def spend(self, steps: int) -> None:
        """Count steps. Raises PatternLimit when there are too many."""
        self.spent += steps
        if self.spent > _MOST_STEPS:
            raise PatternLimit("a pattern takes too many steps on a text")


class _Step(NamedTuple):
    """One instruction: its name, where to go next, and what else it needs."""

    name: str
    then: int = -1
    other: int = -1
    test: Callable[[str], bool] | None = None


class Machine:
    """A regular expression as a program."""

    def __init__(self, node: Node, groups: int) -> None:
        self._steps: list[_Step] = [_Step("match")]
        self._slots = 2 * groups + 2
        closed = self._add(_Step("save", 0, 1))
        self._start = self._add(_Step("save", self._build(node, closed), 0))

    def search(self, text: str, start: int, allowance: Allowance) -> Spans | None:
        """The leftmost match that begins at a position or behind it, by the first choices.

        Raises PatternLimit.
        """
        best: Spans | None = None
        threads: dict[int, Spans] = {}
        visited: set[int] = set()
        blank = (-1,) * self._slots
        for at in range(start, len(text) + 1):
            if best is None:
                self._follow(self._start, blank, threads, visited, text, at)
            if best is not None and not threads:
                break
            allowance.spend(len(visited) + len(threads) + 1)
            char = text[at : at + 1]
            following: dict[int, Spans] = {}
            visited = set()
            for where, spans in threads.items():
                step = self._steps[where]
                if step.name == "match":
                    best = spans
                    break
                if char and step.test is not None and step.test(char):
                    self._follow(step.then, spans, following, visited, text, at + 1)
            threads = following
        return best

    def _follow(
        self,
        where: int,
        spans: Spans,
        threads: dict[int, Spans],
        visited: set[int],
        text: str,
        at: int,
    ) -> None:
        """Add all places that are reached without a character, in the order of preference."""
        pending = [(where, spans)]
        while pending:
            where, spans = pending.pop()
            if where in visited:
                continue
            visited.add(where)
            step = self._steps[where]
            if step.name in ("match", "chars"):
                threads[where] = spans
            elif step.name == "save":
                spans = (*spans[: step.other], at, *spans[step.other + 1 :])
                pending.append((step.then, spans))
            elif step.name == "split":
                pending.append((step.other, spans))
                pending.append((step.then, spans))
            elif holds(step.name, text, at):
                pending.append((step.then, spans))

    def _add(self, step: _Step) -> int:
        if len(self._steps) >= _MOST_INSTRUCTIONS:
            raise PatternLimit("a pattern is too large")
        self._steps.append(step)
        return len(self._steps) - 1

    def _build(self, node: Node, then: int) -> int:
        """The program of a node, built from its end; where it starts."""
        if isinstance(node, Chars):
            return self._add(_Step("chars", then, test=_tester(node.ranges)))
        if isinstance(node, Edge):
            return self._add(_Step(node.kind, then))
        if isinstance(node, Row):
            for part in reversed(node.parts):
                then = self._build(part, then)
            return then
        if isinstance(node, Choice):
            starts = [self._build(part, then) for part in node.parts]
            found = starts.pop()
            for start in reversed(starts):
                found = self._add(_Step("split", start, found))
            return found
        if isinstance(node, Group):
            closed = self._add(_Step("save", then, 2 * node.number + 1))
            return self._add(_Step("save", self._build(node.part, closed), 2 * node.number))
        return self._build_repeat(node, then)

    def _build_repeat(self, node: Repeat, then: int) -> int:
        if node.high is None:
            then = self._build_loop(node, then)
        else:
            end = then
            for _ in range(node.high - node.low):
                then = self._split(self._build(node.part, then), end, node.greedy)
        for _ in range(max(node.low - (node.high is None), 0)):
            then = self._build(node.part, then)
        return then

    def _build_loop(self, node: Repeat, then: int) -> int:
        """A part over and over; at least once, unless it may be left out altogether."""
        loop = self._add(_Step("split"))
        start = self._build(node.part, loop)
        first, second = (start, then) if node.greedy else (then, start)
        self._steps[loop] = _Step("split", first, second)
        if node.low:
            return start
        # Around what may be empty, one round first keeps the order of preference that Go has.
        return self._split(start, then, node.greedy) if may_be_empty(node.part) else loop

    def _split(self, part: int, past: int, greedy: bool) -> int:
        return self._add(_Step("split", *((part, past) if greedy else (past, part))))


def may_be_empty(node: Node) -> bool:
    """Whether a node may match no character at all."""
    if isinstance(node, Chars):
        return False
    if isinstance(node, Row):
        return all(map(may_be_empty, node.parts))
    if isinstance(node, Choice):
        return any(map(may_be_empty, node.parts))
    if isinstance(node, Repeat):
        return node.low == 0 or may_be_empty(node.part)
    return True if isinstance(node, Edge) else may_be_empty(node.part)


def holds(kind: str, text: str, at: int) -> bool:
    """Whether a position in a text is an edge of this kind."""
    if kind == "text-start":
        return at == 0
    if kind == "text-end":
        return at == len(text)
    if kind == "line-start":
        return at == 0 or text[at - 1] == "\n"
    if kind == "line-end":
        return at == len(text) or text[at] == "\n"
    at_word = _is_word(text[at - 1 : at] if at else "") != _is_word(text[at : at + 1])
    return at_word == (kind == "word")


def _is_word(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char == "_")


def _tester(ranges: Ranges) -> Callable[[str], bool]:
    """Whether a character is one of these."""
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return chr(ranges[0][0]).__eq__
    starts = [low for low, _ in ranges]

    def test(char: str) -> bool:
        code = ord(char)
        at = bisect_right(starts, code) - 1
        return at >= 0 and code <= ranges[at][1]

    return test
