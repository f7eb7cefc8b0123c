"""The handover: what each variable of a job's module is given, and what Terraform makes of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

from dativo_lint.subject.fitting import NOT_GIVEN, fitting_of
from dativo_lint.subject.sieves import FEW_STEPS, epochs_of, may_share
from dativo_lint.subject.taking import taken
from dativo_lint.terraform.judge import RuleVerdict, Taken, judge_rules, surely_fits, take
from dativo_lint.terraform.names import references, target
from dativo_lint.terraform.syntax import Literal
from dativo_lint.terraform.versions import Semantics
from dativo_lint.texts.document import ABSENT

if TYPE_CHECKING:
    from dativo_lint.subject.supplies import OwnSupplies, Supplies, Supply
    from dativo_lint.terraform.declarations import Validation, Variable
    from dativo_lint.terraform.module import Module
    from dativo_lint.terraform.scope import Scope

_Of = TypeVar("_Of")

MOST_STEPS = 500_000
"""What the conditions of one module may cost together for one job; the rest is unknown."""

_NAMESPACES = ("classification_", "finops_", "governance_")
_MERGED = "finops_business_tags"


class Handed(Struct, frozen=True, eq=False, dict=True):
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
            return taken(self.variable, ABSENT)
        if self.supply is None:
            return take(self.variable, None)
        return taken(self.variable, self.supply.value)

    @cached_property
    def surely_fits(self) -> bool:
        """Whether it is plain without a closer look that the variable takes what it is given."""
        data = None if self.supply is None else self.supply.value
        return self.is_open or (data is not None and surely_fits(self.variable, data))


class Handover(Struct, frozen=True, eq=False, dict=True):
    """All variables of a module with what a job's platform hands over.

    `own` are the job's variables, which win over those of the `platform`. `all_open` says that the
    job may hand over anything beside them, `asset_is_unknown` that the tags of its asset are not
    among them.
    """

    module: Module
    own: OwnSupplies
    platform: Supplies
    all_open: bool = False
    asset_is_unknown: bool = False

    @cached_property
    def handed(self) -> Mapping[str, Handed]:
        """What each variable is given, by name; put together when it is asked for."""
        return _AsAsked(self.module.variables, self._hand)

    def _hand(self, name: str) -> Handed:
        supply = self.own.get(name) or self.platform.get(name)
        return Handed(self.module.variables[name], supply, self.is_open(name))

    def is_open(self, name: str) -> bool:
        """Whether only the running job knows what a variable is given."""
        if self.all_open or not self.asset_is_unknown:
            return self.all_open
        # An asset may have a say in it.
        is_settled = name in self.own or (name in self.platform and name != _MERGED)
        return not is_settled and name.startswith(_NAMESPACES)

    @property
    def names(self) -> Set[str]:
        """The names under which something is handed over, be there such a variable or not."""
        return self.own.sources.keys() | self.platform.sources.keys()

    def data(self, names: Collection[str]) -> Sequence[Any]:
        """The plain data that is handed over under some names; `NOT_GIVEN` where there is none."""
        own, platform = self.own.sources, self.platform.sources
        if own.keys().isdisjoint(names) and platform.keys() >= {*names}:
            return self.platform.values_of(names)
        hands = [self.own if name in own else self.platform for name in names]
        pairs = zip(hands, names, strict=True)
        return [of.value(name) if name in of.sources else NOT_GIVEN for of, name in pairs]

    @cached_property
    def in_question(self) -> tuple[str, ...]:
        """The variables of which a rule may have something to say.

        All others take what they are given whole, and their validation blocks hold.
        """
        if self.all_open or self.asset_is_unknown:
            return tuple(self.module.variables)
        return fitting_of(self.module).in_question(self.own, self.platform)

    @cached_property
    def scope(self) -> Scope:
        """What the expressions of the module refer to."""
        variables = _AsAsked(self.module.variables, lambda name: self.handed[name].taken.value)
        locals_ = {name: it.value.expression for name, it in self.module.locals.items()}
        from dativo_lint.terraform.scope import Budget, Scope  # for what has to be evaluated

        return Scope(variables, locals_, budget=Budget(MOST_STEPS))

    @property
    def epochs(self) -> tuple[Semantics, ...]:
        """The versions of Terraform that the module admits, by what they mean."""
        return epochs_of(self.module)

    def verdicts(self, name: str) -> tuple[RuleVerdict, ...]:
        """What the validation blocks of a variable say; nothing of one that takes no such value.

        A block that refers to what is declared nowhere is an error of the module, and says nothing.
        """
        handed = self.handed[name]
        if not handed.variable.validations or handed.taken.misfit is not None:
            return ()
        return tuple(
            verdict
            for verdict in self._judged(handed.variable)
            if not self._reads_undeclared(verdict.validation)
        )

    def _judged(self, variable: Variable) -> tuple[RuleVerdict, ...]:
        """What the blocks of one variable say; jobs that give the same share the answer."""
        if may_share(self.module):
            names = _all_read_by(variable, self.module)
            given = tuple(self.handed[name].taken for name in names)
            shared = _shared_verdict(variable, self.module, given)
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
        return any(name not in self.module.variables for name in self.reads(validation))


class _AsAsked(Mapping[str, _Of]):
    """Something of each variable of a module, worked out when it is asked for."""

    def __init__(self, names: Mapping[str, Any], of: Callable[[str], _Of]) -> None:
        self._names = names
        self._of = of
        self._found: dict[str, _Of] = {}

    def __getitem__(self, name: str) -> _Of:
        if name not in self._found:
            if name not in self._names:
                raise KeyError(name)
            self._found[name] = self._of(name)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@lru_cache(maxsize=1_024)
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


@lru_cache(maxsize=1_024)
def _all_read_by(variable: Variable, module: Module) -> tuple[str, ...]:
    """The variables of a module that the blocks of one refer to."""
    names = {name for it in variable.validations for name in _read_by(it, module)}
    return tuple(sorted(names & module.variables.keys()))


@lru_cache(maxsize=256)
def _shared_verdict(
    variable: Variable, module: Module, given: tuple[Taken, ...]
) -> tuple[RuleVerdict, ...]:
    """What the blocks of a variable say, which is settled by the variables that they read."""
    locals_ = {name: it.value.expression for name, it in module.locals.items()}
    values = {it.variable.name: it.value for it in given}
    from dativo_lint.terraform.scope import Budget, Scope  # as above

    scope = Scope(values, locals_, budget=Budget(FEW_STEPS))
    return judge_rules(variable, scope, epochs_of(module))
