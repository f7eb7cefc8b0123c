"""every output that the job refers to is an output of its module"""

import re
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from dativo_lint.checks.params import RuleParams
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.place import spell
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.loading import MODULE_FIELD
from dativo_lint.names import Suggestions

if TYPE_CHECKING:
    from dativo_lint.terraform.module import Module

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    spelled: Annotated[
        str,
        Meta(pattern="^[a-z_]+$", description="The prefix of the name: ${terraform_output.NAME}."),
    ]

    def judge(self, job: Job) -> Results:
        """Look up the outputs that a job refers to."""
        text = job.config.text
        # Escapes may hide the word as well.
        if job.module is None or (self.spelled not in text and "\\" not in text):
            return
        reference = rf"\$\{{\s*{self.spelled}\s*\.\s*([^\W\d][\w-]*)"
        blocks = ((name,) for name in job.config.data if isinstance(name, str))
        suggestions = Suggestions(job.module.outputs)
        for scalar in job.scalars(*blocks):
            for name in dict.fromkeys(re.findall(reference, scalar.text or "")):
                if name not in job.module.outputs:
                    yield _unknown(name, scalar.field, job, job.module, suggestions)


def _unknown(
    name: str, at: FieldRef, job: Job, module: "Module", suggestions: Suggestions
) -> Violation | Unresolved:
    message = f"{_name(at)} refers to output {quoted(name)}, which the module does not have"
    if not module.complete:
        return Unresolved(at, f"{message}, as far as it can be read")
    named = job.field(*MODULE_FIELD)
    message += suggestions.of(name)
    return Violation(at, message, (Related(named, f"the module is {quoted(named.value)}"),))


def _name(field: FieldRef) -> str:
    """The field as people write it, from its last name on."""
    names = [number for number, step in enumerate(field.route) if isinstance(step, str)]
    return spell(field.route[names[-1] :])
