"""Tags flow from asset to job to infrastructure as the platform has them flow."""

from __future__ import annotations

from textwrap import indent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_samples import ASSETS, JOBS, a_job, texts, written

from dativo_lint.documents.document import Document
from dativo_lint.jobs.asset import asset_of
from dativo_lint.jobs.layers import derive
from dativo_lint.jobs.tag_values import words
from dativo_lint.jobs.tags import Layer, Tag

FLAT = """
kind: DataContract
name: customers
version: "1.0"
domain: payments
dataProduct: billing
source_type: stripe
object: customers
schema:
  - {name: email, classification: PII}
  - {name: id}
team: {owner: a@x.io}
compliance: {classification: [PII, Internal], regulations: [GDPR, HIPAA], retention_days: 90}
finops: {cost_center: FIN-001, business_tags: [payments], project: p, environment: dev}
"""
WRAPPED = "asset:" + indent(
    FLAT.replace("kind: DataContract", "").replace("team", "governance"), "  "
)
FROM_ASSET = {
    "classification.default": "pii",
    "classification.fields.email": "pii",
    "governance.retention_days": "90",
    "governance.owner": "a@x.io",
    "governance.domain": "payments",
    "governance.data_product": "billing",
    "governance.regulations": "GDPR,HIPAA",
    "finops.cost_center": "FIN-001",
    "finops.business_tags": "payments",
    "finops.project": "p",
    "finops.environment": "dev",
    "asset.name": "customers",
    "asset.version": "1.0",
    "asset.domain": "payments",
    "asset.data_product": "billing",
    "asset.source_type": "stripe",
    "asset.object": "customers",
}
EMPTY = ['""', "null", "0", "false", "[]"]


def changed(job: str, asset: str = FLAT, **propagation: Any) -> dict[str, str | None]:
    """What a job changes of the tags that the asset gives; None for what it takes away."""
    found = texts(job, asset, **propagation)
    keys = [*FROM_ASSET, *(key for key in found if key not in FROM_ASSET)]
    return {key: found.get(key) for key in keys if found.get(key) != FROM_ASSET.get(key)}


@pytest.mark.parametrize("asset", [WRAPPED, FLAT], ids=["wrapped", "flat"])
def test_both_shapes_of_an_asset_give_the_same_tags(asset: str) -> None:
    assert texts("asset_path: a", asset) == FROM_ASSET


@pytest.mark.parametrize(
    ("job", "expected"),
    [
        # classification.default
        ("classification_overrides: {default: Secret}", {"classification.default": "secret"}),
        ("classification_overrides: {default: ''}", {"classification.default": None}),
        ("classification_overrides: {default: null}", {"classification.default": None}),
        ("classification_overrides: {}", {}),
        ("classification_overrides: {Default: x}", {}),
        # classification.fields
        ("classification_overrides: {email: SPII}", {"classification.fields.email": "spii"}),
        ("classification_overrides: {id: PII}", {"classification.fields.id": "pii"}),
        ("classification_overrides: {email: ''}", {"classification.fields.email": ""}),
        ("classification_overrides: {email: null}", {"classification.fields.email": None}),
        ("classification_overrides: {emial: PII}", {}),
        # governance
        ("governance_overrides: {retention_days: 30}", {"governance.retention_days": "30"}),
        ("governance_overrides: {retention_days: 0}", {"governance.retention_days": "0"}),
        ("governance_overrides: {retention_days: null}", {}),
        ("governance_overrides: {owner: b@x.io}", {"governance.owner": "b@x.io"}),
        ("governance_overrides: {owner: ''}", {"governance.owner": None}),
        ("governance_overrides: {owner: null}", {"governance.owner": None}),
        ("governance_overrides: {domain: d, data_product: e, regulations: [F]}", {}),
        # finops
        ("finops: {cost_center: FIN-002}", {"finops.cost_center": "FIN-002"}),
        ("finops: {cost_center: 12}", {"finops.cost_center": "12"}),
        ("finops: {project: q}", {"finops.project": "q"}),
        ("finops: {environment: prod}", {"finops.environment": "prod"}),
        ("finops: {team: x}", {}),
        # blocks that are no mappings say nothing
        ("finops: FIN-002", {}),
        ("classification_overrides: [email]", {}),
        ("governance_overrides: null", {}),
        ("infrastructure: aws", {}),
        ("infrastructure: {tags: [a]}", {}),
    ],
)  # fmt: skip
def test_the_job_speaks_after_the_asset(job: str, expected: dict[str, str | None]) -> None:
    assert changed(job) == expected


@pytest.mark.parametrize("empty", EMPTY)
@pytest.mark.parametrize("name", ["cost_center", "project", "environment", "business_tags"])
def test_an_empty_word_under_finops_erases(name: str, empty: str) -> None:
    assert changed(f"finops: {{{name}: {empty}}}") == {f"finops.{name}": None}
    assert changed(f"finops: {{{name}: {empty}}}", merge_lists=False) == {f"finops.{name}": None}


