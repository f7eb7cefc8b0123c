"""Patterns agree with `re` on all that they understand, and no value can keep them busy."""

from __future__ import annotations

import inspect
import re
import time
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dativo_lint.checks.pattern import LONGEST_VALUE, _Automaton, compile_pattern
from dativo_lint.checks.pattern_syntax import read_pattern

PIECES = r"""
    a b B 1 - \. . [ab] [^a] [a-c1-3] [-a] []a] [^]a] \d \D \w \W \s \S [\d.] [^\s\-]
    \x61 \u00e9 \n {
"""
NO_PATTERNS = r"""
    ( ) a) [ [a [b-a] [\d-z] *a a** a*+ a{2}{3} a{3,2} a{9999} (?=a) (?!a) (?<=a) (?P=x) (?P<1>a)
    (?x)a \1 \b \p \p{Greek} \p{Lx} \p{} \xg0 \U99999999 a^b (^a) a$b \ ((a{60}){60}){60}
"""
ATOMS = st.sampled_from(PIECES.split())
QUANTIFIERS = st.sampled_from(["", "*", "+", "?", "{2}", "{1,2}", "{0,3}", "{1,}", "{,2}", "+?"])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Patterns that hold smaller ones."""
    return st.one_of(
        st.builds("({}){}".format, inner, QUANTIFIERS),
        st.builds("(?:{}){}".format, inner, QUANTIFIERS),
        st.builds("{}{}".format, inner, inner),
        st.builds("{}|{}".format, inner, inner),
    )


PATTERNS = st.recursive(st.builds("{}{}".format, ATOMS, QUANTIFIERS), grown, max_leaves=8).filter(
    lambda it: len(re.findall(r"\)[*+?{]", it)) <= 3
)
"""With more repeated groups in each other, `re` may take hours over eight characters."""

VALUES = st.text(alphabet="aAbBc123.-{] é\n_٣", max_size=8)


@given(pattern=PATTERNS, values=st.lists(VALUES, max_size=10))
def test_a_pattern_fits_what_re_matches_as_a_whole(pattern: str, values: list[str]) -> None:
    ours, theirs = compile_pattern(pattern), re.compile(pattern)
    for value in values:
        assert ours.fits(value) == (theirs.fullmatch(value) is not None), (pattern, value)


@given(pattern=PATTERNS, data=st.data())
def test_a_pattern_fits_every_value_made_from_it(pattern: str, data: st.DataObject) -> None:
    value = data.draw(st.from_regex(pattern, fullmatch=True).filter(lambda it: len(it) < 500))
    assert compile_pattern(pattern).fits(value)


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        (r"[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}", ["é", "成本", "a-1_"], ["É", "1", "ǅ", ""]),
        (r"\p{L}\P{L}", ["a1", "ǅ-"], ["aa", "11"]),
        (r"(?i)aws:.*", ["aws:x", "AWS:", "aWs:ß"], ["awsx", " aws:"]),
        (r"(?i)[^a]", ["b", "B"], ["a", "A"]),
        (r"^(?P<team>team):.+$", ["team:a b"], ["team:", "Team:x", "team:x\n"]),
        ("^a$|^b$", ["a", "b"], ["ab", "a$"]),
        ("a{}|{a}|x{,}", ["a{}", "{a}", "", "xxx"], ["a", "{}"]),
        (r"[\x21-\x7e]{1,512}", ["!~" * 256], ["", " ", "!" * 513]),
    ],
)
def test_what_re_cannot_say_is_understood_too(
    pattern: str, fitting: list[str], others: list[str]
) -> None:
    compiled = compile_pattern(pattern)
    assert [value for value in fitting if not compiled.fits(value)] == []
    assert [value for value in others if compiled.fits(value)] == []


@given(st.characters())
def test_a_category_holds_exactly_its_characters(char: str) -> None:
    category = unicodedata.category(char)
    for name in ("L", "Ll", "Lo", "N", "Z"):
        assert compile_pattern(rf"\p{{{name}}}").fits(char) == category.startswith(name)


@pytest.mark.parametrize(
    "pattern",
    [*NO_PATTERNS.split(), "(" * 60 + ")" * 60, "a" * 1001, "(?:" * 29 + "a" + "{9})" * 29],
)
def test_what_no_automaton_can_do_is_refused_in_a_sentence(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"^(a )?pattern .*[^.]$"):
        compile_pattern(pattern)


@given(st.text(alphabet="ab01{}[]()|*+?^$.,-\\pLdx<>:P", max_size=20))
@settings(max_examples=200)
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert compile_pattern(text).fits("ab01") in (True, False)


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("(a+)+b", "a" * LONGEST_VALUE),
        ("(a|a)*b", "a" * LONGEST_VALUE),
        ("(a|ab|aba)*c", "ab" * (LONGEST_VALUE // 2)),
        ("a*" * 200 + "b", "a" * LONGEST_VALUE),
        (r"(\w+\s?)*:", "word " * (LONGEST_VALUE // 5)),
        (".*a.{1000}b", "ab" * (LONGEST_VALUE // 2)),
        ("(a?){1000}a{1000}", "a" * 1999),
        ("((a{0,10}){0,10}){0,10}b", "a" * LONGEST_VALUE),
    ],
)
def test_no_value_can_keep_a_pattern_busy(pattern: str, value: str) -> None:
    began = time.process_time()
    compile_pattern(pattern).fits(value)
    assert time.process_time() - began < 5


def test_a_value_that_is_too_long_fits_nothing() -> None:
    anything = compile_pattern(".*")
    assert anything.fits("a" * LONGEST_VALUE)
    assert not anything.fits("a" * (LONGEST_VALUE + 1))


def strange_values() -> Iterator[str]:
    for start in range(0x4E00, 0xD000, 64):
        yield "".join(map(chr, range(start, start + 64)))


def test_a_stream_of_strange_characters_does_not_fill_the_memory() -> None:
    automaton = _Automaton(read_pattern(r"[^x]*y?"))
    assert all(map(automaton.accepts, strange_values()))
    # More distinct steps were taken than are remembered at a time.
    assert automaton._steps < 33_000


def test_nor_does_it_where_a_pattern_is_but_one_class() -> None:
    pattern = compile_pattern(r"[^x]*")
    assert all(map(pattern.fits, strange_values()))
    assert len(inspect.getclosurevars(pattern.accepts).nonlocals["known"]) < 9_000
