"""one fact, told in several places, is told the same way"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice, product
from typing import Annotated

from msgspec import Meta

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import Groups, RuleParams, SinkName, about
from dativo_lint.checks.wording import heard, shown, weaker
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.selectors import Selector, Statement, folded_word, select, selector
from dativo_lint.jobs.tag_values import words

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    fact: Annotated[str, about("What messages call the fact.")]
    told_by: Annotated[
        tuple[str | tuple[str, ...], ...],
        Meta(
            min_length=2,
            description="Tags and fields that state it; the last that differs is at fault.",
        ),
    ]
    synonyms: Annotated[Groups, about("Groups of words that mean the same.")] = ()
    parts_agree: Annotated[
        bool, about("Whether a word agrees with a longer one that contains it.")
    ] = False
    lower_case: Annotated[
        tuple[SinkName, ...] | None,
        about("Clouds in which case and signs make no difference; without this, all."),
    ] = None


_PAIR = 2
_MOST_PAIRS = 10_000

_Voices = tuple[Selector, ...]
_Telling = list[Statement]
"""What one voice, or a list of voices that count as one, says; never empty."""
_Agree = Callable[[_Telling, _Telling], bool]


def prepare(params: Params) -> Judge:
    """Make ready the voices and what counts as the same word."""
    told_by = tuple(
        (selector(it),) if isinstance(it, str) else tuple(map(selector, it))
        for it in params.told_by
    )
    alone = tuple(voices[0] for voices in told_by if len(voices) == 1)
    together = tuple(one for voices in told_by if len(voices) > 1 for one in voices)
    fact = params.fact
    same = {folded_word(word): folded_word(group[0]) for group in params.synonyms for word in group}
    forgiving, strict = (
        _agreement(fold, same, params.parts_agree) for fold in (folded_word, str.strip)
    )

    def judge(subject: Job) -> Answers:
        fold, agree = (str.strip, strict) if is_strict(subject) else (folded_word, forgiving)
        stated = select(subject, alone)
        stated += select(subject, together) if stated else []
        if len({fold(word.text) for word in stated}) < 2:
            return
        tellings = _tellings(subject, told_by)
        known = []
        for telling in tellings:
            unsure = next((word for word in telling if word.is_open), None)
            if unsure is None:
                known.append(telling)
            else:
                message = f"{unsure.name} is {shown(unsure.text)}, known only at run time"
                yield Unresolved(unsure.at, f"{message}: it may be another {fact} than others tell")
        if not known or _is_of_schedule(known[0][0], subject):
            # Each schedule makes an asset of its own: two schedules are no contradiction.
            return
        strays = [telling for telling in known[1:] if not agree(known[0], telling)]
        if strays:
            yield _divided(fact, known, strays[-1], agree)

    def is_strict(job: Job) -> bool:
        cloud = job.value("infrastructure", "provider")
        is_known = isinstance(cloud, str) and not is_open(cloud)
        return params.lower_case is not None and is_known and cloud.lower() not in params.lower_case

    return judge


def _is_of_schedule(word: Statement, subject: Job) -> bool:
    return not word.trail and word.at.document is not subject.job


def _tellings(subject: Job, told_by: tuple[_Voices, ...]) -> list[_Telling]:
    """What is told, in order."""
    tellings: list[_Telling] = []
    for voices in told_by:
        told = select(subject, voices)
        if len(voices) == 1:
            # Two tags that spell one key differently are two that may contradict each other.
            tellings += ([word] for word in told)
        elif told:
            tellings.append(told)
    return tellings


def _agreement(fold: Callable[[str], str], same: Mapping[str, str], parts_agree: bool) -> _Agree:
    """Whether two tell the same: one word in common is enough."""

    def meanings(telling: _Telling) -> set[str]:
        return {same.get(folded_word(word)) or fold(word) for word in _words(telling)}

    def agree(one: _Telling, other: _Telling) -> bool:
        left, right = meanings(one), meanings(other)
        if left & right:
            return True
        pairs = islice(product(left, right), _MOST_PAIRS)
        return parts_agree and any(_is_part(a, b) or _is_part(b, a) for a, b in pairs)

    return agree


def _is_part(part: str, whole: str) -> bool:
    """Whether a word is some words of another, or the person in an address."""
    return f"-{part}-" in f"-{whole}-" or whole.startswith(f"{part}@")


def _words(telling: _Telling) -> set[str]:
    said: set[str] = set()
    for word in telling:
        said.update(word.parts)
        if word.trail and isinstance(word.trail[-1].written, list):
            # Of a list of classifications only the first becomes the tag; the others are meant too.
            said.update(words(word.trail[-1].written))
    return said


def _divided(fact: str, known: Sequence[_Telling], stray: _Telling, agree: _Agree) -> Violation:
    distinct: list[_Telling] = []
    for telling in known:
        if not any(agree(telling, other) for other in distinct):
            distinct.append(telling)
    first = [telling[0] for telling in known]
    listed = [f'{word.name} is "{shown(word.text)}"' for word in first]
    message = f"conflicting {fact}s"
    if len(listed) == _PAIR:
        message += f": {' but '.join(listed)}"
    else:
        message += f" ({len(distinct)} different values): {', '.join(listed)}"
    mentions = [mention for word in first if word is not stray[0] for mention in heard(word)]
    mentions += weaker(stray[0].trail)
    return Violation(stray[0].at, message, tuple(mentions))
