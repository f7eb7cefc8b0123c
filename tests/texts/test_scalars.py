"""Scalars: plain words have the values and types that PyYAML gives them."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dativo_lint.texts.scalars import number_or_text, usual_value
from dativo_lint.texts.words import NUMBER_STARTS, WORDS, NotAValue

NUMERIC = st.text(alphabet="0123456789+-._:eExXbonTtzZ aAfF", max_size=16)
TIMES = st.from_regex(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,7})?"
    r"( ?(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?)?",
    fullmatch=True,
)


def ours(spelled: str) -> str:
    if spelled[:1] in NUMBER_STARTS:
        try:
            return repr(number_or_text(spelled))
        except NotAValue:
            return "refused"
    return repr(WORDS.get(spelled, spelled))


def theirs(spelled: str) -> str:
    loader = yaml.SafeLoader("")
    tag = loader.resolve(yaml.ScalarNode, spelled, (True, False))
    try:
        return repr(loader.construct_object(yaml.ScalarNode(tag, spelled)))
    except Exception:  # noqa: BLE001 - it raises what comes
        return "refused"


@given(st.one_of(NUMERIC, TIMES, st.sampled_from(["-", "+", ".", "1_", "0x", "0b", "0_", "1:60"])))
def test_what_looks_like_a_number_or_a_date_is_what_pyyaml_makes_of_it(spelled: str) -> None:
    assert theirs(spelled) == ours(spelled)


@given(st.one_of(NUMERIC, TIMES, st.text(min_size=1, max_size=12)))
def test_a_usual_value_is_what_pyyaml_makes_of_it(spelled: str) -> None:
    if spelled[:1] in NUMBER_STARTS:
        assert usual_value(spelled) is None or theirs(spelled) == repr(usual_value(spelled))


def test_what_shops_usually_write_is_told_without_pyyaml() -> None:
    usual = ["0", "42", "1.5", "2024-01-31", "10GB", "0 2 * * *", "5m"]
    assert [] == [it for it in usual if usual_value(it) is None]


@given(st.text(alphabet="yYeEsSnNoOfFtTrRuUaAlL~", max_size=5))
def test_words_are_what_pyyaml_makes_of_them(word: str) -> None:
    assert theirs(word) == ours(word)


def test_every_word_that_pyyaml_knows_is_known() -> None:
    words = {
        form(word)
        for word in (*yaml.SafeLoader.bool_values, "null")
        for form in (str.lower, str.upper, str.capitalize)
    }

    assert words | {"~", ""} == set(WORDS)


def test_no_first_character_but_those_known_leads_to_a_value() -> None:
    starts = {start or "" for start in yaml.SafeLoader.yaml_implicit_resolvers}
    of_words = {word[:1] for word in WORDS}

    assert starts == NUMBER_STARTS | of_words | set("<=!&*")


@pytest.mark.parametrize(
    "spelled", ["2024-99-99", "2024-01-01 25:00:00", "2024-01-01 01:00:00 +99:00", "9" * 5000]
)
def test_what_only_looks_like_a_value_is_refused(spelled: str) -> None:
    with pytest.raises(NotAValue):
        number_or_text(spelled)
