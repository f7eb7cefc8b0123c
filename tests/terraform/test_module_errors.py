from __future__ import annotations

import json
from typing import Any

import pytest
from memory_folder import MemoryFolder
from module_corpus import MODULES
from record_modules import RECORD, ask, version_at_hand

from dativo_lint.terraform.module import read_module
from dativo_lint.terraform.module_errors import ill_typed, missing_files

RECORDED: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
ANSWERS: dict[str, list[list[Any]]] = RECORDED["answers"]

NOT_READ = {
    # What a call leads to is not installed here; nor are the providers that resources need.
    "Module not installed",
    # Said of a resource whose provider is not known, after everything else.
    "Missing required provider",
}


def places(answer: list[list[Any]]) -> list[tuple[str, int]]:
    return sorted({(file, line) for file, line, _, summary in answer if summary not in NOT_READ})


def ours(files: dict[str, str]) -> list[tuple[str, int]]:
    module = read_module(MemoryFolder({f"m/{name}": text for name, text in files.items()}), "m")
    return sorted({(error.place.path[2:], error.place.line) for error in module.errors})


def test_every_module_of_the_corpus_is_recorded() -> None:
    assert [*MODULES] == [*ANSWERS]


@pytest.mark.parametrize("name", MODULES)
def test_the_errors_of_a_module_stand_where_terraform_places_them(name: str) -> None:
    assert places(ANSWERS[name]) == ours(MODULES[name])


def test_the_terraform_at_hand_says_what_is_recorded() -> None:
    # Where there is none, or one of another version, the record speaks for it.
    names = [*MODULES][::4] if version_at_hand() == RECORDED["terraform"] else []
    assert [ANSWERS[name] for name in names] == [ask(MODULES[name]) for name in names]


def ill_typed_in(text: str) -> list[str]:
    module = read_module(MemoryFolder({"m/main.tf": text}), "m")
    return [f"{error.place.line}:{error.place.column}" for error in ill_typed(module)]


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
    assert expected == ill_typed_in(f'variable "a" {{\n{block}\n}}\n')


def test_a_variable_that_was_cut_short_says_nothing() -> None:
    assert [] == ill_typed_in('variable "a" {\n  type = number\n  default = "x"\n')


def missing_in(value: str) -> list[int]:
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
    assert [3] == missing_in(value)


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
    assert [] == missing_in(value)
