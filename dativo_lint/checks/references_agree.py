"""one fact, cut out of several references of the job, is the same in all of them"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

from msgspec import Meta, Struct, field

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import Names, RuleParams, Under, about, names_of, route, some
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.scalars import Scalar
from dativo_lint.patterns import compile_pattern

APPLIES_TO = ("job",)


class Teller(RuleParams, frozen=True):
    """Where a fact is found: the whole value of some names, or a part of a value."""

    names: Annotated[Names, about("Fields whose whole value states it.")] = ()
    starts: Annotated[str, about("How the value begins.")] = ""
    holds: Annotated[str, about("What the value contains.")] = ""
    split: Annotated[str | None, about("What separates the parts.")] = None
    part: Annotated[int, Meta(ge=0, description="Which part, from 0.")] = 0


class Params(RuleParams, frozen=True):
    facts: Annotated[str, about("What is compared, in the plural.")]
    under: Under
    told_by: Annotated[tuple[Teller, ...], some("Where the fact is stated.")]
    words: Annotated[
        tuple[str, ...],
        some("Patterns of the words compared, each with those of the same pattern only."),
    ]
    read_as: Annotated[
        dict[str, str], about("Beginnings of words, and the word that such a word stands for.")
    ] = field(default_factory=dict)


_MOST_MENTIONS = 20


class _Teller(Struct, frozen=True, eq=False):
    """Where a fact is found: the whole value of some names, or a part of a value."""

    is_named: Callable[[str], bool]
    starts: str
    holds: str
    split: str | None
    part: int

    def word(self, name: str, text: str) -> str | None:
        """What a reference tells of the fact, open or not; None where it is not of this kind."""
        if self.split is None:
            return text if self.is_named(name) else None
        if not text.startswith(self.starts) or self.holds not in text:
            return None
        if is_open(text):
            return text
        parts = text.split(self.split, self.part + 1)
        return parts[self.part] if len(parts) > self.part else None


class _Voice(Struct, frozen=True, eq=False):
    leaf: Scalar
    word: str

    @property
    def sentence(self) -> str:
        return f"{shown(self.leaf.label)} lies in {self.word}"


def prepare(params: Params) -> Judge:
    """Compare the parts; raises ValueError for a pattern that is none."""
    under = tuple(map(route, params.under))
    tellers = tuple(
        _Teller(names_of(teller.names), teller.starts, teller.holds, teller.split, teller.part)
        for teller in params.told_by
    )
    words = tuple(map(compile_pattern, params.words))
    read_as = params.read_as

    def read(word: str) -> tuple[int, str] | None:
        """Which expression a word fits, and what it means; None for a word that is left out."""
        meant = next((read_as[start] for start in read_as if word.startswith(start)), word)
        return next(((n, meant) for n, pattern in enumerate(words) if pattern.fits(meant)), None)

    def judge(subject: Job) -> Answers:
        voices: dict[int, list[_Voice]] = {}
        question = None
        for leaf in subject.scalars(*under):
            for word in _told(leaf.name, leaf.text, tellers):
                if is_open(word):
                    question = question or leaf
                elif (found := read(word)) is not None:
                    voices.setdefault(found[0], []).append(_Voice(leaf, found[1]))
        for told in voices.values():
            yield from _compare(params.facts, told)
        if question is not None and voices:
            yield Unresolved(question.said, f"{shown(question.label)} is {shown(question.text)}")

    return judge


def _told(name: str, text: str | None, tellers: tuple[_Teller, ...]) -> list[str]:
    if text is None:
        return []
    words = (teller.word(name, text) for teller in tellers)
    return [word for word in words if word is not None]


def _compare(facts: str, told: list[_Voice]) -> Iterator[Violation]:
    """The first voice that contradicts the first of all is at fault; the others are mentioned."""
    words = dict.fromkeys(voice.word for voice in told)
    if len(words) > 1:
        wrong = next(voice for voice in told if voice.word != told[0].word)
        number = "two" if len(words) == 2 else str(len(words))
        message = f"{number} {facts} in one job: {told[0].sentence}, {wrong.sentence}"
        others = {(id(voice.leaf), voice.word): voice for voice in told if voice is not wrong}
        first = list(others.values())[:_MOST_MENTIONS]
        mentions = tuple(Mention(voice.leaf.said, voice.sentence) for voice in first)
        yield Violation(wrong.leaf.said, message, mentions)
