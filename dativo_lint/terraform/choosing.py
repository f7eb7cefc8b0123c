"""Functions that choose: which argument, or which part of one, is the result of a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from dativo_lint.terraform.failures import EvaluationError
from dativo_lint.terraform.planning import Path, Spot, Way
from dativo_lint.terraform.values import Unknown, Value

Choice: TypeAlias = "list[Way] | None"
"""What is chosen; None where that is not known."""


class Candidate(NamedTuple):
    """An argument of a function that chooses among its arguments."""

    spot: Spot
    path: Path
    result: Value | EvaluationError

    @property
    def data(self) -> Any:
        """What is known of its value; an `Unknown` where nothing is, or where it fails."""
        failed = Unknown("it cannot be evaluated")
        return failed if isinstance(self.result, EvaluationError) else self.result.data

    def leads(self, *path: str | int) -> Choice:
        return [(self.spot, (*self.path, *path))]


def _merge(arguments: list[Candidate], path: Path) -> Choice:
    for argument in reversed(arguments):
        if isinstance(argument.data, Unknown):
            break  # it may hold the key
        if isinstance(argument.data, dict) and path[0] in argument.data:
            return argument.leads(*path)
    return None


def _coalesce(arguments: list[Candidate], path: Path) -> Choice:
    filled = (each for each in arguments if each.data is not None and each.data not in ("", ()))
    return _first(filled, path)


def _try(arguments: list[Candidate], path: Path) -> Choice:
    return _first(
        (each for each in arguments if not isinstance(each.result, EvaluationError)), path
    )


def _first(arguments: Iterable[Candidate], path: Path) -> Choice:
    chosen = next(iter(arguments), None)
    return None if chosen is None or isinstance(chosen.data, Unknown) else chosen.leads(*path)


def _lookup(arguments: list[Candidate], path: Path) -> Choice:
    mapping, key, *default = arguments
    if not isinstance(mapping.data, dict) or not isinstance(key.data, str):
        return None
    if key.data in mapping.data:
        return mapping.leads(key.data, *path)
    return default[0].leads(*path) if default else None


def _element(arguments: list[Candidate], path: Path) -> Choice:
    items, at = arguments
    if not isinstance(items.data, tuple) or not items.data or not isinstance(at.data, int):
        return None
    return items.leads(at.data % len(items.data), *path)


PASSING: Final = frozenset(
    {"nonsensitive", "sensitive", "tobool", "tolist", "tomap", "tonumber", "toset", "tostring"}
)
"""Functions whose only argument is their result, in another type at the most."""
CHOOSING: Final[Mapping[str, Callable[[list[Candidate], Path], Choice]]] = {
    "coalesce": _coalesce,
    "coalescelist": _coalesce,
    "element": _element,
    "lookup": _lookup,
    "merge": _merge,
    "try": _try,
}
