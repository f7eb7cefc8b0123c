"""Types and defaults that Terraform refuses."""

from __future__ import annotations

import pytest
from memory_folder import MemoryFolder

from dativo_lint.terraform.module import read_module
from dativo_lint.terraform.module_errors import ill_typed


def told(text: str) -> list[str]:
    module = read_module(MemoryFolder({"m/main.tf": text}), "m")
    return [f"{it.place.line}:{it.place.column} {it.message}" for it in ill_typed(module)]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("type = number\n default = 5", []),
        ("type = list(strin)", ["2:13"]),
        ("type = map()", ["2:8"]),
        ('type = number\n default = "five"', ["3:12"]),
        ('type = object({ a = optional(number, "x") })', ["2:38"]),
        ('default = "anything"', []),
        ("type = list\n default = []", []),
        # The reader of the block tells these.
        ('type = "string"', []),
        ("default = null\n nullable = false", []),
        ("default = var.other", []),
        ("default = upper(1)", []),
    ],
)
def test_a_type_and_a_default_have_to_suit_each_other(block: str, expected: list[str]) -> None:
    found = [it.partition(" ")[0] for it in told(f'variable "a" {{\n{block}\n}}\n')]
    assert expected == found


def test_a_variable_that_was_cut_short_says_nothing() -> None:
    assert [] == told('variable "a" {\n  type = number\n  default = "x"\n')
