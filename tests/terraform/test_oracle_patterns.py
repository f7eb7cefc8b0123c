from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from answer_forms import as_answer
from hypothesis import given
from hypothesis import strategies as st
from record_modules import version_at_hand
from record_patterns import RECORD, asked, spelled
from terraform_oracle import ask_expressions

from dativo_lint.terraform.evaluate import evaluate
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.patterns import PatternError, PatternLimit, compile_pattern
from dativo_lint.terraform.scope import Scope

RECORDED: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
ANSWERS: list[tuple[str, str, dict[str, Any]]] = [(a, b, c) for a, b, c in RECORDED["answers"]]


def ours(pattern: str, text: str) -> dict[str, Any]:
    argument = parse(f"x = {spelled(pattern, text)}\n").argument("x")
    assert argument is not None
    return as_answer(evaluate(argument.value, Scope()))


WORDED_DIFFERENTLY = {"(?<=x)"}
"""Refused by both; Go takes a look-behind for a misspelled name of a group."""

OURS = [(pattern, text, ours(pattern, text)) for pattern, text, _ in ANSWERS]


def test_every_pattern_is_recorded() -> None:
    assert asked() == [(pattern, text) for pattern, text, _ in ANSWERS]


def test_a_pattern_matches_what_it_matches_in_terraform() -> None:
    differing = [
        (pattern, text, found, answer)
        for (pattern, text, found), (_, _, answer) in zip(OURS, ANSWERS, strict=True)
        if found != answer and "unknown" not in found and pattern not in WORDED_DIFFERENTLY
    ]
    assert [] == differing


def test_only_what_re2_and_go_do_differently_is_left_undecided() -> None:
    undecided = [(pattern, text) for pattern, text, found in OURS if "unknown" in found]
    assert all(
        (r"\B" in pattern and not text.isascii()) or pattern.count("(?P<a>") > 1
        for pattern, text in undecided
    )


def test_the_terraform_at_hand_matches_what_is_recorded() -> None:
    # Where there is none, or one of another version, the record speaks for it.
    sample = ANSWERS[::4] if version_at_hand() == RECORDED["terraform"] else []
    again = ask_expressions("", "{}", [spelled(*case[:2]) for case in sample]) if sample else []
    assert [answer for _, _, answer in sample] == again


@given(st.text("ab[](){}*+?|^$\\.-:,<>PQE019imsUdwpLx", max_size=20))
def test_no_text_raises_anything_else(pattern: str) -> None:
    with suppress(PatternError, PatternLimit):
        compile_pattern(pattern).search("aab-1")


@pytest.mark.parametrize(
    "pattern", ["(a*)*b", "(a|a)*b", "(a+)+$", "a*a*a*a*a*a*b", "(.*)(.*)(.*)x", "(a{0,50}){20}b"]
)
def test_no_pattern_loses_itself(pattern: str) -> None:
    with suppress(PatternLimit):
        assert compile_pattern(pattern).search("a" * 1_000 + "c") is None


@pytest.mark.parametrize(
    ("pattern", "text", "match"),
    [
        ("^[a-z0-9-_]+$", "a-b_1", (0, 5)),
        (r"[\w-.]+", "a.b-c", (0, 5)),
        ("[a-c-e]+", "xc-e", (1, 4)),
    ],
)
def test_a_dash_that_is_no_range_stands_for_itself_as_in_go(
    pattern: str, text: str, match: tuple[int, int]
) -> None:
    assert match == compile_pattern(pattern).search(text)
