"""Comments: what a file says to this linter."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from msgspec import Struct

from dativo_lint.texts.document import ByLines, Document, Marked, Reading
from dativo_lint.texts.positions import Lines

WORD = "dativo-lint"
_BLOCKS = ("|", ">")


class Comment(Struct, frozen=True):
    """A comment that names the linter; line and column are 1-based and of its `#`.

    `text` runs from the `#` to the end of the line; `stands_alone` tells that nothing but white
    space is before it.
    """

    line: int
    column: int
    text: str
    stands_alone: bool


def comments(reading: Reading) -> tuple[Comment, ...]:
    """The comments of a YAML file that name the linter, in order; JSON has none."""
    if WORD not in reading.text or reading.path.endswith(".json"):
        return ()
    by_lines = reading.documents[0].by_lines if reading.documents else None
    return tuple(_comments(reading) if by_lines is None else _of_lines(reading.text, by_lines))


def _of_lines(text: str, by_lines: ByLines) -> Iterator[Comment]:
    """The comments of a text of which no scalar stands on more than one line."""
    before, number = 0, 1
    while (named := text.find(WORD, before)) >= 0:
        number += text.count("\n", before, named)
        begin = text.rfind("\n", 0, named) + 1
        before = begin + len(_rest(text, begin))
        line = text[begin:before].rstrip()
        column = by_lines.column_of_comment(line)
        if column is not None and WORD in line[column:]:
            yield Comment(number, column + 1, line[column:], not line[:column].strip())


def _comments(reading: Reading) -> Iterator[Comment]:
    text = reading.text
    lines = Lines(text)
    spans = sorted({span for it in reading.documents for span in _texts(it)})
    starts = [start for start, _ in spans]
    named = text.find(WORD)
    while named >= 0:
        position = lines.position(named)
        begin = named - position.column
        end = begin + len(_rest(text, begin))
        hash_sign = text.find("#", begin, end)
        while hash_sign >= 0:
            before = bisect_right(starts, hash_sign) - 1
            next_place = hash_sign + 1
            if before >= 0 and hash_sign < spans[before][1]:
                next_place = spans[before][1]
            elif hash_sign == begin or text[hash_sign - 1] in " \t":
                written = text[hash_sign:end].rstrip()
                if WORD in written:
                    alone = not text[begin:hash_sign].strip()
                    yield Comment(position.line + 1, hash_sign - begin + 1, written, alone)
                break
            hash_sign = text.find("#", next_place, end)
        named = text.find(WORD, end)


def _rest(text: str, begin: int) -> str:
    """A line from somewhere on, without its end."""
    end = text.find("\n", begin)
    return text[begin : end if end >= 0 else len(text)].partition("\r")[0]


def _texts(document: Document) -> Iterator[tuple[int, int]]:
    """Where quoted and block scalars begin and end, keys too; a plain one holds no comment sign."""
    for scalar in _scalars(document):
        style = getattr(scalar, "style", None)
        if style:
            start, end = scalar.start_mark.index, scalar.end_mark.index
            if style in _BLOCKS:
                # Its first line holds only the sign of the block, and may end with a comment.
                start += len(_rest(document.text, start))
            yield start, end


def _scalars(document: Document) -> Iterator[Marked]:
    """Every scalar of a document as written, keys too."""
    pending = [(document.data, document.root)]
    seen = set()
    while pending:
        data, written = pending.pop()
        marks = document.marks.get(id(data))
        if marks is None:
            if written is not None:
                yield written
        elif id(data) not in seen:
            seen.add(id(data))
            if isinstance(marks, Mapping):
                for key, pair in marks.items():
                    yield pair[0]
                    pending.append((data.get(key), pair[1]))
            else:
                pending += zip(data, marks, strict=False)
