"""Layers: the platform's precedence, in one place, with the trail of every tag.

A later layer overrides an earlier one: asset, job, infrastructure. `Asset.tags` has the assignments
of the asset; the sinks derive what they receive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field
from dativo_lint.jobs.asset import ASSET_FIELDS, FINOPS, Asset
from dativo_lint.jobs.field_ref import FieldRef
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
from dativo_lint.jobs.tags import Assignment, Layer, Tag, TagSet

_OWN: Mapping[str, Convert] = {
    "provider": as_lower,
    "compute_type": as_text,
    "memory_mb": as_memory,
    "vcpu": as_vcpu,
}
OWN_FIELDS = tuple(_OWN)
"""Fields of the infrastructure block that become tags by themselves."""
PLATFORM_KEYS = (
    "classification.default",
    *(f"governance.{name}" for name in ("data_product", "domain", "owner", "regulations")),
    "governance.retention_days",
    *(f"finops.{name}" for name in FINOPS),
    *(f"infrastructure.{name}" for name in OWN_FIELDS),
    *(f"asset.{name}" for name in ASSET_FIELDS.values()),
)
"""The tags that any job may have; people choose the names of the others, cloud tags and columns."""

_Assigned = tuple[str, Assignment]
"""The key of a tag with what is assigned to it."""


class Propagation(Struct, frozen=True):
    """How tags flow on this platform, as far as a shop may set it.

    `merge_lists`: whether `finops.business_tags` of asset and job are united (true) or the job's
    replace the asset's. `dagster_namespaces`: the namespaces whose tags become Dagster asset
    tags, beyond those that always do. `supplied` and `withheld`: Terraform variables that the
    platform supplies beyond, or in spite of, its usual list.
    """

    merge_lists: bool = True
    dagster_namespaces: tuple[str, ...] = ()
    supplied: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


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
    for key, assignment in (*_overrides(job, asset, convert_list), *_infrastructure(job)):
        assigned.setdefault(key, []).append(assignment)
    for key, assignments in assigned.items():
        weaker = tags[key].trail if key in tags else ()
        tags[key] = Tag(key, (*weaker, *assignments))
    return TagSet(tags.values())


def job_field(key: str) -> Field | None:
    """The field of a job that sets a tag; None for what only the asset can set."""
    namespace, _, name = key.partition(".")
    if namespace == "finops" and name in FINOPS:
        return ("finops", name)
    if namespace == "governance" and name in ("owner", "retention_days"):
        return ("governance_overrides", name)
    if namespace == "classification" and name:
        return ("classification_overrides", name.removeprefix("fields."))
    if namespace == "infrastructure" and name:
        block = ("infrastructure",) if name in OWN_FIELDS else ("infrastructure", "tags")
        return (*block, name)
    return None


def _overrides(job: Document, asset: Asset | None, convert_list: Convert) -> Iterator[_Assigned]:
    """What the job assigns outside of its infrastructure; what sets nothing erases.

    A list or mapping where the platform wants a single value is refused, and assigns nothing.
    """
    overrides = job.value(("classification_overrides",))
    known = asset.columns if asset is not None and isinstance(overrides, dict) else ()
    converts: dict[str, Convert] = {
        "classification.default": as_lower,
        **{f"classification.fields.{column}": as_column for column in known if column in overrides},
        "governance.retention_days": as_days,
        "governance.owner": as_text,
        **{f"finops.{name}": as_text for name in FINOPS},
        "finops.business_tags": convert_list,
    }
    for key, convert in converts.items():
        route = job_field(key) or ()
        written = job.value(route)
        if written is ABSENT or (written is None and key == "governance.retention_days"):
            continue
        text = convert(written)
        if text is not None or not written or is_single(written):
            yield key, Assignment(Layer.JOB, FieldRef(job, route), written, text)


def _merging_into(business_tags: Tag | None) -> Convert:
    """The list of a job, merged into that of the asset; an empty one erases as empty text does."""
    weaker = () if business_tags is None else words(business_tags.trail[-1].written)

    def merged(value: Any) -> str | None:
        is_set = value and not isinstance(value, dict)
        return as_united([*weaker, *words(value)]) if is_set else None

    return merged


def _infrastructure(job: Document) -> Iterator[_Assigned]:
    """The block's own fields, and then its tags, which may overwrite them."""
    for name, convert in _OWN.items():
        at = FieldRef(job, ("infrastructure", name))
        written = at.value
        if written is not ABSENT and (text := convert(written)):
            yield f"infrastructure.{name}", Assignment(Layer.INFRASTRUCTURE, at, written, text)
    tags = job.value(("infrastructure", "tags"))
    for key, value in tags.items() if isinstance(tags, dict) else ():
        if is_single(value):
            at = FieldRef(job, ("infrastructure", "tags", key))
            assignment = Assignment(Layer.INFRASTRUCTURE, at, value, as_scalar(value))
            yield infrastructure_key(key), assignment


def infrastructure_key(key: Any) -> str:
    """The namespaced key of an infrastructure tag; one that has the namespace keeps it."""
    return key if str(key).startswith("infrastructure.") else f"infrastructure.{key}"
