"""The shape of a job: the fields by which one is recognised, also where they are misspelt."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from itertools import islice
from typing import Any

from dativo_lint.jobs.tags import folded_key
from dativo_lint.names import close_names

TEXT_SUFFIXES = (".yaml", ".yml", ".json")
"""How the names of files end that may hold a document, in any case."""
PATH_FIELDS = ("asset_path", "source_connector_path")
INFRASTRUCTURE = (
    "provider",
    "compute_type",
    "terraform_module",
    "terraform_vars",
    "resource_refs",
)
"""Fields of `infrastructure` that no other tool has there."""
CONNECTORS = ("source_connector", "target_connector", "target_connector_path")
SIGNS = (*CONNECTORS, "tenant_id", "finops", "classification_overrides", "governance_overrides")
"""Fields of jobs that make no document one alone; other tools have some, too."""
MOST_KEYS = 1000
"""Keys of a mapping that are compared with the fields of a job."""
_BLOCK = "infrastructure"
_ENOUGH = 3
"""Fields of jobs that make a document one together, whatever they hold."""
_NEAR = 0.85
"""How alike a name is to that of a field of which it is a misspelling."""
_LONGEST_NAME = 30


def is_job(data: Any) -> bool:
    """Whether a mapping has what only jobs have."""
    return isinstance(data, dict) and (
        any(_names_text(data.get(name)) for name in PATH_FIELDS)
        or has_any(data.get(_BLOCK), INFRASTRUCTURE)
    )


def is_misspelt_job(data: dict[Any, Any]) -> bool:
    """Whether a mapping has other fields of a job, or its own with a typo in the name; so that no
    typo keeps a job from being judged."""
    names = {folded_key(name) for name in islice(data, MOST_KEYS) if isinstance(name, str)}
    has_signs = not names.isdisjoint(_FOLDED_SIGNS)
    return len(names & _FOLDED_FIELDS) >= _ENOUGH or any(
        _is_of_job(value, has_signs=has_signs) and _is_misspelt(name, (*PATH_FIELDS, _BLOCK))
        for name, value in islice(data.items(), MOST_KEYS)
    )


def is_misspelt_path(name: Any, value: Any) -> bool:
    """Whether a field names a file as those do by which jobs are recognised, with a typo."""
    return _names_text(value) and _is_misspelt(name, PATH_FIELDS)


def has_any(value: Any, names: Collection[str]) -> bool:
    """Whether a value is a mapping with any of some fields."""
    return isinstance(value, dict) and any(name in value for name in names)


def _names_text(value: Any) -> bool:
    """Whether a value is the path of a YAML or JSON file, as far as it is known."""
    return isinstance(value, str) and ("${" in value or value.lower().endswith(TEXT_SUFFIXES))


def _is_of_job(value: Any, *, has_signs: bool) -> bool:
    """Whether a value is that of a field by which jobs are recognised."""
    if isinstance(value, dict):
        names = INFRASTRUCTURE if has_signs else INFRASTRUCTURE[1:]
        return any(_is_misspelt(name, names) for name in islice(value, MOST_KEYS))
    return has_signs and _names_text(value)


@lru_cache(1000)
def _is_misspelt(name: Any, fields: tuple[str, ...]) -> bool:
    """Whether a name is that of one of some fields, or nearly."""
    if not isinstance(name, str) or len(name) > _LONGEST_NAME:
        return False
    spelled = folded_key(name)
    # A typo is hardly ever in the first letter, and a dataset is no asset.
    near = [field for field in map(folded_key, fields) if field[0] == spelled[:1]]
    return bool(close_names(spelled, near, likeness=_NEAR))


_FOLDED_SIGNS = frozenset(map(folded_key, SIGNS))
_FOLDED_FIELDS = _FOLDED_SIGNS.union(map(folded_key, (*PATH_FIELDS, _BLOCK)))
