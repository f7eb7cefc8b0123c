"""What Dagster receives: asset tags, and the metadata of assets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dativo_lint.subject.derive import OWN_FIELDS, infrastructure_key
from dativo_lint.subject.said import Said
from dativo_lint.subject.sinks.flow import Entry, Flow, namespace
from dativo_lint.subject.tags import TagSet
from dativo_lint.texts.document import ABSENT

NEVER_NAMESPACED = ("asset.", "infrastructure.")
"""How keys begin that are never namespaced metadata."""


def asset_tags(flow: Flow) -> Iterator[Entry]:
    """What the platform writes as tags of the asset, each schedule's own among them."""
    job = Said(flow.job, ())
    for key, name in (("tenant", "tenant_id"), ("connector_type", "source_connector")):
        said = job.below(name)
        if said.value not in (ABSENT, None, ""):
            yield key, said.value, said
    for schedule in flow.schedules:
        said = schedule.below("name")
        if said.value not in (ABSENT, None, ""):
            yield "job_name", said.value, said
    yield from _flat_infrastructure(flow, ("provider", "compute_type"))
    for schedule in flow.schedules:
        tags = schedule.below("tags")
        if isinstance(tags.value, dict):
            for key, value in tags.value.items():
                yield str(key), value, tags.below(key)
    namespaces = flow.propagation.dagster_namespaces
    if namespaces:
        for key, text in flow.tags.texts.items():
            if namespace(key) in namespaces:
                yield key, text, key


def namespaced_metadata(flow: Flow) -> Iterator[Entry]:
    """The namespaced tags that reach Dagster as metadata and not as asset tags."""
    begins = (*NEVER_NAMESPACED, *(f"{it}." for it in flow.propagation.dagster_namespaces))
    for key, text in flow.tags.texts.items():
        if not key.startswith(begins):
            yield key, text, key


def metadata(flow: Flow) -> Iterator[Entry]:
    """What the platform writes as metadata of the asset."""
    yield from _flat_infrastructure(flow, OWN_FIELDS)
    block = Said(flow.job, ("infrastructure",))
    for name in ("terraform_module", "resource_refs"):
        said = block.below(name)
        if said.value not in (ABSENT, None):
            yield name, said.value, said
    for key, text in flow.tags.texts.items():
        if namespace(key) != "asset":
            yield key, text, key


def _flat_infrastructure(flow: Flow, own: tuple[str, ...]) -> Iterator[Entry]:
    """`infrastructure_<Key>` for the block's own fields and for each of its tags."""
    written = flow.job.value(("infrastructure", "tags"))
    keys = {f"infrastructure.{name}" for name in own}
    if isinstance(written, dict):
        keys |= {infrastructure_key(key) for key in written}
    for key in flow.tags.texts:
        if key in keys:
            yield key.replace(".", "_", 1), _as_written(flow.tags, key), key


def _as_written(tags: TagSet, key: str) -> Any:
    """A tag's value; of an infrastructure tag that is no text, what was written."""
    last = tags.last_word(key)
    return last.written if last.route[:2] == ("infrastructure", "tags") else last.text
