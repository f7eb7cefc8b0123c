"""Silence: what a check has to know to have nothing to say, told apart from what it says.

A run asks sixty rules of every job, and nearly all answer with silence. A check that can tell on
what its silence hangs returns one of these records in place of its bare judge. They are asked as
the judge is, and whoever asks many rules of many subjects may remember silence instead of asking
again (`verdict.precedents`). A check that says nothing of the kind is always asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import Struct

from dativo_lint.checks.breach import Breach, Open
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.voices import Voice

_Judge = Callable[[Any], Iterable[Breach | Open]]
Pair = tuple[str | None, ...]
"""A small part of a job that a rule judges by itself: the key and the text of a tag, None for what
is no text."""
Pairs = Callable[[Subject], Iterable[Pair]]
"""Where pairs come from; rules that look at the same ones name the same function."""


class ByFields(Struct, frozen=True, eq=False):
    """It answers alike wherever these fields of the job have equal plain values.

    `is_silent` is asked in place of the judge where the judge looks at more than the fields: it
    tells for which of their values nothing else matters.
    """

    judge: _Judge
    fields: tuple[tuple[str, ...], ...]
    is_silent: Callable[[Subject], bool] | None = None

    def __call__(self, subject: Any) -> Iterable[Breach | Open]:
        return self.judge(subject)


class ByPairs(Struct, frozen=True, eq=False):
    """It is silent where each pair that a job has is sound by itself.

    `sound` holds, of each place that pairs come from, what tells whether one is.
    """

    judge: _Judge
    sound: Mapping[Pairs, Callable[..., bool]]

    def __call__(self, subject: Any) -> Iterable[Breach | Open]:
        return self.judge(subject)


class ByFacts(Struct, frozen=True, eq=False):
    """It is silent where all leaves inside some blocks of a job tell one fact at most.

    `facts` are those that a leaf tells, by its name and its text.
    """

    judge: _Judge
    under: tuple[tuple[str, ...], ...]
    facts: Callable[[str, str | None], Iterable[Any]]

    def __call__(self, subject: Any) -> Iterable[Breach | Open]:
        return self.judge(subject)


class ByTags(Struct, frozen=True, eq=False):
    """It is silent where each of these tags is there, with a text that is sound."""

    judge: _Judge
    keys: tuple[str, ...]
    is_sound: Callable[[str], bool]

    def __call__(self, subject: Any) -> Iterable[Breach | Open]:
        return self.judge(subject)


class ByVoices(Struct, frozen=True, eq=False):
    """It is silent where what some voices tell, taken together, is clear.

    `is_clear` is given all that they tell, in the order of the voices.
    """

    judge: _Judge
    voices: tuple[Voice, ...]
    is_clear: Callable[[Sequence[str]], bool]

    def __call__(self, subject: Any) -> Iterable[Breach | Open]:
        return self.judge(subject)


class ByModule(Struct, frozen=True, eq=False):
    """It answers alike of jobs that name one module in the same words, and give it the same names.

    Of what the platform supplies, these are the names that the module declares, that the job writes
    itself, or that are among `names`. `is_silent` is asked in place of the judge where the judge
    looks at more: it tells whether nothing else matters.
    """

    judge: _Judge
    is_silent: Callable[[Subject], bool] | None = None
    names: frozenset[str] = frozenset()

    def __call__(self, subject: Any) -> Iterable[Breach | Open]:
        return self.judge(subject)


def is_silent(rule: ByFields | ByModule, subject: Subject) -> bool:
    """Whether a check has nothing to say of a job; one that raises has, when it is asked again."""
    try:
        if rule.is_silent is not None:
            return rule.is_silent(subject)
        return not any(True for _ in rule.judge(subject))
    except Exception:  # noqa: BLE001  it is told when the rule is asked
        return False


class ByHandover(Struct, frozen=True, eq=False):
    """It is silent where no variable of the module is in question."""

    judge: _Judge

    def __call__(self, subject: Any) -> Iterable[Breach | Open]:
        return self.judge(subject)


class ByKinds(Struct, frozen=True, eq=False):
    """It is silent about a file without documents of these kinds, or without faults where it tells
    `faults`.

    `spares_literal`: documents that are spelled as they read are not looked at.
    """

    judge: _Judge
    kinds: frozenset[Kind]
    spares_literal: bool = False
    faults: bool = False

    def __call__(self, subject: Any) -> Iterable[Breach | Open]:
        return self.judge(subject)

    def may_speak(self, kinds: Iterable[Kind], *, is_literal: bool, has_faults: bool) -> bool:
        """Whether it may have something to say of a file with documents of some kinds."""
        if self.faults:
            return has_faults
        return not (self.spares_literal and is_literal) and not self.kinds.isdisjoint(kinds)


class LeafPairs(Struct, frozen=True):
    """The leaves inside some blocks of a job, each with the provider, its name and its text."""

    under: tuple[tuple[str, ...], ...]

    def __call__(self, subject: Subject) -> Iterable[Pair]:
        provider = subject.job.value(("infrastructure", "provider"))
        said = provider if isinstance(provider, str) else None
        return [
            (said, name, text)
            for name, text in ((it.name, it.text) for it in subject.leaves(*self.under))
        ]


@cache
def sink_pairs(sink: str) -> Pairs:
    """What a sink receives, each key with its text."""

    def pairs(subject: Subject) -> Iterable[Pair]:
        return _told((it.key, it.text) for it in subject.sink(sink))

    return pairs


def pairs_apart(subject: Subject) -> Iterable[Pair]:
    """What Dagster receives beside the tags of the infrastructure, each key with its text."""
    return ()


def _told(texts: Iterable[tuple[str, Any]]) -> Iterable[Pair]:
    return [(key, text if type(text) is str else None) for key, text in texts]


def tag_pairs(subject: Subject) -> Iterable[Pair]:
    """The effective tags of a job, each with its text."""
    return [(key, tag.text) for key, tag in subject.tags.items()]
