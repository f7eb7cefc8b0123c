from __future__ import annotations

import json
from typing import Any

import pytest
from memory_folder import MemoryFolder
from record_modules import version_at_hand
from record_validations import RECORD
from terraform_oracle import ask_verdict
from validation_corpus import Case, cases

from dativo_lint.terraform.judge import Verdict, convert_input, judge_rules
from dativo_lint.terraform.module import Module, read_module
from dativo_lint.terraform.plain_data import value_of
from dativo_lint.terraform.run import Scope
from dativo_lint.terraform.versions import EPOCHS

RECORDED: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
ANSWERS: dict[Case, list[list[str]]] = {Case(a, b): said for a, b, said in RECORDED["answers"]}
BEFORE_1_12 = EPOCHS[1:2]


NEVER_HOLDS = 'var.x == ["a"]'
"""A list never equals a tuple; Terraform says so even of a value that is no list at all."""


def read(declared: str) -> Module:
    return read_module(MemoryFolder({"m/main.tf": declared}), "m")


def ours(case: Case) -> tuple[str, list[str]]:
    """What comes of `var.x`, and the messages of the rules that fail."""
    module = read(case.declared)
    given = json.loads(case.values)
    taken = {
        name: convert_input(it, value_of(given[name]) if name in given else None)
        for name, it in module.variables.items()
    }
    scope = Scope(
        {name: it.value for name, it in taken.items()},
        {name: it.value.expression for name, it in module.locals.items()},
    )
    x = taken["x"]
    verdict = Verdict(x, () if x.mismatch else judge_rules(x.variable, scope, BEFORE_1_12))
    answers = [answer for rule in verdict.rules for answer in rule.answers]
    return verdict.outcome, [it.message for it in answers if it.outcome == "fails"]


OURS = {case: ours(case) for case in ANSWERS}


def test_every_case_is_recorded() -> None:
    assert cases() == [*ANSWERS]


def test_a_variable_is_judged_as_terraform_judges_it() -> None:
    expected = {case: "refused" if said else "accepted" for case, said in ANSWERS.items()}
    differing = {
        case: outcome
        for case, (outcome, _) in OURS.items()
        if outcome not in (expected[case], "unknown")
    }
    assert {} == differing


def test_little_is_left_undecided() -> None:
    # Logarithms and the formats of dates are not evaluated.
    undecided = [case for case, (outcome, _) in OURS.items() if outcome == "unknown"]
    assert all("log(" in case.declared or "formatdate(" in case.declared for case in undecided)
    assert len(undecided) < 0.02 * len(OURS)


def test_the_messages_of_the_module_are_told() -> None:
    told = {
        case: sorted(detail for summary, detail in said if summary == "Invalid value for variable")
        for case, said in ANSWERS.items()
    }
    differing = {
        case: messages
        for case, (outcome, messages) in OURS.items()
        if outcome != "unknown" and sorted(messages) != told[case]
        if messages or NEVER_HOLDS not in case.declared
    }
    assert {} == differing


@pytest.mark.parametrize("start", [0, 1])
def test_the_terraform_at_hand_says_what_is_recorded(start: int) -> None:
    # Where there is none, or one of another version, the record speaks for it.
    sample = [*ANSWERS][start::20] if version_at_hand() == RECORDED["terraform"] else []
    assert [ANSWERS[case] for case in sample] == [ask_verdict(*case) for case in sample]
