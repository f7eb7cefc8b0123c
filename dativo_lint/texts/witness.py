"""Witness: a folder that remembers what it was asked and what it answered, as facts to hold later.

What is made of a folder's answers is as good as new while the folder would answer the same again.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from dativo_lint.texts.document import Fault, Limits
from dativo_lint.texts.folder import Folder, Kind

Question = tuple[str, str]
"""What was asked, and of which path: `content` (with the most bytes that were wanted), `kind`,
`names` or `outside`."""

Answer = bytes | str | None
"""A digest of a content or of names; the words of a fault; a kind; None for nothing."""

Facts = tuple[tuple[str, str, Answer], ...]
"""Questions with their answers."""

_CONTENT = "content:"


class Witness:
    """A folder whose answers are noted; each question is put to the disk once where it can be."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._answers: dict[Question, Answer] = {}
        self._noted: list[dict[Question, Answer]] = []
        self._limits: dict[str, Limits] = {}

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """See `Folder`."""
        content = self._folder.read(path, limits)
        self._note((_of_content(limits.file_bytes), path), _digest_of(content))
        return content

    def kind(self, path: str) -> Kind | None:
        """See `Folder`."""
        kind = self._folder.kind(path)
        self._note(("kind", path), kind)
        return kind

    def names(self, path: str) -> list[str]:
        """See `Folder`."""
        names = self._folder.names(path)
        self._note(("names", path), _digest("\0".join(names).encode("utf-8", "surrogateescape")))
        return names

    def is_outside(self, path: str) -> bool:
        """See `Folder`."""
        is_outside = self._folder.is_outside(path)
        self._note(("outside", path), "outside" if is_outside else None)
        return is_outside

    def noting(self) -> _Noting:
        """All that is asked meanwhile, with its answers."""
        return _Noting(self._noted)

    def repeat(self, facts: Facts) -> None:
        """Note again what was asked before, for those who were not there."""
        for question, path, answer in facts:
            self._note((question, path), answer)

    def fact(self, question: str, path: str) -> tuple[str, str, Answer]:
        """A fact as it is now, or as it was when this run asked for it."""
        key = question, path
        if key not in self._answers:
            self._ask(question, path)
        return question, path, self._answers[key]

    def content(self, path: str, limits: Limits) -> tuple[str, str, Answer]:
        """The fact of what a file holds."""
        return self.fact(_of_content(limits.file_bytes), path)

    def changed(self, path: str, answer: Answer, limits: Limits) -> bytes | Fault | None:
        """What a file holds now, which is noted; None, and nothing is, where that is as it was."""
        content = self._folder.read(path, limits)
        if (found := _digest_of(content)) == answer:
            return None
        self._note((_of_content(limits.file_bytes), path), found)
        return content

    def knows_content(self, path: str, limits: Limits) -> bool:
        """Whether it is noted what a file holds."""
        return (_of_content(limits.file_bytes), path) in self._answers

    def holds(self, facts: Facts) -> bool:
        """Whether the folder answers as it did."""
        answers = self._answers
        for question, path, answer in facts:
            if (question, path) not in answers:
                self._ask(question, path)
            if answers[question, path] != answer:
                return False
        return True

    def forget(self, path: str, limits: Limits) -> None:
        """Drop what is remembered of a file's content."""
        self._answers.pop((_of_content(limits.file_bytes), path), None)

    def _ask(self, question: str, path: str) -> None:
        if question.startswith(_CONTENT):
            limits = self._limits.get(question)
            if limits is None:
                limits = Limits(file_bytes=int(question[len(_CONTENT) :]))
                self._limits[question] = limits
            self.read(path, limits)
        elif question == "kind":
            self.kind(path)
        elif question == "names":
            self.names(path)
        else:
            self.is_outside(path)

    def _note(self, question: Question, answer: Answer) -> None:
        self._answers[question] = answer
        for noted in self._noted:
            noted[question] = answer


@lru_cache(maxsize=8)
def _of_content(most: int) -> str:
    # One text for all files: of 100,000 there are many facts.
    return f"{_CONTENT}{most}"


def _digest_of(content: bytes | Fault) -> Answer:
    return content.message if isinstance(content, Fault) else _digest(content)


class _Noting:
    """What is asked between its beginning and its end, noted; without `contextlib`, which takes
    half a millisecond to import."""

    def __init__(self, all_noted: list[dict[Question, Answer]]) -> None:
        self._all = all_noted
        self._own: dict[Question, Answer] = {}

    def __enter__(self) -> dict[Question, Answer]:
        self._all.append(self._own)
        return self._own

    def __exit__(self, *_: object) -> None:
        self._all.remove(self._own)


def _digest(content: bytes) -> bytes:
    """What tells bytes from all others, in 16 bytes."""
    return blake2b(content, digest_size=16).digest()
