from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from memory_folder import MemoryFolder
from plain_values import plain

from dativo_lint.terraform.declarations import Variable
from dativo_lint.terraform.judge import (
    Converted,
    RuleAnswer,
    Verdict,
    constraint_of,
    convert_input,
    judge_rules,
)
from dativo_lint.terraform.module import read_module
from dativo_lint.terraform.plain_data import value_of
from dativo_lint.terraform.run import Scope
from dativo_lint.terraform.values import Unknown
from dativo_lint.terraform.versions import EPOCHS, admitted

OPEN = Unknown("it is open")


def variables(text: str) -> Mapping[str, Variable]:
    return read_module(MemoryFolder({"m/main.tf": text}), "m").variables


def taken(declared: str, *given: Any) -> Converted:
    """What `variable "x"` takes when it is given a value, or nothing at all."""
    text = f'variable "x" {{\n{declared}\n}}\n'
    return convert_input(variables(text)["x"], value_of(given[0]) if given else None)


def judged(text: str, values: Mapping[str, Any], required: str = "") -> Verdict:
    """The verdict on `var.x`."""
    found = {
        name: convert_input(it, value_of(values[name]) if name in values else None)
        for name, it in variables(text).items()
    }
    scope = Scope({name: it.value for name, it in found.items()})
    x, epochs = found["x"], admitted([required] if required else [])
    return Verdict(x, () if x.mismatch else judge_rules(x.variable, scope, epochs))


@pytest.mark.parametrize(
    ("declared", "given", "value"),
    [
        ("type = number", ["5"], 5),
        ("", [{"a": [1]}], {"a": [1]}),
        ('default = "d"', [], "d"),
        ('default = "d"', [None], None),
        ('default = "d"\nnullable = false', [None], "d"),
        ("default = null", [], None),
        ("type = list(string)\ndefault = [1]", [], ["1"]),
        ('type = object({ a = optional(string, "x") })\ndefault = {}', [], {"a": "x"}),
        ('type = object({ a = optional(string, "x") })', [None], None),
    ],
)
def test_a_variable_takes_what_it_is_given_or_its_default(
    declared: str, given: list[Any], value: Any
) -> None:
    found = taken(declared, *given)
    assert (value, None) == (plain(found.value), found.mismatch)


@pytest.mark.parametrize(
    ("declared", "given", "kind", "sentence"),
    [
        ("type = string", [], "missing", 'required variable "x" is not set'),
        ("type = string\nnullable = false", [None], "null", "required variable may not be set to"),
        ("type = number", ["x"], "type", "a number is required"),
        ('type = number\ndefault = "x"', [], "default", "a number is required"),
        ("default = upper(1)", [], "default", "function calls not allowed"),
    ],
)
def test_a_mismatch_is_told(declared: str, given: list[Any], kind: str, sentence: str) -> None:
    found = taken(declared, *given)
    assert found.mismatch is not None
    assert kind == found.mismatch.kind
    assert found.mismatch.sentence.startswith(sentence)
    assert not found.value.is_known


def test_what_cannot_be_read_takes_anything_for_all_we_know() -> None:
    for declared in ("type = strin", "type = [string", "type = object({ a = foo(string) })"):
        found = taken(declared, 5)
        assert (None, False) == (found.mismatch, found.value.is_known)


def test_attributes_without_a_place_are_told() -> None:
    type_ = "object({ a = string, l = list(object({ b = string })), m = map(object({})) })"
    given = {"a": "1", "A": 1, "l": [{"b": 1}, {"b": 2, "c": [{}]}], "m": {"k": {"z": 1}}}
    assert [("A",), ("l", 1, "c"), ("m", "k", "z")] == sorted(
        taken(f"type = {type_}", given).dropped, key=len
    )


def test_an_unknown_value_is_taken_as_unknown() -> None:
    found = taken("type = list(string)", OPEN)
    assert ("list(string)", "it is open") == (str(found.value.type), found.value.reason)
    assert found.mismatch is None


def test_a_constraint_can_be_asked_for() -> None:
    text = 'variable "x" { type = object({ a = optional(number, 5) }) }\nvariable "y" {}\n'
    found = {name: str(constraint_of(it)) for name, it in variables(text).items()}
    assert {"x": "object({a=optional(number,5)})", "y": "any"} == found


GUARD = """
variable "x" {
  type    = string
  default = null
  validation {
    condition     = var.x == null || length(var.x) > 3
    error_message = "Too short."
  }
}
"""
OLD, NEW = EPOCHS[:2], EPOCHS[2:]


