"""every taggable resource of the module has tags, with the required keys"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Judge, Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.tags import folded_key

if TYPE_CHECKING:
    from dativo_lint.jobs.module_tags import GivenTags

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    keys_of_the_job: Annotated[
        bool, about("Whether every key of infrastructure.tags is required on every resource.")
    ] = False
    lower_case: Annotated[
        tuple[Literal["aws", "gcp"], ...],
        about("Providers with lowercase tags, where any spelling of the key is accepted."),
    ] = ()


def prepare(params: Params) -> Judge:
    """Look at the tags of each resource."""

    def judge(job: Job) -> Results:
        block = job.field("infrastructure", "tags")
        # lost-tag reports a key that no resource has, job-tags-not-applied a resource without any.
        has_keys = params.keys_of_the_job and isinstance(block.value, dict)
        given_keys = {folded_key(key) for given in job.given_tags for key, _ in given.texts}
        keys = [
            key
            for key in map(str, block.value if has_keys else ())
            if folded_key(key) in given_keys
        ]
        for given in job.possible_tags:
            tagged, address = given.traced.tagged, shown(given.address)
            if not given.planned.certain:
                yield Unresolved(tagged, f"whether {address} is made is not known")
            elif not tagged.sites:
                yield _untagged(given)
            elif given.is_untagged:
                yield Violation(tagged, f"tags of {address} are empty")
            elif given.traced.reach.variables:
                any_case = given.traced.sink in params.lower_case
                yield from _missing(given, [block.child(key) for key in keys], any_case)

    return judge


def _untagged(given: GivenTags) -> Violation | Unresolved:
    """A resource without tags; unresolved where a part of the module could not be read."""
    lack = f"{shown(given.address)} has no tags"
    if not given.doubt:
        return Violation(given.traced.tagged, lack)
    return Unresolved(given.traced.tagged, f"{lack}, as far as the module can be read")


def _missing(given: GivenTags, wanted: list[FieldRef], any_case: bool) -> Results:
    texts, tagged = dict(given.texts), given.traced.tagged
    alike = {folded_key(key): key for key in texts}
    for at in wanted:
        key = str(at.route[-1])
        near = alike.get(folded_key(key))
        if key in texts or (any_case and near):
            continue
        if given.doubt:
            question = f"{shown(tagged.address)} may have tag {quoted(key)}: {shown(given.doubt)}"
            yield Unresolved(tagged, question)
            continue
        hint = f'; did you mean "{shown(near)}"?' if near else ""
        message = f"{shown(tagged.address)} has no tag {quoted(key)}{hint}"
        yield Violation(tagged, message, (Related(at.key, "set in the job here"),))
