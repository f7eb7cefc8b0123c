"""What is remembered of an asset: no job is told otherwise because another was judged before."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from subject_samples import document, written

from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings import settings_from
from dativo_lint.subject.asset import asset_of
from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.subject import Subject
from dativo_lint.texts.place import Place
from dativo_lint.verdict.answers import Answers
from dativo_lint.verdict.evaluate import Docket
from dativo_lint.verdict.ready import ReadyRule, make_ready

RULES = [
    it
    for it in make_ready(builtin_rules(), settings_from({}, None)).job
    if it.rule.check == "accepted_by_sink"
]
WORDS = st.sampled_from(["", "a", "x@example.com", "a b", "${OWNER}", "\u200b", "x" * 70, 7, None])
BLOCKS = st.fixed_dictionaries(
    {}, optional={"cost_center": WORDS, "project": WORDS, "environment": WORDS}
)
JOBS = st.fixed_dictionaries(
    {},
    optional={
        "tenant_id": WORDS,
        "finops": BLOCKS,
        "governance_overrides": st.fixed_dictionaries({}, optional={"owner": WORDS}),
        "infrastructure": st.fixed_dictionaries(
            {"provider": st.sampled_from(["aws", "gcp"])},
            optional={"tags": st.dictionaries(st.sampled_from(["Owner", "a b"]), WORDS)},
        ),
    },
)
ASSETS = st.fixed_dictionaries(
    {"name": WORDS},
    optional={
        "team": st.fixed_dictionaries({"owner": WORDS}),
        "domain": WORDS,
        "finops": BLOCKS,
        "schema": st.just([{"name": "a column", "classification": "PII"}]),
    },
)
SPREADS = st.sampled_from([(), ("finops",), ("governance", "classification")])


def line_at(place: Place) -> str:
    return f"line {place.line}"


def judged(subject: Subject, *rules: ReadyRule) -> Answers:
    """What rules find in a job, as it goes into a report."""
    docket = Docket(line_at)
    docket.hold(subject, rules)
    assert not docket.crashes
    return docket.answers()


def subject(job: Any, asset: Any, namespaces: tuple[str, ...] = ()) -> Subject:
    spread = Propagation(dagster_namespaces=namespaces)
    return Subject(document(written(job)), {}, asset=asset, propagation=spread)


@given(st.lists(st.tuples(JOBS, SPREADS), min_size=1, max_size=4), ASSETS)
def test_jobs_that_share_an_asset_are_told_what_each_is_told_alone(
    jobs: list[tuple[Any, tuple[str, ...]]], asset: Any
) -> None:
    shared = asset_of(document(written(asset), "asset.yaml"))
    for job, namespaces in jobs:
        alone = asset_of(document(written(asset), "asset.yaml"))
        told = judged(subject(job, shared, namespaces), *RULES)
        expected = judged(subject(job, alone, namespaces), *RULES)

        assert set(expected.findings) == set(told.findings)
        assert set(expected.open_questions) == set(told.open_questions)


@given(JOBS, ASSETS, SPREADS)
@pytest.mark.parametrize("sink", ["iceberg", "dagster-namespaced"])
def test_who_asks_of_tags_is_told_of_the_entries_of_the_sink(
    sink: str, job: Any, asset: Any, namespaces: tuple[str, ...]
) -> None:
    of_sink = [it for it in RULES if it.rule.params["sink"] == sink]
    one = subject(job, asset_of(document(written(asset), "asset.yaml")), namespaces)
    values = [one.finished(entry).at.place for entry in one.entries(sink)]
    keys = [one.finished(entry).at.key.place for entry in one.entries(sink)]
    found = judged(one, *of_sink)

    assert {it.place for it in (*found.findings, *found.open_questions)} <= {*values, *keys}


def test_jobs_of_which_just_the_same_was_found_share_the_answers() -> None:
    asset = asset_of(document(written({"team": {"owner": "x@example.com"}}), "asset.yaml"))
    one, other = (judged(subject({"tenant_id": it}, asset), *RULES) for it in "ab")

    assert one.findings
    assert one is other


def test_a_breach_in_an_asset_is_told_with_the_severity_that_its_rule_has_for_a_job() -> None:
    asset = asset_of(document(written({"team": {"owner": "x@example.com"}}), "asset.yaml"))
    rule = next(it for it in RULES if it.rule.id == "unportable-dagster-tag")
    strict = ReadyRule(replace(rule.rule, severity=Severity.ERROR), {}, lambda: rule.judge)
    found = [judged(subject({}, asset), it).findings for it in (rule, strict, rule)]

    assert [["note"], ["error"], ["note"]] == [[it.severity.value for it in its] for its in found]
