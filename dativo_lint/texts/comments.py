"""Comments: what a file says to this linter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dativo_lint.texts.document import Document, Marked, Reading

WORD = "dativo-lint"
_COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n]*?" + WORD + r"[^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Comment:
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
    scalars = sorted(
        (it.start_mark.index, it.end_mark.index)
        for document in reading.documents
        for it in _scalars(document)
    )
    found = []
    for match in _COMMENT.finditer(reading.text):
        if any(start <= match.start() < end for start, end in scalars):
            continue
        begin = reading.text.rfind("\n", 0, match.start()) + 1
        before = reading.text[begin : match.start()]
        line = reading.text.count("\n", 0, begin) + 1
        found.append(Comment(line, len(before) + 1, match.group().rstrip(), not before.strip()))
    return tuple(found)


def _scalars(document: Document) -> list[Marked]:
    """Every scalar of a document as written, keys too."""
    found: list[Marked] = []
    pending = [(document.data, document.root)]
    seen = set()
    while pending:
        data, written = pending.pop()
        marks = document.marks.get(id(data))
        if marks is None:
            if written is not None:
                found.append(written)
        elif id(data) not in seen:
            seen.add(id(data))
            if isinstance(marks, list):
                pending += zip(data, marks, strict=False)
            else:
                for key, pair in dict(marks).items():  # type: ignore[call-overload]
                    found.append(pair[0])
                    pending.append((data.get(key), pair[1]))
    return found
