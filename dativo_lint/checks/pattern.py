"""Patterns: the regular expressions of rules and settings, matched in time linear in the value.

Python's `re` backtracks, so a careless pattern and a chosen value can keep it busy for hours. A
pattern here becomes an automaton: a value is read once, one step a character.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

from dativo_lint.checks.pattern_syntax import CharTest, Node, read_pattern

_Ready = TypeVar("_Ready")

LONGEST_VALUE = 4_096
"""Characters that a value may have; a longer one fits no pattern."""
MOST_PARTS = 4_000
"""Parts that a pattern may have once every `{m,n}` is written out."""

_REMEMBERED_STEPS = 4_000
_REMEMBERED_VALUES = 512
_REMEMBERED_CHARACTERS = 4_096


class Pattern:
    """A regular expression that a value fits as a whole or not at all.

    Understood are literals, `.`, classes, `\\d \\w \\s` and their opposites, `\\p{L}` and the other
    Unicode categories, groups, `|`, the quantifiers `? * + {m,n}`, and `(?i)` in front; `^` in
    front and `$` at the end change nothing. Back-references, look-around and word boundaries are
    refused, because no automaton can do them.
    """

    def __init__(self, text: str) -> None:
        """Take a pattern, which is read when the first value is held against it."""
        self.text = text

    @cached_property
    def accepts(self) -> Callable[[str], bool]:
        """The pattern, read; raises ValueError, with what is wrong and where, if it is none."""
        node = read_pattern(self.text)
        if node.kind == "repeat" and node.high is None and node.parts[0].test is not None:
            return _of_class(node.parts[0].test, node.low)
        # Jobs repeat each other's keys and values.
        return lru_cache(maxsize=_REMEMBERED_VALUES)(_Automaton(node).accepts)

    def fits(self, value: str) -> bool:
        """Whether the whole value is spelled by the pattern."""
        return len(value) <= LONGEST_VALUE and self.accepts(value)


def compile_pattern(text: str) -> Pattern:
    """The pattern that a text spells; raises ValueError, with what is wrong and where.

    Inside of `with_known_patterns` nothing is raised, and nothing read as yet.
    """
    found = _pattern(text)
    if not _KNOWN:
        _ = found.accepts
    return found


def _of_class(test: CharTest, least: int) -> Callable[[str], bool]:
    """Whether a value has so many characters, all of a class, as the commonest patterns ask."""
    known: set[str] = set()

    def accepts(value: str) -> bool:
        if known.issuperset(value):
            return len(value) >= least
        if len(known) > _REMEMBERED_CHARACTERS:
            known.clear()
        found = set(value) - known
        known.update(filter(test, found))
        return known.issuperset(found) and len(value) >= least

    return accepts


@lru_cache(maxsize=512)
def _pattern(text: str) -> Pattern:
    return Pattern(text)


_KNOWN: list[bool] = []


def with_known_patterns(prepare: Callable[[], _Ready]) -> _Ready:
    """A check made ready whose patterns were read before, when its rule was loaded.

    Reading the 41 that the rules for one job have takes 4 ms, and half of them are never asked.
    """
    _KNOWN.append(True)
    try:
        return prepare()
    finally:
        _KNOWN.pop()


class _Stretch(NamedTuple):
    """Where a part of a pattern may begin and end; a set of places is an integer, a bit a place."""

    is_skippable: bool
    first: int
    last: int


_NOTHING = _Stretch(True, 0, 0)


class _Automaton:
    """A place for each character that a pattern spells, and what may follow on each.

    This is Glushkov's construction; a state is the set of places that may come next, and is made
    when a value first leads to it.
    """

    def __init__(self, node: Node) -> None:
        self._following: list[int] = []
        self._folds = node.kind == "folded"
        self._literals: dict[str, int] = {}
        self._classes: dict[str, tuple[CharTest, int]] = {}
        self._parts = 0
        self._whole = self._stretch(node)
        self._forget()

    def accepts(self, value: str) -> bool:
        """Whether the automaton reads a value to its end and may stop there."""
        if self._steps > _REMEMBERED_STEPS:
            self._forget()
        state = self._start
        for char in value:
            state = state[char]
        return state.accepts

    def step(self, reach: int, char: str) -> _State:
        """The state after a character, when the places of `reach` may come next."""
        self._steps += 1
        takers = self._takers.get(char)
        if takers is None:
            takers = self._takers[char] = self._takers_of(char)
        taken = reach & takers
        state = self._states.get(taken)
        if state is None:
            reach = 0
            if taken & (taken - 1):
                for place in _members(taken):
                    reach |= self._following[place]
            elif taken:
                reach = self._following[taken.bit_length() - 1]
            state = _State(self, reach, bool(taken & self._whole.last))
            self._states[taken] = state
        return state

    def _takers_of(self, char: str) -> int:
        """The places that a character fits."""
        takers = self._literals.get(char, 0)
        if self._folds:
            for other in (char.lower(), char.upper()):
                takers |= self._literals.get(other, 0)
        for test, places in self._classes.values():
            if test(char):
                takers |= places
        return takers

    def _forget(self) -> None:
        self._steps = 0
        self._takers: dict[str, int] = {}
        self._states: dict[int, _State] = {}
        self._start = _State(self, self._whole.first, self._whole.is_skippable)

    def _stretch(self, node: Node) -> _Stretch:
        self._count(1)
        if node.kind == "word":
            return self._word(node.name)
        if node.test is not None:
            return self._run(node.name, node.test, 1)
        if node.kind == "repeat":
            return self._repeat(node)
        if node.kind == "folded":
            return self._stretch(node.parts[0])
        if node.kind == "any":
            return _either(*map(self._stretch, node.parts))
        row = _NOTHING
        for part in node.parts:
            row = self._row(row, self._stretch(part))
        return row

    def _count(self, parts: int) -> None:
        self._parts += parts
        if self._parts > MOST_PARTS:
            raise ValueError(f"a pattern has more than {MOST_PARTS} parts, repetitions written out")

    def _added(self, count: int) -> int:
        """Places of which each follows on the one before it; the number of the first."""
        before = len(self._following)
        self._following += [2 << place for place in range(before, before + count - 1)]
        self._following.append(0)
        return before

    def _word(self, word: str) -> _Stretch:
        self._count(len(word) - 1)
        before = self._added(len(word))
        for place, char in enumerate(word, before):
            self._literals[char] = self._literals.get(char, 0) | 1 << place
        return _Stretch(False, 1 << before, 1 << before + len(word) - 1)

    def _run(self, name: str, test: CharTest, count: int) -> _Stretch:
        """A character of a class, so many times over."""
        before = self._added(count)
        _, others = self._classes.get(name, (test, 0))
        self._classes[name] = test, others | (1 << count) - 1 << before
        return _Stretch(False, 1 << before, 1 << before + count - 1)

    def _row(self, left: _Stretch, right: _Stretch) -> _Stretch:
        last, first = left.last, right.first
        if not last & (last - 1):
            # Nearly always there is one place at most, and no need to look for others.
            if last:
                self._following[last.bit_length() - 1] |= first
        else:
            for place in _members(last):
                self._following[place] |= first
        return _Stretch(
            left.is_skippable and right.is_skippable,
            left.first | (right.first if left.is_skippable else 0),
            right.last | (left.last if right.is_skippable else 0),
        )

    def _repeat(self, node: Node) -> _Stretch:
        """`x{2,4}` as `xx(x(x)?)?`, built from its end, so that few places follow on each."""
        part = node.parts[0]
        stretch = _NOTHING
        if part.test is not None and node.high:
            self._count(node.high)
            _, first, last = self._run(part.name, part.test, node.high)
            # Once there are enough, any of them may be the last.
            return _Stretch(node.low == 0, first, last * 2 - (first << max(node.low - 1, 0)))
        if node.high is None:
            looped = self._stretch(part)
            self._row(looped, looped)
            stretch = _either(looped, _NOTHING)
        else:
            for _ in range(node.high - node.low):
                stretch = _either(self._row(self._stretch(part), stretch), _NOTHING)
        for _ in range(node.low):
            stretch = self._row(self._stretch(part), stretch)
        return stretch


class _State(dict[str, "_State"]):
    """A point in the reading of a value; what comes after it is filled in when it is needed."""

    __slots__ = ("_automaton", "_reach", "accepts")

    def __init__(self, automaton: _Automaton, reach: int, accepts: bool) -> None:
        self._automaton = automaton
        self._reach = reach
        self.accepts = accepts

    def __missing__(self, char: str) -> _State:
        state = self[char] = self._automaton.step(self._reach, char)
        return state


def _either(*stretches: _Stretch) -> _Stretch:
    first = last = 0
    for stretch in stretches:
        first |= stretch.first
        last |= stretch.last
    return _Stretch(any(stretch.is_skippable for stretch in stretches), first, last)


def _members(places: int) -> Iterator[int]:
    while places:
        lowest = places & -places
        yield lowest.bit_length() - 1
        places ^= lowest
