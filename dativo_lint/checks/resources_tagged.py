"""the module tags every resource that takes tags, and with the keys that have to be there"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.tags import folded_key

if TYPE_CHECKING:
    from dativo_lint.jobs.module_tags import GivenTags, TracedTags

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    keys: Annotated[tuple[str, ...], about("Tags that every resource has to have.")] = ()
    keys_of_the_job: Annotated[
        bool, about("Whether every key of infrastructure.tags is required too.")
    ] = False
    lower_case: Annotated[
        tuple[Literal["aws", "gcp"], ...],
        about("Providers with lowercase tags: any spelling of the key counts."),
    ] = ()


def prepare(params: Params) -> Judge:
    """Look at the tags that each resource would be given."""
    keys = tuple(params.keys)
    of_job = params.keys_of_the_job
    lower_case = frozenset(params.lower_case)

    def judge(subject: Job) -> Answers:
        if not subject.tagged_resources:
            return
        wanted: dict[str, FieldRef | None] = dict.fromkeys(keys)
        block = subject.value("infrastructure", "tags") if of_job else None
        if isinstance(block, dict):
            said = subject.said("infrastructure", "tags")
            wanted.update((str(key), said.below(key)) for key in block)
        for given in subject.given_tags:
            if not given.traced.tagged.sites:
                yield _untagged(given)
            elif not given.texts and not given.doubt and _is_fixed(given.traced):
                address = shown(given.traced.tagged.address)
                yield Violation(given.traced.tagged, f"the tags of {address} are empty")
            else:
                yield from _missing(given, wanted, given.traced.sink in lower_case)

    return judge


def _untagged(given: GivenTags) -> Violation | Unresolved:
    """Of a module that was not read whole, nobody knows what else it says of a resource."""
    lack = f"{shown(given.traced.tagged.address)} has no tags"
    if all(tree.module.complete for tree in given.traced.tagged.chain):
        return Violation(given.traced.tagged, lack)
    return Unresolved(given.traced.tagged, f"{lack} where the module can be read")


def _is_fixed(traced: TracedTags) -> bool:
    """Whether no job has a say in the tags."""
    return not traced.reach.variables and not traced.reach.unsure


def _missing(given: GivenTags, wanted: Mapping[str, FieldRef | None], lower_case: bool) -> Answers:
    entries, tagged = dict(given.texts), given.traced.tagged
    if entries.keys() >= wanted.keys():
        return
    alike = {folded_key(key): key for key in entries}
    missing = [
        key
        for key in wanted
        if key not in entries and not (lower_case and folded_key(key) in alike)
    ]
    if missing and given.doubt:
        names = ", ".join(map(shown, missing[:5]))
        question = f"whether {shown(tagged.address)} has the tags {names} cannot be told"
        yield Unresolved(tagged, f"{question}: {shown(given.doubt)}")
        return
    for key in missing:
        near = alike.get(folded_key(key))
        hint = f"; nearest: {shown(near)}" if near else ""
        said = wanted[key]
        mentions = () if said is None else (Mention(said.key, "the job says it here"),)
        message = f"{shown(tagged.address)} lacks the tag {shown(key)}{hint}"
        yield Violation(tagged, message, mentions)
