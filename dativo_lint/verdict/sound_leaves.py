"""Sound leaves: rules about the references of a job, silent where each is sound by itself and where
all together tell one fact at most.

What a leaf is to all these rules is found out once, when it is first met with, and jobs that share
it are held against that: 5 microseconds a job, where to ask the rules one by one took 35.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from dativo_lint.checks.silence import ByFacts, LeafPairs, Pair
from dativo_lint.subject.leaves import folded_name, rough_texts
from dativo_lint.subject.subject import Subject
from dativo_lint.verdict.sound_pairs import (
    LONGEST,
    MOST,
    NOBODY,
    Knowledge,
    Numbers,
    Test,
    is_sound,
)

_PROVIDER = ("infrastructure", "provider")
_MOST_NEAR = 256
"""Blocks, each with a provider, of which it is at hand what is known of their leaves."""

_Facts = Callable[[str, str | None], Iterable[Any]]
_Told = tuple[Numbers, tuple[tuple[int, Any], ...]]
"""Of a leaf: the positions of the rules to which it may not be sound, and the facts that it tells,
each with the position of the rule that heeds it."""


class _Block(NamedTuple):
    """The rules about the leaves of one block: the tests of some, what leaves tell to others."""

    route: tuple[str, ...]
    tests: Mapping[int, Test]
    facts: Mapping[int, _Facts]
    numbers: Numbers


class _KnownLeaves:
    """What is known of the leaves of a block of one provider: which are sound and tell nothing, and
    what others are."""

    def __init__(self, block: _Block, provider: str | None, is_folded: bool) -> None:
        self.silent: set[Pair] = set()
        self._told: dict[Pair, _Told] = {}
        self._tests = tuple(block.tests.values())
        self._facts = tuple(block.facts.values())
        self._provider = provider
        self._is_folded = is_folded

    def told(self, pair: tuple[str, str | None]) -> _Told:
        """What a leaf is to the rules."""
        found = self._told.get(pair)
        if found is None:
            found = self._meet(*pair)
            if all(it is None or len(it) <= LONGEST for it in pair):
                known: Any = self._told if any(found) else self.silent
                if len(known) >= MOST:
                    known.clear()
                if any(found):
                    self._told[pair] = found
                else:
                    self.silent.add(pair)
        return found

    def _meet(self, written: str, text: str | None) -> _Told:
        name = written if self._is_folded else folded_name(written)
        leaf = self._provider, name, text
        failing = [at for at, test in enumerate(self._tests) if not is_sound(test, leaf)]
        told = []
        for at, facts in enumerate(self._facts, len(self._tests)):
            try:
                told += [(at, fact) for fact in facts(name, text)]
            except Exception:  # noqa: BLE001  it is told when the rule is asked
                failing.append(at)
        return failing, tuple(told)


class SoundLeaves:
    """Rules that are silent where each leaf inside some blocks is sound, given the provider, and
    those that are silent where all of them tell one fact at most."""

    def __init__(
        self,
        leaves: Mapping[LeafPairs, Mapping[int, Test]],
        facts: Mapping[int, ByFacts],
        knowledge: Knowledge,
    ) -> None:
        routes = [route for source in leaves for route in source.under]
        routes += [route for it in facts.values() for route in it.under]
        self._blocks = []
        for route in dict.fromkeys(routes):
            tests = {n: it for of in leaves if route in of.under for n, it in leaves[of].items()}
            its = {n: it.facts for n, it in facts.items() if route in it.under}
            self._blocks.append(_Block(route, tests, its, (*tests, *its)))
        self._knowledge = knowledge
        self._near: dict[tuple[Any, ...], _KnownLeaves] = {}

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of those that may have something to say."""
        written = subject.job.value(_PROVIDER)
        provider = written if isinstance(written, str) else None
        found: list[int] = []
        told: set[tuple[int, Any]] = set()
        for block in self._blocks:
            is_folded, pairs = rough_texts(subject.job, block.route)
            if pairs:
                known = self._near.get((block.route, provider, is_folded))
                if known is None:
                    known = self._known(block, provider, is_folded)
                if not known.silent.issuperset(pairs):
                    for pair in pairs:
                        if pair not in known.silent:
                            failing, facts = known.told(pair)
                            found += [block.numbers[at] for at in failing]
                            told.update([(block.numbers[at], fact) for at, fact in facts])
        if len(told) > 1:
            found += _of_two_minds(told)
        return found or NOBODY

    def _known(self, block: _Block, provider: str | None, is_folded: bool) -> _KnownLeaves:
        rules = (*block.tests.values(), len(block.tests), *block.facts.values())
        known = self._knowledge.shared(
            (block.route, provider, is_folded, *rules),
            lambda: _KnownLeaves(block, provider, is_folded),
        )
        if len(self._near) >= _MOST_NEAR:
            self._near.clear()
        self._near[block.route, provider, is_folded] = known
        return known


def _of_two_minds(told: Iterable[tuple[int, Any]]) -> Iterable[int]:
    """The numbers of the rules that are told more than one fact."""
    numbers = [number for number, _ in told]
    return {it for it in numbers if numbers.count(it) > 1}
