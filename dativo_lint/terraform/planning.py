"""Planning: what expressions come to in the modules of a tree, once its variables are given."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from typing import Final

from dativo_lint.terraform.evaluate import evaluate
from dativo_lint.terraform.failures import EvaluationError
from dativo_lint.terraform.judge import convert_input
from dativo_lint.terraform.reach import Chain, Site
from dativo_lint.terraform.run import Budget, Scope
from dativo_lint.terraform.syntax import Expression
from dativo_lint.terraform.types import TooMuch
from dativo_lint.terraform.values import Value, record, unknown
from dativo_lint.terraform.versions import NEWEST, Semantics

MOST_STEPS: Final = 500_000
"""What the expressions of one tree may cost together for one job; the rest is unknown."""


class Planner:
    """Evaluates the expressions of one tree; what belongs together is evaluated once.

    An expression that Terraform would refuse is unknown here, as is what each of several instances
    of a resource has for itself.
    """

    def __init__(self, variables: Mapping[str, Value], semantics: Semantics = NEWEST) -> None:
        self._variables = variables
        self._semantics = semantics
        self._scopes: dict[str, Scope] = {}
        self._budget = Budget(MOST_STEPS)

    def value(self, site: Site) -> Value:
        """What an expression comes to. Never raises."""
        return self.evaluated(site.written.expression, site.chain)

    def evaluated(self, expression: Expression, chain: Chain) -> Value:
        """What an expression in the last module of a chain comes to."""
        found = evaluate(expression, self._scope(chain), self._semantics)
        return unknown(found.message) if isinstance(found, EvaluationError) else found

    def _scope(self, chain: Chain) -> Scope:
        key = chain[-1].key
        found = self._scopes.get(key)
        if found is None:
            module = chain[-1].module
            locals_ = {name: it.value.expression for name, it in module.locals.items()}
            # What lies in its scopes must not keep the planner alive, and all that it knows.
            planner = weakref.proxy(self)
            variables = self._variables if len(chain) == 1 else _Received(planner, chain)
            others = _Outputs(planner, chain)
            found = self._scopes[key] = Scope(variables, locals_, others, self._budget)
        return found


class _Received(Mapping[str, Value]):
    """The variables of a called module, each evaluated where it is first asked for."""

    def __init__(self, planner: Planner, chain: Chain) -> None:
        self._planner = planner
        self._chain = chain
        self._found: dict[str, Value] = {}

    def __getitem__(self, name: str) -> Value:
        found = self._found.get(name)
        if found is None:
            variable = self._chain[-1].module.variables[name]
            # What is asked for while it is worked out depends on itself.
            self._found[name] = unknown(f"var.{name} depends on itself")
            call = self._chain[-1].call
            written = None if call is None else call.arguments.get(name)
            given = None
            if written is not None:
                given = self._planner.evaluated(written.expression, self._chain[:-1])
            found = self._found[name] = convert_input(variable, given).value
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._chain[-1].module.variables)

    def __len__(self) -> int:
        return len(self._chain[-1].module.variables)


class _Outputs(Mapping[str, Value]):
    """The name `module` in a module: the outputs of those that it calls."""

    def __init__(self, planner: Planner, chain: Chain) -> None:
        self._planner = planner
        self._chain = chain
        self._found: Value | None = None

    def __getitem__(self, name: str) -> Value:
        if name != "module":
            raise KeyError(name)
        if self._found is None:
            self._found = unknown("module calls that depend on each other")
            self._found = self._worked_out()
        return self._found

    def _worked_out(self) -> Value:
        tree = self._chain[-1]
        calls: dict[str, Value] = {}
        try:
            for name, call in tree.module.calls.items():
                several = "count" in call.meta or "for_each" in call.meta
                if name not in tree.called or several:
                    calls[name] = unknown(f"module.{name} is known to Terraform only")
                else:
                    calls[name] = record(self._outputs_of((*self._chain, tree.called[name])))
            return record(calls)
        except TooMuch as too_much:
            return unknown(str(too_much))

    def _outputs_of(self, chain: Chain) -> dict[str, Value]:
        return {
            name: self._planner.evaluated(output.value.expression, chain)
            for name, output in chain[-1].module.outputs.items()
            if output.value is not None
        }

    def __iter__(self) -> Iterator[str]:
        return iter(("module",))

    def __len__(self) -> int:
        return 1
