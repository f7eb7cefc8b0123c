"""Dagster takes exactly the asset tags that the linter does not find fault with."""

from __future__ import annotations

from typing import Any

import pytest
from dagster import AssetKey, AssetSpec, JsonMetadataValue, asset, materialize
from dagster._core.errors import DagsterInvalidDefinitionError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dativo_lint.checks import prepare
from dativo_lint.checks.violation import Violation
from dativo_lint.documents.document import Document
from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job
from dativo_lint.rulebook.load import builtin_rules

RULES = {rule.id: rule for rule in builtin_rules()}
SCHEDULES = ("runner", "orchestrator", "schedules")

NEAR = st.text(alphabet="aZ09_.-/ ,:@\u00e9\n\t${", max_size=12)
LONG = st.builds(
    lambda length, odd: "a" * length + odd,
    st.integers(60, 130),
    st.sampled_from(["", "/", "/b", "\n", " ", "/" + "b" * 63, "/" + "b" * 64]),
)
KINDS = st.builds("dagster/kind/{}".format, NEAR)
KEYS = st.one_of(NEAR, LONG, KINDS, st.text(max_size=5))
VALUES = st.one_of(NEAR, LONG, st.text(max_size=5), st.none(), st.booleans(), st.integers())


def subject_of(infrastructure: dict[str, Any], schedule: dict[str, Any]) -> Job:
    """A job with tags in its infrastructure block and on its schedule."""
    runner = {"runner": {"orchestrator": {"schedules": [{"config": "job.yaml", "tags": schedule}]}}}
    return Job(
        config=Document("job.yaml", "", {"infrastructure": {"tags": infrastructure}}),
        references={},
        schedules=(FieldRef(Document("runner.yaml", "", runner), (*SCHEDULES, 0)),),
    )


def finds_fault(rule: str, job: Job) -> bool:
    """Whether a rule finds fault with a job, leaving what is open aside."""
    judge = prepare(RULES[rule].check, RULES[rule].params)
    return any(isinstance(answer, Violation) for answer in judge(job))


def dagster_takes(tags: dict[str, Any]) -> bool:
    """Whether Dagster lets an asset with these tags be defined."""
    try:
        AssetSpec("customers", tags=tags)
    except DagsterInvalidDefinitionError:
        return False
    return True


def is_closed(*texts: Any) -> bool:
    """Whether nothing is filled in at run time, of which nothing can be said."""
    return not any(isinstance(text, str) and "${" in text for text in texts)


@given(key=KEYS, value=VALUES)
@example(key="a", value="")
@example(key="", value="a")
@example(key="a\n", value="b\n")
@example(key="a/b/c", value="b")
@example(key="dagster/kind/python", value="")
@example(key="dagster/kind/a/b", value="")
@example(key="a" * 63 + "/" + "b" * 63 + "\n", value="c" * 63 + "\n")
@example(key="a", value="c" * 64)
@settings(max_examples=300)
def test_dagster_takes_the_tags_of_a_schedule_that_the_linter_takes(key: str, value: Any) -> None:
    if is_closed(key, value):
        job = subject_of({}, {key: value})
        assert dagster_takes({key: value}) != finds_fault("invalid-dagster-tag", job)


@given(tags=st.dictionaries(KEYS, NEAR | LONG, max_size=4))
@settings(max_examples=200)
def test_dagster_takes_the_infrastructure_tags_that_the_linter_takes(tags: dict[str, str]) -> None:
    if is_closed(*tags, *tags.values()):
        job = subject_of(tags, {})
        sent = {tag.key: tag.text for tag in job.sink("dagster")}
        assert dagster_takes(sent) != finds_fault("invalid-dagster-tag", job)


@pytest.mark.parametrize(
    ("owner", "is_taken"),
    [
        ("data-platform@company.com", True),
        ("a.b_c%d+e-f@sub.example.engineer", False),
        ("a@b.co", True),
        ("a@b", False),
        ("data-platform", False),
        ("team:data platform", True),
        ("team:", False),
        ("Team:x", False),
        ("team:x\n", True),
        ("a@b.co\n", False),
        ("", False),
    ],
)
def test_dagster_takes_the_owners_that_the_linter_takes(owner: str, is_taken: bool) -> None:
    job = {"governance_overrides": {"owner": owner}}
    job = Job(config=Document("job.yaml", "", job), references={})
    try:
        AssetSpec("customers", owners=[owner])
        dagster_agrees = True
    except DagsterInvalidDefinitionError:
        dagster_agrees = False
    assert is_taken == dagster_agrees
    if owner:
        assert is_taken != finds_fault("malformed-owner", job)


def test_the_decorator_takes_what_a_specification_takes() -> None:
    @asset(name="stripe_customers_asset", tags={"tenant": "acme", "infrastructure_provider": "aws"})
    def stripe_customers_asset() -> None: ...

    with pytest.raises(DagsterInvalidDefinitionError):
        asset(name="other", tags={"finops.business_tags": "payments,revenue"})(lambda: None)


JOB = """
tenant_id: acme
source_connector: stripe
finops: {cost_center: FIN-001, business_tags: [payments, revenue]}
infrastructure:
  provider: AWS
  compute_type: fargate
  memory_mb: 2048
  vcpu: 1
  terraform_module: modules/job
  resource_refs: {cluster: "${terraform_output.cluster}", ports: [1, 2]}
  tags: {CostCenter: FIN-001, Empty: ""}
"""


def rendered_job() -> Job:
    """A job with all that reaches Dagster."""
    runner = {"runner": {"orchestrator": {"schedules": [{"name": "nightly", "tags": {"a": "b"}}]}}}
    return Job(
        config=read_yaml("job.yaml", JOB.encode()).documents[0],
        references={},
        schedules=(FieldRef(Document("runner.yaml", "", runner), (*SCHEDULES, 0)),),
    )


def test_an_asset_with_what_is_rendered_is_materialised_and_carries_it() -> None:
    job = rendered_job()
    tags = {entry.key: entry.text for entry in job.sink("dagster")}
    metadata = {entry.key: entry.text for entry in job.sink("dagster-metadata")}

    @asset(name="orders", tags=tags, metadata=metadata)
    def orders() -> None: ...

    assert materialize([orders]).success
    assert tags == dict(orders.tags_by_key[AssetKey("orders")])
    kept = orders.metadata_by_key[AssetKey("orders")]
    assert metadata == {key: kept[key] for key in metadata}
    assert tags["job_name"] == "nightly"
    assert metadata["resource_refs"]["ports"] == [1, 2]


METADATA = st.one_of(NEAR, st.integers(), st.booleans(), st.floats(allow_nan=False))


@given(tags=st.dictionaries(st.text(min_size=1, max_size=5), METADATA, max_size=4))
@settings(max_examples=25)
def test_metadata_takes_every_infrastructure_tag(tags: dict[str, Any]) -> None:
    job = subject_of(tags, {})
    metadata = {entry.key: entry.text for entry in job.sink("dagster-metadata")}
    assert metadata == dict(AssetSpec("orders", metadata=metadata).metadata)
    assert metadata == JsonMetadataValue(metadata).data
