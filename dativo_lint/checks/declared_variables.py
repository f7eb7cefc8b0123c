"""the module declares a variable for everything that the job supplies"""

from typing import TYPE_CHECKING, Annotated, Literal

from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Related, Results, Unresolved, Violation
from dativo_lint.documents.place import start_of
from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.loading import MODULE_NAME
from dativo_lint.names import most_suggestions, nearest

if TYPE_CHECKING:
    from dativo_lint.terraform.module import Module

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    supplied_by: Annotated[
        Literal["terraform_vars", "platform"], about("Whose variables are checked.")
    ]
    names: Annotated[tuple[str, ...], about("The platform's variables that are checked.")] = ()

    def judge(self, job: Job) -> Results:
        """Look for inputs that the module has no variable for."""
        if job.module is not None:
            is_own = self.supplied_by == "terraform_vars"
            yield from (_judge_own if is_own else self._judge_platform)(job, job.module)

    def _judge_platform(self, job: Job, module: "Module") -> Results:
        """Reported once for a module, and so with the same message whatever a job supplies."""
        unknown = [name for name in self.names if name not in module.variables]
        supplied = [name for name in unknown if name in job.platform_variables]
        if module.complete and module.files and supplied:
            values = (job.platform_variables[name].at for name in supplied)
            mentions = tuple(Related(at, f"{at.name} is {quoted(at.value)}") for at in values)
            first_file = start_of(module.files[0].path)
            message = f"the module does not declare {', '.join(unknown)}"
            yield Violation(first_file, message, mentions)


def _judge_own(job: Job, module: "Module") -> Results:
    unknown = (each for name, each in job.own_variables.items() if name not in module.variables)
    most = most_suggestions(module.variables)
    for number, supply in enumerate(unknown):
        from dativo_lint.edits.names import renamed  # only a violation needs it

        lack = f"the module does not declare variable {quoted(supply.name)}"
        if not module.complete:
            yield Unresolved(supply.at.key, f"{lack}, as far as it can be read")
            continue
        known = module.variables if number < most else ()
        at = job.references[MODULE_NAME].field
        fixes = renamed(supply.at.document, supply.at.route, known)
        if number < most:
            from dativo_lint.edits.variables import declare  # only a module that lacks one loads it

            fixes += declare(module, supply.name, supply.value)
        message = lack + nearest(supply.name, known)
        mention = Related(at, f"the module is {quoted(at.value)}")
        yield Violation(supply.at.key, message, (mention,), fixes)
