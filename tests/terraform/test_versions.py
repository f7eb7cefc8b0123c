from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dativo_lint.terraform.versions import EPOCHS, admitted

EVERY = ("0.13", "1.9", "1.12", "1.16")


@pytest.mark.parametrize(
    ("constraint", "epochs"),
    [
        (">= 1.3", EVERY),
        (">= 1.9", ("1.9", "1.12", "1.16")),
        (">=1.12.0", ("1.12", "1.16")),
        (">= 1.11.4, < 1.12", ("1.9",)),
        ("~> 1.9", ("1.9", "1.12", "1.16")),
        ("~> 1.9.3", ("1.9",)),
        ("~> 1", EVERY),
        ("1.11.4", ("1.9",)),
        ("= v1.12.1", ("1.12",)),
        ("!= 1.10.0", EVERY),
        ("< 1.9.0", ("0.13",)),
        ("<= 1.9.0", ("0.13", "1.9")),
        ("> 1.15.9", ("1.12", "1.16")),
        ("> 1.15, <= 1.16.0", ("1.12", "1.16")),
        (">= 1.16.0-beta1", ("1.16",)),
        ("> 0.12", EVERY),
    ],
)
def test_a_constraint_admits_the_epochs_that_it_reaches_into(
    constraint: str, epochs: tuple[str, ...]
) -> None:
    assert epochs == tuple(map(str, admitted([constraint])))


def test_every_constraint_has_to_hold() -> None:
    assert ("1.12",) == tuple(map(str, admitted([">= 1.12", "< 1.16"])))


@pytest.mark.parametrize("constraint", ["", "latest", ">= x", "=> 1", "1.2.3 1.2.4", "> 2, < 1"])
def test_what_says_nothing_admits_all(constraint: str) -> None:
    assert EPOCHS == admitted([constraint])
    assert EPOCHS == admitted([])


@given(st.text(st.sampled_from("0123456789.<>=!~, v-b")))
def test_no_constraint_raises(constraint: str) -> None:
    assert admitted([constraint])
