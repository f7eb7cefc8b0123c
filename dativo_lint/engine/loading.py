"""Loading: the jobs of a file, and what puts them together under the settings of a run."""

from __future__ import annotations

from collections.abc import Container, Sequence

from dativo_lint.documents.document import Document
from dativo_lint.engine.selection import FileSelection, Request, Role
from dativo_lint.errors import UsageError
from dativo_lint.jobs.loading import JobLoader
from dativo_lint.rulebook.load import taggable


def job_loader(selector: FileSelection, scheduled: Container[str] | None = None) -> JobLoader:
    """What puts the jobs of a run together."""
    prefixes, propagation = selector.settings.prefixes, selector.settings.propagation
    runners = selector.runners
    return JobLoader(selector.repository, prefixes, propagation, runners, scheduled, taggable)


def jobs_in(selector: FileSelection, path: str) -> Sequence[Document]:
    """The jobs in one file. Raises UsageError for one that cannot be read."""
    for fault in selector.repository.reading(path).faults:
        if fault.kind.is_fatal:
            raise UsageError(fault.message, fault.place)
    return selector.take(Request(path, Role.NAMED)).jobs
