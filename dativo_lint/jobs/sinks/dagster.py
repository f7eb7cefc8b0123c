"""What Dagster receives: asset tags, and the metadata of assets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import ClassVar

from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.layers import OWN_FIELDS, infrastructure_key
from dativo_lint.jobs.sinks.sink import (
    Sink,
    SinkEntry,
    SinkTag,
    TaggedJob,
    namespaced,
    written_tags,
)
from dativo_lint.jobs.tags import NAMESPACES, namespace

_FLAT = "infrastructure_"


class DagsterTags(Sink):
    """What the platform writes as tags of the asset, each schedule's own among them."""

    title = "Dagster"
    job_fields: ClassVar[Mapping[str, str]] = {"tenant": "tenant_id"}

    def receive(self, job: TaggedJob) -> Iterator[SinkTag]:
        named = [("tenant", job.field("tenant_id")), ("connector_type", job.connector_type)]
        named += [("job_name", schedule.child("name")) for schedule in job.schedules]
        for key, field in named:
            if field.value not in (ABSENT, None, ""):
                yield SinkEntry(key, field.value, field)
        yield from self._infrastructure(job)
        for schedule in job.schedules:
            tags = schedule.child("tags")
            if isinstance(tags.value, dict):
                for key, value in tags.value.items():
                    yield SinkEntry(str(key), value, tags.child(key))
        spaces = tuple(f"{name}." for name in job.propagation.dagster_namespaces)
        yield from namespaced(tag for tag in job.tags.values() if tag.key.startswith(spaces))

    def _infrastructure(self, job: TaggedJob) -> Iterable[SinkTag]:
        """Two fields of the block, and its tags as they are written, which may overwrite them."""
        entries = {entry.key: entry for entry in _fields(job, ("provider", "compute_type"))}
        for entry in written_tags(job):
            entries[f"{_FLAT}{entry.key}"] = entry._replace(key=f"{_FLAT}{entry.key}")
        return entries.values()

    def carries(self, key: str, namespaces: Collection[str]) -> bool:
        block, _, name = key.partition(".")
        is_flat = block == "infrastructure" and name not in ("memory_mb", "vcpu")
        return is_flat or block in namespaces

    def spelled_key(self, key: str) -> str:
        return key.replace(".", "_", 1) if namespace(key) == "infrastructure" else key

    def tag_key(self, key: str) -> str | None:
        """See `Sink`; the tags of the infrastructure are flat."""
        if key.startswith(_FLAT):
            return infrastructure_key(key.removeprefix(_FLAT))
        return super().tag_key(key)


class DagsterMetadata(Sink):
    """What the platform writes as metadata of the asset."""

    title = "Dagster metadata"

    def receive(self, job: TaggedJob) -> Iterable[SinkTag]:
        yield from _fields(job, OWN_FIELDS)
        for name in ("terraform_module", "resource_refs"):
            field = job.field("infrastructure", name)
            if field.value not in (ABSENT, None):
                yield SinkEntry(name, field.value, field)
        yield from namespaced(tag for tag in job.tags.values() if not tag.key.startswith("asset."))

    def carries(self, key: str, _namespaces: Collection[str]) -> bool:
        return namespace(key) in NAMESPACES and namespace(key) != "asset"

    def tag_key(self, key: str) -> str | None:
        """See `Sink`; fields of the infrastructure block are flat, too."""
        is_flat = key.startswith(_FLAT) and key.removeprefix(_FLAT) in OWN_FIELDS
        return key.replace("_", ".", 1) if is_flat else super().tag_key(key)


class DagsterNamespaced(DagsterMetadata):
    """What Dagster would have to take as tags, if the platform wrote all namespaces there."""

    is_filled = False

    def receive(self, job: TaggedJob) -> Iterable[SinkTag]:
        elsewhere = tuple(
            f"{name}." for name in ("asset", "infrastructure", *job.propagation.dagster_namespaces)
        )
        return namespaced(tag for tag in job.tags.values() if not tag.key.startswith(elsewhere))


def _fields(job: TaggedJob, fields: Iterable[str]) -> Iterator[SinkEntry]:
    """Fields of the infrastructure block, whatever a tag of the same name says."""
    for name in fields:
        tag = job.tags.assigned(f"infrastructure.{name}")
        for assignment in tag.trail if tag is not None else ():
            if tag is not None and assignment.at.route == ("infrastructure", name):
                yield SinkEntry(f"{_FLAT}{name}", assignment.text, assignment.at, tag)


SINKS: Mapping[str, Sink] = {
    "dagster": DagsterTags(),
    "dagster-metadata": DagsterMetadata(),
    "dagster-namespaced": DagsterNamespaced(),
}