@pytest.mark.parametrize(
    ("job", "merged", "replaced"),
    [
        ("[revenue]", "payments,revenue", "revenue"),
        ("[revenue, payments]", "payments,revenue", "revenue,payments"),
        ("[revenue, revenue]", "payments,revenue", "revenue,revenue"),
        ("revenue", "payments,revenue", "revenue"),
        ("'revenue, payments'", "payments,revenue", "revenue, payments"),
        ("[payments]", "payments", "payments"),
    ],
)
def test_lists_of_business_tags_are_merged_or_replaced(
    job: str, merged: str, replaced: str
) -> None:
    text = f"finops: {{business_tags: {job}}}"
    assert texts(text, FLAT)["finops.business_tags"] == merged
    assert texts(text, FLAT, merge_lists=False)["finops.business_tags"] == replaced


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("provider: AWS", {"provider": "aws"}),
        ("provider: ''", {}),
        ("compute_type: Fargate", {"compute_type": "Fargate"}),
        ("memory_mb: 2048", {"memory_mb": "2048"}),
        ("memory_mb: 2048.0", {"memory_mb": "2048"}),
        ("memory_mb: '2048'", {"memory_mb": "2048"}),
        ("memory_mb: 0", {}),
        ("memory_mb: -5", {"memory_mb": "-5"}),
        ("memory_mb: .inf", {"memory_mb": "inf"}),
        ("memory_mb: .nan", {"memory_mb": "nan"}),
        ("vcpu: 1", {"vcpu": "1.0"}),
        ("vcpu: 1.0", {"vcpu": "1.0"}),
        ("vcpu: 0.25", {"vcpu": "0.25"}),
        ("vcpu: 0", {}),
        ("vcpu: 0.0", {}),
        ("vcpu: '${terraform_output.vcpu}'", {"vcpu": "${terraform_output.vcpu}"}),
        ("tags: {CostCenter: FIN-001}", {"CostCenter": "FIN-001"}),
        ("tags: {Env: ''}", {"Env": ""}),
        ("tags: {Env: null}", {}),
        ("tags: {infrastructure.Env: dev}", {"Env": "dev"}),
        ("tags: {RetentionDays: 365, Spot: true}", {"RetentionDays": "365", "Spot": "true"}),
        ("{provider: aws, tags: {provider: other}}", {"provider": "other"}),
        ("{memory_mb: 1, tags: {infrastructure.memory_mb: '2'}}", {"memory_mb": "2"}),
        ("region: us-east-1", {}),
    ],
)
def test_the_infrastructure_block_becomes_tags(block: str, expected: dict[str, str]) -> None:
    block = block if block.startswith("{") else f"{{{block}}}"
    found = texts(f"infrastructure: {block}")
    assert found == {f"infrastructure.{key}": text for key, text in expected.items()}


@pytest.mark.parametrize("replacing", ["classification: [Internal]", "retention_days: 30"])
def test_governance_of_a_wrapped_asset_replaces_its_whole_compliance(replacing: str) -> None:
    asset = f"""
asset:
  governance: {{{replacing}}}
  compliance: {{classification: [PII], regulations: [GDPR], retention_days: 90}}
"""
    key, text = {
        "c": ("classification.default", "internal"),
        "r": ("governance.retention_days", "30"),
    }[replacing[0]]
    assert texts("asset_path: a", asset) == {key: text}


def test_governance_of_a_flat_asset_replaces_nothing() -> None:
    asset = (
        "kind: DataContract\ngovernance: {owner: b, retention_days: 1}\n" + FLAT.split("\n", 2)[2]
    )
    assert changed("asset_path: a", asset) == {}


@pytest.mark.parametrize(
    ("classification", "text"),
    [("[PII, Internal]", "pii"), ("PII", "pii"), ("[]", None), ("null", None), ("['']", None)],
)
def test_the_default_classification_is_the_first_word(classification: str, text: str) -> None:
    asset = f"kind: DataContract\ncompliance: {{classification: {classification}}}"
    assert texts("asset_path: a", asset).get("classification.default") == text


def test_names_of_columns_are_not_escaped() -> None:
    asset = "kind: DataContract\nschema: [{name: 'A.b c', classification: X}, {name: 7}]"
    job = "classification_overrides: {'7': Y}"
    assert texts(job, asset) == {
        "classification.fields.A.b c": "x",
        "classification.fields.7": "y",
    }


def test_an_override_of_default_is_that_of_the_table_and_of_a_column_of_that_name() -> None:
    asset = "kind: DataContract\nschema: [{name: default, classification: X}]"
    assert texts("classification_overrides: {default: Y}", asset) == {
        "classification.fields.default": "y",
        "classification.default": "y",
    }


def test_without_an_asset_column_overrides_reach_no_tag() -> None:
    assert texts("classification_overrides: {email: PII, default: PII}") == {
        "classification.default": "pii"
    }


@pytest.mark.parametrize("literal", ["${Team", "$Team", "}${Team", "$ {Team}", "{Team}"])
def test_what_only_resembles_an_open_value_is_a_literal(literal: str) -> None:
    job = a_job(f"classification_overrides: {{default: '{literal}'}}")
    assert literal.lower() == job.tags["classification.default"].text
    assert not job.tags["classification.default"].is_open


