"""Which values of a job a rule means: the blocks they stand in, and the names they stand under."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

UNDER: Mapping[str, Any] = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string"},
    "description": "Fields of the job that are looked at, with all that stands inside them.",
}
NAMES: Mapping[str, Any] = {
    "type": "array",
    "items": {"type": "string"},
    "description": (
        "Names of fields, in lower case with underscores; a * at either end stands for anything."
    ),
}
"""JSON Schemas of what a rule writes."""


def blocks_of(under: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The routes of the blocks that a rule writes."""
    return tuple(tuple(field.split(".")) for field in under)


def names_of(names: Iterable[str]) -> Callable[[str], bool]:
    """Whether a leaf's name is one of those that a rule writes, as `NAMES` describes."""
    exact = frozenset(name for name in names if "*" not in name)
    ends = tuple(name[1:] for name in names if name.startswith("*"))
    starts = tuple(name[:-1] for name in names if name.endswith("*"))

    @lru_cache(maxsize=1024)
    def is_named(name: str) -> bool:
        return name in exact or name.endswith(ends) or name.startswith(starts)

    return is_named
