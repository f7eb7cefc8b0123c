"""The handover: what each variable of a job's module is given, and what Terraform makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from dativo_lint.records import dataclass
from dativo_lint.subject.said import is_open
from dativo_lint.terraform.judge import RuleVerdict, Taken, judge_rules, take
from dativo_lint.terraform.names import references, target
from dativo_lint.terraform.scope import Budget, Scope
from dativo_lint.terraform.syntax import Literal
from dativo_lint.terraform.types import TooMuch
from dativo_lint.terraform.values import NotAValue, Unknown, Value, unknown, value_of
from dativo_lint.terraform.versions import Semantics, admitted
from dativo_lint.texts.document import ABSENT

if TYPE_CHECKING:
    from dativo_lint.subject.supplies import Supply
    from dativo_lint.terraform.declarations import Validation, Variable
    from dativo_lint.terraform.module import Module

_OUR_DAYS = ">= 1.9"
MOST_STEPS = 500_000
"""What the conditions of one module may cost together for one job; the rest is unknown."""

_MOST_SHARED, _FEW_STEPS = 100, 20_000
"""Of modules with more conditions, and of costlier ones, the jobs do not share the verdicts."""
_PLAIN = frozenset({str, int, bool, type(None)})
_TEXT = frozenset({str})

_AT_RUN_TIME = "it is known at run time only"
_NAMESPACES = ("classification_", "finops_", "governance_")
_MERGED = "finops_business_tags"


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """What one variable is given.

    `supply` is None where nothing is handed over, so that the default counts; `taken` is what the
    variable makes of it: the value that the module sees, or why it takes none.
    """

    variable: Variable
    supply: Supply | None
    taken: Taken


@dataclass(frozen=True, eq=False)
class Handover:
    """All variables of a module with what a job's platform hands over, by name."""

    module: Module
    handed: Mapping[str, Handed]

    @cached_property
    def scope(self) -> Scope:
        """What the expressions of the module refer to."""
        variables = {name: it.taken.value for name, it in self.handed.items()}
        locals_ = {name: it.value.expression for name, it in self.module.locals.items()}
        return Scope(variables, locals_, budget=Budget(MOST_STEPS))

    @cached_property
    def epochs(self) -> tuple[Semantics, ...]:
        """The versions of Terraform that the module admits, by what they mean.

        A module that does not say is taken to be of our days.
        """
        said = [it.constraint for it in self.module.required_version]
        return admitted(said or [_OUR_DAYS])

    @cached_property
    def verdicts(self) -> Mapping[str, tuple[RuleVerdict, ...]]:
        """What the validation blocks say, of each variable that takes its value and has any.

        A block that refers to what is declared nowhere is an error of the module, and says nothing.
        """
        judged = [it for it in self.handed.values() if it.variable.validations]
        may_share = len(judged) <= _MOST_SHARED
        return {
            it.variable.name: tuple(
                verdict
                for verdict in self._judged(it.variable, may_share)
                if not self._reads_undeclared(verdict.validation)
            )
            for it in judged
            if it.taken.misfit is None
        }

    def _judged(self, variable: Variable, may_share: bool) -> tuple[RuleVerdict, ...]:
        """What the blocks of one variable say; jobs that give the same share the answer."""
        names = {name for it in variable.validations for name in self.reads(it)}
        values = tuple(
            (name, self.handed[name].taken.value) for name in sorted(names & self.handed.keys())
        )
        if may_share and all(value.data.__class__ in _PLAIN for _, value in values):
            shared = _shared_verdict(variable, self.module, self.epochs, values)
            if all(it.outcome != "unknown" for verdict in shared for it in verdict.answers):
                return shared
        return judge_rules(variable, self.scope, self.epochs)

    def reads(self, validation: Validation) -> tuple[str, ...]:
        """The variables that a condition and its message refer to, through local values too."""
        return _read_by(validation, self.module)

    def hides(self, verdict: RuleVerdict) -> bool:
        """Whether what a block says may tell the value of a sensitive variable."""
        message = verdict.validation.error_message
        if message is not None and isinstance(message.expression, Literal):
            if all(answer.outcome != "error" for answer in verdict.answers):
                return False
        return any(self.handed[name].variable.sensitive for name in self.reads(verdict.validation))

    def _reads_undeclared(self, validation: Validation) -> bool:
        return any(name not in self.handed for name in self.reads(validation))


