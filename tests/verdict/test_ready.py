"""The rules of a run: chosen, laid over with settings, and made ready when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from subject_samples import document, subject

import dativo_lint.checks.fits_a_row
from dativo_lint.checks import CHECKS, check, grains_of, may_speak_of
from dativo_lint.checks.silence import ByKinds
from dativo_lint.misuse import Misuse
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings import settings_from
from dativo_lint.subject.condition import holds
from dativo_lint.subject.kinds import Kind
from dativo_lint.subject.said import Said
from dativo_lint.texts.document import ABSENT, Document
from dativo_lint.ruleset import RuleSets, ReadyRules, make_ready

RULES = builtin_rules()


def ready(**data: Any) -> ReadyRules:
    """The rules that run under settings."""
    return Readiness(RULES, settings_from(data, Path("/"))).usual


def test_rules_run_sorted_by_id_each_in_its_grain() -> None:
    rules = ready()
    grains = (rules.text, rules.job, rules.allowance, rules.rendered)

    assert [rule.id for rule in rules.all] == sorted(rules.ids)
    assert rules.ids == {it.rule.id for grain in grains for it in grain}
    assert {("text",)} == {grains_of(it.rule.check) for it in rules.text}
    assert {("allowance",)} == {grains_of(it.rule.check) for it in rules.allowance}


def test_a_rule_that_awaits_a_parameter_runs_once_it_is_given() -> None:
    given = {"malformed-cost-center": {"params": {"pattern": "[0-9]+"}}}

    assert "malformed-cost-center" not in ready().ids
    (rule,) = (it for it in ready(rules=given).all if it.id == "malformed-cost-center")
    assert "[0-9]+" == rule.params["pattern"]


def test_a_check_is_made_ready_when_it_is_first_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(dativo_lint.checks.fits_a_row, "prepare", fail)

    (rule,) = (it for it in ready().job if it.rule.id == "unknown-provider")
    with pytest.raises(RuntimeError):
        rule.judge(subject("a: 1"))


def test_what_is_said_later_goes_over_what_was_said_before() -> None:
    first = settings_from({"rules": {"missing-owner": {"severity": "note"}}}, Path("/")).rules
    second = settings_from({"rules": {"missing-owner": {"severity": "warning"}}}, Path("/")).rules
    settings = settings_from({"rules": {"missing-owner": {"severity": "error"}}}, Path("/"))

    rules = make_ready(RULES, settings, [first, second])

    assert Severity.WARNING is next(it for it in rules.all if it.id == "missing-owner").severity


def test_jobs_under_the_same_overrides_share_their_rules() -> None:
    data = {
        "overrides": [{"when": {"a": [1, "X"]}, "rules": {"missing-owner": {"severity": "off"}}}]
    }
    readiness = Readiness(RULES, settings_from(data, Path("/")))

    one, same, other, opened = (
        readiness.for_job(document(text)) for text in ("a: 1", "a: x", "a: 2", "a: ${A}")
    )

    assert one is same
    assert readiness.usual is other is opened
    assert "missing-owner" not in one.ids
    assert "missing-owner" in {rule.id for rule in readiness.all}


VALUES = st.sampled_from(
    ["aws", "AWS", "gcp", "lambda", "ecs", "${X}", "", 1, True, None, ["aws"], ABSENT]
)
USUAL = ready()


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=4))
def test_no_rule_that_may_apply_to_a_job_is_left_out(jobs: list[tuple[Any, Any]]) -> None:
    for provider, compute in jobs:
        block = {"provider": provider, "compute_type": compute}
        given_ = {name: it for name, it in block.items() if it is not ABSENT}
        job = Document("job.yaml", "", {"infrastructure": given_})
        concerning = USUAL.concerning(job)
        applying = [it for it in USUAL.job if holds(it.when, job)]

        assert [it.rule.id for it in applying] == [it.rule.id for it in concerning]
        for one, twin in zip(applying, concerning, strict=True):
            assert twin.judge is one.judge
            assert not twin.when or isinstance(holds(one.when, job), Said)


def test_all_parameters_that_do_not_fit_are_told_at_once() -> None:
    wrong = {id: {"params": {"nonsense": 1}} for id in ("missing-owner", "missing-project")}

    with pytest.raises(Misuse, match=r"missing-owner: .*nonsense.*\nmissing-project: .*nonsense"):
        ready(rules=wrong)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_says_in_a_sentence_what_it_asks(name: str) -> None:
    module = check(name)

    assert (module.__doc__ or "").strip()
    assert module.PARAMS["additionalProperties"] is False
    assert all(
        it.get("description") or it.get("title") for it in module.PARAMS["properties"].values()
    )


@given(st.sets(st.sampled_from(Kind)), st.booleans(), st.booleans())
def test_what_is_told_of_a_check_without_its_module_is_true(
    kinds: set[Kind], is_literal: bool, has_faults: bool
) -> None:
    about = {"is_literal": is_literal, "has_faults": has_faults}
    for rule in RULES:
        if "text" in grains_of(rule.check) and not may_speak_of(rule.check, kinds, **about):
            judge = check(rule.check).prepare(rule.params)
            assert isinstance(judge, ByKinds)
            assert not judge.may_speak(kinds, **about)
