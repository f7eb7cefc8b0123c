"""Where the parts of a JSON text stand: looked up when a place is asked for, and not before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from json import JSONDecoder

from msgspec import Struct

from dativo_lint.texts.document import ListMarks, MappingMarks, Mark
from dativo_lint.texts.positions import Lines

_SCALAR = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[^\s,\]}]+')
_BETWEEN = re.compile(r"[ \t\n\r:,]*")

_decoder = JSONDecoder()


class JsonSpan(Struct, frozen=True):
    """A key, value or item between two offsets; the line is worked out when it is asked for."""

    start: int
    end: int
    lines: Lines

    @property
    def start_mark(self) -> Mark:
        """Where it begins."""
        return self.lines.position(self.start)

    @property
    def end_mark(self) -> Mark:
        """Where it ends, exclusive."""
        return self.lines.position(self.end)


class JsonMarks(Mapping[int, MappingMarks | ListMarks]):
    """The marks of each dict and list of a document, by its identity.

    A large text is read for its values and asked for few places, so only the two ends of each
    object and array are kept; those who ask for the marks of one have its own level read again.
    """

    def __init__(self, text: str, lines: Lines) -> None:
        self._text = text
        self._lines = lines
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        self._read: dict[int, MappingMarks | ListMarks] = {}

    def begin(self, value: object, start: int) -> None:
        """An object or array begins."""
        self._starts[id(value)] = start

    def end(self, start: int, end: int) -> None:
        """The object or array that began at `start` ends."""
        self._ends[start] = end

    def span(self, start: int, end: int) -> JsonSpan:
        """What stands between two offsets."""
        return JsonSpan(start, end, self._lines)

    def key_span(self, start: int) -> JsonSpan:
        """The key that begins at an offset."""
        return self.span(start, self._end_of(start))

    def __getitem__(self, identity: int) -> MappingMarks | ListMarks:
        found = self._read.get(identity)
        if found is None:
            start = self._starts[identity]
            is_object = self._text[start] == "{"
            found = dict(self._pairs(start)) if is_object else list(self._items(start))
            self._read[identity] = found
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self._starts)

    def __len__(self) -> int:
        return len(self._starts)

    def _items(self, start: int) -> Iterator[JsonSpan]:
        at = self._next(start + 1)
        while self._text[at] != "]":
            end = self._end_of(at)
            yield self.span(at, end)
            at = self._next(end)

    def _pairs(self, start: int) -> Iterator[tuple[str, tuple[JsonSpan, JsonSpan]]]:
        at = self._next(start + 1)
        while self._text[at] != "}":
            key, end = _decoder.raw_decode(self._text, at)
            value = self._next(end)
            value_end = self._end_of(value)
            yield key, (self.span(at, end), self.span(value, value_end))
            at = self._next(value_end)

    def _next(self, offset: int) -> int:
        """Past white space, colons and commas."""
        found = _BETWEEN.match(self._text, offset)
        return found.end() if found is not None else offset

    def _end_of(self, start: int) -> int:
        """Where the key or value ends that begins at an offset."""
        end = self._ends.get(start)
        if end is not None:
            return end
        found = _SCALAR.match(self._text, start)
        return found.end() if found is not None else start
