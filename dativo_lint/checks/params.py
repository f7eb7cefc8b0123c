"""The parameters of checks: what a rule file gives them, and how its page describes them."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

SinkName: TypeAlias = Literal[
    "aws", "dagster", "dagster-metadata", "dagster-namespaced", "gcp", "iceberg", "terraform"
]
Groups: TypeAlias = tuple[Annotated[tuple[str, ...], Meta(min_length=2)], ...]
"""Groups of values."""


class RuleParams(Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule gives a check; by itself, of a check without parameters."""


def about(description: str) -> Meta:
    """The documentation of a parameter."""
    return Meta(description=description)


def non_empty(description: str) -> Meta:
    """The same of a parameter that must not be empty."""
    return Meta(min_length=1, description=description)


Under: TypeAlias = Annotated[tuple[str, ...], non_empty("Fields of the job, with all inside them.")]
Names: TypeAlias = Annotated[
    tuple[str, ...],
    about("Names of fields, in snake_case; a leading or trailing * matches anything."),
]


def route(dotted: str) -> tuple[str, ...]:
    """The keys that lead to a field: `("logging", "level")` of `logging.level`."""
    return tuple(dotted.split(".")) if dotted else ()


@lru_cache(maxsize=4_096)
def is_named(names: tuple[str, ...], name: str) -> bool:
    """Whether a name is one of those that a rule writes, as `Names` describes."""
    return any(
        name == each
        or (each.startswith("*") and name.endswith(each[1:]))
        or (each.endswith("*") and name.startswith(each[:-1]))
        for each in names
    )
