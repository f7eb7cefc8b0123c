"""Reach: which variables of the outermost module an expression takes its value from, and which
values take it from themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias

from msgspec import Struct

from dativo_lint.documents.place import Place
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import ModuleError
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.source import Target, Written, target
from dativo_lint.terraform.syntax import Attribute

Chain: TypeAlias = tuple[ModuleTree, ...]
"""A module of a tree behind those whose calls lead to it, the outermost first."""

MOST_STEPS: Final = 200_000
"""Names that are followed in one tree; one in which there are more is made up."""
_MOST_CYCLES: Final = 20
"""The most cycles that are reported."""


class Site(Struct, frozen=True):
    """An expression where it stands; `names` are those that its surroundings give it, such as
    `each` or the iterator of a dynamic block, each with the `for_each` that it goes through."""

    written: Written
    chain: Chain
    names: Mapping[str, Written]


class Reach(Struct, frozen=True, eq=False):
    """Where a value comes from: `variables` of the outermost module, and `unsure` names that cannot
    be followed to their end (data sources, modules that are not at hand, what is declared nowhere).
    """

    variables: frozenset[str]
    unsure: frozenset[str]


_Step: TypeAlias = tuple[str, str, str, str]
"""A name on the way: the key of its module, its kind, itself, and the first attribute of it."""


class Tracer:
    """Follows the names in the modules of one tree."""

    def __init__(self) -> None:
        self._left = MOST_STEPS
        self._reached: dict[frozenset[_Step], Reach] = {}

    def reach(self, *sites: Site) -> Reach:
        """What some expressions take their values from, taken together."""
        first = _steps(sites)
        key = frozenset(first)
        if key not in self._reached:
            self._reached[key] = self._follow(first)
        return self._reached[key]

    def _follow(self, first: Mapping[_Step, tuple[Target, Chain]]) -> Reach:
        variables: set[str] = set()
        unsure: set[str] = set()
        seen = set(first)
        pending = [*first.values()]
        while pending:
            meant, chain = pending.pop()
            self._left -= 1
            sites = behind(meant, chain) if self._left > 0 else None
            if sites is None:
                unsure.add(f"{meant.kind}.{meant.name}".removeprefix("resource."))
            elif meant.kind == "var" and len(chain) == 1:
                variables.add(meant.name)
            else:
                steps = _steps(sites)
                pending += (there for step, there in steps.items() if step not in seen)
                seen.update(steps)
        return Reach(frozenset(variables), frozenset(unsure))


def behind(meant: Target, chain: Chain) -> tuple[Site, ...] | None:
    """The expressions of a name in a module; None where they are unknown."""
    module = chain[-1].module
    if meant.kind == "var":
        return _behind_variable(meant.name, chain)
    if meant.kind == "local":
        local = module.locals.get(meant.name)
        return None if local is None else (Site(local.value, chain, {}),)
    if meant.kind == "module":
        return _behind_call(meant, chain)
    return _behind_resource(meant, chain)


def _behind_variable(name: str, chain: Chain) -> tuple[Site, ...] | None:
    if name not in chain[-1].module.variables:
        return None
    call = chain[-1].call
    if call is None or len(chain) == 1 or name not in call.arguments:
        return ()
    return (Site(call.arguments[name], chain[:-1], call.names),)


def _behind_resource(meant: Target, chain: Chain) -> tuple[Site, ...] | None:
    """The argument that is named behind a resource; what the cloud fills in is no one's."""
    resource = chain[-1].module.resources.get(meant.name)
    names = _attributes(meant)
    # What `tags_all` and data sources hold is not all in the text of the module.
    if resource is None or resource.mode != "managed" or not names or names[0] == "tags_all":
        return None
    written = resource.content.arguments.get(names[0])
    return () if written is None else (Site(written, chain, resource.names),)


