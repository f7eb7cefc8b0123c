"""Values that hang on themselves: local values, and arguments of calls through outputs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Final

from dativo_lint.documents.place import Place
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.declarations import ModuleError
from dativo_lint.terraform.module import Module
from dativo_lint.terraform.reach import Site, Tracer
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.syntax import Attribute

_MOST: Final = 20
"""The most cycles that are reported."""


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
    for _ in range(_MOST):
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
