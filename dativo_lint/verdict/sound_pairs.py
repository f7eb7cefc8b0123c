"""Sound pairs: rules that are silent where each small part of a job is sound by itself.

What was sound before, such as a tag, is a member of a set, against which the parts of a job are
held in one step. The tags of an asset are asked of once, not for each of the jobs that share it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from dativo_lint.checks.silence import ByTags, Pair, Pairs
from dativo_lint.subject.subject import Subject

MOST = 1024
"""What is remembered of one group of rules; what goes beyond makes it begin anew."""
LONGEST = 256
"""Characters of a text that is remembered."""

Numbers = Sequence[int]
NOBODY: Numbers = ()

Test = Callable[..., bool]
"""What tells whether a pair is sound."""
Tests = Mapping[int, Test]
"""Tests by the numbers of the rules."""

_MOST_TESTED = 256
"""Sets of rules about pairs of one kind; a run has some twenty."""


class Known:
    """What is known of pairs: which are sound to all tests, and which tests others do not pass.

    Of those that are sound, what was met last is remembered, and what was before that as long as
    somebody asks for it: jobs have some pairs in common, and others have the jobs of one asset.
    """

    def __init__(self, tests: Iterable[Test]) -> None:
        self._tests = tuple(tests)
        self._sound: set[Pair] = set()
        self._before: set[Pair] = set()
        self._unsound: dict[Pair, Numbers] = {}

    def failing(self, pairs: Collection[Pair]) -> Numbers:
        """The positions of the tests that some of the pairs may not pass."""
        if self._sound.issuperset(pairs):
            return NOBODY
        found: list[int] = []
        for pair in set(pairs).difference(self._sound):
            failing = self._unsound.get(pair)
            found += self._meet(pair) if failing is None else failing
        return found

    def _meet(self, pair: Pair) -> Numbers:
        found: Numbers = NOBODY
        if pair not in self._before:
            found = tuple([at for at, test in enumerate(self._tests) if not is_sound(test, pair)])
        if not all(it is None or len(it) <= LONGEST for it in pair):
            return found
        if found:
            if len(self._unsound) >= MOST:
                self._unsound.clear()
            self._unsound[pair] = found
            return found
        if len(self._sound) >= MOST:
            self._before, self._sound = self._sound, set()
        self._sound.add(pair)
        return found


_Of = TypeVar("_Of")


class Knowledge:
    """What is known of pairs by the tests; rules of several kinds of jobs have many in common."""

    def __init__(self) -> None:
        self._found: dict[tuple[Any, ...], Any] = {}

    def of(self, tests: Tests) -> Known:
        """What is known of pairs by some tests."""
        return self.shared((Known, *tests.values()), lambda: Known(tests.values()))

    def shared(self, which: tuple[Any, ...], make: Callable[[], _Of]) -> _Of:
        """What is known of something, which begins with nothing."""
        if which not in self._found:
            if len(self._found) >= _MOST_TESTED:
                self._found.clear()
            self._found[which] = make()
        return cast(_Of, self._found[which])


class SoundPairs:
    """Rules that are silent where each pair from one source is sound by itself."""

    def __init__(self, pairs: Pairs, tests: Tests, knowledge: Knowledge) -> None:
        self._pairs = pairs
        self._numbers = tuple(tests)
        self._known = knowledge.of(tests)

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of those that may have something to say."""
        pairs = self._pairs(subject)
        failing = self._known.failing(pairs if isinstance(pairs, Collection) else [*pairs])
        return [self._numbers[at] for at in failing] if failing else NOBODY


class SoundTags:
    """Rules that are silent where each tag is sound by itself.

    Who may speak of what an asset says is told for all its jobs: of a tag that the job says anew,
    such a rule is asked in vain.
    """

    def __init__(self, tests: Tests, knowledge: Knowledge) -> None:
        self._numbers = tuple(tests)
        self._known = knowledge.of(tests)

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of those that may have something to say."""
        tags, known = subject.tags, self._known
        of_asset: Numbers | None = tags.first.remembered.get(known)
        if of_asset is None:
            of_asset = known.failing(tags.first.texts.items())
            if tags.first.said:
                tags.first.remembered[known] = of_asset
        own: Collection[Any] = tags.own_texts.items()
        if None in tags.own_texts.values():
            own = [pair for pair in own if pair[1] is not None]
        failing = known.failing(own)
        return [self._numbers[at] for at in (*of_asset, *failing)]


class RequiredTags:
    """Rules that require tags, each to be there with a sound text."""

    def __init__(self, rules: Mapping[int, ByTags], knowledge: Knowledge) -> None:
        self._keys = tuple(dict.fromkeys(key for rule in rules.values() for key in rule.keys))
        self._numbers = tuple(rules)
        self._known = knowledge.shared(
            (ByTags, *rules.values()), lambda: Known(map(_of_tags, rules.values()))
        )

    def speaking(self, subject: Subject) -> Numbers:
        """The numbers of those that may have something to say."""
        texts = map(subject.tags.texts.get, self._keys)
        failing = self._known.failing([*zip(self._keys, texts, strict=True)])
        return [self._numbers[at] for at in failing] if failing else NOBODY


def _of_tags(rule: ByTags) -> Callable[[str, str | None], bool]:
    asked, is_sound = frozenset(rule.keys), rule.is_sound
    return lambda key, text: key not in asked or (text is not None and is_sound(text))


def is_sound(test: Test, pair: Iterable[str | None]) -> bool:
    """Whether a pair passes a test; one that raises is told when its rule is asked."""
    try:
        return bool(test(*pair))
    except Exception:  # noqa: BLE001  as told
        return False
