"""Sound pairs: rules that are silent where each small part of a job is sound by itself.

What was sound before, such as a tag, is a member of a set, and the parts of a job are held against it in one step.
The tags of an asset are asked of once, and not for each of the jobs that share it. Over 10,000 jobs
that takes 45 us a job, where making a set of the pairs of each source took 120.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from dativo_lint.checks.silence import ByTags, LeafPairs, Pair, Pairs
from dativo_lint.subject.leaves import folded_name, rough_texts
from dativo_lint.subject.subject import Subject

MOST = 1_024
"""What is remembered of one group of rules; what goes beyond makes it begin anew."""
LONGEST = 256
"""Characters of a text that is remembered."""

Numbers = Sequence[int]
NOBODY: Numbers = ()

Tests = Mapping[int, Callable[..., bool]]
"""What tells whether a pair is sound, by the numbers of the rules."""

_PROVIDER = ("infrastructure", "provider")
_MOST_PLACES = 64


class _Known:
    """What is known of pairs: which are sound to all of some rules, and who may speak of others."""

    def __init__(self, tests: Tests) -> None:
        self._tests = tests
        self._sound: set[Pair] = set()
        self._spoken: dict[Pair, Numbers] = {}

    def speaking_of(self, pairs: Collection[Pair]) -> Numbers:
        """The numbers of the rules that may have something to say of some pairs."""
        if self._sound.issuperset(pairs):
            return NOBODY
        found: list[int] = []
        # Of the pairs themselves: who remembers a pair may forget all that was sound before.
        for pair in set(pairs).difference(self._sound):
            speaking = self._spoken.get(pair)
            found += self._meet(pair) if speaking is None else speaking
        return found

    def _meet(self, pair: Pair) -> Numbers:
        """The rules that may speak because of a pair."""
        found = tuple(n for n, test in self._tests.items() if not _is_sound(test, pair))
        if all(it is None or len(it) <= LONGEST for it in pair):
            known: Any = self._spoken if found else self._sound
            if len(known) >= MOST:
                known.clear()
            if found:
                self._spoken[pair] = found
            else:
                self._sound.add(pair)
        return found


class SoundPairs:
    """Rules that are silent where each pair from one source is sound by itself."""

    def __init__(self, pairs: Pairs, tests: Tests) -> None:
        self._pairs = pairs
        self._known = _Known(tests)

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of those that may have something to say."""
        pairs = self._pairs(subject)
        return self._known.speaking_of(pairs if isinstance(pairs, Collection) else [*pairs])


class SoundTags:
    """Rules that are silent where each tag is sound by itself.

    Who may speak of what an asset says is told for all its jobs: of a tag that the job says anew,
    such a rule is asked in vain.
    """

    def __init__(self, tests: Tests) -> None:
        self._known = _Known(tests)

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of those that may have something to say."""
        tags = subject.tags
        of_asset: Numbers | None = tags.first.remembered.get(self)
        if of_asset is None:
            of_asset = self._known.speaking_of(tags.first.texts.items())
            if tags.first.said:
                tags.first.remembered[self] = of_asset
        own: Collection[Any] = tags.own_texts.items()
        if None in tags.own_texts.values():
            own = [pair for pair in own if pair[1] is not None]
        found = self._known.speaking_of(own)
        return [*of_asset, *found] if found else of_asset


class SoundLeaves:
    """Rules that are silent where each leaf inside some blocks is sound, given the provider."""

    def __init__(self, leaves: Mapping[LeafPairs, Tests]) -> None:
        blocks = dict.fromkeys(block for source in leaves for block in source.under)
        self._tests: Mapping[tuple[str, ...], Tests] = {
            block: {
                n: it for of, its in leaves.items() if block in of.under for n, it in its.items()
            }
            for block in blocks
        }
        self._known: dict[tuple[Any, ...], _Known] = {}

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of those that may have something to say."""
        written = subject.job.value(_PROVIDER)
        provider = written if isinstance(written, str) else None
        found: list[int] = []
        for block in self._tests:
            is_folded, pairs = rough_texts(subject.job, block)
            if pairs:
                known = self._known.get((block, provider, is_folded))
                if known is None:
                    known = self._known_of(block, provider, is_folded)
                found += known.speaking_of(pairs)
        return found

    def _known_of(self, block: tuple[str, ...], provider: str | None, is_folded: bool) -> _Known:
        if len(self._known) >= _MOST_PLACES:
            self._known.clear()
        tests = {n: _of_leaves(it, provider, is_folded) for n, it in self._tests[block].items()}
        found = self._known[block, provider, is_folded] = _Known(tests)
        return found


def _of_leaves(
    test: Callable[..., bool], provider: str | None, is_folded: bool
) -> Callable[[str, str | None], bool]:
    if is_folded:
        return lambda name, text: test(provider, name, text)
    return lambda name, text: test(provider, folded_name(name), text)


class RequiredTags:
    """Rules that require tags, each to be there with a sound text."""

    def __init__(self, rules: Mapping[int, ByTags]) -> None:
        self._keys = tuple(dict.fromkeys(key for rule in rules.values() for key in rule.keys))
        self._known = _Known({n: _of_tags(rule) for n, rule in rules.items()})
        self._together: dict[tuple[str | None, ...], Numbers] = {}

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of those that may have something to say."""
        texts = tuple(map(subject.tags.texts.get, self._keys))
        found = self._together.get(texts)
        if found is None:
            found = self._known.speaking_of([*zip(self._keys, texts, strict=True)])
            if len(self._together) >= MOST:
                self._together.clear()
            if all(it is None or len(it) <= LONGEST for it in texts):
                self._together[texts] = found
        return found


def _of_tags(rule: ByTags) -> Callable[[str, str | None], bool]:
    asked, is_sound = frozenset(rule.keys), rule.is_sound
    return lambda key, text: key not in asked or (text is not None and is_sound(text))


def _is_sound(test: Callable[..., bool], pair: Iterable[str | None]) -> bool:
    try:
        return bool(test(*pair))
    except Exception:  # noqa: BLE001  it is told when the rule is asked
        return False
