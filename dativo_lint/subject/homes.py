"""Homes: the fields of a job and of an asset in which a tag is said."""

from __future__ import annotations

from dativo_lint.subject.asset import Asset
from dativo_lint.subject.layers import ASSET_FIELDS, FINOPS, OWN_FIELDS
from dativo_lint.subject.said import Said
from dativo_lint.texts.place import Field

_GOVERNANCE_OF_ASSETS = {"domain": "domain", "data_product": "dataProduct"}


def job_home(key: str) -> Field | None:
    """The field of a job that says a tag; None for what only the asset can say."""
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


def asset_home(key: str, asset: Asset) -> Said | None:
    """The field of an asset that says a tag; None for what only the job can say."""
    namespace, _, name = key.partition(".")
    if namespace == "finops" and name in FINOPS:
        return asset.said("finops", name)
    if namespace == "governance":
        if name == "owner":
            return asset.owner
        if name in _GOVERNANCE_OF_ASSETS:
            return asset.said(_GOVERNANCE_OF_ASSETS[name])
        return asset.compliance(name) if name in ("retention_days", "regulations") else None
    if namespace == "classification":
        return _classification_home(name, asset)
    if namespace == "asset":
        written = next((field for field, tag in ASSET_FIELDS.items() if tag == name), None)
        return None if written is None else asset.said(written)
    return None


def _classification_home(name: str, asset: Asset) -> Said | None:
    if name == "default":
        return asset.compliance("classification")
    column = asset.columns.get(name.removeprefix("fields."))
    return None if column is None else column.below("classification")