@lru_cache(maxsize=4_096)
def _read_by(validation: Validation, module: Module) -> tuple[str, ...]:
    found: dict[str, None] = {}
    pending = [it.expression for it in (validation.condition, validation.error_message) if it]
    seen: set[str] = set()
    for expression in pending:
        for reference in references(expression):
            meant = target(reference)
            if meant is not None and meant.kind == "var":
                found[meant.name] = None
            elif meant is not None and meant.kind == "local" and meant.name not in seen:
                seen.add(meant.name)
                local = module.locals.get(meant.name)
                pending += () if local is None else (local.value.expression,)
    return tuple(found)


@lru_cache(maxsize=4_096)
def _shared_verdict(
    variable: Variable,
    module: Module,
    epochs: tuple[Semantics, ...],
    values: tuple[tuple[str, Value], ...],
) -> tuple[RuleVerdict, ...]:
    """What the blocks of a variable say, which is settled by the variables that they read."""
    locals_ = {name: it.value.expression for name, it in module.locals.items()}
    return judge_rules(variable, Scope(dict(values), locals_, budget=Budget(_FEW_STEPS)), epochs)


def hand_over(
    module: Module,
    supplies: Mapping[str, Supply],
    *,
    all_open: bool = False,
    asset_is_unknown: bool = False,
) -> Handover:
    """What a platform hands to a module; what only the running job knows is unknown.

    `all_open` says that the job may hand over anything beside its supplies, `asset_is_unknown` that
    the tags of its asset are not among them.
    """
    handed: dict[str, Handed] = {}
    for name, variable in module.variables.items():
        supply = supplies.get(name)
        if all_open or (asset_is_unknown and _hangs_on_asset(name, supply)):
            taken = _take_plain(variable, ABSENT)
        else:
            taken = take(variable, None) if supply is None else _take(variable, supply.value)
        handed[name] = Handed(variable, supply, taken)
    return Handover(module, handed)


def _take(variable: Variable, data: Any) -> Taken:
    """What a variable takes of a job's data; where they say the same, jobs share the answer."""
    if data.__class__ in _PLAIN or data is ABSENT:
        return _take_plain(variable, data)
    if isinstance(data, dict) and _TEXT.issuperset(map(type, (*data, *data.values()))):
        return _take_texts(variable, tuple(data.items()))
    return take(variable, in_terraform(data))


@lru_cache(maxsize=4_096, typed=True)
def _take_plain(variable: Variable, data: Any) -> Taken:
    return take(variable, in_terraform(data))


@lru_cache(maxsize=1_024)
def _take_texts(variable: Variable, items: tuple[tuple[str, str], ...]) -> Taken:
    return take(variable, in_terraform(dict(items)))


def _hangs_on_asset(name: str, supply: Supply | None) -> bool:
    """Whether an asset may have a say in a variable."""
    if supply is not None and (supply.is_own or name != _MERGED):
        return False
    return name.startswith(_NAMESPACES)


def in_terraform(data: Any) -> Value:
    """Plain data of a job as Terraform is given it; what is open in it is unknown."""
    if data is ABSENT:
        return unknown(_AT_RUN_TIME)
    try:
        return value_of(_with_unknown(data))
    except (NotAValue, TooMuch) as error:
        return unknown(str(error))


def _with_unknown(data: Any) -> Any:
    """Plain data with what is open in it marked; it nests no deeper than a document may."""
    if is_open(data):
        return Unknown(_AT_RUN_TIME)
    if isinstance(data, dict):
        if any(map(is_open, data)):
            return Unknown(_AT_RUN_TIME)
        return {key: _with_unknown(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_with_unknown(value) for value in data]
    return data
