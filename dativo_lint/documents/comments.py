"""Comments for this linter in a file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from msgspec import Struct

from dativo_lint.documents.document import Reading
from dativo_lint.documents.place import Lines

WORD = "dativo-lint"
_BLOCKS = ("|", ">")


class Comment(Struct, frozen=True):
    """A comment that names the linter; line and column are 1-based and of its `#`.

    `text` runs from the `#` to the end of the line; `stands_alone` means that only whitespace is
    before it, `more_lines` is the number of further lines.
    """

    line: int
    column: int
    text: str
    stands_alone: bool
    more_lines: int = 0


def comments(reading: Reading) -> tuple[Comment, ...]:
    """The comments of a YAML file that name the linter, in order; JSON has none."""
    if WORD not in reading.text or reading.path.lower().endswith(".json"):
        return ()
    return tuple(_comments(reading))


def _comments(reading: Reading) -> Iterator[Comment]:
    text = reading.text
    lines = Lines(text)
    spans = sorted(set(_quoted(reading)))
    starts = [start for start, _ in spans]
    named = text.find(WORD)
    while named >= 0:
        line, column = lines.position(named)
        begin = named - column
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
                    stands_alone = not text[begin:hash_sign].strip()
                    yield Comment(line + 1, hash_sign - begin + 1, written, stands_alone)
                break
            hash_sign = text.find("#", next_place, end)
        named = text.find(WORD, end)


def _quoted(reading: Reading) -> Iterator[tuple[int, int]]:
    """Where quoted and block scalars begin and end, keys too; a plain one holds no comment sign."""
    for document in reading.documents:
        for start, end in document.root.quoted if document.root is not None else ():
            if reading.text.startswith(_BLOCKS, start):
                # Its first line holds only the sign of the block, and may end with a comment.
                start += len(_rest(reading.text, start))  # noqa: PLW2901
            yield start, end


def _rest(text: str, begin: int) -> str:
    """A line from somewhere on, without its end."""
    end = text.find("\n", begin)
    return text[begin : end if end >= 0 else len(text)].partition("\r")[0]
