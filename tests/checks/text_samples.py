"""Texts and jobs for checks, made from short files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from memory_folder import MemoryFolder

from dativo_lint.checks import prepare
from dativo_lint.checks.violation import Unresolved, Violation
from dativo_lint.documents.yaml_reader import read_yaml
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.loading import JobLoader
from dativo_lint.jobs.repository import Repository
from dativo_lint.jobs.text import Text, text_of


def text(content: str, path: str = "job.yaml") -> Text:
    """A YAML file as rules about texts see it."""
    return text_of(read_yaml(path, content.encode()))


def job(files: Mapping[str, str], path: str = "job.yaml") -> Job:
    """The first job of a file, in a folder of files."""
    repository = Repository(MemoryFolder(files))
    return JobLoader(repository, {"/app/": "."}).load(repository.reading(path).documents[0])


def told(name: str, params: Mapping[str, Any], target: Text | Job) -> list[str]:
    """What a check says of a target: field and message."""
    answers = list(prepare(name, params)(target))
    return [f"{answer.at.place.field}: {answer.message}" for answer in answers]


def answers(
    name: str, params: Mapping[str, Any], target: Text | Job
) -> list[Violation | Unresolved]:
    """What a check answers, as it is."""
    return list(prepare(name, params)(target))
