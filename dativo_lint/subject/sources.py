"""Sources: where the platform takes the Terraform variables from, and what it makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import compress
from math import isfinite
from typing import Any

from msgspec import Struct

from dativo_lint.subject.layers import OWN_FIELDS
from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.said import is_open
from dativo_lint.subject.tag_values import as_number
from dativo_lint.texts.document import ABSENT

Source = str | tuple[str, ...] | None
"""The key of a tag, a field of the job, or nothing that the job tells."""


class Outline(Struct, frozen=True, eq=False):
    """Where variables are taken from, by name; jobs that supply the same share one."""

    sources: Mapping[str, Source]


BLOCK = ("infrastructure",)
VARS = ("infrastructure", "terraform_vars")
_WHOLE = ("terraform_module", "resource_refs", "tags")
"""Parts of the infrastructure block that are supplied whether they are written or not."""


TOP_FIELDS = ("tenant_id", "environment")
_MAY_LACK = (*TOP_FIELDS, *(f"infrastructure_{name}" for name in OWN_FIELDS))
"""The variables that come from fields which a job may leave out."""
_EXACT = 1 << 53
"""The whole numbers below are floats as well."""


@lru_cache(maxsize=256)
def outline_of(keys: tuple[str, ...], has: tuple[bool, ...], propagation: Propagation) -> Outline:
    """What the platform supplies to jobs with tags of some keys, and some of the fields."""
    return Outline(_sources_of(keys, compress(_MAY_LACK, has), propagation))


@lru_cache(maxsize=256)
def own_outline(names: tuple[str, ...]) -> Outline:
    """What jobs supply that write variables of some names."""
    return Outline({name: (*VARS, name) for name in names})


def _sources_of(
    keys: Iterable[str], fields: Iterable[str], propagation: Propagation
) -> Mapping[str, Source]:
    """Where the platform takes its variables from; of two with one name, the latter counts."""
    sources: dict[str, Source] = {
        key.replace(".", "_"): key for key in keys if not key.startswith("asset.")
    }
    sources.update(dict.fromkeys((*propagation.supplied, "job_name")))
    for name in fields:
        block, _, field = name.partition("_")
        sources[name] = (block, field) if block in BLOCK else (name,)
    sources.update({name: (*BLOCK, name) for name in _WHOLE})
    for name in propagation.withheld:
        sources.pop(name, None)
    return sources


def _lowered(value: Any) -> Any:
    return value.lower() if isinstance(value, str) and not is_open(value) else value


def _memory(value: Any) -> Any:
    """A size as the platform's model has it; `ABSENT` for what the model refuses."""
    if value.__class__ is int and 0 <= value < _EXACT:
        return value
    if is_open(value):
        return value
    number = as_number(value)
    return ABSENT if number is None or not number.is_integer() else int(number)


def _vcpu(value: Any) -> Any:
    if value.__class__ is int and 0 <= value < _EXACT:
        return float(value)
    if is_open(value):
        return value
    number = as_number(value)
    return ABSENT if number is None or not isfinite(number) else number


def _named(value: Any) -> Any:
    return ABSENT if value is None else value


def _mapping(value: Any) -> Any:
    """A part of the block; `ABSENT` for what the platform's model refuses or has not."""
    return value if isinstance(value, dict) or is_open(value) else ABSENT


def _tags(value: Any) -> Any:
    if not isinstance(value, dict):
        return _mapping(value)
    is_whole = None not in value.values()
    return value if is_whole else {key: it for key, it in value.items() if it is not None}


SHAPES: Mapping[str, Callable[[Any], Any] | None] = {
    "provider": _lowered,
    "compute_type": None,
    "memory_mb": _memory,
    "vcpu": _vcpu,
    "terraform_module": _named,
    "resource_refs": _mapping,
    "tags": _tags,
}
"""What the platform makes of the fields of the block that it hands over."""
