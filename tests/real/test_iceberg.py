"""Iceberg keeps the properties that the platform writes, and does what is said of other names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pyiceberg.catalog import Catalog
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.schema import Schema
from pyiceberg.types import NestedField, StringType

from dativo_lint.checks import prepare
from dativo_lint.checks.violation import Violation
from dativo_lint.documents.document import Document
from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.jobs.asset import asset_of
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.sinks.iceberg import in_iceberg
from dativo_lint.rulebook.load import builtin_rules

RULE = next(rule for rule in builtin_rules() if rule.id == "invalid-iceberg-property")
EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
SCHEMA = Schema(NestedField(1, "email", StringType(), required=False))
JOB = """
finops: {cost_center: FIN-001, business_tags: [payments, revenue]}
governance_overrides: {retention_days: 365}
infrastructure:
  provider: aws
  memory_mb: 2048
  vcpu: 1
  tags: {Équipe: "a, b: c", Empty: "", Number: 1.0, Flag: true, "": x, "two\\nlines": "y\\nz"}
"""
ASSET = """
kind: DataContract
name: customers
team: {owner: data-platform@company.com}
schema: [{name: card number, classification: PCI}, {name: 成本, classification: PII}]
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """A catalog in a file, with one namespace."""
    made = SqlCatalog("test", uri=f"sqlite:///{tmp_path}/catalog.db", warehouse=tmp_path.as_uri())
    made.create_namespace("lake")
    yield made
    made.close()


def document(text: str, path: str) -> Document:
    """The document of a text."""
    return read_yaml(path, text.encode()).documents[0]


def properties(job: str, asset: str) -> dict[str, str]:
    """What the platform writes on the table of a job."""
    job = Job(
        config=document(job, "job.yaml"),
        references={},
        asset=asset_of(document(asset, "asset.yaml")),
    )
    return {tag.key: tag.text for tag in job.sink("iceberg")}


def reserved(name: str) -> bool:
    """Whether the rule about properties refuses a name."""
    judge = prepare(RULE.check, {**RULE.params, "sink": "aws"})
    job = {"infrastructure": {"tags": {name: "x"}}}
    return any(
        isinstance(answer, Violation)
        for answer in judge(Job(config=Document("job.yaml", "", job), references={}))
    )


def test_what_the_platform_writes_is_read_back(catalog: Catalog) -> None:
    written = properties(JOB, ASSET)
    assert written["infrastructure.vcpu"] == "1.0"
    catalog.create_table("lake.customers", SCHEMA, properties=written)
    assert written == catalog.load_table("lake.customers").properties


@pytest.mark.parametrize("example", ["first-day", "aws", "gcp"])
def test_the_properties_of_the_examples_are_read_back(catalog: Catalog, example: str) -> None:
    paths = sorted((EXAMPLES / example).glob("jobs/**/*.yaml"))
    assert paths
    for path in paths:
        job = path.read_text(encoding="utf-8")
        asset_path = document(job, path.name).data["asset_path"].removeprefix("/app/")
        asset = (EXAMPLES / example / asset_path).read_text(encoding="utf-8")
        written = properties(job, asset)
        catalog.create_table(f"lake.{path.stem}", SCHEMA, properties=written)
        assert written == catalog.load_table(f"lake.{path.stem}").properties
        assert [name for name in written if reserved(name)] == []


def test_a_name_that_is_reserved_is_not_kept_as_a_property(catalog: Catalog) -> None:
    assert reserved("format-version")
    table = catalog.create_table("lake.old", SCHEMA, properties={"format-version": "1", "a": "b"})
    assert {"a": "b"} == table.properties
    assert table.format_version == 1


def test_a_setting_of_iceberg_is_obeyed_and_can_break_every_commit(catalog: Catalog) -> None:
    assert reserved("commit.retry.num-retries")
    table = catalog.create_table("lake.stuck", SCHEMA)
    with table.transaction() as transaction:
        transaction.set_properties({"commit.retry.num-retries": "abc"})
    with (
        pytest.raises(ValueError, match="abc"),
        catalog.load_table("lake.stuck").transaction() as t,
    ):
        t.set_properties({"commit.retry.num-retries": "4"})


@pytest.mark.parametrize("name", ["finops.cost_center", "owner", "comment", "writer", "a.write.b"])
def test_names_that_only_look_like_settings_are_kept(catalog: Catalog, name: str) -> None:
    assert not reserved(name)
    table = catalog.create_table("lake.kept", SCHEMA, properties={name: "x"})
    assert {name: "x"} == table.properties


SCALARS = st.one_of(
    st.text(alphabet="aZ1 .,:/\u00e9\n", max_size=8),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    st.dates(),
    st.none(),
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """A catalog for many tables."""
    folder = tmp_path_factory.mktemp("lake")
    made = SqlCatalog("kept", uri=f"sqlite:///{folder}/catalog.db", warehouse=folder.as_uri())
    made.create_namespace("lake")
    yield made
    made.close()


@given(value=SCALARS)
@settings(max_examples=40)
@example(value=1.0)
@example(value=True)
@example(value=["payments", "revenue"])
def test_a_value_is_kept_as_it_is_spelled_and_refused_where_it_is_not(
    kept: Catalog, value: Any
) -> None:
    spelled = in_iceberg(value)
    try:
        properties: Any = {"finops.x": value}
        table = kept.create_table("lake.one", SCHEMA, properties=properties)
    except ValidationError:
        assert spelled is None
        return
    assert table.properties == {"finops.x": spelled}
    kept.drop_table("lake.one")


JOBS = st.fixed_dictionaries(
    {
        "finops": st.dictionaries(st.sampled_from(["cost_center", "project"]), SCALARS),
        "infrastructure": st.fixed_dictionaries(
            {"vcpu": SCALARS, "tags": st.dictionaries(st.text(max_size=4), SCALARS, max_size=3)}
        ),
    }
)


@given(job=JOBS)
@settings(max_examples=40)
def test_no_job_renders_properties_that_iceberg_refuses_or_changes(kept: Catalog, job: Any) -> None:
    job = Job(config=Document("job.yaml", "", job), references={})
    written = {tag.key: tag.text for tag in job.sink("iceberg")}
    table = kept.create_table("lake.two", SCHEMA, properties=written)
    assert table.properties == written
    kept.drop_table("lake.two")
