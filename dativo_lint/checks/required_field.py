"""fields of the job are set, unless its module has defaults for them"""

from __future__ import annotations

from typing import Annotated

from dativo_lint.checks.params import RuleParams, non_empty
from dativo_lint.checks.violation import Judge, Related, Results, Violation
from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.tag_values import as_number

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    fields: Annotated[
        dict[str, str | None],
        non_empty("Required fields, each with the module variable that receives it, or null."),
    ]


def prepare(params: Params) -> Judge:
    """Require the fields, each by itself."""
    fields = tuple((tuple(name.split(".")), by) for name, by in params.fields.items())

    def judge(job: Job) -> Results:
        for route, variable in fields:
            value = job.value(*route)
            # The platform ignores a size of 0.
            is_zero = as_number(value) == 0
            if value is not ABSENT and value is not None and value != "" and not is_zero:
                continue
            declared = None
            if variable is not None and job.module is not None:
                declared = job.module.variables.get(variable)
                if declared is None or not declared.required or variable in job.own_variables:
                    continue
            at = job.field(*route)
            mentions = () if declared is None else (Related(declared, f"requires {variable}"),)
            state = "is missing" if value is ABSENT else "is 0" if is_zero else "is empty"
            yield Violation(at, f"{at.name} {state}", mentions)

    return judge