def test_an_open_value_stays_as_it_is() -> None:
    found = texts("classification_overrides: {default: '${Level}'}", FLAT)
    assert found["classification.default"] == "${Level}"


def test_a_tag_remembers_who_said_what_and_where() -> None:
    job = "finops:\n  cost_center: FIN-002\n  project: ''\n"
    tags = a_job(job, FLAT).tags
    told = [(a.layer, a.at.place.path, a.at.name, a.text) for a in tags["finops.cost_center"].trail]
    assert told == [
        (Layer.ASSET, "asset.yaml", "finops.cost_center", "FIN-001"),
        (Layer.JOB, "job.yaml", "finops.cost_center", "FIN-002"),
    ]
    assert str(tags["finops.cost_center"].at.place) == "job.yaml:2:16"
    assert "finops.project" not in tags
    erased = tags.erased["finops.project"]
    assert [a.sentence for a in erased.trail] == [
        'finops.project = "p" (set in the asset)',
        'finops.project = "" (erased in the job)',
    ]


def test_tags_are_found_whatever_the_spelling_of_their_keys() -> None:
    tags = a_job("infrastructure: {tags: {cost-center: A, CostCenter: B, Cost_Centre: C}}").tags
    assert [tag.text for tag in tags.alike("infrastructure.cost_center")] == ["A", "B"]


def of(data: Any, path: str) -> Document:
    """Data as a document without places."""
    return Document(path, "", data)


def all_tags(job: Any, asset: Any, *, merge: bool) -> dict[str, Tag]:
    """Effective and erased tags."""
    tags = derive(of(job, "job.yaml"), asset_of(of(asset, "a.yaml")), merge_lists=merge)
    return {**tags, **tags.erased}


@given(JOBS, ASSETS, st.booleans())
def test_derivation_never_raises_and_keeps_every_word(job: Any, asset: Any, merge: bool) -> None:
    for key, tag in all_tags(job, asset, merge=merge).items():
        assert key == tag.key
        assert tag.trail
        assert tag.text == tag.trail[-1].text
        assert tag.text is None or isinstance(tag.text, str)
        layers = [list(Layer).index(assignment.layer) for assignment in tag.trail]
        assert layers == sorted(layers)
        for assignment in tag.trail:
            assert f"in the {assignment.layer.value}" in assignment.sentence
            assert assignment.at.name


@given(JOBS, ASSETS, st.booleans())
def test_overriding_takes_no_word_from_the_asset(job: Any, asset: Any, merge: bool) -> None:
    alone = all_tags({}, asset, merge=merge)
    overridden = all_tags(job, asset, merge=merge)
    for key, tag in alone.items():
        heard = [(a.at.route, repr(a.written)) for a in overridden[key].trail]
        assert [(a.at.route, repr(a.written)) for a in tag.trail] == heard[: len(tag.trail)]


@given(JOBS, ASSETS)
def test_a_job_without_its_blocks_says_nothing(job: Any, asset: Any) -> None:
    strange = {f"x_{name}": block for name, block in job.items()}
    assert all_tags(strange, asset, merge=True).keys() == all_tags({}, asset, merge=True).keys()


@given(JOBS, ASSETS)
def test_every_place_of_a_trail_can_be_told(job: Any, asset: Any) -> None:
    tags = a_job(written(job), written(asset)).tags
    for tag in (*tags.values(), *tags.erased.values()):
        for assignment in tag.trail:
            place = assignment.at.place
            assert place.line >= 1
            assert place.field
            assert place.path in ("job.yaml", "asset.yaml")


WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=5)


def test_a_business_tag_of_blanks_is_one_only_where_lists_are_taken_as_written() -> None:
    blank = "finops: {business_tags: [' ']}"
    assert texts("a: b", blank) == {}
    assert texts("a: b", blank, merge_lists=False) == {"finops.business_tags": " "}


def test_many_keys_of_one_spelling_make_one_long_trail() -> None:
    many = [float("nan") for _ in range(20_000)]
    job = of({"infrastructure": {"tags": dict.fromkeys(many, "x")}}, "job.yaml")
    (tag,) = derive(job, None).values()
    assert len(tag.trail) == len(many)


@given(WORDS, WORDS)
def test_merged_lists_are_the_union_in_order(of_asset: list[str], of_job: list[str]) -> None:
    asset, job = {"finops": {"business_tags": of_asset}}, {"finops": {"business_tags": of_job}}
    tag = all_tags(job, asset, merge=True).get("finops.business_tags")
    united = list(dict.fromkeys([*of_asset, *of_job]))
    assert (tag.text if tag else None) == (",".join(united) if of_job else None)
    again = {"finops": {"business_tags": united}}
    merged_again = all_tags(job, again, merge=True).get("finops.business_tags")
    assert (merged_again.text if merged_again else None) == (tag.text if tag else None)


@given(WORDS)
def test_words_are_the_same_written_as_a_list_or_as_a_text(given_words: list[str]) -> None:
    assert words(given_words) == words(", ".join(given_words))
    assert words(list(words(given_words))) == words(given_words)
