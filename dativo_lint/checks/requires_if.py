"""where one tag has a certain value, another tag or field is set"""

from collections.abc import Callable
from functools import cached_property
from typing import Annotated

from dativo_lint.checks.messages import (
    asset_may_set,
    at_run_time,
    overridden,
    shown_statement,
    statement_mentions,
    unset,
)
from dativo_lint.checks.params import RuleParams, about, non_empty, route
from dativo_lint.checks.violation import Results, Violation
from dativo_lint.documents.document import Document
from dativo_lint.documents.place import Field
from dativo_lint.documents.quoting import shown
from dativo_lint.edits.fix import Edit, Fix, NotExact, fix
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layers import job_field
from dativo_lint.jobs.selectors import Selector, Statement, is_tag, select, selector

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    where: Annotated[
        tuple[str, ...], non_empty("Tags and fields that decide; a trailing * matches any suffix.")
    ]
    needs: Annotated[str, about("The required tag or field.")]
    says: Annotated[
        tuple[str, ...], non_empty("Values that require it, in any case; by default any.")
    ] = ()
    instead: Annotated[
        tuple[str, ...], non_empty("Tags and fields that are accepted instead.")
    ] = ()
    to_be: Annotated[
        tuple[str, ...], non_empty("Allowed values, in any case; by default any.")
    ] = ()
    sets: Annotated[str | bool | None, about("The value that a fix writes.")] = None

    @cached_property
    def _where(self) -> tuple[Selector, ...]:
        return tuple(map(selector, self.where))

    @cached_property
    def _serving(self) -> tuple[Selector, ...]:
        return tuple(map(selector, (self.needs, *self.instead)))

    def judge(self, job: Job) -> Results:
        """Require one tag or field where others have certain values."""
        stated = select(job, self._serving)
        is_served = any(map(self._serves, stated))
        grounds = [] if is_served else list(filter(self._is_ground, select(job, self._where)))
        if not grounds:
            return
        ground = next((each for each in grounds if not each.is_open), None)
        unsure = next((each for each in stated if each.is_open), None)
        if ground is None or unsure is not None:
            first = unsure or grounds[0]
            yield at_run_time(first.at, first.name, first.text)
        elif stated:
            from dativo_lint.edits.fields import set_value  # only a violation needs it

            wrong = stated[0]
            message = f"{shown_statement(wrong)}, but {shown_statement(ground)}"
            message += f"; expected {self.to_be[0]}"
            mentions = (*overridden(wrong), *statement_mentions(ground))
            # Somebody decided it, so that another value is a decision, too.
            fixes = _setting(set_value, wrong.at, self.sets, is_safe=False)
            yield Violation(wrong.at, message, mentions, fixes)
        else:
            yield from _unset(job, self, ground, grounds)

    def _serves(self, statement: Statement) -> bool:
        is_good = statement.text.casefold() in map(str.casefold, self.to_be)
        return is_good if self.to_be else not statement.is_open

    def _is_ground(self, statement: Statement) -> bool:
        says = {word.casefold() for word in self.says}
        words = (part.casefold() for part in statement.parts)
        return not says or statement.is_open or not says.isdisjoint(words)


_MOST_MENTIONS = 5


def _setting(
    edit: Callable[[Document, Field, object], Edit | NotExact],
    at: FieldRef,
    value: object,
    *,
    is_safe: bool = True,
) -> tuple[Fix, ...]:
    """The fix that sets a field, if the rule says to what."""
    if value is None:
        return ()
    title = f"Set {at.name} to {shown(value)}"
    return (fix(title, edit(at.document, at.route, value), is_safe=is_safe),)


def _unset(job: Job, check: Check, ground: Statement, grounds: list[Statement]) -> Results:
    from dativo_lint.edits.fields import add  # only a violation needs it

    needs = check.needs
    tag = job.tags.assigned(needs) if is_tag(needs) else None
    if is_tag(needs) and tag is None and job.asset is None:
        if job.asset_is_open:
            yield asset_may_set(job, needs)
        return
    home = (job_field(needs) if is_tag(needs) else None) or route(needs)
    at = job.field(*home) if tag is None else tag.at
    if tag is None and at.is_there and at.value:
        # The schema rules report a value of the wrong type.
        return
    state = f"{at.name} is empty" if at.is_there else f"{needs} is not set"
    of_asset = job.asset.tag_field(needs) if tag is None and job.asset is not None else None
    mentions = [] if of_asset is None else [unset(of_asset)]
    for each in grounds[:_MOST_MENTIONS]:
        mentions += statement_mentions(each)
    trail = overridden(tag)
    fixes = () if at.is_there else _setting(add, at, check.sets)
    message = f"{state}, but {shown_statement(ground)}"
    yield Violation(at, message, (*trail, *mentions), fixes)
