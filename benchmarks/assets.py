"""Asset definitions of copies as text, in both of their shapes."""

from __future__ import annotations

from benchmarks.shop import Asset
from benchmarks.yaml_text import Block, yaml_text


def asset_text(asset: Asset) -> str:
    """The file of an asset."""
    body = _heading(asset) | {" ": ""} | _people(asset) | {"  ": ""} | _money(asset)
    body |= {"   ": "", "schema": _columns(asset), "    ": "", "data_quality": _quality(asset)}
    if not asset.wrapped:
        flat: Block = {"apiVersion": "v3.0.2", "kind": "DataContract", "status": "active"}
        return yaml_text(flat | body)
    return yaml_text({f"# {asset.name}, as {asset.domain} publishes it": "", "asset": body})


def _heading(asset: Asset) -> Block:
    description: Block = {
        "purpose": f"what {asset.domain} knows of {asset.name}, one row each",
        "usage": '"reports and forecasts; see the catalogue for examples"',
    }
    heading: Block = {
        "name": asset.name,
        "source_type": asset.source,
        "object": f"public.{asset.name}",
        "domain": asset.domain,
        "dataProduct": asset.project,
        "description": description,
    }
    if asset.version is not None:
        heading["version"] = f'"{asset.version}"'
    return heading


def _people(asset: Asset) -> Block:
    """Owner, classification, retention and regulations, where the asset's shape has them."""
    compliance: Block = {}
    if asset.classification is not None:
        compliance["classification"] = f"[{asset.classification}]"
    if asset.retention_days is not None:
        compliance["retention_days"] = str(asset.retention_days)
    owner: Block = {"owner": asset.owner}
    if asset.wrapped and not asset.regulations:
        return {"governance": owner | compliance}
    if asset.regulations:
        compliance["regulations"] = list(asset.regulations)
    people: Block = {"governance" if asset.wrapped else "team": owner}
    if compliance:
        people |= {"\t": "", "compliance": compliance}
    return people


def _money(asset: Asset) -> Block:
    words: Block = {"business_tags": f"[{', '.join(asset.words)}]"}
    finops: Block = {"cost_center": asset.cost_center, "project": asset.project}
    return {"finops": finops | words}


def _columns(asset: Asset) -> list[Block]:
    columns: list[Block] = [
        {"name": "id", "type": "string", "required": "true"},
        {"name": "updated_at", "type": "timestamp"},
    ]
    columns += ({"name": name, "type": "string"} for name in asset.columns)
    columns += (
        {"name": name, "type": "string", "classification": "PII"} for name in asset.personal
    )
    return columns


def _quality(asset: Asset) -> Block:
    expectations: list[Block] = [
        {"type": "not_null", "column": "id"},
        {"type": "unique", "column": "id"},
    ]
    return {
        "expectations": expectations,
        "monitoring": {"enabled": "true", "oncall_rotation": f"{asset.domain}-on-call"},
    }
