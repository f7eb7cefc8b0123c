"""Counts the characters that people see, as far as that needs no tables of Unicode's."""

from __future__ import annotations

from dativo_lint.terraform.types import NUMBER
from dativo_lint.terraform.values import Value, numeric, unknown

OPEN_REASON = "it depends on how letters of other scripts join"


def are_single(text: str) -> bool:
    """Whether each code point of a text is certainly a character of its own.

    Terraform counts grapheme clusters; what may join with its neighbour is none of our guesses.
    """
    if text.isascii():
        return "\r\n" not in text
    return all(_stands_alone(char) for char in text) and "\r\n" not in text


def _stands_alone(char: str) -> bool:
    code = ord(char)
    # Latin, Greek, Cyrillic, punctuation, kana and Han ideographs, but no marks and no joiners.
    return (
        code < 0x300
        or 0x370 <= code < 0x483
        or 0x48A <= code < 0x530
        or 0x1E00 <= code < 0x2000
        or 0x2010 <= code < 0x2028
        or 0x20A0 <= code < 0x20C0
        or 0x3041 <= code < 0x3097
        or 0x30A0 <= code < 0x3100
        or 0x4E00 <= code < 0xA000
    ) and code != 0xAD


def length_of(value: Value) -> Value:
    """The number of characters in a text."""
    if are_single(value.data):
        return numeric(len(value.data))
    return unknown(f"length(): {OPEN_REASON}", NUMBER)
