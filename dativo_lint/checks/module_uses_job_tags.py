"""tagged resources of the module use the tags of the job"""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from dativo_lint.checks.params import Carriers, RuleParams, is_named
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.platform_variables import VariableValue

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    variables: Carriers

    def judge(self, job: Job) -> Results:
        """Look for tagged resources without any tag of the job."""
        tagged = [resource for resource in job.resources if not resource.is_untagged]
        is_carrier = partial(is_named, self.variables)
        without = [each for each in tagged if not each.uses_job_tags(is_carrier)]
        # Where no resource uses any, lost-tag names once for the module the variable that could.
        is_any_used = len(without) < len(tagged)
        supplied = self._supplied(job) if without else []
        for resource in without if supplied else ():
            if resource.unset_variables and not is_any_used:
                continue
            place = resource.tagged.sites[-1].written.place
            at = replace(place, field=resource.tagged.resource.address)
            message = f"{shown(resource.tagged.address)} does not use any of the job's tags"
            if resource.unset_variables:
                message += f"; set terraform_vars.{shown(resource.unset_variables[0])}"
            if resource.reach.unsure:
                yield Unresolved(at, f"{message}, unless {shown(min(resource.reach.unsure))} does")
            else:
                # Only a module that needs it loads what edits it.
                from dativo_lint.edits.module_tags import use_job_tags

                fixes = () if resource.unset_variables else use_job_tags([resource])
                yield Violation(at, message, (_job_tags(supplied),), fixes)

    def _supplied(self, job: Job) -> list[VariableValue]:
        """The variables with the job's tags that have a value."""
        variables = (
            variable
            for name, variable in job.platform_variables.items()
            if is_named(self.variables, name)
        )
        return [
            each for each in variables if each.tag or (each.value and isinstance(each.value, dict))
        ]


_MOST_KEYS = 5


def _job_tags(variables: list[VariableValue]) -> Related:
    """The job's tags: those of the block, where it has any."""
    block = next((variable for variable in variables if isinstance(variable.value, dict)), None)
    if block is None:
        return Related(variables[0].at, f"{shown(variables[0].name)} is set here")
    keys = [shown(key) for key in block.value]
    more = f" and {len(keys) - _MOST_KEYS} more" if len(keys) > _MOST_KEYS else ""
    return Related(block.at.key, f"the job sets {', '.join(keys[:_MOST_KEYS])}{more}")
