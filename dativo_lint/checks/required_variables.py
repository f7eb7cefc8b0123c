"""every variable of the module without a default is set"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import field

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.wording import trail_mentions
from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.wording import quoted, shown
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.tags import Assignment

if TYPE_CHECKING:
    from dativo_lint.terraform.declarations import Variable

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    fields: Annotated[
        tuple[str, ...], about("Variables set from the job's field of that name.")
    ] = ()
    namespaces: Annotated[
        dict[str, bool],
        about("Namespaces of tags that become variables, and whether the asset can set them."),
    ] = field(default_factory=dict)


_VARS = ("infrastructure", "terraform_vars")


def prepare(params: Params) -> Judge:
    """Look for variables without a default that the job does not set."""

    def judge(job: Job) -> Answers:
        variables = () if job.module is None else job.module.variables.values()
        given = job.platform_supplies.keys() | job.own_supplies.keys() if variables else ()
        lacking = [each for each in variables if each.required and each.name not in given]
        at = job.said(*_VARS)
        if lacking and at.is_open:
            question = f"terraform_vars is {quoted(at.value)}; the module requires more variables"
            yield Unresolved(at, question)
        elif at.value in (ABSENT, None) or isinstance(at.value, dict):
            for variable in lacking:
                yield from missing(job, variable, at)

    def missing(job: Job, variable: Variable, at: FieldRef) -> Answers:
        name = variable.name
        namespace, _, rest = name.partition("_")
        if job.asset_is_unknown and params.namespaces.get(namespace):
            if job.asset_is_open:
                question = f'module variable "{shown(name)}" may be set by the asset'
                yield Unresolved(job.said("asset_path"), question)
            return
        trail: tuple[Assignment, ...] = ()
        if rest and namespace in params.namespaces:
            key = f"{namespace}.{rest}"
            erased = job.tags.erased.get(key)
            trail = () if erased is None else erased.trail
            message = f'required module variable "{shown(name)}" is not set: '
            message += f"{shown(key)} is set neither in the job nor in its asset"
        elif name in params.fields:
            message = f'required module variable "{shown(name)}" is not set in the job'
        else:
            message = f'required module variable "{shown(name)}" is not set'
        declared = Mention(variable, "the module declares it here")
        yield Violation(at, message, (*trail_mentions(trail), declared))

    return judge
