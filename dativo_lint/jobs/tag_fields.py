"""Tag fields: the fields of a job and of an asset that set a tag."""

from __future__ import annotations

from dativo_lint.documents.place import Field
from dativo_lint.jobs.asset import ASSET_FIELDS, FINOPS, Asset
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.layers import OWN_FIELDS

_GOVERNANCE_OF_ASSETS = {"domain": "domain", "data_product": "dataProduct"}
_WRITTEN = {tag: field for field, tag in ASSET_FIELDS.items()}

PLATFORM_KEYS = (
    "classification.default",
    *(f"governance.{it}" for it in ("data_product", "domain", "owner", "regulations")),
    "governance.retention_days",
    *(f"finops.{it}" for it in FINOPS),
    *(f"infrastructure.{it}" for it in OWN_FIELDS),
    *(f"asset.{it}" for it in ASSET_FIELDS.values()),
)
"""The tags that any job may have; people choose the names of the others, cloud tags and columns."""


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


def asset_field(key: str, asset: Asset) -> FieldRef | None:
    """The field of an asset that sets a tag; None for what only the job can set."""
    namespace, _, name = key.partition(".")
    if namespace == "finops" and name in FINOPS:
        return asset.field("finops", name)
    if namespace == "governance":
        if name == "owner":
            return asset.owner
        if name in _GOVERNANCE_OF_ASSETS:
            return asset.field(_GOVERNANCE_OF_ASSETS[name])
        return asset.compliance(name) if name in ("retention_days", "regulations") else None
    if namespace == "classification":
        if name == "default":
            return asset.compliance("classification")
        column = asset.columns.get(name.removeprefix("fields."))
        return None if column is None else column.child("classification")
    if namespace == "asset" and name in _WRITTEN:
        return asset.field(_WRITTEN[name])
    return None
