"""where one tag says so, another tag or field has to be set"""

from __future__ import annotations

from typing import Annotated

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about, route, some
from dativo_lint.checks.wording import at_run_time, heard, shown, weaker
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.selectors import Statement, is_tag, select, selector
from dativo_lint.jobs.tag_fields import asset_field, job_field

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    where: Annotated[tuple[str, ...], some("Tags (* at the end) and fields asked.")]
    needs: Annotated[str, about("The tag or field that is needed.")]
    says: Annotated[tuple[str, ...], some("Values that need it, in any case; by default any.")] = ()
    instead: Annotated[tuple[str, ...], some("Tags and fields that do as well.")] = ()
    to_be: Annotated[tuple[str, ...], some("The good values, in any case; by default any.")] = ()


_MOST_TOLD = 5


def prepare(params: Params) -> Judge:
    """Look for what is needed wherever something says so."""
    where = tuple(map(selector, params.where))
    says = frozenset(word.casefold() for word in params.says)
    serving = tuple(map(selector, (params.needs, *params.instead)))
    good = frozenset(value.casefold() for value in params.to_be)

    def serves(statement: Statement) -> bool:
        return statement.text.casefold() in good if good else not statement.is_open

    def is_ground(statement: Statement) -> bool:
        words = (part.casefold() for part in statement.parts)
        return not says or statement.is_open or not says.isdisjoint(words)

    def judge(job: Job) -> Answers:
        given = select(job, serving)
        grounds = [] if any(map(serves, given)) else list(filter(is_ground, select(job, where)))
        if not grounds:
            return
        ground = next((each for each in grounds if not each.is_open), None)
        unsure = next((each for each in given if each.is_open), None)
        if ground is None or unsure is not None:
            first = unsure or grounds[0]
            yield at_run_time(first.at, first.name, first.text)
        elif given:
            wrong = given[0]
            message = f"{wrong.name} is {shown(wrong.text)} where {_is(ground)}"
            message += f"; expected {params.to_be[0]}"
            yield Violation(wrong.at, message, (*weaker(wrong.trail), *heard(ground)))
        else:
            yield from _unset(job, params.needs, ground, grounds)

    return judge


def _unset(job: Job, needs: str, ground: Statement, grounds: list[Statement]) -> Answers:
    tag = job.tags.assigned(needs) if is_tag(needs) else None
    if is_tag(needs) and tag is None and job.asset is None:
        if job.asset_is_open:
            path = job.references["asset_path"].said
            yield Unresolved(path, f"asset_path is {shown(path.value)}: the asset may set {needs}")
        return
    home = (job_field(needs) if is_tag(needs) else None) or route(needs)
    at = job.said(*home) if tag is None else tag.at
    if tag is None and at.is_there and at.value:
        # A value that is no word at all is told by the rules about the shape of a job.
        return
    state = f"{at.name} is empty" if at.is_there else f"{needs} is not set"
    of_asset = asset_field(needs, job.asset) if tag is None and job.asset is not None else None
    mentions = []
    if of_asset is not None:
        lack = "empty" if of_asset.is_there else "not set"
        mentions.append(Mention(of_asset, f"{of_asset.name} is {lack}"))
    mentions += [mention for each in grounds[:_MOST_TOLD] for mention in heard(each)]
    trail = () if tag is None else weaker(tag.trail)
    yield Violation(at, f"{state} where {_is(ground)}", (*trail, *mentions))


def _is(statement: Statement) -> str:
    return f"{statement.name} is {shown(statement.text)}"
