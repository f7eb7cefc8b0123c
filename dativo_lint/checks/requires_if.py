"""where one tag says so, another tag or field has to be set"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from dativo_lint.checks.answers import Answers, Judge, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about, some
from dativo_lint.checks.wording import at_run_time, heard, shown, weaker
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.selectors import Statement, is_tag, select, selector

_VOICES: Mapping[str, Any] = {"type": "array", "items": {"type": "string"}, "minItems": 1}
APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    where: Annotated[tuple[str, ...], some("Tags (* at the end) and fields asked.")]
    needs: Annotated[str, about("The tag or field that is needed.")]
    says: Annotated[tuple[str, ...], some("Values that need it, in any case; by default any.")] = ()
    instead: Annotated[tuple[str, ...], some("Tags and fields that do as well.")] = ()
    to_be: Annotated[tuple[str, ...], some("The good values, in any case; by default any.")] = ()


_MOST_TOLD = 5


def prepare(params: Params) -> Judge:
    """Make ready the voices on both sides."""
    where = tuple(map(selector, params.where))
    says = frozenset(word.casefold() for word in params.says)
    needs = params.needs
    serving = tuple(map(selector, (needs, *params.instead)))
    good = tuple(params.to_be)
    folded = frozenset(value.casefold() for value in good)

    def judge(subject: Job) -> Iterable[Violation | Unresolved]:
        for word in select(subject, serving):
            if word.text.casefold() in folded if good else not word.is_open:
                return ()
        return tell(subject)

    def tell(subject: Job) -> Answers:
        grounds = [word for word in select(subject, where) if _says(word, says)]
        if not grounds:
            return
        given = select(subject, serving)
        ground = next((word for word in grounds if not word.is_open), None)
        unsure = next((word for word in given if word.is_open), None)
        if ground is None or unsure is not None:
            word = unsure or grounds[0]
            yield at_run_time(word.at, word.name, word.text)
        elif given:
            yield _wrong(given[0], ground, good)
        else:
            yield from _unset(subject, needs, grounds)

    return judge


def _says(word: Statement, says: frozenset[str]) -> bool:
    return not says or word.is_open or any(part.casefold() in says for part in word.parts)


def _wrong(word: Statement, ground: Statement, good: tuple[str, ...]) -> Violation:
    message = f"{word.name} is {shown(word.text)} where {_ground(ground)}; expected {good[0]}"
    return Violation(word.at, message, (*weaker(word.trail), *heard(ground)))


def _unset(subject: Job, needs: str, grounds: list[Statement]) -> Answers:
    tag = subject.tags.assigned(needs) if is_tag(needs) else None
    if is_tag(needs) and tag is None and subject.asset_is_unknown:
        if subject.asset_is_open:
            path = subject.references["asset_path"].said
            yield Unresolved(path, f"asset_path is {shown(path.value)}: the asset may set {needs}")
        return
    from dativo_lint.jobs.tag_fields import job_field  # for messages

    home = (job_field(needs) if is_tag(needs) else None) or needs.split(".")
    at = subject.said(*home) if tag is None else tag.at
    if tag is None and at.is_there and at.value:
        # A value that is no word at all is told by the rules about the shape of a job.
        return
    state = f"{at.name} is empty" if at.is_there else f"{needs} is not set"
    ground = next(word for word in grounds if not word.is_open)
    mentions = [mention for word in grounds[:_MOST_TOLD] for mention in heard(word)]
    trail = () if tag is None else weaker(tag.trail)
    yield Violation(at, f"{state} where {_ground(ground)}", (*trail, *mentions))


def _ground(word: Statement) -> str:
    return f"{word.name} is {shown(word.text)}"
