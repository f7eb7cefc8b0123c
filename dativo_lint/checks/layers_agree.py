"""a value that is set in several places is the same everywhere"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice, product
from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from dativo_lint.checks.agreements import agreements
from dativo_lint.checks.messages import overridden_mentions, shown_statement, statement_mentions
from dativo_lint.checks.params import Groups, RuleParams, SinkName, about, meanings, provider_of
from dativo_lint.checks.violation import Judge, Results, Unresolved, Violation
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.selectors import Selector, Statement, folded_word, select, selector
from dativo_lint.jobs.tag_values import words

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    fact: Annotated[str, about("What messages call the value.")]
    set_by: Annotated[
        tuple[str | tuple[str, ...], ...],
        Meta(
            min_length=2,
            description="Tags and fields that set it; the last that differs is reported.",
        ),
    ]
    synonyms: Annotated[Groups, about("Groups of values that mean the same.")] = ()
    parts_agree: Annotated[
        bool, about("Whether a value agrees with a longer one that contains it.")
    ] = False
    lower_case: Annotated[
        tuple[SinkName, ...] | None,
        about("Clouds where case and punctuation are ignored; without this, all."),
    ] = None


_PAIR = 2
_MOST_PAIRS = 10_000

_Selectors = tuple[Selector, ...]
_Statements = list[Statement]
"""The statements of one selector, or of several that count as one; never empty."""
_Agree = Callable[[_Statements, _Statements], bool]


def prepare(params: Params) -> Judge:
    """Compare the values of one fact, in the order of the places."""
    set_by = tuple(
        tuple(map(selector, (each,) if isinstance(each, str) else each)) for each in params.set_by
    )
    alone = tuple(selectors[0] for selectors in set_by if len(selectors) == 1)
    together = tuple(each for selectors in set_by if len(selectors) > 1 for each in selectors)
    fact = params.fact
    same = meanings(params.synonyms)
    forgiving, strict = (
        _agreement(fold, same, params.parts_agree) for fold in (folded_word, str.strip)
    )

    def judge(job: Job) -> Results:
        fold, agree = (str.strip, strict) if is_strict(job) else (folded_word, forgiving)
        stated = select(job, alone)
        stated += select(job, together) if stated else []
        if len({fold(word.text) for word in stated}) < 2:
            return
        groups = _groups(job, set_by)
        known = []
        for group in groups:
            unsure = next((word for word in group if word.is_open), None)
            if unsure is None:
                known.append(group)
            else:
                yield Unresolved(
                    unsure.at, f"{shown_statement(unsure)}: it may be a different {fact}"
                )
        if not known or _is_of_schedule(known[0][0], job):
            # Each schedule makes an asset of its own: two schedules are no conflict.
            return
        strays = [group for group in known[1:] if not agree(known[0], group)]
        if strays:
            conflict = _conflict(fact, known, strays[-1], agree)
            is_lower = provider_of(job) in (params.lower_case or ())
            fixes = agreements(job, known[0], strays, is_lower=is_lower)
            yield replace(conflict, fixes=tuple(fixes))

    def is_strict(job: Job) -> bool:
        return params.lower_case is not None and provider_of(job) not in ("", *params.lower_case)

    return judge


def _is_of_schedule(word: Statement, job: Job) -> bool:
    return not word.trail and word.at.document is not job.config


def _groups(job: Job, set_by: tuple[_Selectors, ...]) -> list[_Statements]:
    """The groups of statements, in order."""
    groups: list[_Statements] = []
    for selectors in set_by:
        statements = select(job, selectors)
        if len(selectors) == 1:
            # Two tags that spell one key differently may conflict with each other.
            groups += ([word] for word in statements)
        elif statements:
            groups.append(statements)
    return groups


def _agreement(fold: Callable[[str], str], same: Mapping[str, str], parts_agree: bool) -> _Agree:
    """Whether two groups agree: one value in common is enough."""

    def meant(group: _Statements) -> set[str]:
        return {same.get(folded_word(word)) or fold(word) for word in _words(group)}

    def agree(group: _Statements, other: _Statements) -> bool:
        left, right = meant(group), meant(other)
        if left & right:
            return True
        pairs = islice(product(left, right), _MOST_PAIRS)
        return parts_agree and any(_is_part(a, b) or _is_part(b, a) for a, b in pairs)

    return agree


def _is_part(part: str, whole: str) -> bool:
    """Whether a value is a part of another, or the local part of an address."""
    return f"-{part}-" in f"-{whole}-" or whole.startswith(f"{part}@")


def _words(group: _Statements) -> set[str]:
    values: set[str] = set()
    for word in group:
        values.update(word.parts)
        if word.trail and isinstance(word.trail[-1].written, list):
            # Of a list of classifications only the first becomes the tag; the others count too.
            values.update(words(word.trail[-1].written))
    return values


def _conflict(
    fact: str, known: Sequence[_Statements], stray: _Statements, agree: _Agree
) -> Violation:
    distinct: list[_Statements] = []
    for group in known:
        if not any(agree(group, other) for other in distinct):
            distinct.append(group)
    first = [group[0] for group in known]
    listed = [shown_statement(word) for word in first]
    message = f"conflicting {fact}s"
    if len(listed) == _PAIR:
        message += f": {' but '.join(listed)}"
    else:
        message += f" ({len(distinct)} different values): {', '.join(listed)}"
    mentions = [
        mention for word in first if word is not stray[0] for mention in statement_mentions(word)
    ]
    mentions += overridden_mentions(stray[0].trail)
    return Violation(stray[0].at, message, tuple(mentions))
