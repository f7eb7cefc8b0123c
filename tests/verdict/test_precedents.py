"""Precedents: no rule that has something to say is left out, whatever was silent before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from subject_samples import ASSETS, JOBS, document, subject, written

from dativo_lint.checks import check
from dativo_lint.checks.breach import Breach
from dativo_lint.checks.silence import ByFacts, ByPairs, ByVoices, tag_pairs
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings import settings_from
from dativo_lint.subject.kinds import kind_of
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.text import Text
from dativo_lint.subject.voices import voice
from dativo_lint.texts.document import Reading
from dativo_lint.texts.yaml_reader import read_yaml
from dativo_lint.verdict import sound_pairs
from dativo_lint.verdict.precedents import Precedents
from dativo_lint.verdict.ready import ReadyRules, make_ready

PARAMS = {
    "malformed-cost-center": {"pattern": "[A-Z]+-[0-9]+"},
    "unknown-environment": {"one_of": ["production", "dev"]},
    "unclassified-column": {"columns": ["email", "x*"]},
    "missing-cloud-tag": {"keys": ["infrastructure.Team", "infrastructure.CostCenter"]},
}


def ready() -> ReadyRules:
    """All rules, with what a shop has to decide."""
    rules = {name: {"params": params} for name, params in PARAMS.items()}
    return make_ready(builtin_rules(), settings_from({"rules": rules}, Path("/")))


RUN = ready()
"""A run that goes on from one example to the next, as it does from job to job."""

WORDS = st.sampled_from(
    ["", "a", "prod", "production", "dev", "FIN-001", "fin-001", "x@example.com", "PII", "todo",
     "${OWNER}", "a,b", " ", "\u200b", "a\tb", "2048", "-1"]
)  # fmt: skip
SCALARS = st.one_of(
    WORDS, st.none(), st.booleans(), st.sampled_from([0, 1, 1.0, -0.0, 0.5, 2, 512, 4096, 30000])
)
VALUES = st.one_of(SCALARS, SCALARS, st.lists(SCALARS, max_size=2), st.just({"a": "b"}))
REFERENCES = st.sampled_from(
    [
        "arn:aws:iam::123456789012:role/dativo/orders-1",
        "arn:aws:iam::210987654321:role/dativo/orders-2",
        "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:1",
        "arn:aws:ecs:eu-west-1:12345678901:task-definition/orders:0",
        "projects/acme/locations/europe-west1/services/orders",
        "us-east-1", "europe-west1", "orders", "${terraform_output.role}", "vpc-0a1b2c3d", 7, None,
    ]
)  # fmt: skip


def block(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A mapping with some of some fields."""
    return st.fixed_dictionaries({}, optional=fields)


LIKELY = block(
    tenant_id=WORDS,
    environment=VALUES,
    source_connector=VALUES,
    logging=block(redaction=VALUES),
    finops=block(cost_center=VALUES, business_tags=VALUES, project=VALUES, environment=VALUES),
    classification_overrides=st.one_of(VALUES, block(default=VALUES, email=VALUES, y=VALUES)),
    governance_overrides=st.one_of(VALUES, block(owner=VALUES, retention_days=VALUES)),
    infrastructure=block(
        provider=st.sampled_from(["aws", "AWS", "gcp", "azure", "${P}", 1]),
        region=REFERENCES,
        compute_type=st.sampled_from(["lambda", "ec2", "fargate", "gke", "cloud-run", "${C}"]),
        memory_mb=VALUES,
        vcpu=VALUES,
        runtime=st.one_of(VALUES, block(os=VALUES, mode=VALUES, generation=VALUES)),
        resource_refs=st.one_of(
            VALUES,
            block(
                task_role_arn=REFERENCES,
                taskDefinitionArn=REFERENCES,
                account_id=REFERENCES,
                names=st.lists(REFERENCES, max_size=2),
                nested=block(region=REFERENCES, cluster_name=REFERENCES),
            ),
        ),
        tags=st.one_of(
            VALUES,
            st.dictionaries(
                st.sampled_from(
                    ["CostCenter", "cost_center", "Env", "Environment", "Owner", "Compliance",
                     "RetentionDays", "DataClassification", "provider", "infrastructure.Team",
                     "a b"]
                ),
                VALUES,
                max_size=4,
            ),
        ),
    ),
)  # fmt: skip
LIKELY_ASSETS = block(
    name=WORDS,
    schema=st.lists(block(name=st.sampled_from(["email", "x", "y"]), classification=VALUES)),
    team=block(owner=VALUES),
    compliance=block(classification=VALUES, regulations=VALUES, retention_days=VALUES),
    finops=block(cost_center=VALUES, business_tags=VALUES, environment=VALUES),
)
RUNNERS = st.one_of(
    st.none(),
    st.lists(
        block(name=VALUES, tags=block(environment=VALUES, team=VALUES)), min_size=1, max_size=2
    ),
)
JUDGED = st.tuples(
    st.one_of(JOBS, LIKELY, LIKELY), st.one_of(st.none(), ASSETS, LIKELY_ASSETS), RUNNERS
)


def judged(job: Any, asset: Any, runner: Any) -> Subject:
    """A job with its asset and its schedules."""
    schedules = {"runner": {"orchestrator": {"schedules": runner}}}
    return subject(
        written(job),
        None if asset is None else written(asset),
        None if runner is None else written(schedules),
    )


