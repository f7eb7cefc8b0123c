"""What modules read and do not hold."""

from __future__ import annotations

import pytest
from memory_folder import MemoryFolder

from dativo_lint.terraform.module import read_module
from dativo_lint.terraform.module_errors import missing_files


def lines(value: str) -> list[int]:
    files = {"m/main.tf": f'variable "v" {{}}\nlocals {{\n  x = {value}\n}}\n', "m/here": "x"}
    return [error.place.line for error in missing_files(read_module(MemoryFolder(files), "m"))]


GONE = 'file("${path.module}/gone")'


@pytest.mark.parametrize(
    "value",
    [
        GONE,
        f"{{ a = [upper({GONE})] }}",
        f'"a ${{{GONE}}}"',
        f'{GONE} == "" ? 1 : 2',
        f"[for it in [{GONE}] : it]",
        'templatefile("${path.module}/a/../gone", { a = var.v })',
    ],
)
def test_a_file_that_is_read_in_any_case_is_there(value: str) -> None:
    assert [3] == lines(value)


@pytest.mark.parametrize(
    "value",
    [
        'file("${path.module}/here")',
        'file("gone")',
        'file("${path.root}/gone")',
        'file("${path.module}/../gone")',
        'file("${path.module}/${var.v}")',
        'fileexists("${path.module}/gone")',
        f"try({GONE}, 1)",
        f"can({GONE})",
        f"var.v ? {GONE} : 1",
        f'var.v && {GONE} == ""',
        f"[for it in var.v : {GONE}]",
        f'"%{{ if var.v }}${{{GONE}}}%{{ endif }}"',
    ],
)
def test_a_file_that_may_not_be_read_is_not_missed(value: str) -> None:
    assert [] == lines(value)
