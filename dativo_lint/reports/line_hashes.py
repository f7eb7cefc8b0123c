"""The hashes of lines by which GitHub code scanning recognises an alert after an edit.

https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from operator import mul

from dativo_lint.documents.place import Place

Content = Callable[[str], bytes | None]
"""The content of a file by its path; None where it is not known."""

_WINDOW = 100
_MODULUS = 1 << 64
_POWERS = [pow(37, _WINDOW - 1 - index, _MODULUS) for index in range(_WINDOW)]
_END = "\uffff"
_PAIRED = re.compile("[\U00010000-\U0010ffff]")


class LineHashes:
    """The hashes of the lines at some places; of each file all at once, when one is asked for."""

    def __init__(self, places: Iterable[Place], content: Content) -> None:
        self._content = content
        self._hashes: dict[str, dict[int, str]] = {}
        self._lines: dict[str, set[int]] = {}
        for place in places:
            self._lines.setdefault(place.path, set()).add(place.line)

    def at(self, place: Place) -> str:
        """The hash of the line of one of the places; empty where the file is not known."""
        if place.path not in self._hashes:
            content = self._content(place.path)
            lines = self._lines.get(place.path, ())
            self._hashes[place.path] = {} if content is None else line_hashes(content, lines)
        return self._hashes[place.path].get(place.line, "")


def line_hashes(content: bytes, lines: Collection[int]) -> dict[int, str]:
    """The hashes of those of some lines, counted from 1, that a file has.

    A hash is of the 100 UTF-16 code units from the start of the line on, without spaces and tabs,
    as a number in base 37 of 64 bits. What follows the colon counts the lines with this hash.
    """
    text = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    text = _PAIRED.sub(_pair, text.replace(" ", "").replace("\t", "")) + _END
    last = max(lines, default=0)
    wanted = {window for number, window in _windows(text, last) if number in lines}
    written = {window: f"{_hash(window):x}" for window in wanted}
    counts: Counter[str] = Counter()
    hashes = {}
    for number, window in _windows(text, last):
        if window in written:
            counts[window] += 1
            if number in lines:
                hashes[number] = f"{written[window]}:{counts[window]}"
    return hashes


def _windows(text: str, last: int) -> Iterator[tuple[int, str]]:
    """The lines up to one, with their numbers: of each as many characters from its start on as its
    hash is of."""
    start = 0
    for number in range(1, last + 1):
        yield number, text[start : start + _WINDOW]
        start = text.find("\n", start) + 1
        if not start:
            return


def _hash(window: str) -> int:
    """The number whose digits are the characters; a short window is filled up with zeros."""
    number: int = sum(map(mul, map(ord, window), _POWERS))
    return number % _MODULUS


def _pair(character: re.Match[str]) -> str:
    """A character as the two surrogates that it is in UTF-16."""
    high, low = divmod(ord(character.group()) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)
