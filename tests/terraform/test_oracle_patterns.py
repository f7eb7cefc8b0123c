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
from dativo_lint.terraform.failures import NotKnown
from dativo_lint.terraform.functions.matching import PatternError, compile_pattern
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.run import Scope

RECORDED: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
ANSWERS: list[tuple[str, str, dict[str, Any]]] = [(a, b, c) for a, b, c in RECORDED["answers"]]


def ours(pattern: str, text: str) -> dict[str, Any]:
    argument = parse(f"x = {spelled(pattern, text)}\n").arguments.get("x")
    assert argument is not None
    return as_answer(evaluate(argument.value, Scope()))


OURS = [(pattern, text, ours(pattern, text)) for pattern, text, _ in ANSWERS]


def test_every_pattern_is_recorded() -> None:
    assert asked() == [(pattern, text) for pattern, text, _ in ANSWERS]


OTHER_WORDS = {"(?<=x)"}
"""Patterns that RE2 refuses as Go does, in other words."""
UNDECIDED = {"(?P<a>x)|(?P<a>a)", "(?P<a>b)(?P<a>c)"}
"""Patterns that are left unknown: RE2's package does not tell of a second group with a name."""


def test_a_pattern_matches_what_it_matches_in_terraform() -> None:
    differing = [
        (pattern, text, found, answer)
        for (pattern, text, found), (_, _, answer) in zip(OURS, ANSWERS, strict=True)
        if found != answer and not {pattern} & (OTHER_WORDS | UNDECIDED)
    ]
    assert [] == differing


def test_the_exceptions_are_what_they_are_named_for() -> None:
    found = {pattern: answer for pattern, _, answer in OURS}
    assert all("unknown" in found[pattern] for pattern in UNDECIDED)
    assert all("error" in found[pattern] for pattern in OTHER_WORDS)


def test_the_terraform_at_hand_matches_what_is_recorded() -> None:
    # Where there is none, or one of another version, the record speaks for it.
    sample = ANSWERS[::4] if version_at_hand() == RECORDED["terraform"] else []
    again = ask_expressions("", "{}", [spelled(*case[:2]) for case in sample]) if sample else []
    assert [answer for _, _, answer in sample] == again


@given(st.text("ab[](){}*+?|^$\\.-:,<>PQE019imsUdwpLxC\ud800", max_size=20))
def test_no_text_raises_anything_else(pattern: str) -> None:
    with suppress(PatternError, NotKnown):
        [*compile_pattern(pattern).search_all("aab-1é")]


@pytest.mark.parametrize(
    "pattern", ["(a*)*b", "(a|a)*b", "(a+)+$", "a*a*a*a*a*a*b", "(.*)(.*)(.*)x", "(a{0,50}){20}b"]
)
def test_no_pattern_loses_itself(pattern: str) -> None:
    assert [*compile_pattern(pattern).search_all("a" * 1_000 + "c")] == []


@pytest.mark.parametrize("pattern", ["(?:b(?:.|c)*x|b)", "(?:[ab]{0,99}c|b)"])
def test_matches_that_look_far_ahead_are_counted_together(pattern: str) -> None:
    with pytest.raises(NotKnown, match="too many steps"):
        [*compile_pattern(pattern).search_all("b" * 20_000)]


@pytest.mark.parametrize("pattern", ["(" * 9_000, "(" * 9_000 + ")" * 9_000, "a" * 30_000])
def test_a_huge_pattern_is_refused_or_matched(pattern: str) -> None:
    with suppress(PatternError, NotKnown):
        [*compile_pattern(pattern).search_all("a")]


@pytest.mark.parametrize("text", ["\ud800", "a" * 20_001])
def test_a_string_that_terraform_could_not_have_is_not_searched(text: str) -> None:
    with pytest.raises(NotKnown):
        [*compile_pattern("a").search_all(text)]


def test_an_error_is_not_written_to_the_console(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PatternError):
        compile_pattern("(a")
    assert capfd.readouterr() == ("", "")
