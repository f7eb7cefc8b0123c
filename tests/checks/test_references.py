"""References of jobs: hostile shapes, shared parts, and the regions and partitions there are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_answers import answers, messages, rules

from dativo_lint.checks.params import is_named
from dativo_lint.checks.violation import Violation
from dativo_lint.documents.document import Document
from dativo_lint.jobs.job import Job

REFERENCES = sorted(it.id for it in rules().values() if it.family == "references")

REGIONS = {
    "aws": "af-south-1 ap-southeast-7 eu-central-2 il-central-1 me-west-1 mx-central-1 sa-west-1",
    "aws-cn": "cn-north-1 cn-northwest-1",
    "aws-us-gov": "us-gov-east-1 us-gov-west-1",
    "aws-iso": "us-iso-east-1 us-iso-west-1",
    "aws-iso-b": "us-isob-east-1 us-isob-west-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-east-1 us-isof-south-1",
    "aws-eusc": "eusc-de-east-1",
}


def arns() -> list[tuple[str, str, str]]:
    """Partition, region and an ARN in it."""
    return [
        (partition, region, f"arn:{partition}:ecs:{region}:123456789012:cluster/etl")
        for partition, regions in REGIONS.items()
        for region in regions.split()
    ]


@pytest.mark.parametrize(("partition", "region", "arn"), arns())
def test_every_region_of_every_partition_is_well_formed(
    partition: str, region: str, arn: str
) -> None:
    refs = {
        "cluster_arn": arn,
        "role_arn": f"arn:{partition}:iam::123456789012:role/etl",
        "other": arn,
    }
    block = {"provider": "aws", "region": region, "resource_refs": refs}
    for rule in REFERENCES:
        assert [] == messages(rule, block)


@pytest.mark.parametrize(("partition", "region", "arn"), arns())
def test_a_region_of_another_partition_is_told(partition: str, region: str, arn: str) -> None:
    other = "aws-cn" if partition == "aws" else "aws"
    block = {"resource_refs": {"it": f"arn:{other}:ecs:{region}:123456789012:cluster/etl"}}
    assert [f'references use different partitions: it ("{other}"), it ("{partition}")'] == messages(
        "mixed-partitions", block
    )


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:ecs:us-east-1:123456789012:cluster/etl\n",
        "arn:aws:ecs:us-east-1:\u0661\u0662\u0663456789012:cluster/etl",
        "arn:aws:ecs:us-east:123456789012:cluster/etl",
        "ARN:aws:ecs:us-east-1:123456789012:cluster/etl",
        "arn:aws:ecs::123456789012:cluster/etl",
        "arn:aws:ecs:us-east-1:123456789012:cluster/",
        "arn:" * 5000,
        "",
    ],
)
def test_what_only_looks_like_an_arn_is_told(arn: str) -> None:
    assert answers("malformed-arn", {"resource_refs": {"cluster_arn": arn}})


@pytest.mark.parametrize("name", ["role_arn", "roleArn", "role-arn", "ROLE_ARN", "taskRoleArn"])
def test_a_name_is_known_however_it_is_spelled(name: str) -> None:
    assert answers("malformed-arn", {"resource_refs": {name: "etl"}})


def test_an_alias_is_walked_once() -> None:
    shared = {"role_arn": "etl"}
    refs: dict[str, Any] = {"a": shared, "b": shared, "c": [shared, shared]}
    assert 1 == len(answers("malformed-arn", {"resource_refs": refs}))


def test_a_circle_has_an_end() -> None:
    refs: dict[str, Any] = {"role_arn": "etl"}
    refs["again"] = [refs]
    assert 1 == len(answers("malformed-arn", {"resource_refs": refs}))


def test_values_come_in_the_order_in_which_they_are_written() -> None:
    refs = {"a": [1, {"b": 2}], "c": 3, "d": {"e": [4, 5]}}
    job = Document("job.yaml", "", {"infrastructure": {"resource_refs": refs}})
    found = list(Job(config=job, references={}).scalars(("infrastructure", "resource_refs")))
    assert ["1", "2", "3", "4", "5"] == [leaf.text for leaf in found]
    assert ["a[0]", "a[1].b", "c", "d.e[0]", "d.e[1]"] == [leaf.label for leaf in found]
    assert ["a", "b", "c", "e", "e"] == [leaf.name for leaf in found]


def test_a_reference_that_says_the_same_twice_is_mentioned_once() -> None:
    refs = {
        "cluster_arn": "arn:aws:ecs:us-east-1:123456789012:cluster/etl",
        "role_arn": "arn:aws-cn:iam::123456789012:role/etl",
    }
    (found,) = answers("mixed-partitions", {"resource_refs": refs})
    assert isinstance(found, Violation)
    assert ['uses "aws"'] == [mention.sentence for mention in found.mentions]


def test_many_accounts_do_not_make_a_long_message() -> None:
    refs = {"all": [f"arn:aws:iam::{number:012}:role/etl" for number in range(3000)]}
    (answer,) = answers("mixed-accounts", {"resource_refs": refs})
    assert isinstance(answer, Violation)
    assert "different accounts (3000)" in answer.message
    assert len(answer.mentions) < 50


@given(st.lists(st.sampled_from(["123456789012", "210987654321", "aws", ""]), max_size=6))
def test_accounts_agree_where_at_most_one_is_named(accounts: list[str]) -> None:
    refs = {f"it{n}": f"arn:aws:iam::{account}:role/etl" for n, account in enumerate(accounts)}
    named = {account for account in accounts if account.isdigit()}
    assert (len(named) > 1) == bool(answers("mixed-accounts", {"resource_refs": refs}))


def test_a_star_stands_at_either_end_of_a_name() -> None:
    names = ("region", "*_arn", "gcp_*")
    assert [True, True, True, False] == [
        is_named(names, name) for name in ("region", "role_arn", "gcp_project", "arn_of_role")
    ]
    assert not is_named((), "region")


keys = st.sampled_from(["role_arn", "project_id", "region", "account_id", "x"]) | st.text(
    max_size=4
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.text(max_size=30)
    | st.sampled_from(["arn:aws", "arn:aws:iam::${A}:role/x", "projects/p/locations/us-east1/x"])
    | st.sampled_from(["${all}", "us-east1", "us-east-1", 123456789012])
    | st.sampled_from([40_000]).map(lambda bits: 1 << bits)
)
trees = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(keys | st.integers() | st.none() | st.dates(), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.sampled_from(REFERENCES), trees, trees, st.sampled_from(["aws", "gcp", "${p}"]) | scalars)
def test_no_value_makes_a_reference_rule_raise(
    rule: str, refs: object, region: object, provider: object
) -> None:
    block = {"provider": provider, "region": region, "resource_refs": refs}
    for answer in answers(rule, block):
        assert len(answer.message) < 1000
        assert answer.at.place.path == "job.yaml"
        if isinstance(answer, Violation):
            assert all(mention.at.place.path == "job.yaml" for mention in answer.mentions)
