"""Recipes: the tags of a module's resources as plain functions of what its variables are given.

To evaluate `merge(var.tags, {Environment = var.environment})` takes 100 microseconds a job, to
follow the recipe 3. There is one for merges, objects with constant keys, templates, and names of
variables and local values, through calls of other modules too. It answers as `planned_tags` does;
a tree that writes anything else has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from dativo_lint.terraform.declarations import Variable
from dativo_lint.terraform.judge import constraint_of
from dativo_lint.terraform.reach import Chain, Site
from dativo_lint.terraform.syntax import (
    Attribute,
    Call,
    Expression,
    ObjectCons,
    Parens,
    Reference,
    Template,
    Wrapped,
)
from dativo_lint.terraform.syntax import Literal as Constant
from dativo_lint.terraform.tagging import Tagged
from dativo_lint.terraform.types import ANY, STRING, CollectionType

Kind: TypeAlias = Literal["text", "map"]
Step: TypeAlias = Callable[[Mapping[str, Any]], Any]
"""From what variables are given, by name, to a text or to a dict of texts."""

LONGEST_TEXT: Final = 256
"""Characters of a text that a variable is given."""
MOST_ENTRIES: Final = 64
"""Entries of a map, and `MOST_CHARACTERS` in all of them together."""
MOST_CHARACTERS: Final = 8_192
_MOST_SITES, _MOST_NODES, _MOST_CALLS = 40, 150, 10
"""Expressions in a tree, and nodes and calls in each, with what they refer to.

