"""Answers: what came up when one file was judged, by itself and for each of its jobs."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from dativo_lint.subject.allowance import Allowance
from dativo_lint.subject.kinds import Kind
from dativo_lint.texts.witness import Facts
from dativo_lint.verdict.finding import Crash, Finding, OpenQuestion
from dativo_lint.verdict.secrets import Secret

Overrides = tuple[int, ...]
"""Which overrides of the settings hold for a job, by their positions."""


class Answers(Struct, frozen=True):
    """What rules had to say, each thing once."""

    findings: tuple[Finding, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()
    crashes: tuple[Crash, ...] = ()


NOTHING = Answers()
"""Of nearly all jobs and texts."""


class TextVerdict(Struct, frozen=True):
    """What became of a file as a text; `allowances` are those in it, `is_broken` as of readings."""

    answers: Answers = NOTHING
    allowances: tuple[Allowance, ...] = ()
    is_broken: bool = False


SILENT = TextVerdict()
"""Of a text that is whole, and of which there is nothing to say."""


class JobVerdict(Struct, frozen=True):
    """Under which overrides a job was judged, whether it was seen whole, and which files were read
    for it, each with the kind that it was taken for (None for any)."""

    overrides: Overrides
    is_whole: bool
    reads: tuple[tuple[str, Kind | None], ...]


class FileVerdict(Struct, frozen=True):
    """What became of a given file, which is told beside it: those of many files are alike.

    `text` is None where the file concerns nobody; `answers` and `secrets` are those of its jobs.
    `is_final` and `uses` are as of `Taken`; `has_sets` tells that it holds rendered sets.
    `hangs_on` are the answers of a `Witness` without which the jobs might be judged otherwise.
    """

    text: TextVerdict | None = None
    jobs: tuple[JobVerdict, ...] = ()
    answers: Answers = NOTHING
    secrets: tuple[Secret, ...] = ()
    is_final: bool = False
    has_sets: bool = False
    uses: frozenset[str] = frozenset()
    hangs_on: tuple[Facts, ...] = ()


NOBODYS = FileVerdict()
"""Of a file that concerns nobody."""


class BundleVerdict(Struct, frozen=True):
    """What became of many files at once, of which most are silent.

    Nothing was said of the `silent` ones of its `paths` but for their jobs; there are `jobs` of
    these, which are told together: by overrides and wholeness in `judged`, and what was said of
    them in `answers`, each with the path of a job. `others` are the other files of which something
    was said. `texts` are the files that were read for any of the jobs, each with the kind that it
    was taken for, and None where it is yet to be judged.
    """

    paths: tuple[str, ...]
    silent: tuple[str, ...]
    jobs: int
    judged: tuple[JobVerdict, ...]
    answers: tuple[tuple[str, Answers], ...]
    others: tuple[tuple[str, FileVerdict], ...]
    texts: Mapping[tuple[str, Kind | None], TextVerdict | None]
