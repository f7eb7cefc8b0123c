"""Called inputs: the values that calls of modules pass, as their validation blocks judge them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.module_inputs import ModuleInputs, read_by
from dativo_lint.jobs.module_tags import sources_of
from dativo_lint.jobs.platform_variables import VariableValue
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import Variable
from dativo_lint.terraform.judge import RuleVerdict, judge_rules
from dativo_lint.terraform.origins import Origins
from dativo_lint.terraform.planning import Planner
from dativo_lint.terraform.reach import Chain
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.values import Value


class CalledInput(Struct, frozen=True, eq=False):
    """The value of a variable of a called module, as one of its validation blocks judges it.

    `passed` is the argument of the call, or the default of the variable; `sources` are the values
    of the job behind it, and where the job sets them.
    """

    name: str
    value: Value
    verdict: RuleVerdict
    passed: Written | Variable
    sources: tuple[tuple[VariableValue, FieldRef], ...] = ()


def called_inputs(tree: ModuleTree, inputs: ModuleInputs) -> Iterator[CalledInput]:
    """The validated variables of the modules that a module calls for certain."""
    planner = Planner(inputs.values, inputs.epochs[-1])
    origins = Origins(planner)
    for chain, variable in _validated(tree):
        for called in planner.expanded(chain):
            if planner.is_made({}, called):
                yield from _judged(called, variable, inputs, origins)


@lru_cache(maxsize=1_024)
def _validated(tree: ModuleTree) -> tuple[tuple[Chain, Variable], ...]:
    """The variables of called modules that have validation blocks."""
    return tuple(
        (chain, variable)
        for chain in tree.chains()
        if len(chain) > 1 and chain[-1].module.complete
        for variable in chain[-1].module.variables.values()
        if variable.validations
    )


def _judged(
    chain: Chain, variable: Variable, inputs: ModuleInputs, origins: Origins
) -> Iterator[CalledInput]:
    planner, module = origins.planner, chain[-1].module
    scope, spot = planner.scope(chain), planner.passed(chain, variable.name)
    sources = sources_of(inputs, origins.follow(spot)) if spot else ()
    passed = spot.written if spot else variable.default_expr or variable
    calls = "".join(f"module.{it.call.name}{it.instance}." for it in chain if it.call)
    for verdict in judge_rules(variable, scope, inputs.epochs):
        if all(name in module.variables for name in read_by(verdict.validation, module)):
            value = scope.variables[variable.name]
            yield CalledInput(f"{calls}var.{variable.name}", value, verdict, passed, sources)
