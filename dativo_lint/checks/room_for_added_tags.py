"""the tags of a job leave room for those that Terraform adds"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from dativo_lint.checks.params import RuleParams, SinkName, about
from dativo_lint.checks.violation import Judge, Related, Results, Violation
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.sinks import TITLES

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    sink: Annotated[SinkName, about("The provider that receives the tags.")]
    most: Annotated[int, Meta(ge=0, description="Maximum number of tags on one resource.")]
    added: Annotated[int, Meta(ge=1, description="Number of tags that Terraform itself adds.")]


def prepare(params: Params) -> Judge:
    """Count the tags of a job with a module; too-many-tags reports those over the limit alone."""

    def judge(job: Job) -> Results:
        block = job.field("infrastructure", "tags")
        has_module = "infrastructure.terraform_module" in job.references
        # In a plan, what Terraform adds is among the tags.
        if not isinstance(block.value, dict) or not has_module:
            return
        if len(block.value) + params.added <= params.most:
            return
        number = len({tag.key for tag in job.sink(params.sink)})
        if number <= params.most < number + params.added:
            message = f"{block.name} has {number} tags; {TITLES[params.sink]} allows at most "
            message += f"{params.most}, and Terraform adds {params.added}"
            at = job.field("infrastructure", "provider")
            yield Violation(block, message, (Related(at, f'provider is "{at.value}"'),))

    return judge
