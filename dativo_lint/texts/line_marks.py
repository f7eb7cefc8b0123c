"""Marks of texts that were read by lines: from the lines again, when a place is asked for.

The first place of a job costs 0.06 ms and a further one 0.01 ms, where libyaml's composer takes
0.4 ms for the first. Nothing is kept of a text that is never asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from dativo_lint.texts.document import ListMarks, MappingMarks, Mark, Marked
from dativo_lint.texts.place import Field
from dativo_lint.texts.positions import Position, Span
from dativo_lint.texts.yaml_line import (
    DASH,
    ITEM_IN_BRACKETS,
    KEY,
    OPENS,
    VALUE,
    column_of_comment,
    pairs_in,
    parts,
    span_of_value,
    what_it_says,
)

if TYPE_CHECKING:
    from dativo_lint.texts.line_rows import Written


_NEXT_BLOCK = re.compile(r"\n(?=[^ #\-\n])")
"""Where a mapping or list that stands below a key of the document ends at the latest."""


class LineMarks(Mapping[int, MappingMarks | ListMarks]):
    """The marks of a document whose values `line_values` read; as its root, itself as written."""

    __slots__ = ("_data", "_lengths", "_lines", "_made", "_text", "_written")

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self._text = text
        self._data = data
        # Made when a place is asked for, which it is of few texts.
        self._lines: Sequence[str] = ()
        self._lengths: Sequence[int] = ()
        self._written: Mapping[int, Written] | None = None
        self._made: dict[int, MappingMarks | ListMarks] | None = None

    @property
    def start_mark(self) -> Mark:
        """Where the first key of the document begins."""
        return self.beginning(self._data).start_mark

    @property
    def end_mark(self) -> Mark:
        """The same, for the document has no bracket that opens it."""
        return self.beginning(self._data).end_mark

    def __getitem__(self, identity: int) -> MappingMarks | ListMarks:
        if self._made is None:
            self._made = {}
        found = self._made.get(identity)
        if found is None:
            written = self._all()[identity]
            if written.is_in_brackets:
                found = self._in_brackets(written)
            else:
                found = _Pairs(self, written) if written.is_mapping else _Items(self, written)
            self._made[identity] = found
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def last_lines(self) -> dict[int, int]:
        """See `Document.last_lines`."""
        found: dict[int, int] = {}
        above: list[tuple[int, int]] = []
        before = 0
        for number, said in enumerate(map(what_it_says, self._text.split("\n")), 1):
            if said:
                while above and above[-1][0] >= said[0]:
                    found[above.pop()[1]] = before
                above.append((said[0], number))
                before = number
        return found | {number: before for _, number in above}

    def column_of_comment(self, line: str) -> int | None:
        """See `ByLines`."""
        return column_of_comment(line)

    def written(self, route: Field) -> tuple[Marked, Marked] | None:
        """See `ByLines`. From the line of the first key on, the lines are followed by their levels.

        That takes a tenth of making what all places need, and of most texts one is asked for.
        """
        if (
            not route
            or self._written is not None
            or not all(step.__class__ is str for step in route)
        ):
            return None
        first = f"{route[0]}:"
        start = 0 if self._text.startswith(first) else self._text.find(f"\n{first}") + 1
        next_block = _NEXT_BLOCK.search(self._text, start + 1)
        lines = self._text[start : next_block.start() if next_block else None].split("\n")
        depth, level = 0, 0
        is_opened = False
        for row, said in enumerate(map(what_it_says, lines)):
            if not said:
                continue
            if is_opened:
                if said[0] <= level or said[0] % 2:
                    return None
                is_opened, level = False, said[0]
            if said[0] < level:
                return None
            if said[0] == level and said[2] == route[depth]:
                depth += 1
                if depth == len(route):
                    return self._pair(lines[row:], start + sum(map(len, lines[:row])) + row)
                is_opened = said[4] == OPENS
                if not is_opened:
                    return None
        return None

    def _pair(self, lines: list[str], at: int) -> tuple[Marked, Marked]:
        """The key and value on the first of some lines, which begins there.

        As `pair`, of a text of which no more is known.
        """
        row = self._text.count("\n", 0, at)
        found = parts(lines[0])
        key = _span(at, row, *found.span(KEY))
        start, end = found.span(VALUE)
        if start >= 0:
            is_in_brackets = lines[0][start] in "[{"
            return key, _span(at, row, start, start + 1 if is_in_brackets else end)
        level = 2 * found.start(KEY)
        below = at
        for number, line in enumerate(lines):
            said = what_it_says(line) if number else None
            if said and said[0] <= level:
                break
            if said:
                start = said[0] // 2
                return key, _span(below, row + number, start, start)
            below += len(line) + 1
        return key, _span(at, row, found.end(KEY) + 1, found.end(KEY) + 1)

    def pair(self, row: int, value: Any) -> tuple[Marked, Marked]:
        """The key on a line, and its value."""
        found = parts(self._lines[row])
        key = self._span(row, *found.span(KEY))
        start, end = found.span(VALUE)
        if start >= 0:
            return key, self._value(row, start, end, value)
        if value is not None:
            return key, self.beginning(value)
        # The value of a key that stands alone is null, right behind the colon.
        return key, self._span(row, found.end(KEY) + 1, found.end(KEY) + 1)

    def item(self, row: int, item: Any) -> Marked:
        """The item on a line."""
        found = parts(self._lines[row])
        if found[KEY] is not None:
            return self.beginning(item)
        return self._value(row, *found.span(VALUE), item)

    def beginning(self, value: Any) -> Marked:
        """Where a mapping or list without brackets begins."""
        written = self._all()[id(value)]
        found = parts(self._lines[written.rows[0]])
        start = found.start(KEY if written.is_mapping else DASH)
        return self._span(written.rows[0], start, start)

    def _in_brackets(self, written: Written) -> MappingMarks | ListMarks:
        """The marks of a list of scalars, or of a mapping."""
        row = written.rows[0]
        line = self._lines[row]
        start, end = written.span or span_of_value(line)
        if not written.is_mapping:
            items = ITEM_IN_BRACKETS.finditer(line, start + 1, end)
            return [self._span(row, *item.span()) for item in items]
        return {
            pair[1]: (
                self._span(row, *pair.span(1)),
                self._value(row, *pair.span(2), written.data[pair[1]]),
            )
            for pair in (pairs_in(line, start, end) if written.data else ())
        }

    def _value(self, row: int, start: int, end: int, value: Any) -> Marked:
        """A scalar as written; of what is in brackets the opening one."""
        is_in_brackets = value.__class__ is dict or value.__class__ is list
        return self._span(row, start, start + 1 if is_in_brackets else end)

    def _span(self, row: int, start: int, end: int) -> Span:
        # Of each line before it, the end has not been counted.
        return _span(self._lengths[row] + row, row, start, end)

    def _all(self) -> Mapping[int, Written]:
        """The mappings and lists of the document by their identities."""
        if self._written is None:
            from dativo_lint.texts.line_rows import all_written  # few texts are asked for all

            self._lines = self._text.split("\n")
            self._lengths = list(accumulate(map(len, self._lines), initial=0))
            self._written = all_written(self._data, self._lines)
        return self._written


class _Pairs(Mapping[Any, "tuple[Marked, Marked]"]):
    """The marks of a mapping, each made when it is asked for."""

    __slots__ = ("_data", "_marks", "_rows")

    def __init__(self, marks: LineMarks, written: Written) -> None:
        self._marks = marks
        self._data = written.data
        self._rows = dict(zip(written.data, written.rows, strict=True))

    def __getitem__(self, key: Any) -> tuple[Marked, Marked]:
        return self._marks.pair(self._rows[key], self._data[key])

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


class _Items(Sequence[Marked]):
    """The marks of a list, each made when it is asked for."""

    __slots__ = ("_marks", "_written")

    def __init__(self, marks: LineMarks, written: Written) -> None:
        self._marks = marks
        self._written = written

    def __getitem__(self, number: Any) -> Any:
        return self._marks.item(self._written.rows[number], self._written.data[number])

    def __len__(self) -> int:
        return len(self._written.rows)


def _span(at: int, row: int, start: int, end: int) -> Span:
    """What stands between two columns of a line that begins at an offset."""
    return Span(Position(at + start, row, start), Position(at + end, row, end))
