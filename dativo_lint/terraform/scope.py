"""What the names in an expression stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct, field

from dativo_lint.terraform.failures import EvaluationError
from dativo_lint.terraform.syntax import Expression
from dativo_lint.terraform.values import Value
from dativo_lint.terraform.versions import Semantics


class Evaluated(NamedTuple):
    """What a local value came to, and what was met on the way."""

    result: Value | EvaluationError
    met_unknown: bool
    undecided: bool


class Budget:
    """The steps that are left for several evaluations together."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps


class Scope(Struct, frozen=True, eq=False):
    """The values that expressions of one module can refer to.

    `variables` are those behind `var.`, and all there are; one that is not known is an unknown
    value. `locals` are the expressions behind `local.`, evaluated when they are asked for. `others`
    holds values of further names, such as `each`, `path`, `module` or a type of resources; whatever
    is not in it is unknown. Where there is a `budget`, what is evaluated beyond it is unknown too.
    """

    variables: Mapping[str, Value] = field(default_factory=dict)
    locals: Mapping[str, Expression] = field(default_factory=dict)
    others: Mapping[str, Value] = field(default_factory=dict)
    budget: Budget | None = None
    evaluated: dict[tuple[str, Semantics], Evaluated] = field(default_factory=dict)
    """The local values that have been asked for, so that each is evaluated once."""
