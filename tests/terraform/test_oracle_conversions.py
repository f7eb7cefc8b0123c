from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from answer_forms import as_answer
from record_conversions import RECORD, asked
from record_modules import version_at_hand
from terraform_oracle import ask_conversions

from dativo_lint.terraform.constraints import apply_defaults, read_constraint
from dativo_lint.terraform.convert import Unsuitable, convert
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.plain_data import value_of

RECORDED: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
ANSWERS: list[tuple[str, str, dict[str, Any]]] = [(a, b, c) for a, b, c in RECORDED["answers"]]

EXPLAINED = {
    # A number that is zero has no sign here; in Terraform it keeps the one it was written with.
    ("list(string)", "[1e3, 0.10, -0, 1E-2]"),
}
SEVERAL_MISTAKES = 10
"""Values with more than one thing wrong, of which Terraform picks any and we the first."""


def ours(type_: str, value: str) -> dict[str, Any]:
    body = parse(f"x = {type_}\n")
    argument = body.arguments.get("x")
    assert argument is not None
    constraint = read_constraint(argument.value)
    if constraint.faults:
        fault = constraint.faults[0]
        return {"error": [fault.summary, fault.detail[:1].upper() + fault.detail[1:]]}
    given = value_of(json.loads(value, parse_float=Decimal))
    try:
        return as_answer(convert(apply_defaults(given, constraint.defaults), constraint.type))
    except Unsuitable as unsuitable:
        return {"error": ["Invalid value for input variable", unsuitable.sentence]}


def test_every_case_is_recorded() -> None:
    assert asked() == [(type_, value) for type_, value, _ in ANSWERS]


def test_a_variable_takes_what_terraform_gives_it() -> None:
    differing = {
        (type_, value)
        for type_, value, answer in ANSWERS
        if (found := ours(type_, value)) != answer and not ("error" in found and "error" in answer)
    }
    assert EXPLAINED == differing


def test_a_misfit_is_told_in_terraforms_words() -> None:
    misfits = [
        (ours(type_, value), answer) for type_, value, answer in ANSWERS if "error" in answer
    ]
    assert len(misfits) > 200
    assert SEVERAL_MISTAKES >= sum(found != answer for found, answer in misfits)


def test_the_terraform_at_hand_says_what_is_recorded() -> None:
    # Where there is none, or one of another version, the record speaks for it.
    sample = ANSWERS[::6] if version_at_hand() == RECORDED["terraform"] else []
    asked_again = ask_conversions([(type_, value) for type_, value, _ in sample]) if sample else []
    differing = [
        (type_, value)
        for (type_, value, answer), again in zip(sample, asked_again, strict=True)
        if answer != again and "error" not in answer
    ]
    assert [] == differing
