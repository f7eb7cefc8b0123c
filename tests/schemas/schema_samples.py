"""Documents of each schema, and small changes to them."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from hypothesis import strategies as st

JOB: dict[str, Any] = {
    "tenant_id": "acme",
    "environment": "production",
    "source_connector_path": "connectors/stripe.yaml",
    "target_connector_path": "connectors/iceberg.yaml",
    "asset_path": "assets/customers.yaml",
    "source": {"objects": ["customers"]},
    "classification_overrides": {"email": "high_pii"},
    "finops": {"cost_center": "FIN-001", "business_tags": ["payments"], "project": 7},
    "governance_overrides": {"retention_days": 365, "owner": "", "domain": "sales"},
    "schema_validation_mode": "warn",
    "retry_config": {"max_retries": 3, "backoff_multiplier": 1.5, "retryable_exit_codes": [1]},
    "logging": {"redaction": True, "level": "INFO"},
    "infrastructure": {
        "provider": "aws",
        "memory_mb": "2048",
        "vcpu": 0.25,
        "tags": {"Team": "data"},
        "terraform_vars": {"a": [1, {"b": None}]},
    },
}
CONTRACT: dict[str, Any] = {
    "name": "customers",
    "version": "1.0",
    "source_type": "stripe",
    "object": "customers",
    "schema": [{"name": "id", "required": True}, {"name": "email", "classification": "PII"}],
    "team": {"owner": "data@acme.com", "roles": [{"name": "Steward"}]},
    "compliance": {"classification": ["PII"], "retention_days": "${DAYS}"},
    "finops": {"cost_center": "FIN-001", "business_tags": ["payments"]},
    "data_quality": {"monitoring": {"enabled": True, "oncall_rotation": "data@acme.com"}},
}
ASSET: dict[str, Any] = {"kind": "DataContract", **CONTRACT}
WRAPPED: dict[str, Any] = {"asset": {**CONTRACT, "governance": {"owner": "data@acme.com"}}}
RULE: dict[str, Any] = {
    "id": "missing-owner",
    "summary": "A job without an owner",
    "why": "Nobody answers for it.",
    "fix": "Name an owner.",
    "severity": "error",
    "when": {"infrastructure.provider": ["aws"]},
    "check": "required_tag",
    "params": {"key": "governance.owner"},
    "sources": [{"title": "A source", "url": "https://example.org"}],
    "examples": [
        {"title": "one", "files": {"job.yaml": ""}, "findings": [{"at": "job.yaml", "says": "x"}]}
    ],
}
SETTINGS: dict[str, Any] = {
    "preset": "strict",
    "select": ["finops"],
    "ignore": "conflicts",
    "prefixes": {"/app/": "."},
    "rules": {"missing-owner": {"severity": "off", "params": {"key": 1}}},
    "overrides": [{"when": {"environment": ["dev", "test"]}, "rules": {}}],
    "limits": {"nesting": 10},
    "sinks": {"dagster": {"namespaces": ["finops"]}},
}
SOUND: list[tuple[str, dict[str, Any]]] = [
    ("job", JOB),
    ("asset", ASSET),
    ("asset", WRAPPED),
    ("infrastructure", JOB["infrastructure"]),
    ("rule", RULE),
    ("settings", SETTINGS),
]
"""Documents without a violation, with the schemas that they have the shape of."""

VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 400),
        st.sampled_from([1 << 70, -(1 << 5000), 1.0, 1e300, b"\xff", "\ud800"]),
        st.floats(),
        st.just(date(2026, 1, 1)),
        st.text(alphabet="a0.-$\n", max_size=4),
        st.sampled_from(["", "${X}", "0", "2048", "1.5", "strict", "INFO", "aws", "true", "5\n"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", "owner", "enabled", "x"]), inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", 1, None, date(2026, 1, 1)]), inner, max_size=2),
    ),
    max_leaves=4,
)


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, Any]:
    """A schema's name and a sound document with some fields changed, added or taken away."""
    name, sound = draw(st.sampled_from(SOUND))
    holder = {"top": copy.deepcopy(sound)}
    for _ in range(draw(st.integers(1, 3))):
        _change(draw, holder)
    return name, holder["top"]


def _change(draw: st.DrawFn, holder: dict[str, Any]) -> None:
    place: Any = holder
    step: Any = "top"
    while isinstance(place[step], (dict, list)) and place[step] and draw(st.integers(0, 4)):
        place = place[step]
        step = draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
    what = draw(st.sampled_from(["replace", "remove", "add"]))
    if what == "replace" or place is holder:
        place[step] = draw(VALUES)
    elif what == "remove":
        del place[step]
    elif isinstance(place, dict):
        place[draw(st.sampled_from(["name", "owner", "asset", "nmae", "governance"]))] = draw(
            VALUES
        )
    else:
        place.append(draw(VALUES))
