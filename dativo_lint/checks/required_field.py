"""fields of the job are set, unless its module has defaults for them"""

from typing import Annotated

from dativo_lint.checks.params import RuleParams, non_empty, route
from dativo_lint.checks.violation import Related, Results, Violation
from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.tag_values import as_number

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    fields: Annotated[
        dict[str, str | None],
        non_empty("Required fields, each with the module variable that receives it, or null."),
    ]

    def judge(self, job: Job) -> Results:
        """Require the fields, each by itself."""
        for name, variable in self.fields.items():
            at = job.field(*route(name))
            # The platform ignores a size of 0.
            is_zero = as_number(at.value) == 0
            if at.value not in (ABSENT, None, "") and not is_zero:
                continue
            declared = None
            if variable is not None and job.module is not None:
                declared = job.module.variables.get(variable)
                if declared is None or not declared.required or variable in job.own_variables:
                    continue
            mentions = () if declared is None else (Related(declared, f"requires {variable}"),)
            state = "is empty" if at.is_there else "is missing"
            yield Violation(at, f"{at.name} {'is 0' if is_zero else state}", mentions)
