"""Rendered sets are told by their shape, and answer what a job answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_samples import change, plan

from dativo_lint.documents.document import Document
from dativo_lint.documents.json_reader import read_json
from dativo_lint.jobs.kinds import Kind, kind_of, may_concern, seems_to_be
from dativo_lint.jobs.rendered import RenderedSet
from dativo_lint.jobs.rendered_forms import FormReader
from dativo_lint.jobs.sinks import RECEIVING, SINKS
from dativo_lint.jobs.taggable import tag_keeping
from dativo_lint.jobs.terraform_plan import SENSITIVE
from dativo_lint.rulebook.load import taggable

READER = FormReader(taggable)


def document(data: Any, path: str = "set.json") -> Document:
    """Data as a document with places."""
    return read_json(path, json.dumps(data).encode()).documents[0]


def sets(data: Any, path: str = "set.json", reader: FormReader = READER) -> list[RenderedSet]:
    """The rendered sets of a document."""
    return list(reader.sets(data if isinstance(data, Document) else document(data, path)))


def one(data: Any, path: str = "set.json") -> RenderedSet:
    """The only set."""
    (found,) = sets(data, path)
    return found


def texts(rendered: RenderedSet) -> dict[str, Any]:
    """The entries by key."""
    return {entry.key: entry.text for entry in rendered.entries}


METADATA = {"format-version": 2, "table-uuid": "x", "properties": {"finops.cost_center": "F"}}


@pytest.mark.parametrize(
    ("path", "data", "sink"),
    [
        ("a.json", {"sink": "aws", "tags": {"Team": "data"}}, "aws"),
        ("a.json", {"job": "jobs/a.yaml", "tags": {"finops.project": "x"}}, "iceberg"),
        ("a.json", {"job": "jobs/a.yaml", "tags": {"infrastructure_x": "x"}}, "dagster"),
        ("00001.metadata.json", METADATA, "iceberg"),
        ("prod.tfvars.json", {"infrastructure_provider": "aws"}, "terraform"),
        ("prod.tfvars", {"finops_cost_center": "F"}, "terraform"),
    ],
)
def test_a_form_is_told_by_its_shape(path: str, data: Any, sink: str) -> None:
    assert kind_of(document(data, path)) is Kind.RENDERED
    assert one(data, path).sink_name == sink


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.json", {"finops.cost_center": "F"}),
        ("a.json", {"tags": {"Team": "data"}}),
        ("a.json", {"sink": "kafka", "tags": {"Team": "data"}}),
        ("a.json", {"job": "build", "tags": {"Team": "data"}}),
        ("a.json", {"sink": "aws", "tags": ["a"]}),
        ("a.json", {"format_version": "1.0", "values": {}}),
        ("a.json", {"properties": {"finops.cost_center": "F"}}),
        ("a.json", {"infrastructure_provider": "aws"}),
        ("dev.tfvars.json", {"instance_type": "t3.micro"}),
        ("a.json", []),
    ],
)
def test_unrelated_data_is_no_rendered_set(path: str, data: Any) -> None:
    assert kind_of(document(data, path)) is Kind.OTHER


@pytest.mark.parametrize(
    ("tags", "sink"),
    [
        ({"finops.cost_center": "F", "asset.name": "x"}, "iceberg"),
        ({"infrastructure_provider": "aws", "tenant": "a"}, "dagster"),
        ({"infrastructure_provider": "aws", "finops.project": "x"}, "dagster-metadata"),
        ({"CostCenter": "F"}, ""),
    ],
)
def test_the_keys_of_a_bare_set_may_tell_its_sink(tags: dict[str, str], sink: str) -> None:
    assert one(tags).sink_name == sink
    assert sets(tags, reader=FormReader(sink="gcp"))[0].sink_name == "gcp"


def test_only_what_may_be_a_set_is_read_in_a_walk() -> None:
    assert may_concern(json.dumps({"format_version": "1.2", "resource_changes": []}).encode())
    assert may_concern(json.dumps(METADATA).encode())
    assert may_concern(b"sink: aws\ntags: {}\n")
    assert not may_concern(json.dumps({"replicas": 2, "properties": {"a": "b"}}).encode())
    assert seems_to_be('{"format_version":"1.2","resource_changes":[{') is Kind.RENDERED


def test_a_set_spells_values_as_its_sink_does() -> None:
    tags = {"a": 1.0, "b": True, "c": None, "d": "x"}
    told = {sink: texts(one({"sink": sink, "tags": tags})) for sink in RECEIVING}
    assert told["iceberg"] == {"a": "1.0", "b": "true", "c": None, "d": "x"}
    assert told["aws"] == told["gcp"] == {"a": "1", "b": "true", "d": "x"}
    assert told["dagster"] == told["terraform"] == tags


def test_variables_are_told_by_their_single_values() -> None:
    rendered = one({"tags": {"Team": "data"}, "terraform_module": "x"}, "a.tfvars.json")
    assert texts(rendered) == {"tags.Team": "data", "terraform_module": "x"}
    assert rendered.tags["infrastructure.Team"].text == "data"


@pytest.mark.parametrize(
    ("sink", "key", "tag"),
    [
        ("aws", "CostCenter", "infrastructure.CostCenter"),
        ("gcp", "infrastructure.env", "infrastructure.env"),
        ("iceberg", "finops.cost_center", "finops.cost_center"),
        ("iceberg", "write.format.default", None),
        ("dagster", "infrastructure_Cost_Center", "infrastructure.Cost_Center"),
        ("dagster", "tenant", None),
        ("terraform", "finops_cost_center", "finops.cost_center"),
        ("terraform", "classification_fields_e_mail", "classification.fields.e_mail"),
        ("terraform", "tags.Team", "infrastructure.Team"),
        ("terraform", "job_name", None),
    ],
)
def test_a_key_stands_for_a_tag(sink: str, key: str, tag: str | None) -> None:
    assert SINKS[sink].tag_key(key) == tag


@pytest.mark.parametrize(
    ("key", "sinks"),
    [
        ("finops.cost_center", {"dagster-metadata", "iceberg", "terraform"}),
        ("infrastructure.Team", set(RECEIVING)),
        ("infrastructure.vcpu", {"dagster-metadata", "iceberg", "terraform"}),
        ("infrastructure.provider", set(RECEIVING) - {"aws", "gcp"}),
        ("asset.name", {"iceberg"}),
    ],
)
def test_a_tag_arrives_where_the_platform_writes_it(key: str, sinks: set[str]) -> None:
    assert {sink for sink in RECEIVING if SINKS[sink].carries(key, ())} == sinks
    assert SINKS["dagster"].carries("finops.cost_center", ("finops",))


def test_what_the_provider_merges_counts_before_what_is_configured() -> None:
    after = {"tags": {"A": "own"}, "tags_all": {"A": "own", "B": "default"}}
    assert texts(one(plan(change("aws_s3_bucket.x", after)))) == {"A": "own", "B": "default"}
    after = {"labels": {"a": "x"}, "terraform_labels": {"a": "x", "b": "y"}}
    assert texts(one(plan(change("google_storage_bucket.x", after)))) == {"a": "x", "b": "y"}
    after["effective_labels"] = {"a": "x", "b": "y", "goog-terraform-provisioned": "true"}
    assert len(one(plan(change("google_storage_bucket.x", after))).entries) == 3


@pytest.mark.parametrize(
    ("address", "after", "expected"),
    [
        ("google_container_cluster.x", {"resource_labels": {"a": "b"}}, {"a": "b"}),
        ("google_monitoring_slo.x", {"user_labels": {"a": "b"}}, {"a": "b"}),
        ("google_sql_database_instance.x", {"settings": [{"user_labels": {"a": "b"}}]}, {"a": "b"}),
        ("google_cloud_run_service.x", {"metadata": [{"labels": {"a": "b"}}]}, {"a": "b"}),
        (
            "google_cloud_run_service.x",
            {"metadata": [{"labels": {"a": "b"}, "effective_labels": {"a": "b", "c": "d"}}]},
            {"a": "b", "c": "d"},
        ),
        (
            "aws_autoscaling_group.x",
            {"tag": [{"key": "A", "value": "b", "propagate_at_launch": True}, {"value": "c"}]},
            {"A": "b"},
        ),
        ("aws_of_next_year.x", {"tags_all": {"A": "b"}}, {"A": "b"}),
    ],
)
def test_tags_are_found_where_a_type_keeps_them(
    address: str, after: dict[str, Any], expected: dict[str, str]
) -> None:
    assert texts(one(plan(change(address, after)))) == expected


@pytest.mark.parametrize(
    ("address", "after"),
    [
        ("aws_of_next_year.x", {"tags": {"A": "b"}}),
        ("aws_inspector_resource_group.x", {"tags": {"A": "b"}}),
        ("aws_ec2_tag.x", {"key": "A", "value": "b"}),
        ("aws_route_table_association.x", {"id": "x"}),
        ("google_compute_instance_iam_member.x", {"role": "x"}),
        ("azurerm_resource_group.x", {"tags": {"A": "b"}}),
    ],
)
def test_what_takes_no_tags_is_no_set(address: str, after: dict[str, Any]) -> None:
    assert sets(plan(change(address, after))) == []


def test_a_resource_that_takes_tags_and_has_none_is_an_empty_set() -> None:
    rendered = one(plan(change("aws_s3_bucket.x", {"bucket": "b", "tags": None})))
    assert (rendered.entries, rendered.whole) == ((), True)


def test_what_is_known_after_apply_is_open() -> None:
    after = {"tags_all": {"A": "b"}}
    rendered = one(plan(change("aws_s3_bucket.x", after, {"tags_all": {"Id": True}})))
    assert {it.key: it.is_open for it in rendered.entries} == {"A": False, "Id": True}
    assert rendered.whole
    rendered = one(plan(change("aws_s3_bucket.x", {"tags": {"A": "b"}}, {"tags_all": True})))
    assert (texts(rendered), rendered.whole) == ({"A": "b"}, False)
    rendered = one(plan(change("aws_s3_bucket.x", {}, {"tags_all": True})))
    assert (rendered.entries, rendered.whole) == ((), False)
    blocks = {"tag": [{"key": "A", "value": None}]}
    rendered = one(plan(change("aws_autoscaling_group.x", blocks, {"tag": [{"value": True}]})))
    assert rendered.entries[0].is_open


def test_what_is_sensitive_is_not_told() -> None:
    after = {"tags_all": {"A": "hunter2", "B": "c"}}
    rendered = one(plan(change("aws_s3_bucket.x", after, None, {"tags_all": {"A": True}})))
    assert "hunter2" not in str(texts(rendered))
    assert texts(rendered)["B"] == "c"
    rendered = one(plan(change("aws_s3_bucket.x", after, None, {"tags_all": True})))
    assert (rendered.entries, rendered.whole) == ((), False)
    nested = {"settings": [{"user_labels": {"a": "hunter2"}}]}
    marks = {"settings": [{"user_labels": {"a": True}}]}
    rendered = one(plan(change("google_sql_database_instance.x", nested, None, marks)))
    assert "hunter2" not in str(texts(rendered))


@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("aws_s3_bucket.x", "tags"),
        ("aws_s3_bucket.x", "tags_all"),
        ("aws_of_next_year.x", "tags"),
        ("google_storage_bucket.x", "labels"),
        ("google_storage_bucket.x", "terraform_labels"),
        ("google_container_cluster.x", "resource_labels"),
    ],
)
def test_a_tag_that_is_sensitive_in_one_attribute_is_so_in_all(address: str, marked: str) -> None:
    merged = "tags_all" if address.startswith("aws") else "effective_labels"
    after = {marked: {"a": "hunter2"}, merged: {"a": "hunter2", "b": "c"}}
    rendered = one(plan(change(address, after, None, {merged: {}, marked: {"a": True}})))
    assert texts(rendered) == {"a": SENSITIVE, "b": "c"}
    rendered = one(plan(change(address, after, None, {marked: True})))
    assert (rendered.entries, rendered.whole) == ((), False)


def test_an_entry_is_placed_at_its_key_in_the_plan() -> None:
    rendered = one(plan(change("module.m.aws_s3_bucket.x", {"tags_all": {"Team": "data"}})))
    (entry,) = rendered.entries
    place = entry.at.key.place
    assert place.field == "resource_changes[0].change.after.tags_all.Team"
    line = rendered.document.text.split("\n")[place.line - 1]
    assert line[place.column - 1 : place.end_column - 1] == '"Team"'
    assert entry.tag is not None
    assert entry.tag.name == "module.m.aws_s3_bucket.x.tags_all.Team"


def test_a_set_tells_the_fields_of_the_job_that_it_holds() -> None:
    rendered = one({"sink": "dagster", "tags": {"tenant": "acme", "infrastructure_x": "y"}})
    assert rendered.value("tenant_id") == "acme"
    assert rendered.field("tenant_id").place.field == "tags.tenant"
    rendered = one({"sink": "gcp", "tags": {"environment": "prod"}})
    assert rendered.value("infrastructure", "provider") == "gcp"
    assert not rendered.field("environment").is_there


def test_the_table_of_resources_is_sound() -> None:
    for keeping in taggable():
        assert len(keeping.types) > 200
        assert not keeping.never & {*keeping.types, *keeping.elsewhere}
        assert all(it.startswith(keeping.prefix) for it in keeping.types | {*keeping.elsewhere})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
ODD = FormReader(
    lambda: (
        tag_keeping(
            "aws",
            {
                "prefix": "aws_",
                "keeps": ["a", "b"],
                "elsewhere": {"aws_y": ["c.d"]},
                "taggable": ["x"],
            },
        ),
    )
)
PARTS = st.fixed_dictionaries({}, optional={"a": JSON, "b": JSON, "c": JSON})


@given(after=PARTS, unknown=PARTS | JSON, sensitive=PARTS | JSON, type_=st.sampled_from("xyz"))
def test_no_plan_keeps_its_sets_from_being_read(
    after: Any, unknown: Any, sensitive: Any, type_: str
) -> None:
    data = {
        "format_version": "1.2",
        "resource_changes": [change(f"aws_{type_}.r", after, unknown, sensitive)],
    }
    for rendered in ODD.sets(Document("plan.json", "", data)):
        assert all(isinstance(entry.key, str) for entry in rendered.entries)
        assert rendered.block.place.path == "plan.json"
        assert rendered.tags is not None


@given(
    tags=st.dictionaries(st.text(max_size=12), JSON, max_size=4), sink=st.sampled_from(RECEIVING)
)
def test_no_data_keeps_a_set_from_being_asked(tags: Any, sink: str) -> None:
    for rendered in READER.sets(Document("a.json", "", {"sink": sink, "tags": tags})):
        assert rendered.sink(sink) == rendered.entries
        assert rendered.fields.path == "a.json"
        for tag in rendered.tags.values():
            assert tag.at.place.path == "a.json"
            assert tag.is_open in (True, False)
