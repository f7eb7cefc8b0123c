"""Origins: which expression gives a map the value of one of its keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from dativo_lint.terraform.planning import Planner
from dativo_lint.terraform.reach import Chain, Reach, Site, Tracer
from dativo_lint.terraform.source import Written, target
from dativo_lint.terraform.syntax import (
    Attribute,
    Call,
    Conditional,
    Expression,
    Index,
    Literal,
    ObjectCons,
    Parens,
    Reference,
    Step,
    Wrapped,
)
from dativo_lint.terraform.values import Value

_MOST_STEPS: Final = 200
"""Expressions that are followed for one key."""


class Origin(NamedTuple):
    """The narrowest expression that is known to give a value.

    Where it is a variable of the outermost module, `variable` is its name, and `path` the keys
    that are taken from its value.
    """

    site: Site
    variable: str = ""
    path: tuple[str, ...] = ()


class Origins:
    """Follows keys through the expressions of one plan."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self._tracer = Tracer()
        self._values: dict[tuple[int, str], Value] = {}
        self._reaches: dict[tuple[int, str], Reach] = {}
        self._origins: dict[tuple[int, str, tuple[str, ...]], Origin] = {}

    def of(self, key: str, sites: Iterable[Site]) -> Origin | None:
        """Where a key of maps comes from that override each other, the strongest last."""
        for site in reversed(tuple(sites)):
            if self._holds(site, key):
                return self._follow(site, (key,))
        return None

    def of_value(self, site: Site) -> Origin:
        """Where a single value comes from."""
        return self._follow(site, ())

    def reach(self, origin: Origin) -> Reach:
        """The variables behind an origin."""
        key = _key(origin.site)
        if key not in self._reaches:
            self._reaches[key] = self._tracer.reach(origin.site)
        return self._reaches[key]

    def _value(self, site: Site) -> Value:
        key = _key(site)
        if key not in self._values:
            self._values[key] = self.planner.value(site)
        return self._values[key]

    def _holds(self, site: Site, key: str) -> bool:
        data = self._value(site).data
        return isinstance(data, dict) and key in data

    def _follow(self, site: Site, path: tuple[str, ...]) -> Origin:
        """Where a path leads; whatever is met on the way leads there too."""
        met: list[tuple[int, str, tuple[str, ...]]] = []
        origin = None
        while origin is None and len(met) < _MOST_STEPS:
            here = (*_key(site), path)
            origin = self._origins.get(here)
            if origin is None:
                met.append(here)
                step = self._step(site, path)
                if isinstance(step, Origin):
                    origin = step
                else:
                    site, path = step
        origin = origin or Origin(site)
        self._origins.update(dict.fromkeys(met, origin))
        return origin

    def _step(self, site: Site, path: tuple[str, ...]) -> Origin | tuple[Site, tuple[str, ...]]:
        """Where a path leads next, or that it ends."""
        expression, chain = site.written.expression, site.chain
        if isinstance(expression, Reference):
            meant = target(expression)
            steps = None if meant is None else _keys(meant.steps)
            if meant is None or steps is None:
                return Origin(site)
            if meant.kind == "var" and len(chain) == 1 and meant.name in chain[0].module.variables:
                return Origin(site, meant.name, (*steps, *path))
            behind = _behind(meant.kind, meant.name, steps, chain)
            return Origin(site) if behind is None else (behind[0], (*behind[1], *path))
        inner = self._inside(site, expression, path)
        if inner is None:
            return Origin(site)
        part, path = inner
        return Site(Written(part, site.written.source), chain, site.names), path

    def _inside(
        self, site: Site, expression: Expression, path: tuple[str, ...]
    ) -> tuple[Expression, tuple[str, ...]] | None:
        """The part of an expression that decides on what a path leads to."""
        if isinstance(expression, (Parens, Wrapped)):
            return expression.value, path
        if isinstance(expression, Conditional):
            holds = self.planner.evaluated(expression.condition, site.chain).data
            if isinstance(holds, bool):
                return (expression.chosen if holds else expression.otherwise), path
        elif isinstance(expression, Call) and not expression.expand:
            if expression.name == "tomap" and len(expression.arguments) == 1:
                return expression.arguments[0], path
            if expression.name == "merge" and path:
                return self._merged(site, expression, path)
        elif isinstance(expression, ObjectCons) and path:
            for item in reversed(expression.items):
                if self.planner.evaluated(item.key, site.chain).data == path[0]:
                    return item.value, path[1:]
        return None

    def _merged(
        self, site: Site, call: Call, path: tuple[str, ...]
    ) -> tuple[Expression, tuple[str, ...]] | None:
        for argument in reversed(call.arguments):
            part = Site(Written(argument, site.written.source), site.chain, site.names)
            if self._holds(part, path[0]):
                return argument, path
            value = self._value(part)
            if not isinstance(value.data, dict) and not value.is_null:
                return None  # it may hold the key
        return None


def _key(site: Site) -> tuple[int, str]:
    """An expression in its module; the syntax tree keeps it alive."""
    return id(site.written.expression), site.chain[-1].key


def _keys(steps: tuple[Step, ...]) -> tuple[str, ...] | None:
    """The keys that some steps take; None where one is not written out."""
    keys = []
    for step in steps:
        if isinstance(step, Attribute):
            keys.append(step.name)
        elif isinstance(step, Index) and isinstance(step.key, Literal):
            keys.append(str(step.key.value))
        else:
            return None
    return tuple(keys)


def _behind(
    kind: str, name: str, steps: tuple[str, ...], chain: Chain
) -> tuple[Site, tuple[str, ...]] | None:
    """The expression that a name stands for, and the keys that are taken from its value."""
    tree = chain[-1]
    written: Written | None = None
    if kind == "local" and name in tree.module.locals:
        written = tree.module.locals[name].value
    elif kind == "var" and tree.call is not None and len(chain) > 1:
        chain, written = chain[:-1], tree.call.arguments.get(name)
    elif kind == "module" and name in tree.called and steps:
        called = tree.called[name]
        output = called.module.outputs.get(steps[0])
        written = None if output is None else output.value
        chain, steps = (*chain, called), steps[1:]
    elif kind == "resource" and steps:
        resource = tree.module.resources.get(name)
        written = None if resource is None else resource.content.arguments.get(steps[0])
        steps = steps[1:]
    return None if written is None else (Site(written, chain, {}), steps)
