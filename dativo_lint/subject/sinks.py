"""Sinks: which tags end where, and how they are spelled there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from dativo_lint.subject.derive import OWN_FIELDS, infrastructure_key
from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.tags import Tag, TagSet
from dativo_lint.texts.document import ABSENT, Document


class SinkTag(NamedTuple):
    """An entry that a sink receives; thousands are made in a run.

    `text` is the value as the sink receives it, None where it is known only at run time; a value
    that is not text is given as it was written. `at` is where the mend belongs; `tag` the
    namespaced tag that it comes from, None for what is not a tag.
    """

    key: str
    text: Any
    at: Said
    tag: Tag | None = None

    @property
    def is_open(self) -> bool:
        """Whether the value is known only when the job runs."""
        return self.text is None or is_open(self.text)


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """What flows into the sinks: a job, its effective tags, and its schedules in the runner."""

    job: Document
    tags: TagSet
    schedules: tuple[Said, ...]
    propagation: Propagation


def sink_tags(sink: str, flow: Flow) -> tuple[SinkTag, ...]:
    """What a sink receives, in the order in which it was said; `sink` is a key of `SINKS`."""
    return tuple(SINKS[sink](flow))


def _dagster(flow: Flow) -> Iterator[SinkTag]:
    job = Said(flow.job, ())
    for key, name in (("tenant", "tenant_id"), ("connector_type", "source_connector")):
        said = job.below(name)
        if said.value not in (ABSENT, None, ""):
            yield SinkTag(key, said.value, said)
    for schedule in flow.schedules:
        said = schedule.below("name")
        if said.value not in (ABSENT, None, ""):
            yield SinkTag("job_name", said.value, said)
    yield from _flat_infrastructure(flow, ("provider", "compute_type"))
    for schedule in flow.schedules:
        tags = schedule.below("tags")
        if isinstance(tags.value, dict):
            for key, value in tags.value.items():
                yield SinkTag(str(key), value, tags.below(key))
    namespaces = flow.propagation.dagster_namespaces
    if namespaces:
        for key, tag in flow.tags.items():
            if _namespace(key) in namespaces:
                yield SinkTag(key, tag.text, tag.at, tag)


def _flat_infrastructure(flow: Flow, own: tuple[str, ...]) -> Iterator[SinkTag]:
    """`infrastructure_<Key>` for the block's own fields and for each of its tags."""
    written = flow.job.value(("infrastructure", "tags"))
    keys = {f"infrastructure.{name}" for name in own}
    if isinstance(written, dict):
        keys |= {infrastructure_key(key) for key in written}
    for key, tag in flow.tags.items():
        if key in keys:
            flat = key.replace(".", "_", 1)
            yield SinkTag(flat, _as_written(tag), tag.at, tag)


def _namespaced_only(flow: Flow) -> Iterator[SinkTag]:
    """The namespaced tags that reach Dagster as metadata and not as asset tags."""
    elsewhere = {"asset", "infrastructure", *flow.propagation.dagster_namespaces}
    for key, tag in flow.tags.items():
        namespace = _namespace(key)
        if namespace not in elsewhere:
            yield SinkTag(key, tag.text, tag.at, tag)


def _dagster_metadata(flow: Flow) -> Iterator[SinkTag]:
    yield from _flat_infrastructure(flow, OWN_FIELDS)
    block = Said(flow.job, ("infrastructure",))
    for name in ("terraform_module", "resource_refs"):
        said = block.below(name)
        if said.value not in (ABSENT, None):
            yield SinkTag(name, said.value, said)
    for key, tag in flow.tags.items():
        if _namespace(key) != "asset":
            yield SinkTag(key, tag.text, tag.at, tag)


def _iceberg(flow: Flow) -> Iterator[SinkTag]:
    for key, tag in flow.tags.items():
        last = tag.trail[-1]
        yield SinkTag(key, last.text, last.at, tag)


def _cloud(flow: Flow) -> Iterator[SinkTag]:
    """What a module that passes the tags on would give to its resources."""
    said = Said(flow.job, ("infrastructure", "tags"))
    if isinstance(said.value, dict):
        for key, value in said.value.items():
            if value is not None:
                tag = flow.tags.spoken_of(infrastructure_key(key))
                yield SinkTag(str(key), value, said.below(key), tag)


SINKS: dict[str, Callable[[Flow], Iterator[SinkTag]]] = {
    "dagster": _dagster,
    "dagster-namespaced": _namespaced_only,
    "dagster-metadata": _dagster_metadata,
    "iceberg": _iceberg,
    "aws": _cloud,
    "gcp": _cloud,
}
"""Every sink by name; `dagster-namespaced` is what Dagster would have to take as tags, if the
platform wrote all namespaces there."""


def _namespace(key: str) -> str:
    return key.partition(".")[0]


def _as_written(tag: Tag) -> Any:
    """A tag's value; of an infrastructure tag that is no text, what was written."""
    last = tag.trail[-1]
    return last.written if last.at.route[:2] == ("infrastructure", "tags") else last.text