def _behind_call(meant: Target, chain: Chain) -> tuple[Site, ...] | None:
    """The output that is named behind a call, or all of them."""
    called = chain[-1].called.get(meant.name)
    if called is None or not called.module.complete:
        return None
    outputs, names = called.module.outputs, _attributes(meant)
    wanted = [outputs[names[0]]] if names and names[0] in outputs else outputs.values()
    values = (output.value for output in wanted if output.value is not None)
    return tuple(Site(value, (*chain, called), {}) for value in values)


def _attributes(meant: Target) -> list[str]:
    return [step.name for step in meant.steps if isinstance(step, Attribute)]


def _steps(sites: Iterable[Site]) -> dict[_Step, tuple[Target, Chain]]:
    """The names in some expressions, each with the module in which it means something."""
    steps: dict[_Step, tuple[Target, Chain]] = {}
    pending = [*sites]
    seen: set[int] = set()
    for site in pending:
        for reference in site.written.references:
            through = site.names.get(reference.name)
            meant = target(reference)
            if through is not None:
                if id(through) in seen:
                    continue
                seen.add(id(through))
                outer = {name: goes for name, goes in site.names.items() if goes is not through}
                pending.append(Site(through, site.chain, outer))
            elif meant is not None and meant.kind != "own":
                attribute = next(iter(_attributes(meant)), "")
                step = (site.chain[-1].key, meant.kind, meant.name, attribute)
                steps.setdefault(step, (meant, site.chain))
    return steps


def cycles_of_locals(module: Module) -> Iterator[ModuleError]:
    """Local values that hang on themselves."""
    places = {f"local.{name}": local.place for name, local in module.locals.items()}
    return _cycles_in(_needs_of_locals(module, {}), places)


def _needs_of_locals(module: Module, called: Mapping[str, ModuleTree]) -> dict[str, list[str]]:
    values = ((name, local.value) for name, local in module.locals.items())
    return {f"local.{name}": _needs((value,), called) for name, value in values}


def cycles_of_calls(tree: ModuleTree) -> Iterator[ModuleError]:
    """Arguments of calls that hang on outputs of the same modules."""
    tracer = Tracer()
    places: dict[str, Place] = {}
    needs = _needs_of_locals(tree.module, tree.called)
    for name, called in tree.called.items():
        call = tree.module.calls[name]
        for variable, written in call.arguments.items():
            key = f"module.{name}(var.{variable})"
            places[key] = written.place
            needs[key] = _needs((written, *call.names.values()), tree.called)
        for output in called.module.outputs.values():
            sites = () if output.value is None else (Site(output.value, (called,), {}),)
            behind = sorted(tracer.reach(*sites).variables)
            needs[f"module.{name}.{output.name}"] = [
                f"module.{name}(var.{variable})" for variable in behind
            ]
    return _cycles_in(needs, places)


def _needs(written: Iterable[Written], called: Mapping[str, ModuleTree]) -> list[str]:
    """The local values and outputs that some expressions refer to."""
    needs: list[str] = []
    for _, meaning in (pair for expression in written for pair in expression.targets):
        if meaning.kind == "local":
            needs.append(f"local.{meaning.name}")
        elif meaning.kind == "module" and meaning.name in called:
            outputs = called[meaning.name].module.outputs
            names = [step.name for step in meaning.steps if isinstance(step, Attribute)][:1]
            needs += [f"module.{meaning.name}.{name}" for name in names or outputs]
    return needs


def _cycles_in(needs: dict[str, list[str]], places: Mapping[str, Place]) -> Iterator[ModuleError]:
    """Cycles of anything with a place, each reported at the first one."""
    for _ in range(_MOST_CYCLES):
        try:
            TopologicalSorter(needs).prepare()
        except CycleError as error:
            cycle = error.args[1][:0:-1]
        else:
            return
        needs |= {name: [] for name in cycle}
        first = min(places.keys() & cycle, key=places.__getitem__, default=None)
        if first is not None:
            at = cycle.index(first)
            names = [*cycle[at:], *cycle[:at], first]
            shown = names if len(names) <= 6 else [*names[:3], "...", *names[-2:]]
            yield ModuleError(f"cycle: {' -> '.join(shown)}", places[first])
