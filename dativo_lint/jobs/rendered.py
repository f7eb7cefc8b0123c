"""Rendered tag sets: what a pipeline really wrote for a sink, with the interface of a job."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct

from dativo_lint.documents.document import Document
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.references import Reference
from dativo_lint.jobs.selectors import Selector, Statement
from dativo_lint.jobs.sinks import CLOUDS, sink_of
from dativo_lint.jobs.sinks.sink import Sink, SinkTag
from dativo_lint.jobs.tags import NAMESPACES, TagSet, namespace


class JobSource(Struct, frozen=True, eq=False):
    """The job that a rendered set was rendered from.

    `field` is where the set names it, None where the command line does, and `reference` its
    resolution. `job` is None where there is no job, or not exactly one (`count`), or where the
    file cannot be read.
    """

    field: FieldRef | None = None
    reference: Reference | None = None
    job: Job | None = None
    count: int = 0
    is_readable: bool = True


class RenderedSet(Struct, frozen=True, eq=False, dict=True):
    """The tags of one thing that a pipeline made: a table, an asset, a resource of a plan.

    `name` is what messages call it, `block` the mapping of the entries. `sink_name` is empty if the
    sink is unknown; `sink_field` is where the set names it. `resource` is the type of a resource in
    a plan. A set that is not `whole` may have more tags after apply. `namespaces` are those that
    the platform writes as Dagster asset tags.
    """

    name: str
    sink_name: str
    block: FieldRef
    entries: tuple[SinkTag, ...]
    resource: str = ""
    whole: bool = True
    sink_field: FieldRef | None = None
    source: JobSource = JobSource()
    namespaces: tuple[str, ...] = ()

    @property
    def document(self) -> Document:
        """The document of the set."""
        return self.block.document

    @property
    def is_planned(self) -> bool:
        """Whether it is from a plan, so that no vendor has added to it yet."""
        return bool(self.resource)

    @cached_property
    def tags(self) -> TagSet:
        """The entries as namespaced tags, with trails of one assignment."""
        return TagSet(entry.tag for entry in self.entries if entry.tag is not None)

    @cached_property
    def statements(self) -> dict[Selector, list[Statement]]:
        """What is stated, by each selector that a rule has asked for."""
        return {}

    @property
    def schedules(self) -> Sequence[FieldRef]:
        """None: the tags of schedules are among the entries."""
        return ()

    def field(self, *route: str | int) -> FieldRef:
        """The entry for a field of the job; an absent one where there is none."""
        for entry in self.entries:
            if (self._sink.job_fields.get(entry.key),) == route:
                return entry.at
        return FieldRef(self.fields, route)

    def value(self, *route: str | int) -> Any:
        """The value of a field of the job, as far as the set has it, or `ABSENT`."""
        return self.fields.value(route)

    def sink(self, name: str) -> tuple[SinkTag, ...]:
        """The entries, if the set is one of this sink."""
        return self.entries if name == self.sink_name else ()

    @cached_property
    def fields(self) -> Document:
        """The job as far as the set shows it; all of it if the job is known."""
        data: dict[Any, Any] = {}
        job_fields, job = self._sink.job_fields, self.source.job
        if job is not None and isinstance(job.config.data, dict):
            data.update(job.config.data)
        else:
            for entry in self.entries:
                if entry.key in job_fields:
                    data[job_fields[entry.key]] = entry.text
        if self.sink_name in CLOUDS:
            block = data.get("infrastructure")
            others = block if isinstance(block, dict) else {}
            data["infrastructure"] = {**others, "provider": self.sink_name}
        return Document(self.document.path, "", data)

    def carries(self, key: str) -> bool:
        """Whether the sink is one that a namespaced tag arrives at."""
        return self._sink.carries(key, self.namespaces)

    def spelled(self, key: str) -> str:
        """A namespaced key as the sink spells it."""
        return self._sink.spelled_key(key)

    @property
    def _sink(self) -> Sink:
        return sink_of(self.sink_name)


def sink_of_keys(tags: Any) -> str:
    """The sink that the keys of a flat mapping belong to; empty if unknown."""
    keys = [str(key) for key in tags]
    flat = any(key.startswith("infrastructure_") for key in keys)
    dotted = any("." in key and namespace(key) in NAMESPACES for key in keys)
    if flat:
        return "dagster-metadata" if dotted else "dagster"
    return "iceberg" if dotted else ""
