"""every variable of the module without a default is set"""

from typing import TYPE_CHECKING, Annotated

from msgspec import field

from dativo_lint.checks.messages import declared_here, trail_mentions
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layers import job_field
from dativo_lint.jobs.tags import Assignment

if TYPE_CHECKING:
    from dativo_lint.terraform.declarations import Variable

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    fields: Annotated[
        tuple[str, ...], about("Variables set from the job's field of that name.")
    ] = ()
    namespaces: Annotated[
        dict[str, bool],
        about("Namespaces of tags that become variables, and whether the asset can set them."),
    ] = field(default_factory=dict)

    def judge(self, job: Job) -> Results:
        """Look for variables without a default that the job does not set."""
        variables = () if job.module is None else job.module.variables.values()
        supplied = job.platform_variables.keys() | job.own_variables.keys() if variables else ()
        lacking = [each for each in variables if each.required and each.name not in supplied]
        at = job.field(*_VARS)
        if lacking and at.is_open:
            question = f"terraform_vars is {quoted(at.value)}; the module requires more variables"
            yield Unresolved(at, question)
        elif at.value in (ABSENT, None) or isinstance(at.value, dict):
            for variable in lacking:
                yield from self._missing(job, variable, at)

    def _missing(self, job: Job, variable: "Variable", at: FieldRef) -> Results:
        name = variable.name
        namespace, _, rest = name.partition("_")
        by_asset = self.namespaces.get(namespace)
        if job.asset is None and by_asset:
            if job.asset_is_open:
                question = f'module variable "{shown(name)}" may be set by the asset'
                yield Unresolved(job.field("asset_path"), question)
            return
        trail: tuple[Assignment, ...] = ()
        message = f'required module variable "{shown(name)}" is not set'
        if rest and by_asset is not None:
            key = f"{namespace}.{rest}"
            erased = job.tags.erased.get(key)
            trail = () if erased is None else erased.trail
            where = "set neither in the job nor in its asset" if by_asset else "not set in the job"
            message += f": {shown(key)} is {where}"
            route = None if rest.startswith("fields_") else job_field(key)
            at = at if route is None else job.field(*route)
        elif name in self.fields:
            message += " in the job"
            at = job.field(name)
        yield Violation(at, message, (*trail_mentions(trail), declared_here(variable)))


_VARS = ("infrastructure", "terraform_vars")
