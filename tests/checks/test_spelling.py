"""Which plain scalars read as something else than they look."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dativo_lint.checks.spelling import ODDITIES, oddity, plain_spelling
from dativo_lint.documents.yaml_reader import read_yaml

LOOKS_LIKE_A_VALUE = st.one_of(
    st.text(alphabet="0123456789.:_+-xbefn", min_size=1, max_size=8),
    st.sampled_from(["yes", "No", "ON", "off", "true", "FALSE", "y", "~", "null", ".inf", ".NaN"]),
    st.dates().map(str),
)


def read(spelled: str) -> Any:
    """What the platform's loader makes of a plain scalar."""
    try:
        return yaml.safe_load(f"[{spelled}]")[0]
    except (yaml.YAMLError, ValueError, OverflowError):
        assume(False)


@given(LOOKS_LIKE_A_VALUE)
@example("0o7")
@example("1e3")
@example("-0")
def test_a_value_that_is_not_odd_is_written_back_as_it_was(spelled: str) -> None:
    value = read(spelled)
    if oddity(spelled, value) is None:
        is_truth = isinstance(value, bool)
        assert (
            value is None
            or str(value) == spelled
            or is_truth
            or isinstance(value, (str, list, dict))
        )
        assert not is_truth or spelled.lower() in ("true", "false")


@given(LOOKS_LIKE_A_VALUE)
def test_an_odd_value_is_no_text_and_is_odd_in_a_known_way(spelled: str) -> None:
    value = read(spelled)
    found = oddity(spelled, value)
    assert found is None or (found in ODDITIES and not isinstance(value, str))


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        ("012", "octal"),
        ("-0_7", "octal"),
        ("098765432101", None),
        ("0", None),
        ("1:30", "base-60"),
        ("1:30.5", "base-60"),
        ("0x10", "hexadecimal"),
        ("0b11", "binary"),
        ("1_000", "underscores"),
        ("1_0.5", "underscores"),
        ("+49", "plus-sign"),
        ("1.10", "trailing-zero"),
        ("1.0", None),
        (".5", "rewritten-number"),
        ("1.", "rewritten-number"),
        ("0.1234567890123456789", "rewritten-number"),
        (".inf", "rewritten-number"),
        ("1e3", None),
        ("True", None),
        ("NO", "boolean-word"),
        ("y", None),
        ("2026-01-01", "date"),
        ("2026-01-01 10:00:00", "date"),
        ("2026-1-1", None),
        ("~", None),
    ],
)
def test_each_spelling_is_odd_in_its_way(spelled: str, expected: str | None) -> None:
    assert expected == oddity(spelled, yaml.safe_load(spelled))
    for content in (f"a: {spelled}", f"- [{spelled}]", f"b: &x {spelled}\na: *x"):
        document = read_yaml("job.yaml", content.encode()).documents[0]
        assert document.has_odd_scalars == (expected is not None)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: 012", "012"),
        ("a: '012'", None),
        ('a: "012"', None),
        ("a: &x 012", "012"),
        ("b: &x 012\na: *x", "012"),
        ("b: &x '012'\na: *x", None),
        ("a: |\n  012", None),
        ("a: [1]", None),
        ("b: 1", None),
    ],
)
def test_only_a_plain_scalar_has_a_plain_spelling(content: str, expected: str | None) -> None:
    document = read_yaml("job.yaml", content.encode()).documents[0]
    assert expected == plain_spelling(document, ("a",))
