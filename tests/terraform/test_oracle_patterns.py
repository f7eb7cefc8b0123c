from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from answer_forms import as_answer
from hypothesis import given
from hypothesis import strategies as st
from record_modules import version_at_hand
from record_patterns import RECORD, asked, made_up, spelled
from terraform_oracle import ask_expressions

from dativo_lint.terraform.evaluate import evaluate
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.pattern_classes import PatternError, PatternLimit
from dativo_lint.terraform.pattern_machine import Allowance, Machine
from dativo_lint.terraform.patterns import Pattern, compile_pattern
from dativo_lint.terraform.scope import Scope

RECORDED: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
ANSWERS: list[tuple[str, str, dict[str, Any]]] = [(a, b, c) for a, b, c in RECORDED["answers"]]


def ours(pattern: str, text: str) -> dict[str, Any]:
    argument = parse(f"x = {spelled(pattern, text)}\n").argument("x")
    assert argument is not None
    return as_answer(evaluate(argument.value, Scope()))


OURS = [(pattern, text, ours(pattern, text)) for pattern, text, _ in ANSWERS]


def test_every_pattern_is_recorded() -> None:
    assert asked() == [(pattern, text) for pattern, text, _ in ANSWERS]


def test_a_pattern_matches_what_it_matches_in_terraform() -> None:
    differing = [
        (pattern, text, found, answer)
        for (pattern, text, found), (_, _, answer) in zip(OURS, ANSWERS, strict=True)
        if found != answer and "unknown" not in found
    ]
    assert [] == differing


def test_only_case_beyond_ascii_is_left_undecided() -> None:
    undecided = [pattern for pattern, _, found in OURS if "unknown" in found]
    assert all("(?i" in pattern and "é" in pattern for pattern in undecided)


def test_the_terraform_at_hand_matches_what_is_recorded() -> None:
    # Where there is none, or one of another version, the record speaks for it.
    sample = ANSWERS[::4] if version_at_hand() == RECORDED["terraform"] else []
    again = ask_expressions("", "{}", [spelled(*case[:2]) for case in sample]) if sample else []
    assert [answer for _, _, answer in sample] == again


@given(st.integers(0, 1 << 30), st.text("abc- \n1é", max_size=12))
def test_both_ways_of_matching_choose_alike(seed: int, text: str) -> None:
    pattern = made_up(1, seed)[0][0]
    try:
        quick = Pattern(pattern)
    except (PatternError, PatternLimit):
        return
    machine = Machine(quick.tree, len(quick.names))
    for start in range(len(text) + 1):
        assert machine.search(text, start, Allowance()) == quick.search(text, start, Allowance())


@given(st.text("ab[](){}*+?|^$\\.-:,<>PQE019imsUdwpLx", max_size=20))
def test_no_text_raises_anything_else(pattern: str) -> None:
    with suppress(PatternError, PatternLimit):
        compile_pattern(pattern).search("aab-1", 0, Allowance())


@pytest.mark.parametrize(
    "pattern", ["(a*)*b", "(a|a)*b", "(a+)+$", "a*a*a*a*a*a*b", "(.*)(.*)(.*)x", "(a{0,50}){20}b"]
)
def test_no_pattern_loses_itself(pattern: str) -> None:
    with suppress(PatternLimit):
        assert compile_pattern(pattern).search("a" * 1_000 + "c", 0, Allowance()) is None


def test_matches_that_look_far_ahead_are_counted_together() -> None:
    with pytest.raises(PatternLimit):
        [*compile_pattern("(?:b(?:.|c)*x|b)").search_all("b" * 2_000, Allowance())]