def test_a_verdict_that_hangs_on_the_version_is_told_for_each() -> None:
    verdict = judged(GUARD, {})
    assert "differs" == verdict.outcome
    (old, new) = verdict.rules[0].answers
    assert (OLD, "error") == (old.epochs, old.outcome)
    assert old.message.startswith("invalid function argument: ")
    assert RuleAnswer(NEW, "holds") == new
    assert verdict.rules[0].outcome is None


@pytest.mark.parametrize(
    ("required", "outcome"), [(">= 1.12", "accepted"), ("~> 1.11.0", "refused"), ("", "differs")]
)
def test_a_module_is_judged_for_the_versions_that_it_admits(required: str, outcome: str) -> None:
    assert outcome == judged(GUARD, {}, required).outcome


def test_a_verdict_that_hangs_on_nothing_is_one_answer() -> None:
    verdict = judged(GUARD, {"x": "ab"})
    assert (RuleAnswer(EPOCHS, "fails", "Too short."),) == verdict.rules[0].answers
    assert "refused" == verdict.outcome


OTHERS = """
variable "x" {
  type = number
  validation {
    condition     = var.x < var.y
    error_message = "Must be below ${var.y}."
  }
}
variable "y" {
  type = number
}
"""


def test_a_condition_may_read_other_variables_from_1_9_on() -> None:
    old, new = judged(OTHERS, {"x": 5, "y": 3}).rules[0].answers
    assert (EPOCHS[:1], "error") == (old.epochs, old.outcome)
    assert RuleAnswer(EPOCHS[1:], "fails", "Must be below 3.") == new
    assert "accepted" == judged(OTHERS, {"x": 1, "y": 3}, ">= 1.9").outcome
    assert "refused" == judged(OTHERS, {"x": 1, "y": 3}, "< 1.9").outcome


@pytest.mark.parametrize("values", [{"x": 5}, {"x": 5, "y": OPEN}, {"x": OPEN, "y": 1}])
def test_what_hangs_on_the_unknown_is_unknown(values: Mapping[str, Any]) -> None:
    verdict = judged(OTHERS, values, ">= 1.9")
    assert "unknown" == verdict.outcome
    assert "unknown" == verdict.rules[0].outcome


def test_a_variable_that_takes_no_value_is_not_validated() -> None:
    verdict = judged(OTHERS, {"x": "abc", "y": 1})
    assert ("refused", ()) == (verdict.outcome, verdict.rules)


@pytest.mark.parametrize(
    ("condition", "message", "outcome", "said"),
    [
        (
            "var.x",
            '"No."',
            "error",
            "invalid validation condition result value: a bool is required",
        ),
        ("null", '"No."', "error", "the condition must be either true or false, not null"),
        ('var.x != ""', '"${null}x"', "error", "the error message cannot be evaluated: invalid"),
        ('var.x == ""', '"  Not ${upper(var.x)}.\\n"', "fails", "Not ABC."),
        ('var.x == ""', 'file("x")', "fails", ""),
        ("file(var.x)", '"No."', "unknown", "file() is not evaluated"),
        ('var.x == "abc"', 'file("x")', "holds", ""),
    ],
)
def test_a_rule_says_what_terraform_would_say(
    condition: str, message: str, outcome: str, said: str
) -> None:
    rule = f"validation {{\n condition = {condition}\n error_message = {message}\n}}"
    text = f'variable "x" {{\n type = string\n {rule}\n}}\n'
    (answer,) = judged(text, {"x": "abc"}).rules[0].answers
    assert outcome == answer.outcome
    assert answer.message.startswith(said)


def test_every_rule_that_fails_is_told() -> None:
    rules = "".join(
        f'validation {{\n condition = length(var.x) > {at}\n error_message = "Rule {at}."\n}}\n'
        for at in (1, 3, 5)
    )
    verdict = judged(f'variable "x" {{\n type = string\n {rules}}}\n', {"x": "abc"})
    assert ["holds", "fails", "fails"] == [rule.outcome for rule in verdict.rules]
    assert ["", "Rule 3.", "Rule 5."] == [rule.answers[0].message for rule in verdict.rules]


def test_a_rule_that_lacks_a_part_says_nothing() -> None:
    text = 'variable "x" {\n validation {\n condition = false\n }\n}\n'
    assert () == judged(text, {"x": 1}).rules
