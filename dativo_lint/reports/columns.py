"""Columns of a terminal: how many a text fills, and where its lines break."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator


def columns(text: str) -> int:
    """How many columns a text fills; wide characters fill two, accents none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def wrapped(words: Iterable[tuple[str, str]], width: int, indent: str) -> Iterator[str]:
    """Lines of words, each given plain and as it is printed; the first line has no indent.

    A word that is longer than a line, such as a path, has one of its own and is not broken.
    """
    line: list[str] = []
    used = 0
    for plain, printed in words:
        length = columns(plain)
        if line and used + 1 + length > width:
            yield " ".join(line)
            line, used = [f"{indent}{printed}"], len(indent) + length
        else:
            used += length + (1 if line else 0)
            line.append(printed)
    yield " ".join(line)
