from __future__ import annotations

import json
from typing import Any

from answer_forms import as_answer
from expression_corpus import DECLARED, VALUES, written
from memory_folder import MemoryFolder
from record_expressions import RECORD, asked
from record_modules import version_at_hand
from terraform_oracle import ask_expressions

from dativo_lint.terraform.evaluate import evaluate
from dativo_lint.terraform.judge import convert_input
from dativo_lint.terraform.module import read_module
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.plain_data import value_of
from dativo_lint.terraform.run import Scope
from dativo_lint.terraform.versions import EPOCHS

RECORDED: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
ANSWERS: dict[str, dict[str, Any]] = dict(RECORDED["answers"])
BEFORE_1_12 = EPOCHS[1]

EXPLAINED = {
    # A number that is zero has no sign here; in Terraform it keeps the one it was written with.
    '"${-0} ${-0.0} "',
    # Terraform counts lengths in 64 bits, and a quotient of two lengths is no longer than that.
    '"${length("abc")/length("abcdefg")} "',
    # Terraform evaluates everything once without values, and says what the types alone forbid.
    "{for k, y in {b = {b = (var.nul).*.name}} : k => ((flatten(var.sl)) == (0))}",
}
MISSING_WORDS = {
    # Go's own sentences about texts that are no JSON, YAML or CSV, about timestamps and templates.
    *("jsondecode(", "yamldecode(", "csvdecode(", "timecmp(", "timeadd(", "formatdate("),
    *("textencodebase64(", "textdecodebase64(", "templatestring("),
    # Functions that fall over in Terraform.
    *("(1/0) % 2", "indent(-1"),
    # Sentences that hold lists of further mistakes, or that say more than is known here.
    *("try(null.a", "var.undeclared", "var.lo[5]"),
    # The types alone forbid these, whatever the value is.
    *("var.nul.a", "[for x in var.nul :"),
}


def make_scope() -> Scope:
    module = read_module(MemoryFolder({"m/variables.tf": DECLARED}), "m")
    given = json.loads(VALUES)
    return Scope(
        {
            name: convert_input(it, value_of(given[name])).value
            for name, it in module.variables.items()
        }
    )


def our_answers() -> dict[str, dict[str, Any]]:
    scope = make_scope()
    found = {}
    for expression in ANSWERS:
        argument = parse(f"x = {expression}\n").arguments.get("x")
        assert argument is not None
        found[expression] = as_answer(evaluate(argument.value, scope, BEFORE_1_12))
    return found


OURS = our_answers()


def test_every_expression_is_recorded() -> None:
    assert asked() == [*ANSWERS]


def test_an_expression_comes_to_what_terraform_says() -> None:
    differing = {
        expression
        for expression, found in OURS.items()
        if "unknown" not in found
        and found != ANSWERS[expression]
        and not ("error" in found and "error" in ANSWERS[expression])
    }
    assert EXPLAINED == differing


def test_little_is_left_undecided() -> None:
    undecided = [
        expression
        for expression, found in OURS.items()
        if "unknown" in found and "unknown" not in ANSWERS[expression]
    ]
    assert len(undecided) < 0.02 * len(ANSWERS)


def test_an_error_is_told_in_terraforms_words() -> None:
    differing = [
        expression
        for expression in written()
        if "error" in OURS[expression]
        and OURS[expression] != ANSWERS[expression]
        and not any(expression.startswith(start) for start in MISSING_WORDS)
    ]
    assert [] == differing


def test_the_terraform_at_hand_says_what_is_recorded() -> None:
    # Where there is none, or one of another version, the record speaks for it.
    sample = [*ANSWERS][::9] if version_at_hand() == RECORDED["terraform"] else []
    again = ask_expressions(DECLARED, VALUES, sample) if sample else []
    differing = [
        expression
        for expression, answer in zip(sample, again, strict=True)
        if answer != ANSWERS[expression] and "error" not in answer
    ]
    assert [] == differing
