"""Origins: which variables, and which parts of them, give a map the value of one of its keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

from dativo_lint.terraform import syntax
from dativo_lint.terraform.choosing import CHOOSING, PASSING, Candidate
from dativo_lint.terraform.failures import EvaluationError
from dativo_lint.terraform.loops import elements
from dativo_lint.terraform.planning import KEY, Bound, Path, Planner, Spot, Way
from dativo_lint.terraform.reach import Chain, behind
from dativo_lint.terraform.source import Written, references, target
from dativo_lint.terraform.syntax import Attribute, Expression, ForObject, ForTuple, Literal

_MOST_STEPS: Final = 500
"""Expressions that are followed for one key."""
_DEEPEST: Final = 30
"""Computed values in each other that are followed."""
_MOST_ROUNDS: Final = 1_000
"""Elements that a `for` expression may go through for its keys to be followed."""


class Leaf(NamedTuple):
    """A variable of the outermost module, and what leads to a part of its value."""

    variable: str
    path: Path


class Origin(NamedTuple):
    """The narrowest expression that is known to give a value, and all that it takes it from;
    `is_unsure` where there may be more."""

    written: Written
    leaves: tuple[Leaf, ...] = ()
    is_unsure: bool = False


_Ahead: TypeAlias = "Leaf | list[Way] | None"
"""Where a path leads: to a variable, on to expressions (none, where the module says it), or None
where nobody can tell."""
_Round: TypeAlias = tuple[Mapping[str, Bound], Any]
"""The names of one round of a `for` expression, and the key, or in brackets the value, of it."""


class Origins:
    """Follows keys through the expressions of one plan."""

    def __init__(self, planner: Planner) -> None:
        self.planner = planner
        self._origins: dict[tuple[int, Chain, Path], Origin] = {}
        self._kept: dict[tuple[int, Chain], Any] = {}
        self._depth = 0

    def follow(self, spot: Spot, path: Path = ()) -> Origin:
        """Where a part of what an expression comes to has its value from."""
        if spot.bound:
            return self._follow(spot, path)
        memo = (id(spot.written.expression), spot.chain, path)
        if memo not in self._origins:
            # What is asked for while it is worked out depends on itself.
            self._origins[memo] = Origin(spot.written, (), True)
            self._origins[memo] = self._follow(spot, path)
        return self._origins[memo]

    def _once(self, make: Callable[[Spot, Any], Any], spot: Spot) -> Any:
        """What is made of an expression, where nothing repeats around it only once."""
        node = spot.written.expression
        memo = (id(node), spot.chain)
        if spot.bound:
            return make(spot, node)
        if memo not in self._kept:
            self._kept[memo] = make(spot, node)
        return self._kept[memo]

    def _follow(self, spot: Spot, path: Path) -> Origin:
        pending: list[Way] = [(spot, path)]
        leaves: dict[Leaf, None] = {}
        is_unsure, narrowest = False, None
        for _ in range(_MOST_STEPS):
            if not pending:
                break
            here, rest = pending.pop()
            ahead = self._step(here, rest)
            if narrowest is None and not (isinstance(ahead, list) and len(ahead) == 1):
                narrowest = here.written
            if isinstance(ahead, list):
                pending += ahead
            elif ahead is None:
                is_unsure = True
            else:
                leaves[ahead] = None
        return Origin(narrowest or spot.written, tuple(leaves), is_unsure or bool(pending))

    def _step(self, spot: Spot, path: Path) -> _Ahead:
        node = spot.written.expression
        step = _STEPS.get(node.__class__)
        ahead = _ANY_PART if step is None else step(self, spot, node, path)
        if not isinstance(ahead, str):
            return ahead
        # What a computed value is made of.
        parts: Iterable[Any] = node.nodes
        if isinstance(node, (ForObject, ForTuple)):
            parts = references(node)
        ways: list[Way] = [(spot.part(part), ()) for part in parts]
        if not path:
            return ways
        # Which part of it is asked for is not known, unless all of it is from one place.
        self._depth += 1
        origins = [self.follow(*way) for way in ways] if self._depth < _DEEPEST else []
        self._depth -= 1
        leaves = {leaf for origin in origins for leaf in origin.leaves}
        if not origins or len(leaves) > 1 or any(origin.is_unsure for origin in origins):
            return None
        return leaves.pop() if leaves else []

    def _reference(self, spot: Spot, node: syntax.Reference, path: Path) -> _Ahead:
        bound = spot.bound.get(node.name)
        if bound is not None:
            return self._of_bound(bound, spot, node, path)
        meant = target(node)
        if meant is None:
            return None
        if meant.kind == "var" and len(spot.chain) == 1:
            is_declared = meant.name in spot.chain[0].module.variables
            return Leaf(meant.name, self._path(spot, meant.steps, path)) if is_declared else None
        sites, steps = behind(meant, spot.chain), meant.steps
        around = self.planner.bound(spot.chain[-1]) if meant.kind == "var" else {}
        chain: Chain = ()
        if meant.kind in ("module", "resource"):
            # Behind an instance, and the name of what is taken of it.
            if steps and isinstance(steps[0], syntax.Index):
                if meant.kind == "module":
                    chain = self._instance(spot, meant.name, steps[0])
                steps = steps[1:]
            sites, steps = (sites if steps else None), steps[1:]
        if sites is None or len(sites) > 1:
            return None
        rest = self._path(spot, steps, path)
        return [(Spot(site.written, chain or site.chain, around), rest) for site in sites]

    def _instance(self, spot: Spot, name: str, step: syntax.Index) -> Chain:
        """The chain to an instance of a called module; empty where it is like the others."""
        trees = self.planner.trees(spot.chain, name) if name in spot.chain[-1].called else {}
        tree = trees.get(self.planner.at(spot.part(step.key)).data) if trees else None
        return (*spot.chain, tree) if tree else ()

    def _of_bound(self, bound: Bound, spot: Spot, node: syntax.Reference, path: Path) -> _Ahead:
        """What a name in a round stands for; a number of `count` is the module's."""
        first = node.steps[0] if node.steps else None
        name = "" if "" in bound.paths else first.name if isinstance(first, Attribute) else ""
        if name not in bound.paths:
            return [] if not bound.paths else None
        rest = self._path(spot, node.steps[1:] if name else node.steps, path)
        return [(bound.behind, (*bound.paths[name], *rest))]

    def _path(self, spot: Spot, steps: Sequence[syntax.Step], path: Path) -> Path:
        """A path behind some steps; it ends at one that is not known."""
        keys: list[str | int] = []
        for step in steps:
            key = step.name if isinstance(step, Attribute) else None
            if isinstance(step, syntax.Index):
                key = self.planner.at(spot.part(step.key)).data
            if not isinstance(key, (str, int)):
                return tuple(keys)
            keys.append(key)
        return (*keys, *path)

    def _inner(self, spot: Spot, node: syntax.Parens | syntax.Wrapped, path: Path) -> _Ahead:
        return [(spot.part(node.value), path)]

    def _relative(self, spot: Spot, node: syntax.Relative, path: Path) -> _Ahead:
        return [(spot.part(node.source), self._path(spot, node.steps, path))]

    def _conditional(self, spot: Spot, node: syntax.Conditional, path: Path) -> _Ahead:
        holds = self.planner.at(spot.part(node.condition)).data
        if not isinstance(holds, bool):
            return None
        return [(spot.part(node.chosen if holds else node.otherwise), path)]

    def _object(self, spot: Spot, node: syntax.ObjectCons, path: Path) -> _Ahead | str:
        if not path:
            return _ANY_PART
        item = self._once(self._items, spot).get(path[0])
        return None if item is None else [_below(spot, item.key, item.value, path)]

    def _items(self, spot: Spot, node: syntax.ObjectCons) -> dict[str, syntax.ObjectItem]:
        """The items by key."""
        items: dict[str, syntax.ObjectItem] = {}
        for item in node.items:
            key = item.key
            data = key.value if isinstance(key, Literal) else self.planner.at(spot.part(key)).data
            items[str(data)] = item
        return items

    def _tuple(self, spot: Spot, node: syntax.TupleCons, path: Path) -> _Ahead | str:
        if not path:
            return _ANY_PART
        at = path[0]
        if isinstance(at, str):  # an element of a set that is made of it
            values = (self.planner.at(spot.part(item)).data for item in node.items)
            at = next((number for number, value in enumerate(values) if value == at), -1)
        return [(spot.part(node.items[at]), _after(path))] if 0 <= at < len(node.items) else None

    def _for(self, spot: Spot, node: ForObject | ForTuple, path: Path) -> _Ahead | str:
        if not path or (isinstance(node, ForObject) and node.group):
            return _ANY_PART
        for at, (names, key) in enumerate(self._once(self._rounds, spot) or ()):
            if path[0] == (key if isinstance(path[0], str) else at):
                inner = spot._replace(bound={**spot.bound, **names})
                return [_below(inner, _key_node(node), node.value, path)]
        return None

    def _rounds(self, spot: Spot, node: ForObject | ForTuple) -> list[_Round] | None:
        """The rounds that count; None where they are not known."""
        outer = spot.part(node.collection)
        collection = self.planner.at(outer)
        if not isinstance(collection.data, (dict, tuple)) or len(collection.data) > _MOST_ROUNDS:
            return None
        rounds: list[_Round] = []
        for key, value in elements(collection):
            if not isinstance(key.data, (str, int)):
                return None
            names = {node.value_name: Bound(value, outer, {"": (key.data,)})}
            if node.key_name is not None:
                names = {node.key_name: Bound(key, outer, {"": (key.data, KEY)}), **names}
            inner = spot._replace(bound={**spot.bound, **names})
            if node.condition is not None:
                holds = self.planner.at(inner.part(node.condition)).data
                if not isinstance(holds, bool):
                    return None
                if not holds:
                    continue
            result = self.planner.at(inner.part(_key_node(node))).data
            rounds.append((names, str(result) if isinstance(node, ForObject) else result))
        return rounds

    def _call(self, spot: Spot, node: syntax.Call, path: Path) -> _Ahead | str:
        if node.name in PASSING and len(node.arguments) == 1:
            return [(spot.part(node.arguments[0]), path)]
        choose = CHOOSING.get(node.name)
        if choose is None or (node.name == "merge" and not path):
            return _ANY_PART
        candidates = self._once(self._candidates, spot)
        return None if candidates is None else choose(candidates, path)

    def _candidates(self, spot: Spot, node: syntax.Call) -> list[Candidate] | None:
        """The arguments of a call; of one with `...`, the elements of the last."""
        spots = [spot.part(argument) for argument in node.arguments]
        candidates = [Candidate(part, (), self.planner.result(part)) for part in spots]
        if node.expand:
            last = candidates.pop()
            parts = None if isinstance(last.result, EvaluationError) else last.result.data
            if not isinstance(parts, tuple):
                return None
            candidates += [Candidate(last.spot, (at,), part) for at, part in enumerate(parts)]
        return candidates


_ANY_PART: Final = "any part"
"""What is answered of an expression that computes a value from all in it."""
_STEPS: Final[Mapping[type, Callable[[Origins, Spot, Any, Path], _Ahead | str]]] = {
    syntax.Call: Origins._call,
    syntax.Conditional: Origins._conditional,
    ForObject: Origins._for,
    ForTuple: Origins._for,
    syntax.ObjectCons: Origins._object,
    syntax.Parens: Origins._inner,
    syntax.Reference: Origins._reference,
    syntax.Relative: Origins._relative,
    syntax.TupleCons: Origins._tuple,
    syntax.Wrapped: Origins._inner,
}


def _below(spot: Spot, key: Expression, value: Expression, path: Path) -> Way:
    """What the first key of a path leads to, or where that key itself comes from."""
    return spot.part(key if path[1:] == (KEY,) else value), _after(path)


def _after(path: Path) -> Path:
    return () if path[1:] == (KEY,) else path[1:]


def _key_node(node: ForObject | ForTuple) -> Expression:
    """What says the key of an item; in a set, each element is its own."""
    return node.key if isinstance(node, ForObject) else node.value
