"""Documents: plain data, the place of every field beside it, and what kept it from being read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, Protocol

from msgspec import Struct

from dativo_lint.texts.place import Field, Place, spell, start_of

_LINE_END = r"\r\n?|\n"


class Mark(Protocol):
    """A point in a text: offset, line and column, each 0-based, in code points."""

    @property
    def index(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Marked(Protocol):
    """A key, value or item as it was written; a parser's event serves as it is."""

    @property
    def start_mark(self) -> Mark: ...
    @property
    def end_mark(self) -> Mark: ...


class Absent(Enum):
    """The value of a field that is not there; distinct from null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT

MappingMarks = Mapping[Any, tuple[Marked, Marked]]
"""Of each key of a mapping: the key as written, and its value as written."""
ListMarks = Sequence[Marked]
"""Of each item of a list: the item as written."""


class ByLines(Protocol):
    """What is soon told of a text whose scalars all stand on one line each."""

    def last_lines(self) -> dict[int, int]: ...
    def column_of_comment(self, line: str) -> int | None:
        """Where the comment of a line of the text begins, 0-based, if it has one."""

    def written(self, route: Field) -> tuple[Marked, Marked] | None:
        """The key and the value at a route of keys; None where that is not soon told."""


class FaultKind(str, Enum):
    """What can be wrong with a text before anything is known of its meaning."""

    SYNTAX = "syntax"
    ENCODING = "encoding"
    CHARACTER = "character"
    EMPTY = "empty"
    LIMIT = "limit"
    TAG = "tag"
    ALIAS = "alias"
    UNHASHABLE_KEY = "unhashable-key"
    VALUE = "value"
    NOT_A_FILE = "not-a-file"
    UNREADABLE = "unreadable"
    DUPLICATE_KEY = "duplicate-key"
    NON_STRING_KEY = "non-string-key"

    @property
    def is_fatal(self) -> bool:
        """Whether the platform's loader would refuse the text."""
        return self not in (FaultKind.DUPLICATE_KEY, FaultKind.NON_STRING_KEY)


class Fault(Struct, frozen=True):
    """One thing wrong with a text, in a sentence; `other` is a second place that it is about."""

    kind: FaultKind
    message: str
    place: Place
    other: Place | None = None


