"""Patterns of rules and settings are RE2's: whole values, linear time, a sentence for the rest."""

from __future__ import annotations

from contextlib import suppress

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from dativo_lint.patterns import LONGEST_VALUE, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        (r"[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}", ["é", "成本", "a-1_"], ["É", "1", "ǅ", ""]),
        (r"\p{L}\P{L}", ["a1", "ǅ-"], ["aa", "11"]),
        (r"(?i)aws:.*", ["aws:x", "AWS:", "aWs:ß"], ["awsx", " aws:"]),
        (r"^(?P<team>team):.+$", ["team:a b"], ["team:", "Team:x", "team:x\n"]),
        ("^a$|^b$", ["a", "b"], ["ab", "a$"]),
        (r"\d\w\s", ["1a "], ["٣a ", "1é "]),
        ("[a-z0-9-_]+", ["a-b_1"], ["A"]),
        (r"[\x21-\x7e]{1,512}", ["!~" * 256], ["", " ", "!" * 513]),
        ("a*", ["a" * LONGEST_VALUE], ["a" * (LONGEST_VALUE + 1), "\ud800"]),
    ],
)
def test_a_pattern_fits_whole_values(pattern: str, fitting: list[str], others: list[str]) -> None:
    compiled = compile_pattern(pattern)
    assert [value for value in fitting if not compiled.fits(value)] == []
    assert [value for value in others if compiled.fits(value)] == []


@pytest.mark.parametrize("pattern", ["(", "(?=a)b", r"(a)\1", "[z-a]", "a{1,99999}", "\ud800"])
def test_what_re2_does_not_accept_is_refused_in_a_sentence(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"valid (RE2: .+[^.]|Unicode)$"):
        compile_pattern(pattern)


@given(st.text(alphabet="ab01{}[]()|*+?^$.,-\\pLdx<>:P", max_size=20))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert compile_pattern(text).fits("ab01") in (True, False)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|a)*b", "a*" * 50 + "b", ".*a.{900}b"])
def test_no_value_runs_away(pattern: str) -> None:
    assert not compile_pattern(pattern).fits("a" * LONGEST_VALUE)


@given(
    st.text(alphabet="ab.{}()|*+?[]^$\\pL-\u00e9", max_size=16),
    st.lists(st.text(alphabet="ab.-\u00e9\n", max_size=8), max_size=8),
)
def test_the_answer_is_that_of_a_full_match(text: str, values: list[str]) -> None:
    with suppress(ValueError):
        pattern, regexp = compile_pattern(text), re2.compile(text)
        for value in values:
            assert pattern.fits(value) == (regexp.fullmatch(value) is not None)


@pytest.mark.parametrize("pattern", [r"\p{L}{0,400}", r"(\p{L}{0,40}-){0,9}", "(?:a?b?c?){1000}"])
def test_the_largest_patterns_still_fit(pattern: str) -> None:
    compiled = compile_pattern(pattern)
    assert compiled.fits("ab") == (re2.compile(pattern).fullmatch("ab") is not None)
    assert compiled.fits("a" * 300) == (re2.compile(pattern).fullmatch("a" * 300) is not None)
