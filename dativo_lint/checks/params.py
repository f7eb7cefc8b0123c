"""The parameters of checks: what a rule file gives them, and how its page describes them."""

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from dativo_lint.jobs.field_ref import is_open
from dativo_lint.jobs.selectors import folded_word
from dativo_lint.jobs.sinks import SINKS
from dativo_lint.jobs.sinks.sink import Tagged

if TYPE_CHECKING:
    SinkName: TypeAlias = str
else:
    SinkName = Literal[tuple(sorted(SINKS))]
Groups: TypeAlias = tuple[Annotated[tuple[str, ...], Meta(min_length=2)], ...]
"""Groups of values."""


class RuleParams(Struct, frozen=True, eq=False, dict=True, forbid_unknown_fields=True):
    """What a rule gives a check."""


def about(description: str) -> Meta:
    """The documentation of a parameter."""
    return Meta(description=description)


def non_empty(description: str) -> Meta:
    """The same of a parameter that must not be empty."""
    return Meta(min_length=1, description=description)


Under: TypeAlias = Annotated[
    tuple[Annotated[str, Meta(min_length=1)], ...],
    non_empty("Fields of the job, with all inside them."),
]
Carriers: TypeAlias = Annotated[
    tuple[str, ...],
    non_empty("Variables that carry the job's tags; a trailing * matches any suffix."),
]
Names: TypeAlias = Annotated[
    tuple[str, ...],
    about("Names of fields, in snake_case; a leading or trailing * matches anything."),
]


def route(dotted: str) -> tuple[str, ...]:
    """The keys that lead to a field: `("logging", "level")` of `logging.level`."""
    return tuple(dotted.split(".")) if dotted else ()


def provider_of(target: Tagged) -> str:
    """The provider of a job in lowercase; empty where it is not set, or known only at run time."""
    written = target.value("infrastructure", "provider")
    return written.lower() if isinstance(written, str) and not is_open(written) else ""


def meanings(groups: Groups) -> dict[str, str]:
    """Of each value in groups of values that mean the same: the first of its group, both folded."""
    return {folded_word(word): folded_word(group[0]) for group in groups for word in group}


@lru_cache(maxsize=4_096)
def is_named(names: tuple[str, ...], name: str) -> bool:
    """Whether a name is one of those that a rule writes, as `Names` describes."""
    return any(
        name == each
        or (each.startswith("*") and name.endswith(each[1:]))
        or (each.endswith("*") and name.startswith(each[:-1]))
        for each in names
    )
