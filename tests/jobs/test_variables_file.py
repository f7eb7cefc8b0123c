"""A variables file is read as a document whose every value has a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dativo_lint.documents.document import Limits
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.variables_file import read_variables

TEXT = """\
# written by the platform
infrastructure_provider = "aws"
infrastructure_vcpu     = 1.5
tags = {
  CostCenter  = "FIN-001"
  "Cost Code" = ["a", "b"]
}
nothing = null
"""


def test_values_are_plain_data() -> None:
    reading = read_variables("prod.tfvars", TEXT.encode())
    assert reading.faults == ()
    assert reading.documents[0].data == {
        "infrastructure_provider": "aws",
        "infrastructure_vcpu": 1.5,
        "tags": {"CostCenter": "FIN-001", "Cost Code": ["a", "b"]},
        "nothing": None,
    }


@pytest.mark.parametrize(
    ("route", "line", "column", "key_column"),
    [
        (("infrastructure_provider",), 2, 27, 1),
        (("tags",), 4, 1, 1),
        (("tags", "CostCenter"), 5, 17, 3),
        (("tags", "Cost Code"), 6, 3, 3),
        (("tags", "Cost Code", 1), 6, 23, 23),
    ],
)
def test_every_value_has_its_place(
    route: tuple[str | int, ...], line: int, column: int, key_column: int
) -> None:
    said = FieldRef(read_variables("prod.tfvars", TEXT.encode()).documents[0], route)
    assert (said.place.line, said.place.column) == (line, column)
    assert said.key.place.column == key_column


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = var.b\n", "no literal: variables and functions are not allowed in a variables file"),
        ('a = "${b}"\n', "no literal: variables and functions are not allowed"),
        ("a = [upper(b)]\n", "no literal: variables and functions are not allowed"),
        ("a {\n}\n", "unexpected block: expected a value"),
        ("a = 1\na = 2\n", "attribute redefined"),
        ("a = [1\n", ""),
    ],
)
def test_what_terraform_refuses_is_a_fault_with_a_place(text: str, message: str) -> None:
    reading = read_variables("prod.tfvars", text.encode())
    assert reading.documents == ()
    assert reading.faults[0].message.startswith(message)
    assert reading.faults[0].place.line >= 1


def test_a_file_too_large_or_of_another_encoding_is_a_fault() -> None:
    (fault,) = read_variables("a.tfvars", b"a = 1\n", Limits(file_bytes=3)).faults
    assert fault.message == "more than 3 bytes, the setting limits.file_bytes"
    (fault,) = read_variables("a.tfvars", b'a = "\xff"\n').faults
    assert fault.message == "byte 6 is not UTF-8"


@given(st.text(alphabet='a={}[]",\n$.1 #'))
def test_no_text_keeps_a_file_from_being_read(text: str) -> None:
    reading = read_variables("a.tfvars", text.encode())
    assert bool(reading.documents) != bool(reading.faults)
