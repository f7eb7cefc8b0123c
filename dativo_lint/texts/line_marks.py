"""Marks of texts that were read by lines: from the lines again, when a place is asked for.

The first place of a job costs 0.04 ms and a further one 0.01 ms, where libyaml's composer takes
0.4 ms for the first. Nothing is kept of a text that is never asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from dativo_lint.texts.document import ListMarks, MappingMarks, Mark, Marked
from dativo_lint.texts.place import Field
from dativo_lint.texts.positions import Position, Span
from dativo_lint.texts.yaml_line import (
    COPIED,
    DASH,
    ITEM,
    ITEM_IN_BRACKETS,
    KEY,
    NESTED,
    OF_KEY,
    OPENS,
    column_of_comment,
    pairs_in,
    parts,
    what_it_says,
)


class LineMarks(Mapping[int, MappingMarks | ListMarks]):
    """The marks of a document whose values `line_values` read; as its root, itself as written."""

    __slots__ = ("_data", "_lengths", "_lines", "_made", "_text", "_written")

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self._text = text
        self._data = data
        self._lines: list[str] = []
        self._lengths: list[int] = []
        self._written: dict[int, _Written] = {}
        self._made: dict[int, MappingMarks | ListMarks] = {}

    @property
    def start_mark(self) -> Mark:
        """Where the first key of the document begins."""
        return self.beginning(self._data).start_mark

    @property
    def end_mark(self) -> Mark:
        """The same, for the document has no bracket that opens it."""
        return self.beginning(self._data).end_mark

    def __getitem__(self, identity: int) -> MappingMarks | ListMarks:
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

    def scalar(self, route: Field) -> tuple[Marked, Marked] | None:
        """See `ByLines`. The lines are followed by their levels, as far as the field."""
        if not route or self._written or not all(step.__class__ is str for step in route):
            return None
        lines = self._text.split("\n")
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
                is_opened = said[4] == OPENS
                if depth == len(route):
                    return None if is_opened or said[4] & COPIED else self._pair(lines, row)
                if not is_opened:
                    return None
        return None

    def _pair(self, lines: list[str], row: int) -> tuple[Marked, Marked]:
        """A key and a scalar on a line of a text of which no more is known."""
        found = parts(lines[row])
        at = sum(map(len, lines[:row])) + row
        (a, b), (c, d) = found.span(KEY), found.span(OF_KEY)
        return (
            Span(Position(at + a, row, a), Position(at + b, row, b)),
            Span(Position(at + c, row, c), Position(at + d, row, d)),
        )

    def pair(self, row: int, value: Any) -> tuple[Marked, Marked]:
        """The key on a line, and its value."""
        found = parts(self._lines[row])
        key = self._span(row, *found.span(KEY))
        start, end = found.span(OF_KEY)
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
        return self._value(row, *found.span(ITEM), item)

    def beginning(self, value: Any) -> Marked:
        """Where a mapping or list without brackets begins."""
        written = self._all()[id(value)]
        found = parts(self._lines[written.rows[0]])
        start = found.start(KEY if written.is_mapping else DASH)
        return self._span(written.rows[0], start, start)

    def _in_brackets(self, written: _Written) -> MappingMarks | ListMarks:
        """The marks of a list of scalars, or of a mapping."""
        row = written.rows[0]
        line = self._lines[row]
        start, end = written.span or _span_of_value(line)
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
        at = self._lengths[row] + row
        return Span(Position(at + start, row, start), Position(at + end, row, end))

    def _all(self) -> dict[int, _Written]:
        """The mappings and lists of the document by their identities."""
        if not self._written:
            self._lines = self._text.split("\n")
            self._lengths = list(accumulate(map(len, self._lines), initial=0))
            self._written = _all_written(self._data, self._lines)
        return self._written


class _Written(NamedTuple):
    """A mapping or list, and on which lines its keys or items begin; in brackets, on the only.

    `span` tells where it stands on that line, if it stands inside other brackets.
    """

    data: Any
    rows: list[int]
    is_in_brackets: bool = False
    span: tuple[int, int] | None = None

    @property
    def is_mapping(self) -> bool:
        return self.data.__class__ is dict


class _Pairs(Mapping[Any, "tuple[Marked, Marked]"]):
    """The marks of a mapping, each made when it is asked for."""

    __slots__ = ("_data", "_marks", "_rows")

    def __init__(self, marks: LineMarks, written: _Written) -> None:
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

    def __init__(self, marks: LineMarks, written: _Written) -> None:
        self._marks = marks
        self._written = written

    def __getitem__(self, number: Any) -> Any:
        return self._marks.item(self._written.rows[number], self._written.data[number])

    def __len__(self) -> int:
        return len(self._written.rows)


def _all_written(data: dict[str, Any], lines: list[str]) -> dict[int, _Written]:
    """See `LineMarks._all`; the lines are followed as `line_values` has followed them."""
    here: Any = data
    level, opened = 0, None
    rows: list[int] = []
    found = {id(data): _Written(data, rows)}
    above: list[tuple[int, Any, list[int]]] = []
    for row, said in enumerate(map(what_it_says, lines)):
        if not said:
            continue
        said_level, inner, key, _, sort = said
        while said_level < level:
            level, here, rows = above.pop()
        if said_level > level:
            above.append((level, here, rows))
            here, level, rows = here[opened], said_level, []
            found[id(here)] = _Written(here, rows)
        rows.append(row)
        if inner:
            above.append((level, here, rows))
            here, level, rows = here[len(rows) - 1], inner, [row]
            found[id(here)] = _Written(here, rows)
        if sort == OPENS:
            opened = key
        elif sort & COPIED:
            value = here[key] if key is not None else here[len(rows) - 1]
            found[id(value)] = _Written(value, [row], is_in_brackets=True)
            if sort & NESTED:
                line = lines[row]
                found.update(_inside(value, row, line, _span_of_value(line)))
    return found


def _inside(
    data: dict[str, Any], row: int, line: str, span: tuple[int, int]
) -> Iterator[tuple[int, _Written]]:
    """The mappings and lists inside a mapping in brackets by their identities."""
    for pair in pairs_in(line, *span) if data else ():
        value = data[pair[1]]
        if value.__class__ is dict or value.__class__ is list:
            yield id(value), _Written(value, [row], is_in_brackets=True, span=pair.span(2))
            if value.__class__ is dict:
                yield from _inside(value, row, line, pair.span(2))


def _span_of_value(line: str) -> tuple[int, int]:
    """Where the value stands that a line ends with."""
    found = parts(line)
    return found.span(OF_KEY if found[ITEM] is None else ITEM)
