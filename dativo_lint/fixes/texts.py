"""Edited contents of files: every byte outside of the edits stays."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from json import detect_encoding

from dativo_lint.documents.place import Lines
from dativo_lint.edits.fix import Edit

Contents = Mapping[str, bytes]
"""Contents of files by their paths from the root."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def edited(content: bytes, edits: Iterable[Edit]) -> bytes:
    """A content with edits of it, in its own encoding; none of them may overlap another.

    Raises ValueError for a content that cannot be decoded, and an IndexError for a line that it
    does not have.
    """
    mark, text, encoding = decoded(content)
    lines = Lines(text)
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.place):
        start = lines.offset(edit.place.line, edit.place.column)
        pieces += [text[at:start], edit.text]
        at = lines.offset(edit.place.end_line, edit.place.end_column)
    return mark + "".join((*pieces, text[at:])).encode(encoding)


def decoded(content: bytes) -> tuple[bytes, str, str]:
    """The byte order mark of a content, its text, and its encoding. Raises ValueError."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return mark, content[len(mark) :].decode(encoding), encoding
    encoding = detect_encoding(content)  # of JSON; YAML without a mark is always UTF-8
    return b"", content.decode(encoding), encoding
