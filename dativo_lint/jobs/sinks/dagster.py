"""What Dagster receives: asset tags, and the metadata of assets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import ClassVar

from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.layers import OWN_FIELDS, infrastructure_key
from dativo_lint.jobs.sinks.sink import NAMESPACES, Filling, Sink, SinkTag, namespace, namespaced

_FLAT = "infrastructure_"
_FLAT_FIELDS = ("provider", "compute_type")
"""Fields of the infrastructure block that are asset tags."""


class _Dagster(Sink):
    def tag_key(self, key: str) -> str | None:
        """See `Sink`; the tags of the infrastructure are flat."""
        return key.replace("_", ".", 1) if key.startswith(_FLAT) else super().tag_key(key)


class DagsterTags(_Dagster):
    """What the platform writes as tags of the asset, each schedule's own among them."""

    job_fields: ClassVar[Mapping[str, str]] = {
        "tenant": "tenant_id",
        "connector_type": "source_connector",
    }

    def receive(self, job: Filling) -> Iterator[SinkTag]:
        """See `Sink`."""
        for key, field in self.job_fields.items():
            said = job.said(field)
            if said.value not in (ABSENT, None, ""):
                yield SinkTag(key, said.value, said)
        for schedule in job.schedules:
            said = schedule.below("name")
            if said.value not in (ABSENT, None, ""):
                yield SinkTag("job_name", said.value, said)
        yield from _flat_infrastructure(job, _FLAT_FIELDS)
        for schedule in job.schedules:
            tags = schedule.below("tags")
            if isinstance(tags.value, dict):
                for key, value in tags.value.items():
                    yield SinkTag(str(key), value, tags.below(key))
        namespaces = job.propagation.dagster_namespaces
        yield from namespaced(it for it in job.tags.values() if namespace(it.key) in namespaces)

    def carries(self, key: str, namespaces: Collection[str]) -> bool:
        """See `Sink`."""
        block, _, name = key.partition(".")
        is_flat = block == "infrastructure" and name not in ("memory_mb", "vcpu")
        return is_flat or block in namespaces

    def spelled_key(self, key: str) -> str:
        """See `Sink`."""
        return key.replace(".", "_", 1) if namespace(key) == "infrastructure" else key


class DagsterMetadata(_Dagster):
    """What the platform writes as metadata of the asset."""

    def receive(self, job: Filling) -> Iterator[SinkTag]:
        """See `Sink`."""
        yield from _flat_infrastructure(job, OWN_FIELDS)
        for name in ("terraform_module", "resource_refs"):
            said = job.said("infrastructure", name)
            if said.value not in (ABSENT, None):
                yield SinkTag(name, said.value, said)
        yield from namespaced(it for it in job.tags.values() if namespace(it.key) != "asset")

    def carries(self, key: str, _namespaces: Collection[str]) -> bool:
        """See `Sink`."""
        return namespace(key) in NAMESPACES and namespace(key) != "asset"


class DagsterNamespaced(DagsterMetadata):
    """What Dagster would have to take as tags, if the platform wrote all namespaces there."""

    def receive(self, job: Filling) -> Iterator[SinkTag]:
        """See `Sink`."""
        elsewhere = ("asset", "infrastructure", *job.propagation.dagster_namespaces)
        return namespaced(it for it in job.tags.values() if namespace(it.key) not in elsewhere)


def _flat_infrastructure(job: Filling, fields: tuple[str, ...]) -> Iterator[SinkTag]:
    """`infrastructure_<Key>` for fields of the block and for each of its tags."""
    written = job.value("infrastructure", "tags")
    keys = {infrastructure_key(key) for key in (*fields, *_keys(written))}
    for key, tag in job.tags.items():
        if key in keys:
            last = tag.trail[-1]
            # Dagster is given a tag that is no text as it is written.
            is_of_tags = last.at.route[:2] == ("infrastructure", "tags")
            value = last.written if is_of_tags else last.text
            yield SinkTag(key.replace(".", "_", 1), value, tag.at, tag)


def _keys(tags: object) -> Iterable[object]:
    return tags if isinstance(tags, dict) else ()
