"""File results: the result of one file, as it is stored and passed between processes."""

from __future__ import annotations

from msgspec import Struct

from dativo_lint.findings.finding import ITSELF, NO_ANSWERS, Answers, Failure
from dativo_lint.findings.secrets import Secret
from dativo_lint.jobs.kinds import Kind
from dativo_lint.jobs.suppression_comment import Suppression
from dativo_lint.settings.ruleset import Overrides

Read = tuple[str, Kind | None]
"""A file that was read for a job, and its role (None: by its shape)."""


class TextResult(Struct, frozen=True, array_like=True):
    """The result of a file by itself; `suppressions` are those in it, each with its line, and
    `overrides` those that applied, where it has no jobs."""

    answers: Answers = NO_ANSWERS
    suppressions: tuple[tuple[Suppression, str], ...] = ()
    is_broken: bool = False
    overrides: Overrides = ()


class JobResult(Struct, frozen=True, array_like=True):
    """Facts about a job besides its findings; `number` is that of its document in the file.

    `overrides` are those that applied; `is_whole` means that everything of it was read, `reads` are
    the files that were read for it, and `refers_to` the paths that it refers to, with folders of
    modules ending in `/`. `suppressions` are those in its modules, each with its line, and `owner`
    is its tag `governance.owner`.
    """

    number: int
    overrides: Overrides
    is_whole: bool
    reads: tuple[Read, ...]
    refers_to: tuple[str, ...]
    suppressions: tuple[tuple[Suppression, str], ...] = ()
    owner: str = ""


class FileResult(Struct, frozen=True, array_like=True):
    """The result of one file.

    `text` is None for a file that is not Dativo's. `answers` and `secrets` are those of its jobs,
    `set_answers` and the overrides in `sets` those of its rendered sets, for which `set_reads` were
    read. `is_final` means that it is a job or a rendered set, so that no job depends on it,
    `has_sets` that it has documents with rendered sets; `lone_sets` of them name no job, and the
    others refer to the paths `sets_refer_to`. `lack` is what keeps a file from being Dativo's that
    was meant to be.
    """

    text: TextResult | None = None
    jobs: tuple[JobResult, ...] = ()
    answers: Answers = NO_ANSWERS
    sets: tuple[Overrides, ...] = ()
    set_answers: Answers = NO_ANSWERS
    set_reads: tuple[Read, ...] = ()
    secrets: tuple[Secret, ...] = ()
    is_final: bool = False
    has_sets: bool = False
    lone_sets: int = 0
    sets_refer_to: tuple[str, ...] = ()
    lack: str = ""

    @property
    def refers_to(self) -> list[tuple[str, ...]]:
        """The paths that each of its jobs refers to, and its rendered sets."""
        of_sets = [self.sets_refer_to] if self.sets else []
        return [*(job.refers_to for job in self.jobs), *of_sets]

    @property
    def is_rendered(self) -> bool:
        """Whether the file holds rendered sets, or cannot be read."""
        return self.text is not None and (self.text.is_broken or self.has_sets)

    @property
    def is_empty(self) -> bool:
        """Whether the file is a plan, of which there is nothing to judge."""
        is_sound = self.text is not None and not self.text.answers.findings
        return self.has_sets and is_sound and not (self.sets or self.jobs)

    @property
    def has_failed(self) -> bool:
        """Whether a check crashed, or the tool did."""
        of_text = self.text.answers.failures if self.text is not None else ()
        return bool(self.answers.failures or self.set_answers.failures or of_text)


def failed(path: str, message: str) -> FileResult:
    """The result of a file on which the tool itself failed."""
    answers = Answers(failures=(Failure(ITSELF.id, path, message),))
    return FileResult(TextResult(), answers=answers, is_final=True)
