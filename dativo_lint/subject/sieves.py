"""Sieves: what the variables of a module surely take, and hold valid, without a closer look.

Of twenty variables nineteen are given what fits, in job after job. A sieve lets that pass at the
cost of a look-up (0.2 microseconds; to take a value and to judge it costs 150), and is shared by
all variables that are declared alike, for the modules of a shop are copies of each other.
"""

from __future__ import annotations

import marshal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from dativo_lint.subject.said import is_open
from dativo_lint.subject.taking import fingerprint, is_plain, taken
from dativo_lint.terraform.conditions import (
    LARGEST,
    LONGEST_TEXT,
    MOST_ITEMS,
    Test,
    test_of,
)
from dativo_lint.terraform.judge import (
    Taken,
    constraint_of,
    judge_rules,
    reads_others,
    surely_fits,
    take,
)
from dativo_lint.terraform.likeness import Likeness, likeness
from dativo_lint.terraform.types import NUMBER, STRING
from dativo_lint.terraform.versions import Semantics, admitted

if TYPE_CHECKING:
    from dativo_lint.terraform.declarations import Variable
    from dativo_lint.terraform.module import Module

_OUR_DAYS = ">= 1.9"
_MOST_KNOWN = 256
"""Values that a sieve knows to pass at sight."""
_MOST_SHARED = 100
"""Of modules with more conditions the jobs do not share what these say."""
FEW_STEPS = 20_000
"""What the conditions of one variable may cost, if jobs are to share what they say."""


class Sieve(Struct, frozen=True, eq=False, dict=True):
    """What a variable surely takes, in some versions of Terraform.

    One that is `closed` has conditions that hang on more than its value, and lets nothing pass.
    `known` are single values that have passed before, each with its class: 1 is not 1.0.
    """

    variable: Variable
    epochs: tuple[Semantics, ...]
    closed: bool
    known: set[tuple[Any, type]] = field(default_factory=set)

    @cached_property
    def takes_text(self) -> bool:
        """Whether any text passes."""
        return not self.variable.validations and surely_fits(self.variable, "")

    @cached_property
    def takes_map_of_texts(self) -> bool:
        """Whether any mapping of texts passes."""
        return not self.variable.validations and surely_fits(self.variable, {})

    @cached_property
    def passes_alone(self) -> bool:
        """Whether there is nothing to say of the variable where nothing is handed over."""
        return not self.closed and self._holds(take(self.variable, None))

    def passes(self, data: Any) -> bool:
        """Whether the variable takes some data whole, and its conditions hold for it."""
        if self.takes_text and data.__class__ is str:
            return True
        if self.closed:
            return False
        if is_plain(data):
            passes = _lets_plain_pass(self, data)
            if passes and len(self.known) < _MOST_KNOWN and not _is_long(data):
                self.known.add((data, data.__class__))
            return passes
        if not self.variable.validations and surely_fits(self.variable, data):
            return True
        key = fingerprint(data)
        return self.lets_pass(data) if key is None else _lets_collection_pass(self, key)

    def lets_pass(self, data: Any) -> bool:
        """The same, looked into."""
        if self._is_told_of(data):
            return True
        found = taken(self.variable, data)
        is_taken = found.misfit is None and not found.dropped
        return (is_taken or surely_fits(self.variable, data)) and self._holds(found)

    def _holds(self, found: Taken) -> bool:
        """Whether the conditions hold; of what is not taken, they say nothing."""
        if found.misfit is not None or not self.variable.validations:
            return True
        if self._is_told_of(found.value.data):
            return True
        from dativo_lint.terraform.scope import Budget, Scope  # few come to here

        scope = Scope({self.variable.name: found.value}, budget=Budget(FEW_STEPS))
        verdicts = judge_rules(self.variable, scope, self.epochs)
        return all(it.outcome == "holds" for verdict in verdicts for it in verdict.answers)

    @cached_property
    def _tests(self) -> tuple[Test, ...]:
        """Tests that hold where all conditions do; none where some cannot be told so."""
        variable = self.variable
        constraint = constraint_of(variable)
        if not variable.whole or constraint.faults:
            return ()
        tests = [test_of(it, variable.name, constraint.type) for it in variable.validations]
        return tuple(it for it in tests if it is not None) if None not in tests else ()

    def _is_told_of(self, data: Any) -> bool:
        """Whether tests alone tell that all conditions hold."""
        return bool(self._tests) and self._is_simple(data) and all(it(data) for it in self._tests)

    def _is_simple(self, data: Any) -> bool:
        """Whether data is of the type of the variable, and to Terraform what it is to Python."""
        type_ = constraint_of(self.variable).type
        if type_ is STRING:
            return _is_simple(data)
        if type_ is NUMBER:
            return data.__class__ is int and abs(data) <= LARGEST
        return data.__class__ is list and len(data) <= MOST_ITEMS and all(map(_is_simple, data))


def _is_long(data: Any) -> bool:
    return data.__class__ is str and len(data) > LONGEST_TEXT


def _is_simple(data: Any) -> bool:
    """Whether data is a text that is to Terraform what it is to Python."""
    is_text = isinstance(data, str) and len(data) <= LONGEST_TEXT and data.isascii()
    return is_text and not is_open(data)


@lru_cache(maxsize=1_024, typed=True)
def _lets_plain_pass(sieve: Sieve, data: Any) -> bool:
    return sieve.lets_pass(data)


@lru_cache(maxsize=1_024)
def _lets_collection_pass(sieve: Sieve, data: bytes) -> bool:
    return sieve.lets_pass(marshal.loads(data))  # noqa: S302 - a fingerprint


@lru_cache(maxsize=1_024)
def sieves(module: Module) -> tuple[tuple[str, Sieve], ...]:
    """The sieves of the variables of a module, by name."""
    found = module.variables.items()
    return tuple((name, _sieve(variable, module)) for name, variable in found)


def _sieve(variable: Variable, module: Module) -> Sieve:
    epochs = epochs_of(module)
    hangs_on_more = any(reads_others(it, variable.name) for it in variable.validations)
    if hangs_on_more or (variable.validations and not may_share(module)):
        return Sieve(variable, epochs, closed=True)
    written = [variable.type_expr, variable.default_expr]
    for validation in variable.validations:
        written += (validation.condition, validation.error_message)
    kind = (variable.name, variable.nullable, variable.whole, epochs, *map(likeness, written))
    return _sieve_of(_Declared(kind, variable, epochs))


class _Declared(Struct, frozen=True, eq=False):
    """How a variable is declared; equal for those that are declared alike."""

    kind: Likeness
    variable: Variable
    epochs: tuple[Semantics, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Declared) and self.kind == other.kind

    def __hash__(self) -> int:
        return hash(self.kind)


@lru_cache(maxsize=1_024)
def _sieve_of(declared: _Declared) -> Sieve:
    return Sieve(declared.variable, declared.epochs, closed=False)


@lru_cache(maxsize=1_024)
def may_share(module: Module) -> bool:
    """Whether jobs that give a module the same may share what its conditions say."""
    return sum(1 for it in module.variables.values() if it.validations) <= _MOST_SHARED


@lru_cache(maxsize=1_024)
def epochs_of(module: Module) -> tuple[Semantics, ...]:
    """The versions of Terraform that a module admits, by what they mean.

    A module that does not say is taken to be of our days.
    """
    said = [it.constraint for it in module.required_version]
    return admitted(said or [_OUR_DAYS])
