"""Columns of a terminal: how many a text fills, where its lines break, and tables that fit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from dativo_lint.reports.style import INKS, Ink, Style

_GAP = 2
_FEW = 16
"""The fewest columns in which a long word is broken for the sake of all others."""
_READABLE = 40
"""Columns up to which a cell is not wrapped in a table that is too wide in any case."""
_SIGNS = ("/", ".-_,=")
"""Signs behind which long words are broken, the better ones first."""
_STATES = ("severity", "state")
"""Headers of columns whose words have an ink."""


def columns(text: str) -> int:
    """How many columns a text fills; wide characters fill two, accents none.

    wcwidth, with which tables are aligned, takes longer to import than a file to lint.
    """
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


def folded(text: str, width: int, breaks_words: bool = True) -> Iterator[str]:
    """The lines of a text, none wider than a width, unless a word is that may not be broken."""
    for paragraph in text.split("\n"):
        if columns(paragraph) <= width:
            yield paragraph
            continue
        line: str | None = None
        for word in paragraph.split(" "):
            for number, piece in enumerate(_pieces(word, width) if breaks_words else (word,)):
                is_joined = line is not None and number == 0
                if is_joined and columns(f"{line} {piece}") <= width:
                    line = f"{line} {piece}"
                    continue
                if line is not None:
                    yield line
                line = piece
        yield line or ""


def fitted(text: str, style: Style) -> str:
    """A text whose lines break where the style wants them wrapped."""
    return "\n".join(folded(text, style.width)) if style.is_wrapped else text


def table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    style: Style,
    pages: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A table, its cells as they are, without a line end; where lines are wrapped, it fits.

    Where no word is broken, one of the last column that is too long sticks out.

    `pages` are the addresses to which cells of the column `rule` lead.
    """
    from tabulate import tabulate  # takes longer to import than a file to lint

    grid = [tuple(headers), *map(tuple, rows)]
    widths = None
    if style.is_wrapped:
        widths = _widths(list(zip(*grid, strict=True)), style)
        grid = [
            tuple(
                "\n".join(folded(cell, width, style.breaks_words))
                for cell, width in zip(row, widths, strict=True)
            )
            for row in grid
        ]
    lengths = [max(map(_widest, cells)) for cells in zip(*grid, strict=True)]
    lengths[-1] = min(lengths[-1], widths[-1]) if widths else lengths[-1]

    def painted(header: str, cell: str) -> str:
        if header == "rule":
            return style.link(cell, pages.get(cell, ""))
        return style.paint(cell, INKS.get(cell, "")) if header in _STATES else cell

    painted_grid = [
        [style.paint(name, Ink.BOLD) for name in grid[0]],
        ["-" * length for length in lengths],
        *(list(map(painted, headers, row)) for row in grid[1:]),
    ]
    text = tabulate(painted_grid, tablefmt="plain", disable_numparse=True)
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _widths(cells: Sequence[Sequence[str]], style: Style) -> list[int]:
    """The widths of columns that fit together, each as wide as its cells or else as the others.

    Words that do not fit otherwise are broken, if they may be.
    """
    room = style.width - _GAP * (len(cells) - 1)
    most = [max(map(_widest, column)) for column in cells]
    least = [max(map(_longest_word, column)) for column in cells]
    if not style.breaks_words:
        least[-1] = min(least[-1], _READABLE)
        if sum(least) > room:
            return [min(each, max(low, _READABLE)) for each, low in zip(most, least, strict=True)]
    if sum(least) > room:  # the column of the longest word breaks it, if it still has some room
        longest = max(least)
        rest = (room - sum(each for each in least if each < longest)) // least.count(longest)
        least = [each if each < longest else rest for each in least]
        if rest < _FEW:
            least = [max(map(_longest_piece, column)) for column in cells]
    least = least if sum(least) <= room else [0] * len(cells)
    for level in range(min(room, max(most)), 0, -1):
        widths = [min(each, max(level, low)) for each, low in zip(most, least, strict=True)]
        if sum(widths) <= room:
            return widths
    return [1] * len(cells)


def _widest(cell: str) -> int:
    return max(map(columns, cell.split("\n")))


def _longest_word(cell: str) -> int:
    return max(map(columns, cell.split()), default=0)


def _longest_piece(cell: str) -> int:
    """How wide the longest part is of which words are made that are broken behind signs only."""
    return _longest_word(re.sub(f"(?<=[{re.escape(''.join(_SIGNS))}])", " ", cell))


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word in pieces that fit, broken behind a slash or another sign, but not near its start."""
    start = used = 0
    for at, char in enumerate(word if columns(word) > width else ""):
        used += columns(char)
        if used > width and at > start:
            near = start + max(1, (at - start) // 3)
            signs = (max(word.rfind(sign, near, at) for sign in group) for group in _SIGNS)
            end = next((sign + 1 for sign in signs if sign >= near), at)
            yield word[start:end]
            start, used = end, columns(word[end : at + 1])
    yield word[start:]
