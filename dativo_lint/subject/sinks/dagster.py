"""What Dagster receives: asset tags, and the metadata of assets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dativo_lint.subject.derive import OWN_FIELDS, infrastructure_key
from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.said import Said
from dativo_lint.subject.sinks.flow import Entry, Flow, namespace
from dativo_lint.subject.tags import TagSet
from dativo_lint.texts.document import ABSENT, Document

_BLOCK = "infrastructure."
_TEXT = frozenset((str,))
_NAMES = {"tenant": ("tenant_id",), "connector_type": ("source_connector",)}
NEVER_NAMESPACED = ("asset.", "infrastructure.")
"""How keys begin that are never namespaced metadata."""


def asset_tags(flow: Flow) -> Iterator[Entry]:
    """What the platform writes as tags of the asset, each schedule's own among them."""
    yield from _names(flow)
    yield from _flat_infrastructure(flow, ("provider", "compute_type"))
    yield from _added(flow)


def apart_from_infrastructure(flow: Flow) -> Iterator[Entry]:
    """The asset tags that do not come from the infrastructure block."""
    yield from _names(flow)
    yield from _added(flow)


def texts_apart(flow: Flow) -> list[tuple[str, Any]]:
    """Keys and texts of the asset tags that do not come from the infrastructure block."""
    return [(key, text) for key, text, _ in apart_from_infrastructure(flow)]


def names_of_job(job: Document) -> list[tuple[str, Any]]:
    """As `texts_apart`, of a job without schedules."""
    told = [(key, job.value(route)) for key, route in _NAMES.items()]
    return [(key, value) for key, value in told if value not in (ABSENT, None, "")]


def _names(flow: Flow) -> Iterator[Entry]:
    """Who runs what: the tenant, the connector, the schedules."""
    for key, route in _NAMES.items():
        value = flow.job.value(route)
        if value not in (ABSENT, None, ""):
            yield key, value, Said(flow.job, route)
    for schedule in flow.schedules:
        said = schedule.below("name")
        if said.value not in (ABSENT, None, ""):
            yield "job_name", said.value, said


def _added(flow: Flow) -> Iterator[Entry]:
    """What schedules and settings add."""
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


def never_namespaced(propagation: Propagation) -> tuple[str, ...]:
    """How the keys of tags begin that are never namespaced metadata, or are asset tags."""
    return (*NEVER_NAMESPACED, *(f"{it}." for it in propagation.dagster_namespaces))


def namespaced_metadata(flow: Flow) -> Iterator[Entry]:
    """The namespaced tags that reach Dagster as metadata and not as asset tags."""
    begins = never_namespaced(flow.propagation)
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
    tags = written if isinstance(written, dict) else {}
    keys = {f"{_BLOCK}{name}" for name in own}
    is_plain = _TEXT.issuperset(map(type, tags)) and _TEXT.issuperset(map(type, tags.values()))
    if not is_plain:
        keys |= {infrastructure_key(key) for key in tags}
    for key, text in flow.tags.texts.items():
        if key in keys:
            value = text if is_plain else _as_written(flow.tags, key)
            yield key.replace(".", "_", 1), value, key
        elif is_plain and key.startswith(_BLOCK):
            name = key[len(_BLOCK) :]
            if name in tags or key in tags:
                yield f"infrastructure_{name}", text, key


def _as_written(tags: TagSet, key: str) -> Any:
    """A tag's value; of an infrastructure tag that is no text, what was written."""
    last = tags.last_word(key)
    return last.written if last.route[:2] == ("infrastructure", "tags") else last.text
