"""Planning: the values of expressions in the modules of a tree, for given variables."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from msgspec.structs import replace

from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.evaluate import evaluate
from dativo_lint.terraform.failures import HIDDEN_MESSAGE, EvaluationError
from dativo_lint.terraform.judge import convert_input
from dativo_lint.terraform.loops import elements
from dativo_lint.terraform.reach import Chain, Site
from dativo_lint.terraform.run import Budget, Scope
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.syntax import Expression
from dativo_lint.terraform.types import TooMuch, quoted
from dativo_lint.terraform.values import Value, common, marked, numeric, record, row, unknown
from dativo_lint.terraform.versions import NEWEST, Semantics

MOST_STEPS: Final = 500_000
"""What the expressions of one tree may cost together for one job; the rest is unknown."""
MOST_INSTANCES: Final = 100
"""The most instances of a resource or call that are told apart; more have unknown values."""

Path: TypeAlias = tuple[str | int, ...]
"""Keys, indexes and elements of sets that lead into a value."""
KEY: Final = "\0"
"""Behind a key in a path: the key itself, and not what it leads to."""


class Spot(NamedTuple):
    """An expression in one round of all that repeats around it, with the names `bound` there."""

    written: Written
    chain: Chain
    bound: Mapping[str, Bound] = {}

    def part(self, expression: Expression) -> Spot:
        """An expression inside this one."""
        return self._replace(written=Written(expression, self.written.source))


Way: TypeAlias = tuple[Spot, Path]
"""A part of what an expression comes to."""


class Bound(NamedTuple):
    """What a name stands for in one round: an element of the collection `behind`. `paths` lead to
    it, by the attribute that is taken of the name, which is empty for the name itself."""

    value: Value
    behind: Spot
    paths: Mapping[str, Path] = {}


class Planner:
    """Evaluates the expressions of one tree; one that Terraform would refuse is unknown here."""

    def __init__(self, variables: Mapping[str, Value], semantics: Semantics = NEWEST) -> None:
        self._variables = variables
        self._semantics = semantics
        self._scopes: dict[Chain, Scope] = {}
        self._outputs: dict[tuple[Chain, str], Value] = {}
        # The expression beside its result keeps its id from being another's.
        self._results: dict[tuple[int, Chain], tuple[Expression, Value | EvaluationError]] = {}
        self._made: dict[Chain, bool | None] = {}
        self._expanded: dict[Chain, list[Chain]] = {}
        self._trees: dict[tuple[Chain, str], dict[str | int, ModuleTree]] = {}
        self._bound: dict[ModuleTree, Mapping[str, Bound]] = {}
        self._budget = Budget(MOST_STEPS)

    def value(self, site: Site) -> Value:
        """The value of an expression, in each instance of its block. Never raises."""
        spot = Spot(site.written, site.chain)
        for name in site.names.keys() & {"count", "each"}:
            if site.written.names(name):
                instances = self.instances(name, Spot(site.names[name], site.chain))
                if instances is not None:
                    rounds = [spot._replace(bound={name: bound}) for bound in instances.values()]
                    return common([self.at(inner) for inner in rounds])
        return self.at(spot)

    def at(self, spot: Spot) -> Value:
        """What an expression comes to in one round. Never raises."""
        result = self.result(spot)
        if not isinstance(result, EvaluationError):
            return result
        return marked(unknown(result.message), result.detail == HIDDEN_MESSAGE)

    def result(self, spot: Spot) -> Value | EvaluationError:
        """What an expression comes to in one round, or why Terraform refuses it."""
        expression, scope = spot.written.expression, self.scope(spot.chain)
        if spot.bound:
            names = {name: bound.value for name, bound in spot.bound.items()}
            return evaluate(expression, scope, self._semantics, names)
        key = id(expression), spot.chain
        if key not in self._results:
            self._results[key] = expression, evaluate(expression, scope, self._semantics)
        return self._results[key][1]

    def is_made(self, names: Mapping[str, Written], chain: Chain) -> bool | None:
        """Whether there is an instance of what stands in a module and has these names, and of that
        module; None where that is not known."""
        if chain not in self._made:
            call = chain[-1].call if len(chain) > 1 else None
            self._made[chain] = call is None or self.is_made(call.names, chain[:-1])
        answers = [self._made[chain]]
        for written in names.values():
            value = self.at(Spot(written, chain))
            # Null counts as not set.
            creates = value.data is None or bool(value.data)
            answers.append(creates if value.is_known else None)
        return False if False in answers else None if None in answers else True

    def expanded(self, chain: Chain) -> list[Chain]:
        """A chain through each instance of the calls in it, where these differ and are known."""
        if chain not in self._expanded:
            chains = [chain[:1]]
            for tree in chain[1:]:
                name = tree.call.name if tree.call else ""
                chains = [
                    (*outer, inner)
                    for outer in chains
                    for inner in self.trees(outer, name).values() or [outer[-1].called[name]]
                ]
                if len(chains) > MOST_INSTANCES:
                    chains = [chain]
                    break
            self._expanded[chain] = chains
        return self._expanded[chain]

    def trees(self, chain: Chain, name: str) -> dict[str | int, ModuleTree]:
        """The instances of a module that another calls, by key; none where all are the same, or
        nobody knows them."""
        called, key = chain[-1].called[name], (chain, name)
        if key not in self._trees:
            self._trees[key] = trees = {}
            call = chain[-1].module.calls[name]
            for kind, written in call.names.items():
                is_used = any(argument.names(kind) for argument in call.arguments.values())
                instances = self.instances(kind, Spot(written, chain)) if is_used else None
                for at, bound in (instances or {}).items():
                    trees[at] = tree = replace(called, instance=index(at))
                    self._bound[tree] = {kind: bound}
        return self._trees[key]

    def bound(self, tree: ModuleTree) -> Mapping[str, Bound]:
        """The names that the call of an instance of a module has."""
        return self._bound.get(tree, {})

    def passed(self, chain: Chain, name: str) -> Spot | None:
        """The argument for a variable of the last module of a chain; None where it has none."""
        tree = chain[-1]
        written = tree.call.arguments.get(name) if tree.call else None
        return None if written is None else Spot(written, chain[:-1], self.bound(tree))

    def instances(self, name: str, spot: Spot) -> dict[str | int, Bound] | None:
        """What `each` or `count` is in each instance, by its key; None where that is not known."""
        if name == "count":
            data = self.at(spot).data
            if not isinstance(data, int) or isinstance(data, bool) or data > MOST_INSTANCES:
                return None
            return {at: Bound(record({"index": numeric(at)}), spot) for at in range(data)}
        rounds = self.rounds(spot)
        return (
            None if rounds is None else {key.data: pair(spot, key, value) for key, value in rounds}
        )

    def rounds(self, spot: Spot) -> list[tuple[Value, Value]] | None:
        """Key and value of each element that a `for_each` goes through; None if not known."""
        value = self.at(spot)
        is_known = isinstance(value.data, (dict, tuple)) and not value.secret
        if not is_known or len(value.data) > MOST_INSTANCES:
            return None
        of_set = isinstance(value.data, tuple)
        rounds = [(part if of_set else key, part) for key, part in elements(value)]
        return rounds if all(isinstance(key.data, str) for key, _ in rounds) else None

    def scope(self, chain: Chain) -> Scope:
        """The values in the last module of a chain."""
        if chain not in self._scopes:
            module = chain[-1].module
            # The scopes must not keep the planner alive, with everything in it.
            planner = weakref.proxy(self)
            self._scopes[chain] = Scope(
                self._variables if len(chain) == 1 else _Received(planner, chain),
                module.local_expressions,
                budget=self._budget,
                outputs=lambda name, output: planner.output(chain, name, output),
                texts=module.texts,
            )
        return self._scopes[chain]

    def output(self, chain: Chain, name: str, output: str) -> Value:
        """An output of a module that another calls; without a name, all of them, by instance."""
        called = chain[-1].called.get(name)
        names = called.call.names if called is not None and called.call is not None else {}
        if called is None or (names and output):
            return unknown(f"module.{name} is known to Terraform only")
        if output:
            return self._output((*chain, called), output)
        try:
            for kind, written in names.items():
                instances = self.instances(kind, Spot(written, chain))
                if instances is None:
                    return unknown(f"the instances of module.{name} are not known")
                trees = self.trees(chain, name)
                values = {key: self._all((*chain, trees.get(key, called))) for key in instances}
                if kind == "count":
                    return row([*values.values()])
                return record({str(key): value for key, value in values.items()})
            return self._all((*chain, called))
        except TooMuch as too_much:
            return unknown(str(too_much))

    def _all(self, chain: Chain) -> Value:
        return record({name: self._output(chain, name) for name in chain[-1].module.outputs})

    def _output(self, chain: Chain, name: str) -> Value:
        key = chain, name
        if key not in self._outputs:
            output = chain[-1].module.outputs.get(name)
            # What is asked for while it is worked out depends on itself.
            self._outputs[key] = unknown(f"output {name} depends on itself, or is not declared")
            if output is not None and output.value is not None:
                value = self.value(Site(output.value, chain, {}))
                self._outputs[key] = marked(value, output.sensitive)
        return self._outputs[key]


def index(key: str | int) -> str:
    """The index of an instance as it is written."""
    return f"[{quoted(key) if isinstance(key, str) else key}]"


def pair(behind: Spot, key: Value, value: Value) -> Bound:
    """What `each`, or the iterator of a dynamic block, is for one element of a collection."""
    paths: dict[str, Path] = {"key": (key.data, KEY), "value": (key.data,)}
    return Bound(record({"key": key, "value": value}), behind, paths)


class _Received(dict[str, Value]):
    """The variables of a called module, each evaluated where it is first asked for."""

    def __init__(self, planner: Planner, chain: Chain) -> None:
        super().__init__()
        self._planner = planner
        self._chain = chain

    def __missing__(self, name: str) -> Value:
        tree = self._chain[-1]
        variable, spot = tree.module.variables[name], self._planner.passed(self._chain, name)
        # What is asked for while it is worked out depends on itself.
        self[name] = unknown(f"var.{name} depends on itself")
        value = None
        if spot is not None and tree.call is not None:
            if any(map(spot.written.names, spot.bound)):
                value = self._planner.at(spot)
            else:
                site = Site(spot.written, spot.chain, tree.call.names)
                value = self._planner.value(site)
        self[name] = convert_input(variable, value).value
        return self[name]
