"""Tracked folders: what was read from a folder and what was looked for in vain, to check later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import Literal, cast

from msgspec import Struct, field

from dativo_lint.documents.document import Fault, Limits
from dativo_lint.documents.folder import Folder, Kind

Question = tuple[Literal["content", "kind", "names", "outside", "real"], str, int]
"""A query of a folder: its kind, the path, and for a content the most bytes (else 0)."""


class Dependencies(Struct):
    """The queries of a folder, and digests of the answers: the dependencies of a result.

    Plain data, for msgpack. A content or a list of names is kept as a digest, a fault as its
    message, a missing file as its fault or kind.
    """

    answers: dict[Question, str] = field(default_factory=dict)

    def holds(self, folder: TrackedFolder) -> bool:
        """Whether a folder answers all of it as before."""
        known = folder.answers
        for question, answer in self.answers.items():
            if known.get(question) != answer and folder.answer(question) != answer:
                return False
        return True

    def files(self) -> tuple[str, ...]:
        """The paths of the files that were read, or tried, in the order of the first attempts."""
        return tuple(dict.fromkeys(path for what, path, _ in self.answers if what == "content"))


class TrackedFolder:
    """A folder that notes its answers in each recording that goes on meanwhile.

    `answers` are those of this run so far, in their short forms.
    What it answered first is what it goes by for the rest of its life, which is one run: a question
    that many results depend on is put to the disk once.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._recordings: list[Dependencies] = []
        self.answers: dict[Question, str] = {}
        self._limits: dict[int, Limits] = {}

    @contextmanager
    def recording(self) -> Iterator[Dependencies]:
        """All queries inside the `with` block, with their answers; blocks may be nested."""
        dependencies = Dependencies()
        self._recordings.append(dependencies)
        try:
            yield dependencies
        finally:
            # By identity: two recordings that noted the same are equal.
            self._recordings = [other for other in self._recordings if other is not dependencies]

    def add(self, dependencies: Dependencies) -> None:
        """Note again what was recorded before, when something that was kept of it is used."""
        for recording in self._recordings:
            recording.answers.update(dependencies.answers)

    def answer(self, question: Question) -> str:
        """The short form of an answer, as it was first in this run; it is not recorded."""
        answer = self.answers.get(question)
        if answer is None:
            answer = self.answers[question] = self._short_answer(*question)
        return answer

    def _short_answer(self, what: str, path: str, most_bytes: int) -> str:
        if what == "content":
            if most_bytes not in self._limits:
                self._limits[most_bytes] = Limits(file_bytes=most_bytes)
            return _short_content(self._folder.read(path, self._limits[most_bytes]))
        if what == "names":
            return _short_names(self._folder.names(path))
        if what == "outside":
            return str(self._folder.is_outside(path))
        return self._folder.real(path) if what == "real" else self._folder.kind(path) or ""

    def forget(self, path: str) -> None:
        """Drop the answer about a content that no other result depends on."""
        for most_bytes in self._limits:
            self.answers.pop(("content", path, most_bytes), None)

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        self._limits[limits.file_bytes] = limits
        content = self._folder.read(path, limits)
        self._note(("content", path, limits.file_bytes), _short_content(content))
        return content

    def kind(self, path: str) -> Kind | None:
        return cast("Kind | None", self._asked(("kind", path, 0)) or None)

    def names(self, path: str) -> list[str]:
        names = self._folder.names(path)
        self._note(("names", path, 0), _short_names(names))
        return names

    def is_outside(self, path: str) -> bool:
        return self._asked(("outside", path, 0)) == str(True)

    def real(self, path: str) -> str:
        """See `Folder`."""
        return self._asked(("real", path, 0))

    def _asked(self, question: Question) -> str:
        answer = self.answer(question)
        self._note(question, answer)
        return answer

    def _note(self, question: Question, answer: str) -> None:
        self.answers.setdefault(question, answer)
        for recording in self._recordings:
            recording.answers[question] = answer


def _short_content(content: bytes | Fault) -> str:
    if isinstance(content, Fault):
        return f"{content.kind.value}: {content.message}"
    return blake2b(content, digest_size=16).hexdigest()


def _short_names(names: list[str]) -> str:
    return _short_content("\0".join(names).encode("utf-8", "surrogateescape"))
