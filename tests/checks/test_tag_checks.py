"""Checks of tags show the whole trail, leave open what is open, and survive any data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_samples import ASSETS, JOBS, a_job, written
from text_samples import answers, job

from dativo_lint.checks import check, prepare
from dativo_lint.checks.violation import Unresolved, Violation
from dativo_lint.jobs.job import Job
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.rule import Rule

FAMILIES = ("finops", "governance", "destinations", "conflicts")
AWAITED: Mapping[str, Any] = {
    "pattern": r"[A-Z]{3}-\d+",
    "one_of": ["production"],
    "columns": ["email", "x*"],
    "keys": ["CostCenter"],
}
RULES = [
    rule
    for rule in builtin_rules()
    if rule.family in FAMILIES and "job" in check(rule.check).APPLIES_TO
]


def judged(rule: Rule, judged_subject: Job) -> list[Violation | Unresolved]:
    """What a built-in rule answers, with what it requires_params given; its `when` is not asked."""
    params = {**rule.params, **{name: AWAITED[name] for name in rule.requires_params}}
    return list(prepare(rule.check, params)(judged_subject))


def told(answer: Violation | Unresolved) -> list[str]:
    """An answer as a reader walks it: its place, then its mentions in order."""
    assert isinstance(answer, Violation)
    own = f"{answer.at.place.path}:{answer.at.place.line}: {answer.message}"
    return [own, *(f"{m.at.place.path}:{m.at.place.line}: {m.sentence}" for m in answer.mentions)]


ASSET = """\
asset:
  team:
    owner: a@x.io
  compliance:
    classification: [Restricted]
    regulations: [GDPR]
  finops:
    cost_center: FIN-001
    business_tags: [payments, TBD]
  schema:
    - name: email
      classification: PII
"""


def answer_of(name: str, params: Mapping[str, Any], text: str) -> list[str]:
    """The only answer of a check to a job with the asset above."""
    files = {"job.yaml": f"asset_path: asset.yaml\n{text}", "asset.yaml": ASSET}
    (answer,) = answers(name, params, job(files))
    return told(answer)


def test_a_missing_tag_says_where_else_it_was_looked_for() -> None:
    params = {"keys": ["finops.project"]}
    assert answer_of("required_tag", params, "finops:\n  cost_center: FIN-002\n") == [
        "job.yaml:2: finops.project is set neither in the job nor in its asset",
        "asset.yaml:7: asset.finops.project is not set",
    ]


def test_an_erased_tag_is_told_where_it_was_erased() -> None:
    params = {"keys": ["finops.cost_center"]}
    assert answer_of("required_tag", params, "finops:\n  cost_center: null\n") == [
        'job.yaml:3: empty finops.cost_center overrides the asset\'s "FIN-001"',
        'asset.yaml:8: asset.finops.cost_center = "FIN-001" (set in the asset)',
    ]


def test_a_key_that_is_spelled_otherwise_is_mentioned() -> None:
    params = {"keys": ["infrastructure.CostCenter"]}
    text = "infrastructure:\n  tags:\n    cost_center: a\n"
    assert answer_of("required_tag", params, text) == [
        (
            "job.yaml:3: infrastructure.tags.CostCenter is not set in the job; "
            'did you mean "infrastructure.tags.cost_center"?'
        ),
        "job.yaml:4: infrastructure.tags.cost_center is a different key",
    ]


def test_a_wrong_value_stands_at_the_strongest_word_with_the_weaker_ones_before_it() -> None:
    params = {"of": ["finops.cost_center"], "one_of": ["FIN-009"]}
    assert answer_of("allowed_values", params, "finops: {cost_center: FIN-002}\n") == [
        'job.yaml:2: finops.cost_center is "FIN-002"; expected FIN-009; did you mean "FIN-009"?',
        'asset.yaml:8: asset.finops.cost_center = "FIN-001" (set in the asset)',
    ]


def test_a_word_of_a_list_stands_at_the_layer_that_said_it() -> None:
    params = {"of": ["finops.*"], "never": "TBD"}
    assert answer_of("allowed_values", params, "finops: {business_tags: [revenue]}\n") == [
        (
            'asset.yaml:9: finops.business_tags contains "TBD"; expected a value that '
            "does not match TBD"
        ),
        'job.yaml:2: finops.business_tags = "revenue" (set in the job)',
    ]


def test_every_voice_of_a_contradiction_is_mentioned_with_its_trail() -> None:
    params = {"fact": "cost center", "set_by": ["finops.cost_center", "infrastructure.CostCenter"]}
    text = "finops:\n  cost_center: FIN-002\ninfrastructure:\n  tags:\n    CostCenter: FIN-003\n"
    assert answer_of("layers_agree", params, text) == [
        (
            'job.yaml:6: conflicting cost centers: finops.cost_center is "FIN-002" but '
            'infrastructure.tags.CostCenter is "FIN-003"'
        ),
        'asset.yaml:8: asset.finops.cost_center = "FIN-001" (set in the asset)',
        'job.yaml:3: finops.cost_center = "FIN-002" (set here)',
    ]


def test_a_weakened_classification_shows_the_word_of_the_asset() -> None:
    params = {"scales": [["internal", "restricted"]]}
    text = "classification_overrides:\n  default: internal\n"
    assert answer_of("classification_not_lowered", params, text) == [
        (
            'job.yaml:3: classification_overrides.default "internal" is lower than the '
            'asset\'s "restricted"'
        ),
        'asset.yaml:5: asset.compliance.classification = "Restricted" (set in the asset)',
    ]


def test_what_is_demanded_shows_on_what_ground() -> None:
    params = {"where": ["classification.fields.*"], "needs": "logging.redaction", "to_be": ["true"]}
    assert answer_of("requires_if", params, "logging:\n  redaction: no\n") == [
        (
            "job.yaml:3: logging.redaction is false, but classification.fields.email is "
            '"PII"; expected true'
        ),
        'asset.yaml:12: classification.fields.email = "PII" (set here)',
    ]


def test_a_value_that_a_sink_refuses_shows_its_trail() -> None:
    part = {"expected": "letters", "characters": "[a-z.,_]"}
    value = {"expected": "no comma", "never": ".*,.*"}
    params = {"sink": "iceberg", "vendor": "it", "key": part, "value": value}
    assert answer_of("accepted_by_sink", params, "finops: {business_tags: [revenue]}\n") == [
        ('job.yaml:2: finops.business_tags "payments,TBD,revenue" is reserved; it allows no comma'),
        'asset.yaml:9: asset.finops.business_tags = "payments, TBD" (set in the asset)',
    ]


def test_readings_of_a_list_that_differ_show_both_lists() -> None:
    params = {"key": "finops.business_tags"}
    assert answer_of("list_readings_agree", params, "finops: {business_tags: [revenue]}\n") == [
        (
            'job.yaml:2: finops.business_tags resolves to "payments,TBD,revenue" when '
            'lists are merged, "revenue" when replaced'
        ),
        'asset.yaml:9: asset.finops.business_tags = "payments, TBD" (set in the asset)',
    ]


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("required_tag", {"keys": ["finops.cost_center"]}),
        ("requires_if", {"where": ["infrastructure.A"], "needs": "governance.owner"}),
    ],
)
@pytest.mark.parametrize(
    ("path", "expected"), [("assets/gone.yaml", []), ("assets/${A}.yaml", [Unresolved])]
)
def test_what_an_unknown_asset_may_set_is_never_missing(
    name: str, params: Mapping[str, Any], path: str, expected: list[type]
) -> None:
    known = job({"job.yaml": f"asset_path: {path}\ninfrastructure: {{tags: {{A: b}}}}\n"})
    assert [type(answer) for answer in answers(name, params, known)] == expected


def test_both_voices_open_in_the_same_way_say_the_same() -> None:
    params = {"fact": "x", "set_by": ["finops.cost_center", "infrastructure.CostCenter"]}
    same = a_job("finops: {cost_center: '${A}'}\ninfrastructure: {tags: {CostCenter: '${A}'}}")
    other = a_job("finops: {cost_center: '${A}'}\ninfrastructure: {tags: {CostCenter: '${B}'}}")
    assert answers("layers_agree", params, same) == []
    assert {type(answer) for answer in answers("layers_agree", params, other)} == {Unresolved}


OPEN_JOB = """
environment: ${ENV}
logging: {redaction: '${R}'}
finops: {cost_center: '${A}', project: '${B}', environment: '${C}', business_tags: ['${D}', x]}
governance_overrides: {owner: '${E}', retention_days: '${F}'}
classification_overrides: {default: '${G}', email: '${H}'}
infrastructure:
  provider: ${P}
  compute_type: ${Q}
  tags:
    CostCenter: ${I}
    Environment: ${J}
    Project: ${K}
    Owner: ${L}
    RetentionDays: ${M}
    DataClassification: ${N}
    Compliance: ${O}
    provider: ${S}
