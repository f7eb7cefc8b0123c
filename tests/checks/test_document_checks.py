"""What the checks of files and schemas do where the examples of rules do not look."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from text_samples import answers, job, text, told

from dativo_lint.checks import check, prepare
from dativo_lint.checks.violation import Unresolved, Violation
from dativo_lint.rulebook.load import builtin_rules

RULES = [rule for rule in builtin_rules() if rule.family in ("files", "schema")]
IDLE = {"idle": {"governance_overrides.domain": "domain in the asset"}}
REPLACED = {"replaced": {"compliance": ["governance.retention_days"]}}
PLACES = ["asset_path", "infrastructure.terraform_module"]
BLOCKS = ["finops", "governance_overrides", "infrastructure", "asset", "compliance", "governance"]
FIELDS = [*BLOCKS, "tags", "resource_refs", "cost_center", "retention_days", "owner", "domain"]
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(max_size=3)
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(FIELDS), SCALARS), inner, max_size=4),
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@settings(max_examples=40)
@given(
    data=st.dictionaries(st.sampled_from([*BLOCKS, "kind", "asset_path"]), DATA),
    wraps=st.booleans(),
)
def test_no_document_is_too_odd_to_be_judged(rule: Any, data: dict[str, Any], wraps: bool) -> None:
    for marker in ({"asset_path": "asset.yaml"}, {"kind": "DataContract"}):
        written = {**data, **marker} if not wraps else {"asset": data}
        content = yaml.safe_dump(written)
        target = text(content)
        if "job" in check(rule.check).APPLIES_TO:
            if "asset_path" in written:
                told(rule.check, rule.params, job({"job.yaml": content}))
        else:
            told(rule.check, rule.params, target)


def test_the_first_of_two_equal_keys_is_mentioned() -> None:
    found = answers("readable_file", {"faults": ["duplicate-key"]}, text("a: 1\nb: 2\na: 3\n"))
    assert [(3, [(1, "first defined here")])] == [
        (it.at.place.line, [(m.at.place.line, m.sentence) for m in it.mentions])
        for it in found
        if isinstance(it, Violation)
    ]


def test_where_a_broken_collection_begins_is_mentioned() -> None:
    found = answers("readable_file", {"faults": ["syntax"]}, text("a: 1\nb: {c: 1\nd: 2\n"))
    assert [(3, [(2, "the context starts here")])] == [
        (it.at.place.line, [(m.at.place.line, m.sentence) for m in it.mentions])
        for it in found
        if isinstance(it, Violation)
    ]


def test_only_the_faults_that_are_asked_for_are_told() -> None:
    assert [] == answers("readable_file", {"faults": ["syntax"]}, text("a: 1\na: 3\n"))


def test_a_field_that_the_schema_does_not_have_is_no_part_of_it() -> None:
    with pytest.raises(ValueError, match="the schema has no field tag"):
        prepare("matches_schema", {"document": "job", "within": "infrastructure.tag"})


def test_a_wrong_value_is_told_at_the_value_and_a_missing_one_at_its_block() -> None:
    target = text("asset_path: ''\ninfrastructure:\n  memory_mb: -5\n  compute_type: x\n")
    places = {
        it.at.place.field: (it.at.place.line, it.at.place.column)
        for it in answers("matches_schema", {"document": "job"}, target)
    }
    assert (1, 13) == places["asset_path"]
    assert (3, 14) == places["infrastructure.memory_mb"]
    assert (2, 1) == places["infrastructure.provider"]
    assert (1, 1) == places["tenant_id"]


def test_an_unknown_field_is_told_at_its_key() -> None:
    (found,) = answers(
        "known_fields", {"documents": ["job"]}, text("asset_path: a.yaml\nfinop: 1\n")
    )
    place = found.at.place
    assert (2, 1, 6) == (place.line, place.column, place.end_column)


def test_each_document_of_a_file_is_judged() -> None:
    target = text(
        "asset_path: a.yaml\nx: 1\n---\nasset: {finops: {y: 1}}\n---\nasset_path: b.yaml\nz: 1\n"
    )
    found = told("known_fields", {"documents": ["job", "asset"]}, target)
    assert ["x", "z", "asset.finops.y"] == [it.partition(":")[0] for it in found]


def test_an_aliased_value_is_told_once() -> None:
    aliases = ", ".join(["*a"] * 1000)
    target = text(
        f"asset_path: a.yaml\nfinops: {{project: &a [[0x1]], cost_center: [{aliases}]}}\n"
    )
    place = {"document": "job", "fields": ["finops"], "spellings": ["hexadecimal"], "expected": "x"}
    assert 1 == len(told("unambiguous_scalar", {"places": [place]}, target))


def test_more_values_than_anybody_reads_are_told_as_one() -> None:
    target = text(f"asset_path: a.yaml\nfinops: {{project: [{'on, ' * 3000}]}}\n")
    place = {"document": "job", "fields": ["finops"], "spellings": ["boolean-word"], "expected": ""}
    found = told("unambiguous_scalar", {"places": [place]}, target)
    assert 1001 == len(found)
    assert "finops: finops has more than 1000 such values" == found[-1]


def test_an_open_path_is_an_open_question_for_the_rule_that_asks() -> None:
    target = job({"job.yaml": "asset_path: ${ASSETS}/a.yaml\n"})
    (found,) = answers("files_exist", {"fields": PLACES, "leads": ["missing", "open"]}, target)
    assert isinstance(found, Unresolved)
    assert [] == answers("files_exist", {"fields": PLACES, "leads": ["missing"]}, target)


def test_a_path_that_is_no_text_is_left_to_the_schema() -> None:
    target = job({"job.yaml": "asset_path: [a]\ninfrastructure: {terraform_module: 5}\n"})
    assert [] == told("files_exist", {"fields": PLACES, "leads": ["missing", "malformed"]}, target)


def test_an_override_is_told_at_its_key() -> None:
    target = text("asset_path: a.yaml\ngovernance_overrides:\n  domain: sales\n")
    (found,) = answers("effective_overrides", IDLE, target)
    assert (3, 3, 9) == (found.at.place.line, found.at.place.column, found.at.place.end_column)


def test_what_is_read_instead_is_mentioned() -> None:
    target = text("asset:\n  governance: {retention_days: 9}\n  compliance: {regulations: [X]}\n")
    (found,) = answers("effective_overrides", REPLACED, target)
    assert isinstance(found, Violation)
    assert ["asset.governance.retention_days is read instead"] == [
        mention.sentence for mention in found.mentions
    ]


def test_what_is_replaced_by_the_same_word_loses_nothing() -> None:
    same = "asset: {governance: {retention_days: 9}, compliance: {retention_days: 9, security: }}"
    other = same.replace("days: 9,", "days: 8,")
    assert [] == told("effective_overrides", REPLACED, text(same))
    assert 1 == len(told("effective_overrides", REPLACED, text(other)))
