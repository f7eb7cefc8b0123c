"""A plan tells what resources will be, and what of it nobody knows or may see."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_samples import change, plan

from dativo_lint.documents.document import Document
from dativo_lint.jobs.terraform_plan import is_plan, plan_fault, planned_resources

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def test_what_stays_or_comes_is_there_and_what_goes_is_not() -> None:
    document = plan(
        change("aws_x.created", {}),
        change("aws_x.changed", {}, actions=("update",)),
        change("aws_x.same", {}, actions=("no-op",)),
        change("aws_x.replaced", {}, actions=("delete", "create")),
        change("aws_x.swapped", {}, actions=("create", "delete")),
        change("aws_x.renewed", {}, actions=("create", "forget")),
        change("aws_x.deleted", None, actions=("delete",)),
        change("aws_x.forgotten", {}, actions=("forget",)),
        change("data.aws_x.read", {}, actions=("read",), mode="data"),
    )
    names = [it.address.removeprefix("aws_x.") for it in planned_resources(document)]
    assert names == ["created", "changed", "same", "replaced", "swapped", "renewed"]


def test_a_resource_of_a_module_is_told_by_its_address_and_placed() -> None:
    document = plan(change('module.a["x"].aws_ecs_service.main', {"tags_all": {"A": "b"}}))
    (found,) = planned_resources(document)
    assert (found.address, found.type) == ('module.a["x"].aws_ecs_service.main', "aws_ecs_service")
    assert document.value(found.attributes.route) == {"tags_all": {"A": "b"}}
    line = document.key_place((*found.attributes.route, "tags_all", "A")).line
    assert document.text.split("\n")[line - 1].strip() == '"A": "b"'


def test_planned_values_serve_where_the_changes_are_left_out() -> None:
    inner = {"address": "module.m.aws_x.b", "type": "aws_x", "values": {"tags": None}}
    root = {
        "resources": [
            {"address": "aws_x.a", "mode": "managed", "type": "aws_x", "values": {"tags": {}}},
            {"address": "data.aws_x.c", "mode": "data", "type": "aws_x", "values": {}},
        ],
        "child_modules": [{"resources": [inner]}],
    }
    data = {"format_version": "1.2", "planned_values": {"root_module": root}}
    found = list(planned_resources(Document("plan.json", "", data)))
    assert [(it.address, it.omits_unknown) for it in found] == [
        ("aws_x.a", True),
        ("module.m.aws_x.b", True),
    ]


@pytest.mark.parametrize(
    ("version", "is_read"), [("1.0", True), ("1.2", True), ("1.99", True), ("0.2", False)]
)
def test_only_the_major_version_counts(version: str, is_read: bool) -> None:
    fault = plan_fault(plan(format_version=version))
    assert (fault is None) == is_read


def test_a_state_is_no_plan() -> None:
    assert not is_plan({"format_version": "1.0", "values": {}})
    assert not is_plan([])


@given(changes=JSON, planned=JSON, version=JSON)
def test_no_data_keeps_a_plan_from_being_read(changes: Any, planned: Any, version: Any) -> None:
    data = {"format_version": version, "resource_changes": changes, "planned_values": planned}
    for document in (
        Document("plan.json", "", data),
        Document("plan.json", "", {**data, "resource_changes": [changes, {"change": planned}]}),
        Document("plan.json", "", {"format_version": version, "planned_values": planned}),
    ):
        plan_fault(document)
        assert all(isinstance(it.attributes.value, dict) for it in planned_resources(document))