class Document(Struct, frozen=True, eq=False):
    """One document of a file.

    `data` is plain: dict, list and scalars, exactly as `yaml.safe_load` (or `json.loads`) gives
    them. `marks` holds, by the identity of each dict and list in `data`, where its keys, values
    and items were written; `root` is the outermost value as written. `number` is the document's
    0-based position in its file, `text` the whole file. `is_literal` tells that every plain scalar
    is known to be spelled as its value is written, so that nobody need look at spellings.
    `by_lines` is there where the text is of one document, and was read line by line.
    """

    path: str
    text: str
    data: Any
    root: Marked | None = None
    marks: Mapping[int, MappingMarks | ListMarks] = MappingProxyType({})
    number: int = 0
    is_literal: bool = False
    by_lines: ByLines | None = None

    def value(self, route: Field) -> Any:
        """What stands at a route, or `ABSENT`."""
        value = self.data
        for step in route:
            # By far the most of a million questions that a run asks.
            if value.__class__ is dict and step.__class__ is str:
                value = value.get(step, ABSENT)
            elif isinstance(step, int):
                is_there = isinstance(value, list) and -1 < step < len(value)
                value = value[step] if is_there else ABSENT
            else:
                value = value.get(step, ABSENT) if isinstance(value, dict) else ABSENT
        return value

    def place(self, route: Field) -> Place:
        """Where a field is written.

        A scalar is placed at its value, a mapping or list at its key, an absent field at its
        nearest ancestor but under its own name.
        """
        key, value, found = self._written(route)
        name = spell(route)
        if value is None:
            return start_of(self.path, name)
        if len(found) == len(route) and not isinstance(self.value(route), (dict, list)):
            if key is None or value.end_mark.index > value.start_mark.index:
                return self._between(value, name)
        if key is not None:
            return self._between(key, name)
        return self._first_line(value, name)

    def key_place(self, route: Field) -> Place:
        """Where the key of a field is written; for items and absent fields, as `place`."""
        key, _, found = self._written(route)
        if key is not None and len(found) == len(route):
            return self._between(key, spell(route))
        return self.place(route)

    def raw(self, route: Field) -> str | None:
        """The spelling of a scalar in the file, quotes included; None where there is none."""
        _, value, found = self._written(route)
        if value is None or len(found) < len(route):
            return None
        return self.text[value.start_mark.index : value.end_mark.index].rstrip()

    def block_lines(self, route: Field) -> tuple[int, int]:
        """First and last line (1-based, both included) of a field with its key and all below."""
        key, value, _ = self._written(route)
        if value is None:
            return (1, 1)
        first = (key or value).start_mark.line + 1
        blocks = self._blocks(self.value(route), value, first)
        return first, max(first, blocks[0][1])

    def last_lines(self) -> dict[int, int]:
        """Of each line on which a field begins, the last line of all that begins there."""
        if self.by_lines is not None:
            return self.by_lines.last_lines()
        found: dict[int, int] = {}
        if self.root is not None:
            for first, last in self._blocks(self.data, self.root, 0)[1:]:
                found[first] = max(first, last, found.get(first, 0))
        return found

    def _written(self, route: Field) -> tuple[Marked | None, Marked | None, Field]:
        """Key and value at the longest existing beginning of a route, and that beginning."""
        if self.by_lines is not None:
            beginning = self._existing(route)
            quick = self.by_lines.written(beginning)
            if quick is not None:
                return (*quick, beginning)
        here = self.data
        last: Any = None
        depth = 0
        for step in route:
            marks = self.marks.get(id(here))
            if isinstance(here, dict):
                if not isinstance(marks, Mapping) or step not in marks:
                    break
            elif not (
                isinstance(here, list)
                and isinstance(marks, Sequence)
                and isinstance(step, int)
                and -1 < step < len(marks)
            ):
                break
            last = marks, step
            here = here[step]
            depth += 1
        if last is None:
            return None, self.root, ()
        # Only here, for marks may be made when they are asked for.
        written = last[0][last[1]]
        key, value = written if isinstance(last[0], Mapping) else (None, written)
        return key, value, route[:depth]

    def _existing(self, route: Field) -> Field:
        """The longest beginning of a route of which every field is there."""
        here = self.data
        for depth, step in enumerate(route):
            if not (isinstance(here, dict) and step in here):
                # The items of lists are not soon told.
                return route if isinstance(here, list) else route[:depth]
            here = here[step]
        return route

    def _blocks(self, data: Any, written: Marked, first: int) -> list[tuple[int, int]]:
        """First and last lines of a value and of all below it, itself first, in one walk."""
        firsts: list[int] = []
        lasts: list[int] = []
        above: list[int] = []
        pending = [(data, written, first, 0)]
        seen = set()
        while pending:
            data, written, first, parent = pending.pop()
            number = len(firsts)
            firsts.append(first)
            lasts.append(self._end_of(written)[0])
            above.append(parent)
            marks = self.marks.get(id(data))
            if marks is None or id(data) in seen:
                continue
            seen.add(id(data))
            # In the order of the text, so that an anchor is seen before its aliases.
            if isinstance(marks, Mapping):
                pending += [
                    (data.get(key), value, name.start_mark.line + 1, number)
                    for key, (name, value) in reversed(list(marks.items()))
                ]
            else:
                pending += [
                    (item, value, value.start_mark.line + 1, number)
                    for item, value in reversed(list(zip(data, marks, strict=False)))
                ]
        for number in range(len(lasts) - 1, 0, -1):
            lasts[above[number]] = max(lasts[above[number]], lasts[number])
        return list(zip(firsts, lasts, strict=True))

    def _between(self, written: Marked, name: str) -> Place:
        start = written.start_mark
        end_line, end_column = self._end_of(written)
        return Place(self.path, start.line + 1, start.column + 1, end_line, end_column, name)

    def _end_of(self, written: Marked) -> tuple[int, int]:
        """End of a value, 1-based; a block scalar ends with its text, not where the next begins."""
        start, end = written.start_mark, written.end_mark
        if end.column or end.line == start.line:
            return end.line + 1, end.column + 1
        lines = re.split(_LINE_END, self.text[start.index : end.index].rstrip())
        before = start.column if len(lines) == 1 else 0
        return start.line + len(lines), before + len(lines[-1]) + 1

    def _first_line(self, written: Marked, name: str) -> Place:
        start = written.start_mark
        stop = re.compile(_LINE_END).search(self.text, start.index)
        line = self.text[start.index : stop.start() if stop else len(self.text)].rstrip()
        end = start.column + len(line) + 1
        return Place(self.path, start.line + 1, start.column + 1, start.line + 1, end, name)


class Reading(Struct, frozen=True):
    """All that came of reading one file: its documents, and its faults in the order of places.

    A file with a fatal fault still gives the documents that stand before the fault; the document
    in which it stands is not among them.
    """

    path: str
    text: str
    documents: tuple[Document, ...]
    faults: tuple[Fault, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether the platform's loader would refuse the file."""
        return bool(self.faults) and any(fault.kind.is_fatal for fault in self.faults)


class Limits(Struct, frozen=True):
    """How much of a text is read before it is refused; each is a setting under `limits`.

    `file_bytes` counts bytes; `nesting` levels of mappings and lists; `expanded_nodes` keys,
    values and items after every alias is followed; `documents` documents in one file.
    `rendered_bytes` counts bytes of a rendered set, such as a plan, in the place of `file_bytes`;
    of the other limits, `expanded_nodes` grows by as much.
    """

    file_bytes: int = 4 * 1024 * 1024
    nesting: int = 100
    expanded_nodes: int = 1_000_000
    documents: int = 1000
    rendered_bytes: int = 32 * 1024 * 1024

    @property
    def of_rendered(self) -> Limits:
        """The limits of a rendered set."""
        growth = max(1, -(-self.rendered_bytes // self.file_bytes))
        return Limits(
            file_bytes=self.rendered_bytes,
            nesting=self.nesting,
            expanded_nodes=self.expanded_nodes * growth,
            documents=self.documents,
            rendered_bytes=self.rendered_bytes,
        )
