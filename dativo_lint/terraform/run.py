"""One evaluation of an expression: what its names stand for, what it has spent and met."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from dativo_lint.terraform.failures import HIDDEN_MESSAGE, EvaluationError, Failed
from dativo_lint.terraform.module_files import Texts
from dativo_lint.terraform.syntax import Expression
from dativo_lint.terraform.types import TooMuch
from dativo_lint.terraform.values import Value, unknown
from dativo_lint.terraform.versions import Semantics


class Evaluated(Struct, frozen=True):
    """What a local value came to, and what was met on the way."""

    result: Value | EvaluationError
    met_unknown: bool
    undecided: bool


class Budget(Struct, eq=False):
    """The steps that are left for several evaluations together."""

    left: int


class Scope(Struct, frozen=True, eq=False):
    """The values that expressions of one module can refer to.

    `variables` are all of those behind `var.`. `locals` are the expressions behind `local.`,
    evaluated when they are asked for. `outputs` gives an output of a called module, or all of them
    for the empty name; `texts` are what functions read. Whatever else is referred to is unknown, as
    is what is beyond the `budget`.
    """

    variables: Mapping[str, Value] = field(default_factory=dict)
    locals: Mapping[str, Expression] = field(default_factory=dict)
    budget: Budget | None = None
    outputs: Callable[[str, str], Value] | None = None
    texts: Texts = Texts()
    evaluated: dict[tuple[str, Semantics], Evaluated] = field(default_factory=dict)
    """The local values that have been asked for, so that each is evaluated once."""


MOST_STEPS: Final = 100_000
"""Nodes that one evaluation visits, with the parts of the values that functions walk through."""
DEEPEST: Final = 200
"""Nodes that are evaluated inside each other, through local values too."""


class Run(Struct, eq=False):
    """The state of one evaluation; it is made for one call and forgotten with it.

    `scope` is None where nothing may be referred to. `names` are the loop variables around the node
    at hand. It has `met_unknown` or `met_secret` values; `undecided` says that the versions of
    Terraform part ways at something that was met.
    """

    scope: Scope | None
    semantics: Semantics
    names: Mapping[str, Value] = {}
    open_locals: set[str] = field(default_factory=set)
    met_unknown: bool = False
    undecided: bool = False
    met_secret: bool = False
    left: int = MOST_STEPS
    depth: int = 0

    def spend(self, steps: int) -> None:
        """Count steps. Raises TooMuch when there are too many."""
        self.left -= steps
        if self.left < 0:
            raise TooMuch("it takes too many steps to evaluate")

    def value(self, node: Expression) -> Value:
        """The value of a node. Raises Failed, placed, and TooMuch."""
        self.left -= 1
        self.depth += 1
        if self.left < 0 or self.depth > DEEPEST:
            raise TooMuch("it takes too many steps to evaluate")
        try:
            return EVALUATORS[node.__class__](self, node)
        except Failed as failed:
            failed.at(node.start, node.end)
            raise
        finally:
            self.depth -= 1

    def error(self, failed: Failed) -> EvaluationError:
        """A failure as it may be shown, after everything that was evaluated."""
        return replace(failed.error, detail=HIDDEN_MESSAGE) if self.met_secret else failed.error

    def attempt(self, node: Expression) -> tuple[Value, EvaluationError | None]:
        """The value of a node; if it fails, an unknown value and the failure."""
        try:
            return self.value(node), None
        except Failed as failed:  # which is not kept: it holds the frames that it went through
            return unknown("it cannot be evaluated"), self.error(failed)


EVALUATORS: Final[dict[type, Callable[[Run, Any], Value]]] = {}
"""What evaluates each kind of node, see `evaluate`. An evaluator raises Failed, and TooMuch."""
