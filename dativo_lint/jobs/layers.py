"""Layers: the platform's precedence, in one place, with the trail of every tag.

A later layer overrides an earlier one: asset, job, infrastructure. `Asset.tags` has the assignments
of the asset; the sinks derive what they receive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dativo_lint.documents.document import Document
from dativo_lint.jobs.asset import FINOPS, Asset
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.layer import Layer
from dativo_lint.jobs.tag_values import (
    Convert,
    as_column,
    as_days,
    as_joined,
    as_lower,
    as_memory,
    as_scalar,
    as_text,
    as_united,
    as_vcpu,
    is_single,
    words,
)
from dativo_lint.jobs.tags import Assignment, Tag, TagSet

_OWN: Mapping[str, Convert] = {
    "provider": as_lower,
    "compute_type": as_text,
    "memory_mb": as_memory,
    "vcpu": as_vcpu,
}
OWN_FIELDS = tuple(_OWN)
"""Fields of the infrastructure block that become tags by themselves."""

_Assigned = tuple[str, Assignment]
"""The key of a tag with what is assigned to it."""


def derive(job: Document, asset: Asset | None, *, merge_lists: bool = True) -> TagSet:
    """The effective tags of a job, each with its trail.

    `merge_lists` chooses between the two readings of `finops.business_tags`: the union of asset
    and job, asset first (true), or the job's list in place of the asset's (false).
    """
    tags: dict[str, Tag] = {}
    if asset is not None:
        tags.update(asset.tags if merge_lists else asset.tags_with_lists_as_written)
    convert_list = _merging_into(tags.get("finops.business_tags")) if merge_lists else as_joined
    assigned: dict[str, list[Assignment]] = {}
    for key, assignment in (
        *_overrides(job, asset),
        *_finops(job, convert_list),
        *_infrastructure(job),
    ):
        assigned.setdefault(key, []).append(assignment)
    for key, assignments in assigned.items():
        weaker = tags[key].trail if key in tags else ()
        tags[key] = Tag(key, (*weaker, *assignments))
    return TagSet(tags.values())


def _overrides(job: Document, asset: Asset | None) -> Iterator[_Assigned]:
    """The blocks that only override what the asset has: classification and governance."""
    block = "classification_overrides"
    fields = _mapping(job, block)
    if "default" in fields:
        yield from _of_job("classification.default", job, (block, "default"), as_lower)
    for column in asset.columns if asset is not None and fields else ():
        if column in fields:
            yield from _of_job(f"classification.fields.{column}", job, (block, column), as_column)
    block = "governance_overrides"
    fields = _mapping(job, block)
    if fields.get("retention_days") is not None:
        yield from _of_job("governance.retention_days", job, (block, "retention_days"), as_days)
    if "owner" in fields:
        yield from _of_job("governance.owner", job, (block, "owner"), as_text)


def _finops(job: Document, convert_list: Convert) -> Iterator[_Assigned]:
    fields = _mapping(job, "finops")
    for name in FINOPS:
        if name in fields:
            convert = convert_list if name == "business_tags" else as_text
            yield from _of_job(f"finops.{name}", job, ("finops", name), convert)


def _merging_into(business_tags: Tag | None) -> Convert:
    """The list of a job, merged into that of the asset; an empty one erases as empty text does."""
    weaker = () if business_tags is None else words(business_tags.trail[-1].written)

    def merged(value: Any) -> str | None:
        is_set = value and not isinstance(value, dict)
        return as_united([*weaker, *words(value)]) if is_set else None

    return merged


def _infrastructure(job: Document) -> Iterator[_Assigned]:
    """The block's own fields, and then its tags, which may overwrite them."""
    block = _mapping(job, "infrastructure")
    for name, convert in _OWN.items():
        if name in block and (text := convert(block[name])):
            at = FieldRef(job, ("infrastructure", name))
            yield (
                f"infrastructure.{name}",
                Assignment(Layer.INFRASTRUCTURE, at, block[name], text),
            )
    tags = block.get("tags")
    for key, value in tags.items() if isinstance(tags, dict) else ():
        if is_single(value):
            at = FieldRef(job, ("infrastructure", "tags", key))
            assignment = Assignment(Layer.INFRASTRUCTURE, at, value, as_scalar(value))
            yield infrastructure_key(key), assignment


def infrastructure_key(key: Any) -> str:
    """The namespaced key of an infrastructure tag; one that has the namespace keeps it."""
    return key if str(key).startswith("infrastructure.") else f"infrastructure.{key}"


def _of_job(
    key: str, job: Document, route: tuple[str, str], convert: Convert
) -> Iterator[_Assigned]:
    """What a field of the job assigns; one that sets nothing erases.

    A list or mapping where the platform wants a single value is refused, and assigns nothing.
    """
    at = FieldRef(job, route)
    written = at.value
    text = convert(written)
    if text is not None or not written or is_single(written):
        yield key, Assignment(Layer.JOB, at, written, text)


def _mapping(job: Document, block: str) -> Mapping[Any, Any]:
    value = job.data.get(block) if isinstance(job.data, dict) else None
    return value if isinstance(value, dict) else {}
