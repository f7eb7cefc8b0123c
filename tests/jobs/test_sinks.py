"""Each sink receives what the platform gives to it, spelled as it is spelled there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from job_samples import ASSETS, JOBS, a_job, written

from dativo_lint.documents.document import ABSENT
from dativo_lint.jobs.sinks import RECEIVING, SINKS
from dativo_lint.jobs.sinks.iceberg import in_iceberg
from dativo_lint.jobs.sinks.terraform import in_terraform

JOB = """
tenant_id: acme
source_connector: stripe
classification_overrides: {email: high_pii}
finops: {cost_center: FIN-001}
infrastructure:
  provider: AWS
  compute_type: fargate
  memory_mb: 2048
  vcpu: 1
  terraform_module: modules/job
  resource_refs: {cluster_name: c}
  tags: {CostCenter: FIN-001, Spot: true, infrastructure.Env: prod, Unset: null}
"""
ASSET = """
kind: DataContract
name: customers
team: {owner: a@x.io}
schema: [{name: email, classification: PII}]
"""
RUNNER = """
runner:
  orchestrator:
    schedules:
      - {name: nightly, config: job.yaml, tags: {priority: high, "7": 7}}
      - {name: weekly, config: job.yaml, tags: [a]}
"""
FLAT = {
    "infrastructure_provider": "aws",
    "infrastructure_compute_type": "fargate",
    "infrastructure_CostCenter": "FIN-001",
    "infrastructure_Spot": True,
    "infrastructure_infrastructure.Env": "prod",
}
FLAT_FIELDS = {"infrastructure_provider": "aws", "infrastructure_compute_type": "fargate"}
NAMESPACED = {
    "classification.fields.email": "high_pii",
    "governance.owner": "a@x.io",
    "finops.cost_center": "FIN-001",
}
INFRASTRUCTURE = {
    "infrastructure.provider": "aws",
    "infrastructure.compute_type": "fargate",
    "infrastructure.memory_mb": "2048",
    "infrastructure.vcpu": "1.0",
    "infrastructure.CostCenter": "FIN-001",
    "infrastructure.Spot": "true",
    "infrastructure.Env": "prod",
}
CLOUD = {"CostCenter": "FIN-001", "Spot": "true", "infrastructure.Env": "prod"}
SUPPLIED = {
    "tenant_id": "acme",
    "classification_fields_email": "high_pii",
    "governance_owner": "a@x.io",
    "finops_cost_center": "FIN-001",
    "infrastructure_provider": "aws",
    "infrastructure_compute_type": "fargate",
    "infrastructure_memory_mb": 2048,
    "infrastructure_vcpu": 1.0,
    "infrastructure_CostCenter": "FIN-001",
    "infrastructure_Spot": "true",
    "infrastructure_Env": "prod",
    "job_name": ABSENT,
    "terraform_module": "modules/job",
    "resource_refs": {"cluster_name": "c"},
    "tags": {"CostCenter": "FIN-001", "Spot": True, "infrastructure.Env": "prod"},
}


@pytest.mark.parametrize(
    ("sink", "expected"),
    [
        ("dagster", {"tenant": "acme", "connector_type": "stripe"} | FLAT),
        ("dagster-namespaced", NAMESPACED),
        (
            "dagster-metadata",
            FLAT_FIELDS
            | {"infrastructure_memory_mb": "2048", "infrastructure_vcpu": "1.0"}
            | {"terraform_module": "modules/job", "resource_refs": {"cluster_name": "c"}}
            | NAMESPACED
            | INFRASTRUCTURE,
        ),
        ("iceberg", NAMESPACED | INFRASTRUCTURE | {"asset.name": "customers"}),
        ("terraform", SUPPLIED),
        ("aws", CLOUD),
        ("gcp", CLOUD),
    ],
)
def test_a_sink_receives_its_tags(sink: str, expected: dict[str, Any]) -> None:
    received = a_job(JOB, ASSET).sink(sink)
    assert {tag.key: tag.text for tag in received} == expected
    assert len(received) == len(expected)


def test_a_schedule_gives_its_name_and_its_tags_to_dagster() -> None:
    received = a_job("a: b", None, RUNNER).sink("dagster")
    assert [(tag.key, tag.text, tag.at.place.path) for tag in received] == [
        ("job_name", "nightly", "runner.yaml"),
        ("job_name", "weekly", "runner.yaml"),
        ("priority", "high", "runner.yaml"),
        ("7", 7, "runner.yaml"),
    ]


def test_namespaces_become_asset_tags_where_the_platform_writes_them() -> None:
    given_finops = a_job(JOB, ASSET, dagster_namespaces=("finops",))
    assert "finops.cost_center" in {tag.key for tag in given_finops.sink("dagster")}
    assert "finops.cost_center" not in {tag.key for tag in given_finops.sink("dagster-namespaced")}


def test_an_infrastructure_tag_that_overwrites_a_field_reaches_dagster_once() -> None:
    received = a_job("infrastructure: {provider: aws, tags: {provider: other}}").sink("dagster")
    assert [(tag.key, tag.text, tag.at.name) for tag in received] == [
        ("infrastructure_provider", "other", "infrastructure.tags.provider")
    ]


def test_what_the_platform_fills_are_sinks() -> None:
    assert set(SINKS) == {*RECEIVING, "dagster-namespaced"}


def test_an_erased_tag_reaches_no_sink() -> None:
    erased = a_job("finops: {cost_center: ''}", "finops: {cost_center: FIN-001}")
    received = [tag.key for sink in SINKS if sink != "terraform" for tag in erased.sink(sink)]
    assert received == []
    assert "finops_cost_center" not in {tag.key for tag in erased.sink("terraform")}


def test_what_the_job_hands_over_itself_wins_over_the_platform() -> None:
    block = "{memory_mb: 2048, terraform_vars: {infrastructure_memory_mb: null, x: [1]}}"
    variables = {it.key: it for it in a_job(f"infrastructure: {block}").sink("terraform")}
    assert variables["infrastructure_memory_mb"].text is None
    assert not variables["infrastructure_memory_mb"].is_open
    assert variables["x"].text == [1]
    assert variables["job_name"].is_open


@pytest.mark.parametrize(
    ("value", "in_module", "in_table"),
    [
        (1.0, "1", "1.0"),
        (0.25, "0.25", "0.25"),
        (1e21, "1000000000000000000000", "1e+21"),
        (2048, "2048", "2048"),
        (True, "true", "true"),
        ("1.0", "1.0", "1.0"),
        ("", "", ""),
        (None, None, None),
        (date(2026, 1, 1), None, "2026-01-01"),
        (["payments", "revenue"], None, "['payments', 'revenue']"),
        (float("nan"), None, "nan"),
        pytest.param(10**5000, None, None, id="long"),
    ],
)
def test_a_scalar_is_spelled_as_each_sink_spells_it(
    value: Any, in_module: str | None, in_table: str | None
) -> None:
    assert in_terraform(value) == in_module
    assert in_iceberg(value) == in_table


@given(job=JOBS, asset=ASSETS)
def test_what_a_sink_receives_of_a_tag_is_read_back_as_that_tag(job: Any, asset: Any) -> None:
    judged = a_job(written(job), written(asset))
    for name in RECEIVING:
        for tag in judged.sink(name):
            # A name in Terraform holds no dots, so that some keys cannot be told apart.
            if tag.tag is not None and name != "terraform":
                assert SINKS[name].tag_key(tag.key) == tag.tag.key


@given(job=JOBS, asset=ASSETS)
def test_no_data_keeps_a_sink_from_being_filled(job: Any, asset: Any) -> None:
    judged = a_job(written(job), written(asset))
    for tag in (tag for sink in SINKS for tag in judged.sink(sink)):
        assert isinstance(tag.key, str)
        assert tag.at.place.path in ("job.yaml", "asset.yaml")
        assert tag.is_open in (True, False)
