"""A repository reads each file once, and notes that it was asked for; it tells lines and globs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from memory_folder import MemoryFolder
from repository_samples import MODULE, memory

from dativo_lint.documents.tracked_folder import Dependencies
from dativo_lint.jobs import repository as repository_module
from dativo_lint.jobs.repository import Repository

FILES = {
    "a.yaml": "infrastructure: {}\n",
    "other.yaml": "x: 1\n",
    "m/main.tf": f'{MODULE}module "inner" {{\n  source = "../n"\n}}\n',
    "n/main.tf": 'variable "x" {}\n',
}
QUESTIONS: tuple[Callable[[Repository], object], ...] = (
    lambda it: it.reading("a.yaml").documents,
    lambda it: it.reading("gone.yaml").faults,
    lambda it: it.reading_if_concerned("a.yaml"),
    lambda it: it.reading_if_concerned("other.yaml"),
    lambda it: it.module("m").variables.keys(),
    lambda it: it.module_tree("m").called.keys(),
    lambda it: it.lines("a.yaml"),
    lambda it: it.lines("n/main.tf"),
)


def answered(
    repository: Repository, question: Callable[[Repository], object]
) -> tuple[str, Dependencies]:
    with repository.folder.recording() as dependencies:
        answer = question(repository)
    return str(answer), dependencies


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("before", QUESTIONS)
def test_what_was_read_before_is_noted_as_if_it_were_read_now(
    question: Callable[[Repository], object], before: Callable[[Repository], object]
) -> None:
    repository = Repository(MemoryFolder(FILES))
    answered(repository, before)

    expected, its = answered(Repository(MemoryFolder(FILES)), question)
    for _ in range(2):
        answer, dependencies = answered(repository, question)
        assert its.answers.items() <= dependencies.answers.items()
        assert len(expected) == len(answer)


def test_what_is_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository_module, "_KEPT_CHARACTERS", 100)
    texts = {f"{number}.yaml": f"infrastructure: {{x: {number:030}}}\n" for number in range(9)}
    repository = Repository(MemoryFolder(texts))

    first = repository.reading("0.yaml")
    assert repository.reading("0.yaml") is first
    for path in texts:
        repository.reading(path)
    assert repository.reading("8.yaml") is repository.reading("8.yaml")
    assert repository.reading("0.yaml") is not first


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_a_line_is_told_without_its_end(line_end: str, encoding: str) -> None:
    content = line_end.join(["a: 1", "# \u00e9\u0085", "b: 2"]).encode(encoding)
    repository = Repository(MemoryFolder({"a.yaml": content}))
    assert repository.lines("a.yaml") == ["a: 1", "# \u00e9\u0085", "b: 2"]


def test_lines_are_those_that_editors_count() -> None:
    repository = Repository(MemoryFolder({"a.yaml": "a: \u2028\x0b1\r\nb: 2\rc: 3\n"}))
    repository.reading("a.yaml")

    assert ["a: \u2028\x0b1", "b: 2", "c: 3", ""] == repository.lines("a.yaml")


def test_a_line_of_a_module_is_known_once_the_module_is() -> None:
    repository = Repository(MemoryFolder({"m/main.tf": MODULE}))
    module = repository.module("m")
    lines = repository.lines("m/main.tf")

    assert 'variable "infrastructure_provider" {' == lines[0]
    assert 'variable "password" {' == lines[module.variables["password"].place.line - 1]


def test_globs_name_files_from_the_root_on() -> None:
    repository = Repository(
        memory(configs__runner_a="", configs__other="", configs__deep__runner_b="")
    )

    assert ("configs/runner_a.yaml",) == repository.matching(["configs/runner*.yaml", "none.yaml"])
    assert ("configs/deep/runner_b.yaml",) == repository.matching(["*/*/runner?b.yaml"])
    assert () == repository.matching(["", ".", "..", "/etc/passwd", "configs"])
