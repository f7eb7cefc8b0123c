"""Origins: which expression gives a map the value of one of its keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from dativo_lint.terraform.names import target
from dativo_lint.terraform.planning import Planner
from dativo_lint.terraform.reach import Chain, Reach, Site, Tracer
from dativo_lint.terraform.source import Written
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


class Origin(Struct, frozen=True, eq=False):
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
        return self._tracer.reach(origin.site)

    def _value(self, site: Site) -> Value:
        key = (id(site.written.expression), site.chain[-1].key)
        if key not in self._values:
            self._values[key] = self.planner.value(site)
        return self._values[key]

    def _holds(self, site: Site, key: str) -> bool:
        data = self._value(site).data
        return isinstance(data, dict) and key in data

    def _follow(self, site: Site, path: tuple[str, ...]) -> Origin:
        """Where a value comes from; what expressions have in common is followed once."""
        passed: list[tuple[int, str, tuple[str, ...]]] = []
        found: Origin | None = None
        while found is None and len(passed) < _MOST_STEPS:
            passed.append((id(site.written.expression), site.chain[-1].key, path))
            found = self._origins.get(passed[-1])
            step = self._step(site, path) if found is None else None
            if step is None:
                found = found or Origin(site)
            elif isinstance(step, Origin):
                found = step
            else:
                site, path = step
        if found is None:
            return Origin(site)
        self._origins.update(dict.fromkeys(passed, found))
        return found

    def _step(
        self, site: Site, path: tuple[str, ...]
    ) -> Origin | tuple[Site, tuple[str, ...]] | None:
        """The next expression on the way, or where it ends."""
        expression, chain = site.written.expression, site.chain
        if isinstance(expression, Reference):
            meant = target(expression)
            if meant is None:
                return None
            steps = _keys(meant.steps)
            is_root = len(chain) == 1 and meant.name in chain[0].module.variables
            if meant.kind == "var" and is_root and steps is not None:
                return Origin(site, meant.name, (*steps, *path))
            behind = _behind(meant.kind, meant.name, steps, chain)
            return None if behind is None else (behind[0], (*behind[1], *path))
        inner = self._inside(site, expression, path)
        if inner is None:
            return None
        return Site(Written(inner[0], site.written.source), chain, site.names), inner[1]

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
    kind: str, name: str, steps: tuple[str, ...] | None, chain: Chain
) -> tuple[Site, tuple[str, ...]] | None:
    """The expression that a name stands for, and the keys that are taken from its value."""
    tree = chain[-1]
    written: Written | None = None
    if steps is None:
        return None
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
        address = (each for each in tree.module.resources if each.address == name)
        resource = next(address, None)
        written = None if resource is None else resource.content.arguments.get(steps[0])
        steps = steps[1:]
    return None if written is None else (Site(written, chain, {}), steps)
