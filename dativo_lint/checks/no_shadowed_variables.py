"""no name in terraform_vars overrides a platform variable"""

from __future__ import annotations

from dativo_lint.checks.params import RuleParams
from dativo_lint.checks.violation import Related, Results, Violation
from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.quoting import shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.platform_variables import VariableValue

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    """Look for names that both the job and the platform supply."""

    def judge(self, job: Job) -> Results:
        for name, supply in job.own_variables.items():
            if name in job.platform_variables:
                yield _violation(supply, job.platform_variables[name])


def _violation(own: VariableValue, other: VariableValue) -> Violation:
    """Values stay out of the message: a variable of the module may be a secret."""
    if other.tag is not None:
        mentions = tuple(
            Related(word.at, f"{word.layer.value} sets {other.tag.key}") for word in other.tag.trail
        )
    elif other.value is ABSENT:
        mentions = ()
    else:
        mentions = (Related(other.at, f"the platform reads it from {other.at.name}"),)
    message = f"terraform_vars.{shown(own.name)} overrides the platform variable of that name"
    return Violation(own.at.key, message, mentions)
