"""Later marks: where the parts of a text stand, read when a place is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dativo_lint.texts.document import Document, ListMarks, MappingMarks, Mark, Marked


class LaterMarks(Mapping[int, MappingMarks | ListMarks]):
    """The marks of a document whose values were read without; as the root, itself as written.

    `read` gives the same document with its marks. Nothing in the data may stand in two places.
    """

    __slots__ = ("_data", "_found", "_read")

    def __init__(self, data: Any, read: Callable[[], Document]) -> None:
        self._data = data
        self._read = read
        self._found: tuple[Marked, dict[int, MappingMarks | ListMarks]] | None = None

    @property
    def start_mark(self) -> Mark:
        """Where the document begins."""
        return self._read_once()[0].start_mark

    @property
    def end_mark(self) -> Mark:
        """Where the document ends, exclusive."""
        return self._read_once()[0].end_mark

    def __getitem__(self, identity: int) -> MappingMarks | ListMarks:
        return self._read_once()[1][identity]

    def __iter__(self) -> Iterator[int]:
        return iter(self._read_once()[1])

    def __len__(self) -> int:
        return len(self._read_once()[1])

    def _read_once(self) -> tuple[Marked, dict[int, MappingMarks | ListMarks]]:
        if self._found is None:
            document = self._read()
            assert document.root is not None  # noqa: S101 - it was read from a text
            self._found = document.root, _moved(document, self._data)
        return self._found


def _moved(document: Document, data: Any) -> dict[int, MappingMarks | ListMarks]:
    """The marks of a document, for data that is equal to its own."""
    found = {}
    pending = [(document.data, data)]
    while pending:
        theirs, ours = pending.pop()
        found[id(ours)] = document.marks[id(theirs)]
        if isinstance(theirs, dict):
            pairs = zip(theirs.values(), ours.values(), strict=True)
        else:
            pairs = zip(theirs, ours, strict=True)
        pending += [pair for pair in pairs if isinstance(pair[0], (dict, list))]
    return found
