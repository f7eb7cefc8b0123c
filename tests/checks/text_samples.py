"""Texts and jobs for checks, made from short files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dativo_lint.checks import prepare
from dativo_lint.checks.breach import Breach, Open
from dativo_lint.subject.assemble import Assembler
from dativo_lint.subject.library import Library
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.text import Text, text_of
from dativo_lint.texts.folder import MemoryFolder
from dativo_lint.texts.yaml_reader import read_yaml


def text(content: str, path: str = "job.yaml") -> Text:
    """A YAML file as rules about texts see it."""
    return text_of(read_yaml(path, content.encode()))


def job(files: Mapping[str, str], path: str = "job.yaml") -> Subject:
    """The first job of a file, in a folder of files."""
    library = Library(MemoryFolder(files))
    return Assembler(library, {"/app/": "."}).subject(library.reading(path).documents[0])


def told(name: str, params: Mapping[str, Any], subject: Text | Subject) -> list[str]:
    """What a check says of a subject: field and message."""
    answers = list(prepare(name, params)(subject))
    return [f"{answer.at.place.field}: {answer.message}" for answer in answers]


def answers(name: str, params: Mapping[str, Any], subject: Text | Subject) -> list[Breach | Open]:
    """What a check answers, as it is."""
    return list(prepare(name, params)(subject))
