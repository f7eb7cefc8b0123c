"""tagged resources of the module use the tags of the job"""

from __future__ import annotations

from typing import Annotated

from msgspec.structs import replace

from dativo_lint.checks.params import RuleParams, is_named, some
from dativo_lint.checks.violation import Judge, Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.platform_variables import VariableValue

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    variables: Annotated[
        tuple[str, ...],
        some("Variables that carry the job's tags; a trailing * matches any suffix."),
    ]


_MOST_KEYS = 5


def prepare(params: Params) -> Judge:
    """Look for tagged resources without any tag of the job."""

    def carries_tags(variable: str) -> bool:
        return is_named(params.variables, variable)

    def judge(job: Job) -> Results:
        supplies = (it for name, it in job.platform_variables.items() if carries_tags(name))
        brought = [it for it in supplies if it.tag or (it.value and isinstance(it.value, dict))]
        tagged = [given for given in job.given_tags if not given.is_untagged]
        if not brought or not tagged:
            return
        alone = [given for given in tagged if not given.takes_from_job(carries_tags)]
        # Where no resource uses any, lost-tag names once for the module the variable that could.
        some_take = len(alone) < len(tagged)
        for given in alone:
            if given.carriers and not some_take:
                continue
            traced = given.traced
            place = traced.tagged.sites[-1].written.place
            at = replace(place, field=traced.tagged.resource.address)
            lack = f"{shown(traced.tagged.address)} does not use any of the job's tags"
            if given.carriers:
                lack += f"; set terraform_vars.{shown(given.carriers[0])}"
            if traced.reach.unsure:
                yield Unresolved(at, f"{lack}, unless {shown(min(traced.reach.unsure))} does")
            else:
                yield Violation(at, lack, (_tell(brought),))

    return judge


def _tell(brought: list[VariableValue]) -> Related:
    """The job's tags: those of the block, where it has any."""
    block = next((it for it in brought if isinstance(it.value, dict)), None)
    if block is None:
        return Related(brought[0].at, f"{shown(brought[0].name)} is set here")
    keys = [shown(key) for key in block.value]
    more = f" and {len(keys) - _MOST_KEYS} more" if len(keys) > _MOST_KEYS else ""
    return Related(block.at.key, f"the job sets {', '.join(keys[:_MOST_KEYS])}{more}")
