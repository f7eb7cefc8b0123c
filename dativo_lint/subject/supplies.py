"""Supplies: the Terraform variables that the platform hands to a job's module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import isfinite
from typing import Any

from dativo_lint.records import dataclass
from dativo_lint.subject.derive import OWN_FIELDS, as_number
from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.tags import Tag, TagSet
from dativo_lint.texts.document import ABSENT, Document
from dativo_lint.texts.place import spell


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
    """A variable that a module is given; thousands are made in a run.

    `value` is plain data, `ABSENT` where nothing in the job tells it. It comes from the tag of a
    `key` among `tags`, where there is one, or else from `said`; `is_own` tells a name of
    `terraform_vars` from what the platform supplies.
    """

    name: str
    value: Any
    said: Said
    tags: TagSet | None = None
    key: str = ""
    is_own: bool = False

    @property
    def tag(self) -> Tag | None:
        """The tag that it comes from."""
        return None if self.tags is None else self.tags[self.key]

    @property
    def at(self) -> Said:
        """Where the value comes from; of a tag, where its strongest word stands."""
        tag = self.tag
        return self.said if tag is None else tag.at

    def named(self, at: Said) -> str:
        """A field in it as messages name it: a tag by its key, others below the block."""
        tag = self.tag
        if tag is not None:
            return tag.name
        return spell(at.route[1:] if at.route[0] == "infrastructure" else at.route)


class PlatformSupplies(Mapping[str, Supply]):
    """What the platform supplies by itself, by variable name; each is made when it is asked for."""

    def __init__(self, job: Document, tags: TagSet, propagation: Propagation) -> None:
        self._job = job
        self._tags = tags
        self._made: dict[str, Supply] = {}
        self._sources = _sources(job, tags, propagation)

    def __getitem__(self, name: str) -> Supply:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = self._make(name, self._sources[name])
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """The supply of a variable."""
        return self[name] if name in self._sources else default

    def __contains__(self, name: object) -> bool:
        return name in self._sources

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def _make(self, name: str, source: _Source) -> Supply:
        block = Said(self._job, ("infrastructure",))
        if source is None:
            return Supply(name, ABSENT, block)
        if isinstance(source, str):
            return Supply(name, self._tags.texts[source], block, self._tags, source)
        said = Said(self._job, source)
        if source[:-1] == block.route:
            shape = _in_model if source[-1] in OWN_FIELDS else _in_block
            return Supply(name, shape(source[-1], said.value), said)
        return Supply(name, said.value, said)


_Source = str | tuple[str, ...] | None
"""The key of a tag, a field of the job, or nothing that the job tells."""


def _sources(job: Document, tags: TagSet, propagation: Propagation) -> dict[str, _Source]:
    """Where the platform takes its variables from; of two with one name, the latter counts."""
    sources: dict[str, _Source] = dict(_variables_of(tuple(tags.texts)))
    sources.update(dict.fromkeys((*propagation.supplied, "job_name")))
    for name in ("tenant_id", "environment"):
        if job.value((name,)) not in (ABSENT, None):
            sources[name] = (name,)
    for name in OWN_FIELDS:
        if job.value(("infrastructure", name)) not in (ABSENT, None):
            sources[f"infrastructure_{name}"] = ("infrastructure", name)
    for name in ("terraform_module", "resource_refs", "tags"):
        sources[name] = ("infrastructure", name)
    for name in propagation.withheld:
        sources.pop(name, None)
    return sources


@lru_cache(maxsize=256)
def _variables_of(keys: tuple[str, ...]) -> Mapping[str, str]:
    """The variables that tags become; the jobs of a shop have much the same ones."""
    return {key.replace(".", "_"): key for key in keys if not key.startswith("asset.")}


def own_supplies(job: Document) -> dict[str, Supply]:
    """What the job hands over under `infrastructure.terraform_vars`; it wins over the platform."""
    said = Said(job, ("infrastructure", "terraform_vars"))
    if not isinstance(said.value, dict):
        return {}
    return {
        str(name): Supply(str(name), value, said.below(name), is_own=True)
        for name, value in said.value.items()
    }


def _in_model(name: str, value: Any) -> Any:
    """A field of the block as the platform's model has it; `ABSENT` for what the model refuses."""
    if is_open(value):
        return value
    if name == "memory_mb":
        number = as_number(value)
        return ABSENT if number is None or not number.is_integer() else int(number)
    if name == "vcpu":
        number = as_number(value)
        return ABSENT if number is None or not isfinite(number) else number
    return value.lower() if name == "provider" and isinstance(value, str) else value


def _in_block(name: str, value: Any) -> Any:
    """A part of the block; `ABSENT` for what the platform's model refuses or has not."""
    if name == "terraform_module":
        return ABSENT if value is None else value
    if not isinstance(value, dict):
        return value if is_open(value) else ABSENT
    if name == "tags":
        return {key: it for key, it in value.items() if it is not None}
    return value
