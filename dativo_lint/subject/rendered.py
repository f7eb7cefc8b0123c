"""Rendered tag sets: what a pipeline really wrote for a sink, asked as a job is asked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from dativo_lint.subject.layers import OWN_FIELDS, infrastructure_key
from dativo_lint.subject.references import Reference
from dativo_lint.subject.said import Said
from dativo_lint.subject.sinks import CLOUDS
from dativo_lint.subject.sinks.sink import SinkTag, namespace
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.tags import TagSet
from dativo_lint.texts.document import Document

NAMESPACES = ("classification", "governance", "finops", "infrastructure", "asset")
_FIELDS = {
    "dagster": {"tenant": "tenant_id", "connector_type": "source_connector"},
    "terraform": {"tenant_id": "tenant_id", "environment": "environment"},
}
"""Of some sinks: the entries that are fields of the job and no tags."""


class JobOf(Struct, frozen=True, eq=False):
    """The job that a rendered set was rendered from.

    `said` is where the set names it, None where the command line does, and `reference` where that
    leads. `subject` is None where there is no job, or not just one, of which `count` tells, or
    where the file cannot be read.
    """

    said: Said | None = None
    reference: Reference | None = None
    subject: Subject | None = None
    count: int = 0
    is_readable: bool = True


class RenderedSet(Struct, frozen=True, eq=False, dict=True):
    """The tags of one thing that a pipeline made: a table, an asset, a resource of a plan.

    `name` is what messages call it, `block` the mapping that holds the entries. `sink_name` is
    empty where nothing tells it; `sink_said` is where the set does. `resource` is the type of a
    resource in a plan. What is not `whole` may have more tags than can be seen before it is
    made. `namespaces` are those that the platform writes as Dagster asset tags.
    """

    name: str
    sink_name: str
    block: Said
    entries: tuple[SinkTag, ...]
    resource: str = ""
    whole: bool = True
    sink_said: Said | None = None
    job: JobOf = JobOf()
    namespaces: tuple[str, ...] = ()

    @property
    def document(self) -> Document:
        """The document that it stands in."""
        return self.block.document

    @property
    def is_planned(self) -> bool:
        """Whether it is what Terraform is about to write, to which no vendor has added yet."""
        return bool(self.resource)

    @cached_property
    def tags(self) -> TagSet:
        """The entries as the namespaced tags that they stand for, with trails of one word."""
        return TagSet.of(entry.tag for entry in self.entries if entry.tag is not None)

    @property
    def schedules(self) -> Sequence[Said]:
        """None: what schedules say is among the entries."""
        return ()

    def said(self, *route: str | int) -> Said:
        """The entry that stands for a field of the job; an absent one where there is none."""
        for entry in self.entries:
            if (_FIELDS.get(self.sink_name, {}).get(entry.key),) == route:
                return entry.at
        return Said(self.fields, route)

    def value(self, *route: str | int) -> Any:
        """The value of a field of the job, as far as the set tells it, or `ABSENT`."""
        return self.fields.value(route)

    def sink(self, name: str) -> tuple[SinkTag, ...]:
        """The entries, if the set is one of this sink."""
        return self.entries if name == self.sink_name else ()

    @cached_property
    def fields(self) -> Document:
        """The job as far as the set tells of it; all of it, where it is held against its job."""
        told: dict[Any, Any] = {}
        if self.job.subject is not None and isinstance(self.job.subject.job.data, dict):
            told.update(self.job.subject.job.data)
        elif self.sink_name in _FIELDS:
            names = _FIELDS[self.sink_name]
            told.update((names[it.key], it.text) for it in self.entries if it.key in names)
        if self.sink_name in CLOUDS:
            block = told.get("infrastructure")
            others = block if isinstance(block, dict) else {}
            told["infrastructure"] = {**others, "provider": self.sink_name}
        return Document(self.document.path, "", told)

    def carries(self, key: str) -> bool:
        """Whether the sink is one that a namespaced tag arrives at."""
        return arrives(key, self.sink_name, self.namespaces)

    def spelled(self, key: str) -> str:
        """How a namespaced key is spelled in the sink."""
        if self.sink_name in CLOUDS:
            return key.removeprefix("infrastructure.")
        if self.sink_name == "terraform":
            return key.replace(".", "_")
        if self.sink_name == "dagster" and namespace(key) == "infrastructure":
            return key.replace(".", "_", 1)
        return key


def arrives(key: str, sink: str, namespaces: Sequence[str]) -> bool:
    """Whether a sink receives a namespaced tag, where a job has it.

    `namespaces` are those that the platform writes as Dagster asset tags.
    """
    its, name = namespace(key), key.partition(".")[2]
    if sink in CLOUDS:
        return its == "infrastructure" and name not in OWN_FIELDS
    if sink == "dagster":
        is_flat = its == "infrastructure" and name not in ("memory_mb", "vcpu")
        return is_flat or its in namespaces
    if sink in ("dagster-metadata", "terraform"):
        return its in NAMESPACES and its != "asset"
    return sink == "iceberg" and its in NAMESPACES


def tag_key(sink: str, key: str) -> str | None:
    """The namespaced key that an entry of a sink stands for; None for what is no tag."""
    if sink in CLOUDS:
        return infrastructure_key(key)
    if sink == "terraform":
        return _of_variable(key)
    if "." in key and namespace(key) in NAMESPACES:
        return key
    if sink.startswith("dagster") and key.startswith("infrastructure_"):
        return key.replace("_", ".", 1)
    return None


def _of_variable(name: str) -> str | None:
    if name.startswith("tags."):
        return infrastructure_key(name.removeprefix("tags."))
    its, _, rest = name.partition("_")
    if its not in NAMESPACES or its == "asset" or not rest:
        return None
    if its == "classification" and rest.startswith("fields_"):
        return f"classification.fields.{rest.removeprefix('fields_')}"
    return f"{its}.{rest}"


def told_by_keys(tags: Any) -> str:
    """The sink that the keys of a flat mapping tell; empty where they tell none."""
    keys = [str(key) for key in tags]
    flat = any(key.startswith("infrastructure_") for key in keys)
    dotted = any("." in key and namespace(key) in NAMESPACES for key in keys)
    if flat:
        return "dagster-metadata" if dotted else "dagster"
    return "iceberg" if dotted else ""
