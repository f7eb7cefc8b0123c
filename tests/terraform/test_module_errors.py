from __future__ import annotations

import json
from typing import Any

import pytest
from memory_folder import MemoryFolder
from module_corpus import MODULES
from record_modules import RECORD, ask, version_at_hand

from dativo_lint.terraform.module import read_module

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