"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_finds_fault_with_what_is_filled_in_at_run_time(rule: Rule) -> None:
    found = judged(rule, a_job(OPEN_JOB, ASSET.replace("TBD", "revenue")))
    breaches = [answer.message for answer in found if isinstance(answer, Violation)]
    assert [message for message in breaches if not message.startswith("tag key ")] == []


def test_most_rules_say_that_a_question_is_open() -> None:
    open_to = {rule.id for rule in RULES if judged(rule, a_job(OPEN_JOB, ASSET))}
    assert {rule.id for rule in RULES} - open_to <= {
        # No question hangs on the value of a tag.
        "label-limit-reserved",
        "invalid-iceberg-property",
        "missing-classification",
        "unknown-column-override",
        "too-many-tags",
        # What a job says does not tell the type of a resource.
        "invalid-emr-serverless-tag",
        "invalid-project-label",
    }


@given(JOBS, ASSETS, st.one_of(st.none(), JOBS))
def test_no_data_makes_a_rule_fail(job: Any, asset: Any, tags: Any) -> None:
    runner = {"runner": {"orchestrator": {"schedules": [{"name": "n", "tags": tags}, tags, "x"]}}}
    known = a_job(written(job), written(asset), written(runner))
    unknown = a_job(written(job))
    # A message may end with a value, and a value with a full stop.
    has_stops = "." in written(job) + written(asset) + written(runner)
    for rule in RULES:
        for answer in (*judged(rule, known), *judged(rule, unknown)):
            assert answer.message
            assert has_stops or not answer.message.removesuffix("...").endswith(".")
            assert answer.at.place.line >= 1
            if isinstance(answer, Violation):
                assert all(it.sentence and it.at.place.line >= 1 for it in answer.mentions)


@pytest.mark.parametrize("key", ["infrastructure.CostCenter", "infrastructure.tags.CostCenter"])
def test_the_key_of_a_cloud_tag_has_one_spelling(key: str) -> None:
    with pytest.raises(ValueError, match='did you mean "CostCenter"'):
        prepare("required_tag", {"keys": [key], "cloud_tags": True})


@pytest.mark.parametrize(
    "key", ["environment", "finops.*", "finops.cost_centre", "infrastructure.tags.CostCenter"]
)
def test_only_a_tag_that_there_is_can_be_required(key: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f'"{key}"')):
        prepare("required_tag", {"keys": [key]})
