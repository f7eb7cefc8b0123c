"""Own assets: asset definitions that differ in shape, length and style."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from benchmarks.names import Names
from benchmarks.shop import Asset
from benchmarks.style import any_style, styled_text
from benchmarks.yaml_text import Block, Text

_TYPES = ("string", "integer", "timestamp", "boolean", "number", "date", "decimal(12,2)", "binary")
_LEVELS = ("INTERNAL", "public", "Confidential", "restricted")
_REGULATIONS = ("GDPR", "CCPA", "HIPAA", "SOX", "PCI-DSS", "LGPD")


def own_asset(folder: str, names: Names) -> Asset:
    """An asset whose words nobody else uses."""
    name = names.name()
    personal = tuple(names.words(1, 3)) if names.chance(0.4) else ()
    regulations = tuple(names.rng.sample(_REGULATIONS, names.rng.randint(1, 2))) if personal else ()
    return Asset(
        name=name,
        path=f"assets/{folder}/{name}.yaml",
        source=names.word(),
        domain=names.word(),
        wrapped=names.chance(0.4),
        columns=tuple(names.words(3, 25)),
        personal=personal,
        words=tuple(names.words(1, 3)),
        cost_center=f"{names.word()[:4].upper()}-{names.number(100, 99999)}",
        project=names.name("-"),
        regulations=regulations,
        classification="PII" if personal else names.rng.choice(_LEVELS),
        retention_days=names.rng.randint(30, 3650),
        owner=names.email() if names.chance(0.8) else f"team:{names.word()}",
        version=f"{names.number(0, 9)}.{names.number(0, 40)}",
    )


def own_asset_text(asset: Asset, seed: int) -> str:
    """The file of an asset; its style and what is said beside the record hang on the seed."""
    names = Names(Random(f"{asset.path} {seed}"))
    body: Block = {
        "name": Text(asset.name),
        "source_type": Text(asset.source),
        "object": Text(f"{names.word()}.{asset.name}"),
        "domain": Text(asset.domain),
    }
    if asset.version is not None:
        body["version"] = f'"{asset.version}"'
    body["description"] = {"purpose": _description(names), "usage": Text(names.sentence(6))}
    body |= _people(asset, names) | _money(asset)
    body["schema"] = _columns(asset, names)
    body |= _extras(asset, names)
    style = replace(any_style(names), line_break="\n")
    if asset.wrapped:
        return styled_text({"asset": body}, style, names)
    flat: Block = {"apiVersion": "v3.0.2", "kind": "DataContract", "status": "active"}
    return styled_text(flat | body, style, names)


def _description(names: Names) -> Text:
    return Text(names.sentence(names.rng.randint(4, 60)))


def _people(asset: Asset, names: Names) -> Block:
    """Owner, classification, retention and regulations, where the asset's shape has them."""
    compliance: Block = {}
    if asset.classification is not None:
        compliance["classification"] = [Text(asset.classification)]
    if asset.retention_days is not None:
        compliance["retention_days"] = str(asset.retention_days)
    if asset.wrapped and not asset.regulations:
        return {"governance": {"owner": Text(asset.owner)} | compliance}
    if asset.regulations:
        compliance["regulations"] = [Text(word) for word in asset.regulations]
    team: Block = {"owner": Text(asset.owner)}
    if names.chance(0.3):
        role: Block = {"name": Text(names.word()), "email": Text(names.email())}
        team["roles"] = [role | {"responsibility": Text(names.sentence(5))}]
    people: Block = {"team": team}
    return people | ({"compliance": compliance} if compliance else {})


def _money(asset: Asset) -> Block:
    finops: Block = {"cost_center": Text(asset.cost_center), "project": Text(asset.project)}
    return {"finops": finops | {"business_tags": [Text(word) for word in asset.words]}}


def _columns(asset: Asset, names: Names) -> list[Block]:
    columns: list[Block] = []
    for name in (*asset.columns, *asset.personal):
        column: Block = {"name": Text(name), "type": Text(names.rng.choice(_TYPES))}
        if names.chance(0.3):
            column["required"] = names.rng.choice(("true", "false"))
        if names.chance(0.3):
            column["description"] = Text(names.sentence(names.rng.randint(3, 16)))
        if name in asset.personal:
            column["classification"] = Text(names.rng.choice(("PII", "pii", "Sensitive")))
        columns.append(column)
    names.rng.shuffle(columns)
    return columns


def _extras(asset: Asset, names: Names) -> Block:
    """What some say of their data and others do not."""
    extras: Block = {}
    if names.chance(0.5):
        checks: list[Block] = [
            {"type": names.rng.choice(("not_null", "unique", "range")), "column": Text(column)}
            for column in asset.columns[: names.rng.randint(1, 6)]
        ]
        watch: Block = {"enabled": "true", "oncall_rotation": Text(names.name("-"))}
        extras["data_quality"] = {"expectations": checks, "monitoring": watch}
    if names.chance(0.3):
        channels: list[str] = [Text(f"#{names.word()}"), Text(names.email())]
        change: Block = {"policy": Text(names.word()), "approval_required": "true"}
        extras["change_management"] = change | {"notification_channels": channels}
    if names.chance(0.3):
        level: Block = {"property": Text(names.word()), "value": names.number(1, 90)}
        extras["slaProperties"] = [level | {"unit": Text("d")}]
    if names.chance(0.3):
        own: Block = {"property": Text(names.word()), "value": Text(names.sentence(3))}
        extras["customProperties"] = [own]
    return extras
