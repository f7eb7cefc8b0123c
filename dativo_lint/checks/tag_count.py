"""a resource has no more tags than its provider allows, with those that Terraform adds"""

from typing import Annotated

from msgspec import Meta, field

from dativo_lint.checks.params import RuleParams, SinkName, about, non_empty, provider_of
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.loading import MODULE_NAME
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.sinks import sink_of
from dativo_lint.patterns import Pattern

APPLIES_TO = ("job", "rendered")


class Check(RuleParams, frozen=True):
    most: Annotated[
        dict[SinkName, Annotated[int, Meta(ge=0)]],
        non_empty("Maximum number of tags on one resource, by provider."),
    ]
    most_of: Annotated[
        dict[str, Annotated[int, Meta(ge=0)]],
        about("Maximum number of tags by resource type, where it differs."),
    ] = field(default_factory=dict)
    not_counted: Annotated[
        dict[SinkName, Pattern], about("Patterns of keys that are not counted, by provider.")
    ] = field(default_factory=dict)
    added: Annotated[
        dict[SinkName, Annotated[int, Meta(ge=1)]],
        about("Tags that Terraform adds: only jobs without room for them are reported."),
    ] = field(default_factory=dict)

    def judge(self, target: Job | RenderedSet) -> Results:
        """Compare the number of tags with the limit of the provider, or of the type of resource."""
        if isinstance(target, RenderedSet):
            # In a plan, what Terraform adds is among the tags.
            yield from () if self.added else self._judge_set(target)
        elif self.added:
            yield from self._judge_job(target) if MODULE_NAME in target.references else ()
        else:
            is_any = target.taggable_resources
            yield from self._judge_resources(target) if is_any else self._judge_job(target)

    def _limit_of(self, sink: str, type_: str) -> tuple[int | None, str]:
        """The most tags on a resource, and what sets that limit."""
        limit = self.most_of.get(type_)
        title = sink_of(sink).title or sink
        return (self.most.get(sink), title) if limit is None else (limit, type_)

    def _judge_job(self, job: Job) -> Results:
        most, added = self.most, self.added
        block = job.field("infrastructure", "tags")
        fewest = min(most.values()) - max(added.values(), default=0)
        if not isinstance(block.value, dict) or len(block.value) <= fewest:
            return
        at = job.field("infrastructure", "provider")
        if is_open(at.value):
            question = f"{at.name} is {quoted(at.value)}; the limit for tags depends on it"
            yield Unresolved(at, question)
            return
        cloud = provider_of(job)
        if cloud not in most or (added and cloud not in added):
            return
        limit, more = most[cloud], added.get(cloud, 0)
        number = len({tag.key for tag in job.sink(cloud)})
        if number <= limit < number + more or (number > limit and not more):
            title = sink_of(cloud).title
            message = f"{block.name} has {number} tags; {title} allows at most {limit}"
            message += f", and Terraform adds {more}" if more else ""
            yield Violation(block, message, (Related(at, f"provider is {quoted(at.value)}"),))

    def _judge_resources(self, job: Job) -> Results:
        """Count the tags that each resource gets from the module's expressions."""
        for resource in job.resources:
            number = len(resource.texts)
            limit, by = self._limit_of(resource.sink, resource.type)
            if limit is not None and number > limit:
                message = f"{resource.address} gets {number} tags; {by} allows at most {limit}"
                mention = Related(resource.tagged.place, "set by the module here")
                yield Violation(job.field("infrastructure", "tags"), message, (mention,))

    def _judge_set(self, rendered: RenderedSet) -> Results:
        """Count the tags in the set, with those that the provider's configuration adds."""
        limit, by = self._limit_of(rendered.sink_name, rendered.resource)
        pattern = self.not_counted.get(rendered.sink_name)
        keys = {entry.key for entry in rendered.entries}
        number = sum(1 for key in keys if pattern is None or not pattern.fits(key))
        if limit is not None and number > limit:
            message = f"{rendered.name} has {number} tags; {by} allows at most {limit}"
            yield Violation(rendered.block, message)