@settings(max_examples=400)
@given(st.lists(JUDGED, min_size=1, max_size=3))
def test_no_rule_that_has_something_to_say_of_a_job_is_left_out(cases: list[Any]) -> None:
    for case in cases:
        asked = [it.rule.id for it in RUN.speaking(judged(*case))]
        # Of a subject of its own, so that nothing that was asked for before can help.
        fresh = judged(*case)
        speaking = [it for it in RUN.concerning(fresh.job) if it.when or list(it.judge(fresh))]

        assert {it.rule.id for it in speaking} <= set(asked)
        assert asked == sorted(asked)


@given(JUDGED)
def test_who_may_speak_of_a_job_does_not_hang_on_what_was_judged_before(case: Any) -> None:
    before = {it.rule.id for it in RUN.speaking(judged(*case))}
    again = {it.rule.id for it in RUN.speaking(judged(*case))}
    assert before == again


FILES = st.one_of(
    LIKELY.map(written),
    LIKELY_ASSETS.map(lambda it: written({"kind": "DataContract", **it})),
    st.sampled_from(
        ["a: 1\na: 2\n", "finops: {cost_center: 0123}\nasset_path: a.yaml\n", "a: [\n", "- 1\n",
         "format_version: '9.9'\nplanned_values: {}\n", "1: x\nasset_path: y\n"]
    ),
)  # fmt: skip


@given(st.lists(FILES, min_size=1, max_size=3))
def test_no_rule_that_has_something_to_say_of_a_file_is_left_out(texts: list[str]) -> None:
    reading = read_yaml("job.yaml", "---\n".join(texts).encode())
    text = Text(reading, tuple(map(kind_of, reading.documents)))
    speaking = [it.rule.id for it in RUN.text if list(it.judge(text))]

    assert set(speaking) <= {it.rule.id for it in RUN.speaking_of(text)}


def test_of_a_file_without_documents_only_its_faults_are_told() -> None:
    empty = Text(Reading("job.yaml", "", ()), ())
    assert () == RUN.speaking_of(empty)


REMEMBERING = ("fits_pattern", "fits_sink", "keeps_keys_apart", "parts_agree", "ranks_no_lower")
"""Checks that keep by themselves what they found out of earlier jobs."""


@settings(max_examples=20)
@given(st.lists(JUDGED, min_size=1, max_size=2))
def test_answers_do_not_hang_on_what_was_judged_before(cases: list[Any]) -> None:
    def told(judge: Any, case: Any) -> list[Any]:
        return [(type(it), it.at.place, it.message) for it in judge(judged(*case))]

    for ready in (it for it in RUN.job if it.rule.check in REMEMBERING):
        for case in cases:
            alone = check(ready.rule.check).prepare(ready.rule.params)
            assert told(alone, case) == told(ready.judge, case)


def fails(*_: Any) -> Any:
    """What raises, whatever it is asked."""
    raise RuntimeError


@pytest.mark.parametrize(
    "rule",
    [
        None,
        ByPairs(fails, {tag_pairs: fails}),
        ByPairs(fails, {fails: fails}),
        ByVoices(fails, (voice("environment"),), fails),
        ByFacts(fails, (("environment",),), fails),
    ],
)
def test_a_check_that_fails_is_asked_so_that_its_failure_is_told(rule: Any) -> None:
    known = Precedents([rule])
    job = subject("environment: x\nfinops: {project: y}")
    assert [0] == list(known.speaking(job)) == list(known.speaking(job))


def breaks(_: Subject) -> Sequence[Breach]:
    """A judge that is never asked here."""
    return ()


LEAVES = st.dictionaries(
    st.sampled_from(["region", "awsRegion", "account_id", "name"]),
    st.one_of(REFERENCES, st.lists(REFERENCES, max_size=2)),
    max_size=3,
)


@given(st.lists(st.tuples(LEAVES, st.one_of(REFERENCES, LEAVES)), min_size=1, max_size=5))
def test_who_heeds_facts_is_asked_where_leaves_tell_more_than_one(jobs: list[Any]) -> None:
    def first(_: str, text: str | None) -> Sequence[str]:
        return [] if text is None else [text[:1]]

    def named(name: str, text: str | None) -> Sequence[str | None]:
        return [text, None] if name == "aws_region" else []

    rules = [
        ByFacts(breaks, (("source",), ("target",)), first),
        ByFacts(breaks, (("target",),), named),
    ]
    known = Precedents(rules)
    for source, target in jobs:
        job = subject(written({"source": source, "target": target}))
        told = [
            {it for leaf in job.leaf_texts(rule.under) for it in rule.facts(*leaf)}
            for rule in rules
        ]
        assert [n for n, facts in enumerate(told) if len(facts) > 1] == list(known.speaking(job))


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def is_sound(key: str, text: str) -> bool:
        asked.append(text)
        return key == "finops.project" and text != "4"

    monkeypatch.setattr(sound_pairs, "MOST", 3)
    known = Precedents([ByPairs(breaks, {tag_pairs: is_sound})])
    long = "x" * (sound_pairs.LONGEST + 1)
    jobs = [document(f"finops: {{project: '{it}'}}") for it in (*range(8), 7, 4, long, long)]
    speaking = [list(known.speaking(Subject(job, {}))) for job in jobs]

    assert [[0] if number in (4, 9) else [] for number in range(12)] == speaking
    assert [*map(str, range(8)), long, long] == [
        it for it in asked if it != "4" or asked.count(it) < 2
    ]
