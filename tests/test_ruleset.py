"""The rules of a run: chosen, laid over with settings, and made ready when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from job_samples import a_job, document

from dativo_lint.checks import CHECKS, check, params_schema
from dativo_lint.errors import UsageError
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.rule import Severity
from dativo_lint.settings.ruleset import RuleSet, RuleSets
from dativo_lint.settings.settings import settings_from

RULES = builtin_rules()


def ready(**data: Any) -> RuleSet:
    """The rules that run under settings."""
    return RuleSets(RULES, settings_from(data, Path("/"))).usual


def test_rules_run_sorted_by_id_each_in_its_grain() -> None:
    rules = ready()
    grains = [*map(rules.of, ("text", "job", "suppression", "rendered"))]

    assert [rule.id for rule in rules.all] == sorted(rules.ids)
    assert rules.ids == {it.rule.id for grain in grains for it in grain}
    assert all("text" in check(it.rule.check).APPLIES_TO for it in rules.of("text"))
    assert {("suppression",)} == {check(it.rule.check).APPLIES_TO for it in rules.of("suppression")}


def test_a_rule_that_awaits_a_parameter_runs_once_it_is_given() -> None:
    given = {"malformed-cost-center": {"params": {"pattern": "[0-9]+"}}}

    assert "malformed-cost-center" not in ready().ids
    (rule,) = (it for it in ready(rules=given).all if it.id == "malformed-cost-center")
    assert "[0-9]+" == rule.params["pattern"]


def test_a_check_is_made_ready_when_it_is_first_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr("dativo_lint.settings.ruleset.prepare", fail)

    (rule,) = (it for it in ready().of("job") if it.rule.id == "unknown-provider")
    with pytest.raises(RuntimeError):
        rule.ask(a_job("infrastructure: {provider: aws}"))


def test_what_is_set_later_goes_over_what_was_set_before() -> None:
    overrides = [
        {"when": {"path": "a"}, "rules": {"missing-owner": severity}}
        for severity in ("note", "warning")
    ]
    settings = settings_from(
        {"rules": {"missing-owner": {"severity": "error"}}, "overrides": overrides}, Path("/")
    )

    rules = RuleSets(RULES, settings).for_file("a/b.yaml")

    assert Severity.WARNING is next(it for it in rules.all if it.id == "missing-owner").severity


def test_jobs_under_the_same_overrides_share_their_rules() -> None:
    data = {"overrides": [{"when": {"tenant_id": [1, "X"]}, "rules": {"missing-owner": "off"}}]}
    readiness = RuleSets(RULES, settings_from(data, Path("/")))

    one, same, other, opened = (
        readiness.for_job(document(text))
        for text in ("tenant_id: 1", "tenant_id: x", "tenant_id: 2", "tenant_id: ${A}")
    )

    assert one is same
    assert readiness.usual is other is opened
    assert "missing-owner" not in one.ids
    assert "missing-owner" in {rule.id for rule in readiness.all}


def test_all_parameters_that_do_not_fit_are_told_at_once() -> None:
    wrong = {id: {"params": {"nonsense": 1}} for id in ("missing-owner", "missing-project")}

    with pytest.raises(
        UsageError, match=r"missing-owner: .*nonsense.*\nmissing-project: .*nonsense"
    ):
        ready(rules=wrong)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_says_in_a_sentence_what_it_asks(name: str) -> None:
    schema = params_schema(name)

    assert (check(name).__doc__ or "").strip()
    assert schema["additionalProperties"] is False
    assert all(parameter.get("description") for parameter in schema["properties"].values())


@pytest.mark.parametrize(
    ("settings", "runs"),
    [
        ({}, False),
        ({"select": ["conflicts"]}, False),
        ({"preset": "strict"}, False),
        ({"rules": {"ambiguous-list-merge": {"params": {"key": "finops.project"}}}}, False),
        ({"select": ["ambiguous-list-merge"]}, True),
        ({"rules": {"ambiguous-list-merge": {"severity": "note"}}}, True),
    ],
)
def test_a_rule_that_is_off_by_default_runs_where_it_is_asked_for(
    settings: dict[str, Any], runs: bool
) -> None:
    assert runs == ("ambiguous-list-merge" in ready(**settings).ids)


@pytest.mark.parametrize("rule", ["malformed-arn", "mixed-accounts", "cross-cloud-reference"])
def test_an_empty_name_is_no_field_to_look_under(rule: str) -> None:
    with pytest.raises(UsageError, match=f"{rule}: params.under"):
        ready(rules={rule: {"params": {"under": [""]}}})


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_no_required_tag(name: str) -> None:
    with pytest.raises(UsageError, match="missing-cloud-tag: params: keys: an empty name"):
        ready(rules={"missing-cloud-tag": {"params": {"keys": ["Owner", name]}}})
