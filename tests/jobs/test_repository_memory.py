"""What a repository has from memory depends on all that it depended on when it was read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from memory_folder import MemoryFolder
from repository_samples import MODULE

from dativo_lint.documents.place import Place
from dativo_lint.documents.tracked_folder import Dependencies
from dativo_lint.jobs import repository as subject_library
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
    lambda it: it.line_at(Place("a.yaml", 1, 1, 1, 1)),
    lambda it: it.line_at(Place("n/main.tf", 1, 1, 1, 1)),
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
    monkeypatch.setattr(subject_library, "_KEPT_CHARACTERS", 100)
    texts = {f"{number}.yaml": f"infrastructure: {{x: {number:030}}}\n" for number in range(9)}
    repository = Repository(MemoryFolder(texts))

    first = repository.reading("0.yaml")
    assert repository.reading("0.yaml") is first
    for path in texts:
        repository.reading(path)
    assert repository.reading("8.yaml") is repository.reading("8.yaml")
    assert repository.reading("0.yaml") is not first
