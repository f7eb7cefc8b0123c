"""Functions that choose: which argument, or which part of one, is the result of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from dativo_lint.terraform.failures import EvaluationError
from dativo_lint.terraform.planning import Path, Spot, Way
from dativo_lint.terraform.values import Value

Choice: TypeAlias = "list[Way] | None"
"""What is chosen; None where that is not known."""


class Candidate(NamedTuple):
    """An argument of a function that chooses among its arguments."""

    spot: Spot
    path: Path
    result: Value | EvaluationError

    @property
    def data(self) -> Any:
        return None if isinstance(self.result, EvaluationError) else self.result.data

    @property
    def is_known(self) -> bool:
        return not isinstance(self.result, EvaluationError) and self.result.is_known

    def leads(self, *path: str | int) -> Choice:
        return [(self.spot, (*self.path, *path))]


def _merge(arguments: list[Candidate], path: Path) -> Choice:
    for argument in reversed(arguments):
        if isinstance(argument.data, dict) and path[0] in argument.data:
            return argument.leads(*path)
        if not argument.is_known:
            return None  # it may hold the key
    return None


def _coalesce(arguments: list[Candidate], path: Path) -> Choice:
    for argument in arguments:
        if not argument.is_known:
            return None
        if argument.data is not None and argument.data not in ("", ()):
            return argument.leads(*path)
    return None


def _try(arguments: list[Candidate], path: Path) -> Choice:
    for argument in arguments:
        if not isinstance(argument.result, EvaluationError):
            return argument.leads(*path) if argument.is_known else None
    return None


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
