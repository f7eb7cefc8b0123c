"""Tag fields: the tags that any job may have, and the fields of a job that set them."""

from __future__ import annotations

from dativo_lint.documents.place import Field
from dativo_lint.jobs.asset import ASSET_FIELDS, FINOPS
from dativo_lint.jobs.layers import OWN_FIELDS

PLATFORM_KEYS = (
    "classification.default",
    *(f"governance.{name}" for name in ("data_product", "domain", "owner", "regulations")),
    "governance.retention_days",
    *(f"finops.{name}" for name in FINOPS),
    *(f"infrastructure.{name}" for name in OWN_FIELDS),
    *(f"asset.{name}" for name in ASSET_FIELDS.values()),
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
