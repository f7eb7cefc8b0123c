"""The handover: what each variable of a job's module is given, and what Terraform makes of it."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from dativo_lint.records import dataclass
from dativo_lint.subject.said import is_open
from dativo_lint.terraform.judge import RuleVerdict, Taken, judge_rules, surely_fits, take
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
_PLAIN = frozenset({str, int, float, bool, type(None)})

_AT_RUN_TIME = "it is known at run time only"
_NAMESPACES = ("classification_", "finops_", "governance_")
_MERGED = "finops_business_tags"


@dataclass(frozen=True, eq=False)
class Handed:
    """What one variable is given.

    `supply` is None where nothing is handed over, so that the default counts; `is_open` says that
    what is handed over is known at run time only.
    """

    variable: Variable
    supply: Supply | None
    is_open: bool = False

    @cached_property
    def taken(self) -> Taken:
        """What the variable makes of it: the value that the module sees, or why it takes none."""
        if self.is_open:
            return _take_plain(self.variable, ABSENT)
        if self.supply is None:
            return take(self.variable, None)
        return _take(self.variable, self.supply.value)

    @cached_property
    def surely_fits(self) -> bool:
        """Whether it is plain without a closer look that the variable takes what it is given."""
        data = None if self.supply is None else self.supply.value
        return self.is_open or (data is not None and surely_fits(self.variable, data))


@dataclass(frozen=True, eq=False)
class Handover:
    """All variables of a module with what a job's platform hands over, by name."""

    module: Module
    handed: Mapping[str, Handed]

    @cached_property
    def scope(self) -> Scope:
        """What the expressions of the module refer to."""
        variables = _Values(self.handed)
        locals_ = {name: it.value.expression for name, it in self.module.locals.items()}
        return Scope(variables, locals_, budget=Budget(MOST_STEPS))

    @cached_property
    def epochs(self) -> tuple[Semantics, ...]:
        """The versions of Terraform that the module admits, by what they mean.

        A module that does not say is taken to be of our days.
        """
        return _epochs(self.module)

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
        if may_share:
            names = _all_read_by(variable, self.module)
            taken = tuple(self.handed[name].taken for name in names)
            shared = _shared_verdict(variable, self.module, taken)
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


class _Values(Mapping[str, Value]):
    """What the variables of a module are, each worked out when it is asked for."""

    def __init__(self, handed: Mapping[str, Handed]) -> None:
        self._handed = handed

    def __getitem__(self, name: str) -> Value:
        return self._handed[name].taken.value

    def __iter__(self) -> Iterator[str]:
        return iter(self._handed)

    def __len__(self) -> int:
        return len(self._handed)


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
def _all_read_by(variable: Variable, module: Module) -> tuple[str, ...]:
    """The variables of a module that the blocks of one refer to."""
    names = {name for it in variable.validations for name in _read_by(it, module)}
    return tuple(sorted(names & module.variables.keys()))


@lru_cache(maxsize=4_096)
def _epochs(module: Module) -> tuple[Semantics, ...]:
    said = [it.constraint for it in module.required_version]
    return admitted(said or [_OUR_DAYS])


@lru_cache(maxsize=4_096)
def _shared_verdict(
    variable: Variable, module: Module, taken: tuple[Taken, ...]
) -> tuple[RuleVerdict, ...]:
    """What the blocks of a variable say, which is settled by the variables that they read."""
    locals_ = {name: it.value.expression for name, it in module.locals.items()}
    values = {it.variable.name: it.value for it in taken}
    scope = Scope(values, locals_, budget=Budget(_FEW_STEPS))
    return judge_rules(variable, scope, _epochs(module))


def hand_over(
    module: Module,
    supply_of: Callable[[str], Supply | None],
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
        supply = supply_of(name)
        is_open = all_open or (asset_is_unknown and _hangs_on_asset(name, supply))
        handed[name] = Handed(variable, supply, is_open)
    return Handover(module, handed)


def _take(variable: Variable, data: Any) -> Taken:
    """What a variable takes of a job's data; where they say the same, jobs share the answer."""
    if data.__class__ in _PLAIN or data is ABSENT:
        return _take_plain(variable, data)
    try:
        # A key to what cannot be hashed; the version without references in it.
        return _take_collection(variable, marshal.dumps(data, 2))
    except ValueError:  # a date, or a whole number beyond all measure
        return take(variable, in_terraform(data))


@lru_cache(maxsize=4_096, typed=True)
def _take_plain(variable: Variable, data: Any) -> Taken:
    return take(variable, in_terraform(data))


@lru_cache(maxsize=1_024)
def _take_collection(variable: Variable, data: bytes) -> Taken:
    return take(variable, in_terraform(marshal.loads(data)))  # noqa: S302 - it was made here


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