Within all these bounds the evaluator would spend 400,000 of the 500,000 steps that it has.
"""


class Need(NamedTuple):
    """A variable that a recipe takes, and as what."""

    variable: Variable
    kind: Kind


class Recipe(NamedTuple):
    """How the tags of the resources in a tree are made.

    `steps` are the expressions that give some; of each resource that is made, `resources` holds
    its number and the steps that lead to its tags, in the order in which they win.
    """

    needs: tuple[Need, ...]
    steps: tuple[Step, ...]
    resources: tuple[tuple[int, tuple[int, ...]], ...]


def recipe_of(tagged: Iterable[Tagged]) -> Recipe | None:
    """The recipe for some resources of one tree, None where there is none."""
    writer = _Writer()
    numbers: dict[Step, int] = {}
    resources: list[tuple[int, tuple[int, ...]]] = []
    try:
        for number, one in enumerate(tagged):
            if writer.is_made(one):
                steps = (writer.site(it) for it in (*one.defaults, *one.own))
                found = tuple(numbers.setdefault(step, len(numbers)) for step in steps)
                resources.append((number, found))
    except _NoRecipe:
        return None
    return Recipe(tuple(writer.needs), tuple(numbers), tuple(resources))


class _NoRecipe(Exception):
    """An expression for which there is no recipe."""


class _Written(NamedTuple):
    step: Step
    nodes: int
    calls: int


class _Writer:
    """Writes the steps for one tree; what is behind a name is written once."""

    def __init__(self) -> None:
        self.needs: list[Need] = []
        self._named: dict[tuple[str, str, str, Kind], _Written | None] = {}
        self._sites = self._nodes = self._calls = 0

    def is_made(self, tagged: Tagged) -> bool:
        """Whether a resource is made."""
        arguments = tagged.resource.content.arguments
        if tagged.blocks or "for_each" in arguments:
            raise _NoRecipe
        if "count" not in arguments:
            return True
        count = arguments["count"].expression
        if not isinstance(count, Constant):
            raise _NoRecipe
        return count.value != 0

    def site(self, site: Site) -> Step:
        """The step for an expression that gives tags."""
        self._sites += 1
        self._nodes = self._calls = 0
        step = self._map(site.written.expression, site.chain)
        if self._sites > _MOST_SITES:
            raise _NoRecipe
        return step

    def _count(self, nodes: int = 1, calls: int = 0) -> None:
        self._nodes += nodes
        self._calls += calls
        if self._nodes > _MOST_NODES or self._calls > _MOST_CALLS:
            raise _NoRecipe

    def _map(self, node: Expression, chain: Chain) -> Step:
        self._count()
        if isinstance(node, (Parens, Wrapped)):
            return self._map(node.value, chain)
        if isinstance(node, Reference):
            return self._reference(node, chain, "map")
        if isinstance(node, ObjectCons):
            return self._object(node, chain)
        if isinstance(node, Call) and node.name == "merge" and not node.expand:
            self._count(calls=1)
            return _merged([self._map(it, chain) for it in node.arguments])
        raise _NoRecipe

    def _object(self, node: ObjectCons, chain: Chain) -> Step:
        items: list[tuple[str, Step]] = []
        for item in node.items:
            key = item.key.value if isinstance(item.key, Constant) else None
            if not isinstance(key, str) or len(key) > LONGEST_TEXT:
                raise _NoRecipe
            self._count()
            items.append((key, self._text(item.value, chain)))
        return lambda given: {key: step(given) for key, step in items}

    def _text(self, node: Expression, chain: Chain) -> Step:
        self._count()
        if isinstance(node, (Parens, Wrapped)):
            return self._text(node.value, chain)
        if isinstance(node, Constant):
            return _constant(node.value)
        if isinstance(node, Reference):
            return self._reference(node, chain, "text")
        if isinstance(node, Template):
            parts = [self._text(it, chain) for it in node.parts]
            return lambda given: "".join([step(given) for step in parts])
        if isinstance(node, Call) and node.name in _CHANGED and not node.expand:
            if len(node.arguments) == 1:
                self._count(calls=1)
                return _changed(_CHANGED[node.name], self._text(node.arguments[0], chain))
        raise _NoRecipe

    def _reference(self, node: Reference, chain: Chain, kind: Kind) -> Step:
        first = node.steps[0] if len(node.steps) == 1 else None
        if node.name not in ("var", "local") or not isinstance(first, Attribute):
            raise _NoRecipe
        name = first.name
        key = node.name, chain[-1].key, name, kind
        if key in self._named:
            found = self._named[key]
            if found is None:  # it depends on itself
                raise _NoRecipe
            self._count(found.nodes, found.calls)
            return found.step
        self._named[key] = None
        nodes, calls = self._nodes, self._calls
        step = self._behind(node.name, name, chain, kind)
        self._named[key] = _Written(step, self._nodes - nodes, self._calls - calls)
        return step

    def _behind(self, root: str, name: str, chain: Chain, kind: Kind) -> Step:
        """What stands behind a local value or a variable."""
        write = self._text if kind == "text" else self._map
        module, call = chain[-1].module, chain[-1].call
        if root == "local":
            if name not in module.locals:
                raise _NoRecipe
            return write(module.locals[name].value.expression, chain)
        variable = module.variables.get(name)
        if variable is None or not _takes_as_it_is(variable, kind):
            raise _NoRecipe
        if len(chain) == 1:
            self.needs.append(Need(variable, kind))
            return itemgetter(name)
        if call is None or name not in call.arguments:
            raise _NoRecipe
        return write(call.arguments[name].expression, chain[:-1])


def _takes_as_it_is(variable: Variable, kind: Kind) -> bool:
    """Whether a variable takes every text, or every map of texts, and makes nothing else of it."""
    constraint = constraint_of(variable)
    if constraint.faults or not variable.whole:
        return False
    type_ = constraint.type
    if kind == "text" or type_ is ANY:
        return type_ is STRING or type_ is ANY
    return isinstance(type_, CollectionType) and type_.kind == "map" and type_.element is STRING


def _constant(value: object) -> Step:
    if not isinstance(value, str) or not value.isascii() or len(value) > LONGEST_TEXT:
        raise _NoRecipe
    return lambda _: value


_CHANGED: Final[Mapping[str, Callable[[str], str]]] = {"lower": str.lower, "upper": str.upper}
"""Functions that mean to texts in ASCII what they mean to Python."""


def _changed(change: Callable[[str], str], step: Step) -> Step:
    return lambda given: change(step(given))


def _merged(steps: list[Step]) -> Step:
    def merged(given: Mapping[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        for step in steps:
            found.update(step(given))
        return found

    return merged
