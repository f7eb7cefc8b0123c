"""a resource gets no more tags than its provider lets it carry"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, field

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, SinkName, about, some
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.patterns import Pattern

APPLIES_TO = ("job", "rendered")


class Params(RuleParams, frozen=True):
    most: Annotated[
        dict[SinkName, Annotated[int, Meta(ge=0)]],
        some("The most tags on one resource, by provider."),
    ]
    most_of: Annotated[
        dict[str, Annotated[int, Meta(ge=0)]],
        about("The most tags on resources of a type, where it differs."),
    ] = field(default_factory=dict)
    added: Annotated[
        dict[SinkName, Annotated[int, Meta(ge=1)]],
        about("How many tags Terraform itself adds, by provider; only these are reported."),
    ] = field(default_factory=dict)
    not_counted: Annotated[
        dict[SinkName, Pattern], about("Patterns for keys that do not count, by provider.")
    ] = field(default_factory=dict)


def prepare(params: Params) -> Judge:
    """Hold the number of tags against the limit of the provider, or of the type of resource."""
    most: dict[str, int] = dict(params.most.items())
    added: dict[str, int] = dict(params.added.items())
    not_counted: dict[str, Pattern] = dict(params.not_counted.items())

    def limit_of(sink: str, type_: str) -> tuple[int | None, str]:
        """The most tags on a resource, and what sets that limit."""
        limit = params.most_of.get(type_)
        return (most.get(sink), sink) if limit is None else (limit, type_)

    def judge(subject: Job | RenderedSet) -> Iterable[Violation | Unresolved]:
        if isinstance(subject, RenderedSet):
            # What Terraform adds is among the tags of a plan.
            return () if added else judge_rendered(subject)
        is_evaluated = not added and subject.tagged_resources
        return judge_resources(subject) if is_evaluated else judge_job(subject)

    def judge_job(job: Job) -> Answers:
        block = job.said("infrastructure", "tags")
        least = min(limit - added.get(sink, 0) for sink, limit in most.items())
        if not isinstance(block.value, dict) or len(block.value) <= least:
            return
        at = job.said("infrastructure", "provider")
        provider = at.value
        if is_open(provider):
            question = f"{at.name} is {provider}: it sets how many tags a resource takes"
            yield Unresolved(at, question)
            return
        limit = most.get(provider.lower()) if isinstance(provider, str) else None
        if limit is None:
            return
        number = len({tag.key for tag in job.sink(provider.lower())})
        more = added.get(provider.lower(), 0)
        has_module = "infrastructure.terraform_module" in job.references
        if number + more > limit and not (added and (number > limit or not has_module)):
            message = f"{block.name} holds {number} tags; {provider} takes at most {limit}"
            message += f", and Terraform adds {more}" if more else ""
            yield Violation(block, message, (Mention(at, f"provider is {provider}"),))

    def judge_resources(job: Job) -> Answers:
        """Count the tags that the module's expressions give to each resource."""
        for given in job.given_tags:
            tagged, number = given.traced.tagged, len(given.texts)
            limit, by = limit_of(given.traced.sink, tagged.resource.type)
            if limit is not None and number > limit:
                message = f"{given.address} is given {number} tags; {by} takes at most {limit}"
                mention = Mention(tagged.place, "the module gives them here")
                yield Violation(job.said("infrastructure", "tags"), message, (mention,))

    def judge_rendered(rendered: RenderedSet) -> Answers:
        """Count the tags that are seen, what the provider's configuration adds among them."""
        limit, by = limit_of(rendered.sink_name, rendered.resource)
        pattern = not_counted.get(rendered.sink_name)
        keys = {entry.key for entry in rendered.entries}
        number = sum(1 for key in keys if pattern is None or not pattern.fits(key))
        if limit is not None and number > limit:
            message = f"{rendered.name} has {number} tags; {by} takes at most {limit}"
            yield Violation(rendered.block, message)

    return judge
