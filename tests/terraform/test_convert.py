from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_values import plain
from record_conversions import made_up
from test_types import read

from dativo_lint.terraform.constraints import apply_defaults
from dativo_lint.terraform.convert import Unsuitable, convert
from dativo_lint.terraform.numbers import number, read_number, rounded, spell_number
from dativo_lint.terraform.plain_data import NotAValue, value_of
from dativo_lint.terraform.types import STRING, TooMuch, list_of, without_optional
from dativo_lint.terraform.unify import MOST_TYPES, converts, unify
from dativo_lint.terraform.values import (
    HEAVIEST,
    Unknown,
    Value,
    list_value,
    row,
    spell,
    text,
    unknown,
)

DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e6, 1e6) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc"), inner, max_size=4),
    max_leaves=12,
)


def as_type(type_: str, data: Any) -> Value:
    constraint = read(type_)
    return convert(apply_defaults(value_of(data), constraint.defaults), constraint.type)


@pytest.mark.parametrize(
    ("type_", "data", "path", "sentence"),
    [
        ("number", "x", (), "a number is required"),
        ("list(number)", [1, "x"], (1,), "a number is required"),
        ("object({ a = object({ b = number }) })", {"a": {"b": "x"}}, ("a", "b"), "a number is"),
        ("object({ a = object({ b = number }) })", {"a": {"b": []}}, ("a", "b"), 'attribute "a": '),
        ("map(map(string))", {"k": {"j": []}}, ("k", "j"), 'element "k": element "j": string'),
        ("list(object({ a = string }))", [{}, {}], (0, "a"), 'element 0: attribute "a" is'),
        ("object({ a = string, b = string })", {}, (), 'attributes "a" and "b" are required'),
        ("list(string)", "a", (), "list of string required"),
    ],
)
def test_a_misfit_leads_to_the_part_that_does_not_fit(
    type_: str, data: Any, path: tuple[str | int, ...], sentence: str
) -> None:
    with pytest.raises(Unsuitable) as caught:
        as_type(type_, data)
    assert path == caught.value.path
    assert caught.value.sentence.startswith(sentence)


@pytest.mark.parametrize("data", [float("nan"), float("inf"), object(), {object(): 1}, [b"x"]])
def test_what_json_cannot_say_is_no_value(data: Any) -> None:
    with pytest.raises(NotAValue):
        value_of({"a": data})


def test_plain_data_comes_as_json_would_hand_it_over() -> None:
    found = value_of({1: True, None: [0.1, -0.0, 1e3], "e\u0301": None})
    assert '{"1" = true, null = [0.1, 0, 1000], é = null}' == spell(found)


def test_an_unknown_part_is_kept_with_its_reason() -> None:
    found = as_type("list(object({ a = string }))", [{"a": Unknown("it is open")}, {"a": 1}])
    assert not found.whole
    assert "it is open" == found.reason
    assert '[{a = (unknown)}, {a = "1"}]' == spell(found)


def test_a_set_with_an_unknown_element_is_unknown() -> None:
    assert not as_type("set(string)", [Unknown("it is open"), "a"]).is_known


@given(DATA)
def test_any_value_is_itself(data: Any) -> None:
    value = value_of(data)
    assert value is convert(value, read("any").type)
    assert value is convert(value, value.type)


@given(st.integers(0, 1 << 20))
def test_what_converts_is_of_the_type_that_was_asked_for(seed: int) -> None:
    ((type_, data),) = made_up(1, seed)
    constraint = read(type_)
    try:
        found = as_type(type_, json.loads(data))
    except Unsuitable:
        return
    wanted = without_optional(constraint.type)
    assert found.type == wanted or not wanted.is_exact
    assert found == convert(found, constraint.type)


@given(st.lists(DATA, max_size=4))
def test_unified_types_are_types_that_all_values_can_try(data: list[Any]) -> None:
    types = [value_of(one).type for one in data]
    found = unify(types)
    assert found is None or all(converts(type_, found) for type_ in types)


@given(st.fractions() | st.integers(), st.integers(-300, 300))
def test_numbers_survive_their_spelling(value: Fraction | int, power: int) -> None:
    found = rounded(Fraction(value) * Fraction(2) ** power)
    assert not isinstance(found, float)
    spelled = spell_number(found)
    assert found == read_number(spelled)
    assert len(spelled.strip("-0.").replace(".", "")) <= 156 or isinstance(found, int)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_stands_for_the_decimal_that_is_written(value: float) -> None:
    assert value == float(spell_number(number(value)))


@pytest.mark.parametrize("text_", ["1e9999", "1e-9999", "9" * 10_000, "1p99999"])
def test_numbers_beyond_reach_are_refused_at_once(text_: str) -> None:
    with pytest.raises(TooMuch):
        read_number(text_)


def test_values_do_not_grow_without_end() -> None:
    value = row([text("x" * 100)] * 10)
    while value.weight * 2 < HEAVIEST * 3 // 4:
        value = row([value, value])
    with pytest.raises(TooMuch):
        row([value, value, value])


def test_many_different_types_side_by_side_are_given_up() -> None:
    types = [list_of(value_of({str(at): at}).type) for at in range(MOST_TYPES + 1)]
    with pytest.raises(TooMuch):
        unify(types)


def test_a_value_of_unknown_type_becomes_any_type() -> None:
    found = convert(unknown("it is open"), list_of(STRING))
    assert (list_of(STRING), "it is open") == (found.type, found.reason)
    assert [["a"]] == plain(list_value(list_of(STRING), [list_value(STRING, [text("a")])]))
