"""Module inputs: the value of each variable of a job's module, its conversion, and its validation,
also where the module passes it on to others."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from msgspec import Struct

from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.platform_variables import VariableValue
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import Validation, Variable
from dativo_lint.terraform.judge import Converted, RuleVerdict, convert_input, judge_rules
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.origins import Origin, Origins
from dativo_lint.terraform.plain_data import UNREAD, NotAValue, value_of
from dativo_lint.terraform.planning import KEY, Path, Planner
from dativo_lint.terraform.reach import Chain, Site, Tracer
from dativo_lint.terraform.run import Budget, Scope
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.types import TooMuch
from dativo_lint.terraform.values import Value, unknown
from dativo_lint.terraform.versions import Semantics, admitted

MOST_STEPS = 500_000
"""What the conditions of one module may cost together for one job; the rest is unknown."""

_NAMESPACES = ("classification_", "finops_", "governance_")
_MERGED = "finops_business_tags"
_CURRENT = ">= 1.9"
"""The versions assumed for a module without `required_version`."""


class Input(Struct, frozen=True, eq=False):
    """The value of one variable: the job's, and that which the module sees, or why it does not
    convert. `source` is None where nothing sets it, so that the default applies."""

    variable: Variable
    source: VariableValue | None
    converted: Converted


class ModuleInputs(Struct, frozen=True, eq=False, dict=True):
    """All variables of a module with their values, by name."""

    module: Module
    inputs: Mapping[str, Input]

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """The values behind `var.` in the module."""
        return {name: item.converted.value for name, item in self.inputs.items()}

    @property
    def epochs(self) -> tuple[Semantics, ...]:
        """The versions of Terraform that the module allows, by their semantics."""
        return epochs_of(self.module)

    def planner(self) -> Planner:
        """A new evaluator of the expressions of the module, and of those that it calls."""
        return Planner(self.values, self.epochs[-1])

    def verdicts(self, name: str) -> tuple[RuleVerdict, ...]:
        """The results of a variable's validation blocks; none for a value that does not convert.

        A block with a reference to something undeclared is an error of the module, and has no
        result.
        """
        item = self.inputs[name]
        if not item.variable.validations or item.converted.mismatch is not None:
            return ()
        read = _read_by_all(item.variable, self.module)
        values = tuple([self.inputs[other].converted for other in read])
        return _verdicts(item.variable, self.module, values)

    @cached_property
    def validated(self) -> tuple[tuple[Input, tuple[RuleVerdict, ...]], ...]:
        """The variables of which validation blocks say anything, with what they say."""
        names = [variable.name for variable in self.module.validated]
        verdicts = [(self.inputs[name], self.verdicts(name)) for name in names]
        return tuple([pair for pair in verdicts if pair[1]])

    def reads(self, validation: Validation) -> tuple[str, ...]:
        """The variables that a condition and its message refer to, through local values too."""
        return read_by(validation, self.module)

    def sources(self, origin: Origin) -> tuple[tuple[VariableValue, FieldRef], ...]:
        """What the job gives to the variables of an origin, and the fields behind it."""
        given = ((self.inputs[leaf.variable].source, leaf.path) for leaf in origin.leaves)
        fields = ((source, _field(source, path)) for source, path in given if source is not None)
        return tuple((source, at) for source, at in fields if at is not None)


class CalledInput(Struct, frozen=True, eq=False):
    """The value of a variable of a called module, that one of its validation blocks may refuse.

    `passed` is the argument of the call, or the default of the variable; `sources` are the values
    of the job behind it, and where the job sets them.
    """

    name: str
    value: Value
    verdict: RuleVerdict
    passed: Written | Variable
    sources: tuple[tuple[VariableValue, FieldRef], ...] = ()


def module_inputs(
    module: Module,
    own: Mapping[str, VariableValue],
    platform: Mapping[str, VariableValue],
    all_open: bool = False,
    asset_is_unknown: bool = False,
) -> ModuleInputs:
    """The inputs of a module; the job's `own` win over those of the `platform`.

    `all_open` means that the job may set anything besides them, `asset_is_unknown` that the tags of
    its asset are not among them.
    """
    values = {**platform, **own}

    def is_unsettled(name: str) -> bool:
        # The asset may set it.
        is_settled = name in own or (name in platform and name != _MERGED)
        return not is_settled and name.startswith(_NAMESPACES)

    inputs = {}
    for name, variable in module.variables.items():
        source = values.get(name)
        if all_open or (asset_is_unknown and is_unsettled(name)):
            value = converted(variable, ABSENT)
        elif source is None:
            value = convert_input(variable, None)
        else:
            value = converted(variable, source.value)
        inputs[name] = Input(variable, source, value)
    return ModuleInputs(module, inputs)


def converted(variable: Variable, data: Any) -> Converted:
    """The conversion of plain data by a variable; jobs with equal values share the result."""
    if data is ABSENT:
        return _converted(variable, b"")
    try:
        # In this version of the format equal bytes are equal data of equal types.
        return _converted(variable, marshal.dumps(data, 2))
    except ValueError:  # a date, or a whole number beyond all measure
        return convert_input(variable, in_terraform(data))


@lru_cache(maxsize=4_096)
def _converted(variable: Variable, data: bytes) -> Converted:
    written = marshal.loads(data) if data else ABSENT  # noqa: S302 - it was made here
    return convert_input(variable, in_terraform(written))


def in_terraform(data: Any) -> Value:
    """Plain data of a job as a Terraform value; unresolved parts are unknown."""
    if data is ABSENT:
        return unknown(UNREAD.reason)
    try:
        return value_of(data, is_open)
    except (NotAValue, TooMuch) as error:
        return unknown(str(error))


@lru_cache(maxsize=4_096)
def _verdicts(
    variable: Variable, module: Module, values: tuple[Converted, ...]
) -> tuple[RuleVerdict, ...]:
    """The results of a variable's validation blocks, for the variables that they read."""
    scope = Scope(
        {item.variable.name: item.value for item in values},
        module.local_expressions,
        budget=Budget(MOST_STEPS // len(module.validated)),
        texts=module.texts,
    )
    return tuple(
        verdict
        for verdict in judge_rules(variable, scope, epochs_of(module))
        if all(name in module.variables for name in read_by(verdict.validation, module))
    )


@lru_cache(maxsize=1_024)
def read_by(validation: Validation, module: Module) -> tuple[str, ...]:
    """The variables that a block refers to, through local values too."""
    names: dict[str, None] = {}
    pending = [*validation.expressions]
    locals_: set[str] = set()
    for written in pending:
        for _, meant in written.targets:
            if meant.kind == "var":
                names[meant.name] = None
            elif meant.kind == "local" and meant.name not in locals_:
                locals_.add(meant.name)
                local = module.locals.get(meant.name)
                pending += () if local is None else (local.value,)
    return tuple(names)


@lru_cache(maxsize=1_024)
def _read_by_all(variable: Variable, module: Module) -> tuple[str, ...]:
    """The variables of a module that the blocks of one refer to."""
    names = {name for block in variable.validations for name in read_by(block, module)}
    return tuple(sorted(names & module.variables.keys()))


@lru_cache(maxsize=1_024)
def epochs_of(module: Module) -> tuple[Semantics, ...]:
    """The versions of Terraform that a module allows, by their semantics."""
    return admitted([it.constraint for it in module.required_version] or [_CURRENT])


def _field(source: VariableValue, path: Path) -> FieldRef | None:
    """Where the job sets a part of a variable; None where it is a default of the module's."""
    at: FieldRef = source.field
    value: Any = source.value
    for key in path:
        if key == KEY or not isinstance(value, (dict, list)):
            return at
        step: Any = key
        if isinstance(value, list) and key in value:
            step = value.index(key)  # an element of a set
        try:
            at, value = at.child(step), value[step]
        except (LookupError, TypeError):
            # Terraform has keys that are not ASCII in normal form.
            return None if isinstance(key, int) or key.isascii() else at
    return None if value is None else at


def called_inputs(tree: ModuleTree, inputs: ModuleInputs) -> tuple[CalledInput, ...]:
    """The variables of the modules that a module calls for certain, where validation does not hold
    for certain; the search for what is behind one is long."""
    return (*_constant_inputs(tree), *_judged(_validated(tree)[1], inputs))


@lru_cache(maxsize=256)
def _constant_inputs(tree: ModuleTree) -> tuple[CalledInput, ...]:
    """Those of them that are the same for all jobs."""
    return tuple(_judged(_validated(tree)[0], ModuleInputs(tree.module, {})))


_Validated: TypeAlias = "tuple[tuple[Chain, Variable], ...]"


@lru_cache(maxsize=256)
def _validated(tree: ModuleTree) -> tuple[_Validated, _Validated]:
    """The variables of called modules that have validation blocks: those for which no value of the
    job matters, and all others."""
    constant: list[tuple[Chain, Variable]] = []
    varying: list[tuple[Chain, Variable]] = []
    tracer = Tracer()
    for chain in tree.chains():
        if len(chain) > 1 and chain[-1].module.complete:
            for variable in chain[-1].module.validated:
                reach = tracer.reach(*_sites(chain, variable))
                varies = reach.variables or reach.unsure
                (varying if varies else constant).append((chain, variable))
    return tuple(constant), tuple(varying)


def _sites(chain: Chain, variable: Variable) -> Iterator[Site]:
    """What decides whether a module is called, and whether its variable is valid."""
    for level, tree in enumerate(chain[1:], 1):
        names = tree.call.names if tree.call else {}
        yield from (Site(written, chain[:level], {}) for written in names.values())
    for block in variable.validations:
        yield from (Site(written, chain, {}) for written in block.expressions)


def _judged(validated: _Validated, inputs: ModuleInputs) -> Iterator[CalledInput]:
    planner = inputs.planner()
    origins = Origins(planner)
    for chain, variable in validated:
        for called in planner.expanded(chain):
            if planner.is_made({}, called):
                yield from _refused(called, variable, inputs, origins)


def _refused(
    chain: Chain, variable: Variable, inputs: ModuleInputs, origins: Origins
) -> Iterator[CalledInput]:
    planner, module = origins.planner, chain[-1].module
    scope = planner.scope(chain)
    for verdict in judge_rules(variable, scope, inputs.epochs):
        is_declared = all(it in module.variables for it in read_by(verdict.validation, module))
        if is_declared and verdict.outcome != "holds":
            calls = "".join(f"module.{it.call.name}{it.instance}." for it in chain if it.call)
            name, value = f"{calls}var.{variable.name}", scope.variables[variable.name]
            spot = planner.passed(chain, variable.name)
            passed = spot.written if spot else variable.default_expr or variable
            sources = inputs.sources(origins.follow(spot)) if spot else ()
            yield CalledInput(name, value, verdict, passed, sources)
