"""Bundle: what was said of some dozens of files that lie beside each other, kept as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.texts.witness import Answer, Facts
from dativo_lint.verdict.packing import Plain, is_of_jobs_only

Entry = tuple[bytes, tuple[bytes, ...], str, Plain]
"""The digest of a file's content, the names of the facts that its verdict hangs on, what runner
files say of it, and its packed verdict."""
TextEntry = tuple[bytes, Plain]
"""The digest of a file that was read for a job, and its packed verdict."""
Read = tuple[str, "str | None"]
"""A file that was read for a job, and the value of the kind for which it was taken."""
Judged = tuple[Any, bool]
"""The overrides under which jobs were judged, and whether they were seen whole."""


class Bundle(Struct, frozen=True):
    """What was said of some files, as plain data.

    `contents` are digests of what is in the files, `schedules` what runner files say of each;
    `names` are those of the facts that all hangs on, of which `few` are kept here. The `silent` are
    those of which nothing was said but for their jobs, of which there are `jobs`; `judged` tells of
    these which files were read for them, and `answers` what was said, each thing once. `others` are
    packed verdicts by path. `texts` are entries of all files that were read, None where there is
    none.
    """

    paths: tuple[str, ...]
    contents: tuple[bytes, ...]
    schedules: tuple[str, ...]
    names: frozenset[bytes]
    few: dict[bytes, Facts]
    silent: tuple[str, ...]
    jobs: int
    judged: dict[Judged, frozenset[Read]]
    answers: tuple[tuple[str, Plain], ...]
    others: tuple[tuple[str, Plain], ...]
    texts: dict[Read, TextEntry | None]

    def with_texts(self, texts: Mapping[Read, TextEntry | None]) -> Bundle:
        """The bundle with entries for those of its texts that have none."""
        told = _told_contents(self.few)
        found = {
            read: old or _fitting(texts.get(read), read, told) for read, old in self.texts.items()
        }
        return replace(self, texts=found)

    def plain(self) -> Plain:
        """The bundle as `marshal` takes it."""
        return tuple(getattr(self, name) for name in self.__match_args__)


def bundle_of(
    entries: Mapping[str, Entry],
    few: Mapping[bytes, Facts],
    texts: Mapping[Read, TextEntry | None],
) -> Bundle:
    """The bundle of some files, given their entries in the order of their paths."""
    names = frozenset(name for entry in entries.values() for name in entry[1])
    its_few = {name: few[name] for name in names if name in few}
    told = _told_contents(its_few)
    gist = _Gist()
    for path, entry in entries.items():
        gist.add(path, entry[3])
    return Bundle(
        paths=tuple(entries),
        contents=tuple(entry[0] for entry in entries.values()),
        schedules=tuple(entry[2] for entry in entries.values()),
        names=names,
        few=its_few,
        silent=tuple(gist.silent),
        jobs=gist.jobs,
        judged={key: frozenset(its) for key, its in gist.judged.items()},
        answers=tuple(gist.answers),
        others=tuple(gist.others),
        texts={read: _fitting(texts.get(read), read, told) for read in gist.reads},
    )


def _told_contents(few: Mapping[bytes, Facts]) -> set[tuple[str, Answer]]:
    return {(path, answer) for facts in few.values() for _, path, answer in facts}


def _fitting(text: TextEntry | None, read: Read, told: set[tuple[str, Answer]]) -> TextEntry | None:
    """A text, if it is of the content that the facts of its bundle tell."""
    return text if text is not None and (read[0], text[0]) in told else None


class _Gist:
    """What packed verdicts of several files come to."""

    def __init__(self) -> None:
        self.silent: list[str] = []
        self.jobs = 0
        self.judged: dict[Judged, set[Read]] = {}
        self.reads: set[Read] = set()
        self.answers: list[tuple[str, Plain]] = []
        self.others: list[tuple[str, Plain]] = []
        self._said: set[Plain] = set()

    def add(self, path: str, plain: Plain) -> None:
        """Add the verdict of a file; of what is said of several jobs, that of the first counts."""
        if not plain:
            return
        _, jobs, answers, *_ = plain
        self.reads.update(read for job in jobs for read in job[2])
        if not is_of_jobs_only(plain):
            self.others.append((path, plain))
            return
        self.silent.append(path)
        self.jobs += len(jobs)
        for overrides, is_whole, reads in jobs:
            self.judged.setdefault((overrides, is_whole), set()).update(reads)
        if answers:
            findings, questions, crashes = answers
            new = self._new(findings), self._new(questions), crashes
            if any(new):
                self.answers.append((path, new))

    def _new(self, said: Iterable[Plain]) -> Plain:
        """Those of packed findings, or of questions, that are not the same as earlier ones."""
        kept = []
        for it in said:
            (rule, _), place, message, *_ = it
            key = rule, place, message, len(it)
            if key not in self._said:
                self._said.add(key)
                kept.append(it)
        return tuple(kept)
