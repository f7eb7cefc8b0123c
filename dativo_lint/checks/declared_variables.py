"""what the job supplies is declared as a variable by its module"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.wording import MOST_SUGGESTIONS, nearest, shown
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.platform_variables import VariableValue

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
    supplied_by: Annotated[
        Literal["terraform_vars", "platform"], about("Whose variables are judged.")
    ]
    names: Annotated[
        tuple[str, ...], about("Of the platform's variables, those that are judged.")
    ] = ()


_MODULE = "infrastructure.terraform_module"


def prepare(params: Params) -> Judge:
    """Look for supplies that the module has no variable for."""
    names = frozenset(params.names)
    is_own = params.supplied_by == "terraform_vars"

    def judge(subject: Job) -> Answers:
        module = subject.module
        if module is None or not (module.complete or is_own):
            return
        supplies = subject.own_supplies if is_own else subject.platform_supplies
        judged = supplies.keys() if is_own else supplies.keys() & names
        unknown = judged - module.variables.keys()
        # In the order in which they are supplied.
        told = (supplies[name] for name in supplies if name in unknown) if unknown else ()
        for number, supply in enumerate(told):
            if module.complete:
                known = module.variables if number < MOST_SUGGESTIONS else ()
                yield _breach(supply, subject, known)
            else:
                yield Unresolved(supply.at.key, f"{_lack(supply)} where it can be read")

    return judge


def _lack(supply: VariableValue) -> str:
    return f"the module declares no variable {shown(supply.name)}"


def _breach(supply: VariableValue, subject: Job, known: Iterable[str]) -> Violation:
    reference = subject.references.get(_MODULE)
    mentions: tuple[Mention, ...] = ()
    if reference is not None:
        mentions = (Mention(reference.said, f"the module is {shown(reference.said.value)}"),)
    if supply.is_own:
        return Violation(supply.at.key, f"{_lack(supply)}{nearest(supply.name, known)}", mentions)
    said = supply.at
    message = f"{said.route[-1]} is {shown(said.value)}, and {_lack(supply)}"
    return Violation(said, message, mentions)
