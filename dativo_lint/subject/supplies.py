"""Supplies: the Terraform variables that the platform hands to a job's module."""

from __future__ import annotations

from collections.abc import Iterator
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


def platform_supplies(job: Document, tags: TagSet, propagation: Propagation) -> dict[str, Supply]:
    """What the platform supplies by itself, by variable name."""
    supplies = {supply.name: supply for supply in _all(Said(job, ()), tags, propagation)}
    return {name: it for name, it in supplies.items() if name not in propagation.withheld}


def own_supplies(job: Document) -> dict[str, Supply]:
    """What the job hands over under `infrastructure.terraform_vars`; it wins over the platform."""
    said = Said(job, ("infrastructure", "terraform_vars"))
    if not isinstance(said.value, dict):
        return {}
    return {
        str(name): Supply(str(name), value, said.below(name), is_own=True)
        for name, value in said.value.items()
    }


def _all(job: Said, tags: TagSet, propagation: Propagation) -> Iterator[Supply]:
    block = job.below("infrastructure")
    for key, text in tags.texts.items():
        if not key.startswith("asset."):
            yield Supply(key.replace(".", "_"), text, block, tags, key)
    for name in propagation.supplied:
        yield Supply(name, ABSENT, block)
    yield Supply("job_name", ABSENT, block)
    for name in ("tenant_id", "environment"):
        said = job.below(name)
        if said.value not in (ABSENT, None):
            yield Supply(name, said.value, said)
    for name in OWN_FIELDS:
        said = block.below(name)
        if said.value not in (ABSENT, None):
            yield Supply(f"infrastructure_{name}", _in_model(name, said.value), said)
    for name in ("terraform_module", "resource_refs", "tags"):
        said = block.below(name)
        yield Supply(name, _in_block(name, said.value), said)


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
