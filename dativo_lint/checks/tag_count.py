"""a resource gets no more tags than its provider lets it carry"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

from msgspec import Meta, Struct, field

from dativo_lint.checks.answers import Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, SinkName, about, some
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.patterns import Pattern, compile_pattern

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
        dict[SinkName, str], about("Patterns for keys that do not count, by provider.")
    ] = field(default_factory=dict)


def prepare(
    params: Params,
) -> Callable[[Job | RenderedSet], Iterator[Violation | Unresolved]]:
    """Hold the number of tags against the limit of the provider, or of the type of resource."""
    most: dict[str, int] = {sink: number for sink, number in params.most.items()}  # noqa: C416
    added: dict[str, int] = {sink: number for sink, number in params.added.items()}  # noqa: C416
    least = min(limit - added.get(sink, 0) for sink, limit in most.items())
    limits = _Limits(
        most,
        dict(params.most_of),
        {sink: compile_pattern(it) for sink, it in params.not_counted.items()},
    )

    def judge(subject: Job | RenderedSet) -> Iterator[Violation | Unresolved]:
        if isinstance(subject, RenderedSet):
            # What Terraform adds is among the tags of a plan.
            yield from () if added else limits.judge(subject)
            return
        if not added and subject.tagged_resources:
            yield from limits.judge_resources(subject)
            return
        written = subject.value("infrastructure", "tags")
        if not isinstance(written, dict) or len(written) <= least:
            return
        said = subject.said("infrastructure", "provider")
        provider = said.value
        if is_open(provider):
            yield Unresolved(
                said, f"{said.name} is {provider}: it sets how many tags a resource takes"
            )
            return
        limit = most.get(provider.lower()) if isinstance(provider, str) else None
        if limit is None:
            return
        number = len({tag.key for tag in subject.sink(provider.lower())})
        more = added.get(provider.lower(), 0)
        if added and (
            number > limit or "infrastructure.terraform_module" not in subject.references
        ):
            return
        if number + more > limit:
            block = subject.said("infrastructure", "tags")
            message = f"{block.name} holds {number} tags; {provider} takes at most {limit}"
            message += f", and Terraform adds {more}" if more else ""
            yield Violation(block, message, (Mention(said, f"provider is {provider}"),))

    return judge


class _Limits(Struct, frozen=True):
    """How many tags a resource takes, by provider and by type, and which do not count."""

    most: Mapping[str, int]
    most_of: Mapping[str, int]
    not_counted: Mapping[str, Pattern]

    def judge_resources(self, subject: Job) -> Iterator[Violation]:
        """Count the tags that the module's expressions give to each resource."""
        for given in subject.given_tags:
            sink, tagged = given.traced.sink, given.traced.tagged
            number = len(given.texts)
            limit = self.most_of.get(tagged.resource.type, self.most.get(sink, number))
            if sink in self.most and number > limit:
                kind = tagged.resource.type if tagged.resource.type in self.most_of else sink
                message = f"{tagged.address} is given {number} tags; {kind} takes at most {limit}"
                at = subject.said("infrastructure", "tags")
                yield Violation(at, message, (Mention(tagged.place, "the module gives them here"),))

    def judge(self, rendered: RenderedSet) -> Iterator[Violation]:
        """Count the tags that are seen, what the provider's configuration adds among them."""
        sink = rendered.sink_name
        limit = self.most_of.get(rendered.resource, self.most.get(sink))
        if limit is None or len(rendered.entries) <= limit:
            return
        pattern = self.not_counted.get(sink)
        keys = {it.key for it in rendered.entries}
        number = sum(1 for key in keys if pattern is None or not pattern.fits(key))
        if number > limit:
            kind = rendered.resource if rendered.resource in self.most_of else sink
            message = f"{rendered.name} has {number} tags; {kind} takes at most {limit}"
            yield Violation(rendered.block, message)
