"""Checks of rendered sets survive any data, leave open what is open, and find no drift in none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from job_samples import ASSETS, JOBS, VALUES, a_job, written
from msgspec.structs import replace
from plan_samples import change

from dativo_lint.checks import Judge, check, prepare
from dativo_lint.checks.violation import Unresolved, Violation
from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.rendered import JobSource, RenderedSet
from dativo_lint.jobs.rendered_forms import FormReader
from dativo_lint.jobs.sinks import RECEIVING
from dativo_lint.rulebook.load import builtin_rules, taggable

AWAITED: dict[str, Any] = {
    "pattern": r"[A-Z]{3}-\d+",
    "one_of": ["production"],
    "keys": ["CostCenter", "Project"],
}
RULES = [rule for rule in builtin_rules() if "rendered" in check(rule.check).APPLIES_TO]
READER = FormReader(taggable)


def prepared(name: str) -> Judge:
    """The check of a rule, with what it requires_params given; its `when` is not asked."""
    rule = next(rule for rule in RULES if rule.id == name)
    params = {**rule.params, **{name: AWAITED[name] for name in rule.requires_params}}
    return prepare(rule.check, params)


JUDGES = {rule.id: prepared(rule.id) for rule in RULES}
DRIFT = ("rendered-tag-mismatch", "missing-rendered-tag", "unexpected-rendered-tag")


def answers(rule: str, rendered: RenderedSet) -> list[Violation | Unresolved]:
    """What a rule says of a set, with the places of all that it says."""
    found = list(JUDGES[rule](rendered))
    for answer in found:
        assert answer.at.place.path
        mentions = answer.mentions if isinstance(answer, Violation) else ()
        assert all(mention.at.place.path for mention in mentions)
    return found


def sets_of(data: Any, job: Job | None, path: str = "set.json") -> list[RenderedSet]:
    """The rendered sets of a document, beside a job."""
    sets = READER.sets(Document(path, "", data))
    return [replace(rendered, source=JobSource(job=job)) for rendered in sets]


TAGS = st.dictionaries(
    st.one_of(
        st.text(max_size=4),
        st.sampled_from(
            ["finops.cost_center", "infrastructure_x", "CostCenter", "tags", "finops_project"]
        ),
    ),
    VALUES,
    max_size=4,
)
MARKS = st.one_of(st.none(), st.booleans(), st.dictionaries(st.text(max_size=4), st.booleans()))


@st.composite
def documents(draw: st.DrawFn) -> tuple[Any, str]:
    """A document of any of the forms, with its path."""
    tags = draw(TAGS)
    form = draw(st.sampled_from(["named", "variables", "table", "plan"]))
    if form == "named":
        sink = draw(st.sampled_from([*RECEIVING, "other"]))
        return {"sink": sink, "job": draw(VALUES), "tags": tags}, "set.yaml"
    if form == "variables":
        return {"finops_x": "y", **tags}, "prod.tfvars.json"
    if form == "table":
        return {"format-version": 2, "table-uuid": "x", "properties": tags}, "v1.metadata.json"
    marks = {"tags_all": draw(MARKS), "effective_labels": draw(MARKS)}
    kind = draw(
        st.sampled_from(["aws_s3_bucket", "google_project", "aws_emrserverless_application"])
    )
    after = {"tags_all": tags, "effective_labels": tags}
    made = change(f"aws_{kind}.x", after, marks, {"tags_all": draw(MARKS)})
    return {"format_version": "1.2", "resource_changes": [made]}, "plan.json"


@given(document=documents(), job=JOBS, has_job=st.booleans())
def test_no_set_makes_a_rule_fail(document: tuple[Any, str], job: Any, has_job: bool) -> None:
    data, path = document
    for rendered in sets_of(data, a_job(written(job)) if has_job else None, path):
        for rule in JUDGES:
            answers(rule, rendered)


@given(job=JOBS, asset=ASSETS, sink=st.sampled_from(RECEIVING))
def test_what_is_rendered_from_a_job_is_no_drift(job: Any, asset: Any, sink: str) -> None:
    judged = a_job(written(job), written(asset))
    tags = {entry.key: entry.text for entry in judged.sink(sink) if entry.text is not ABSENT}
    for rendered in sets_of({"sink": sink, "tags": tags}, judged):
        for rule in DRIFT:
            assert not [it for it in answers(rule, rendered) if isinstance(it, Violation)]


@given(job=JOBS, asset=ASSETS, sink=st.sampled_from(RECEIVING))
def test_whatever_is_missing_or_more_is_told(job: Any, asset: Any, sink: str) -> None:
    judged = a_job(written(job), written(asset))
    received = [it for it in judged.sink(sink) if it.text is not ABSENT and it.text is not None]
    (rendered,) = sets_of({"sink": sink, "tags": {"a stray": "x"}}, judged)
    missing = answers("missing-rendered-tag", rendered)
    if sink != "terraform":
        assert len(missing) == len({it.key for it in received} - {"a stray"})
    unexpected = answers("unexpected-rendered-tag", rendered)
    assert [it.at.place.field for it in unexpected] == ['tags["a stray"]']


@pytest.mark.parametrize("rule", sorted(JUDGES))
def test_what_nobody_knows_is_no_breach(rule: str) -> None:
    job = a_job("infrastructure: {provider: aws, tags: {CostCenter: FIN-001, Team: '${T}'}}")
    after = {"tags_all": {"Team": "x"}}
    plan = change("aws_emrserverless_application.x", after, {"tags_all": {"CostCenter": True}})
    data = {"format_version": "1.2", "resource_changes": [plan]}
    (rendered,) = sets_of(data, job, "plan.json")
    if rule != "missing-cloud-tag":
        assert not [it for it in answers(rule, rendered) if isinstance(it, Violation)]
    unknown = change("aws_emrserverless_application.x", {}, {"tags_all": True})
    data = {"format_version": "1.2", "resource_changes": [unknown]}
    (rendered,) = sets_of(data, job, "plan.json")
    assert not [it for it in answers(rule, rendered) if isinstance(it, Violation)]
