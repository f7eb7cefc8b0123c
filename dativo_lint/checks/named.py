"""Which values of a job a rule means: the blocks they stand in, and the names they stand under."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

Under: TypeAlias = Annotated[
    tuple[str, ...],
    Meta(
        min_length=1,
        description="Fields of the job that are looked at, with all that stands inside them.",
    ),
]
Names: TypeAlias = Annotated[
    tuple[str, ...],
    Meta(
        description=(
            "Names of fields, in lower case with underscores; a * at either end stands for "
            "anything."
        )
    ),
]


SinkName: TypeAlias = Literal[
    "aws", "dagster", "dagster-metadata", "dagster-namespaced", "gcp", "iceberg", "terraform"
]


def blocks_of(under: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The routes of the blocks that a rule writes."""
    return tuple(tuple(field.split(".")) for field in under)


def names_of(names: Iterable[str]) -> Callable[[str], bool]:
    """Whether a leaf's name is one of those that a rule writes, as `Names` describes."""
    exact = frozenset(name for name in names if "*" not in name)
    ends = tuple(name[1:] for name in names if name.startswith("*"))
    starts = tuple(name[:-1] for name in names if name.endswith("*"))

    @lru_cache(maxsize=1024)
    def is_named(name: str) -> bool:
        return name in exact or name.endswith(ends) or name.startswith(starts)

    return is_named
