"""The values of a JSON text with their offsets, every pair of an object kept."""

from __future__ import annotations

import re
from decimal import Decimal
from json import JSONDecoder
from typing import Final, TypeAlias

from dativo_lint.terraform.syntax import Node

_BLANK: Final = re.compile(r"[ \t\n\r]*").match
_SCALAR: Final = re.compile(r"[^\s,\]}]+").match
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_MOST_DIGITS: Final = 300
"""Longer whole numbers are kept as decimals: Python refuses to turn long texts into ints."""

_decoder = JSONDecoder(strict=False)


class JsonScalar(Node, frozen=True):
    """A text, a number (exact), true, false or null."""

    value: str | int | Decimal | bool | None


class JsonArray(Node, frozen=True):
    """An array."""

    items: tuple[JsonNode, ...]


class JsonPair(Node, frozen=True):
    """A key, between its quotes, with its value."""

    key: str
    value: JsonNode


class JsonObject(Node, frozen=True):
    """An object; a key may be there twice."""

    pairs: tuple[JsonPair, ...]


JsonNode: TypeAlias = JsonScalar | JsonArray | JsonObject


def json_nodes(text: str) -> JsonNode:
    """The value that a text is; the text is known to be JSON, no deeper than may be recursed."""
    return _value(text, _skip(text, 0))


def _value(text: str, at: int) -> JsonNode:
    sign = text[at]
    if sign == "{":
        return _object(text, at)
    if sign == "[":
        return _array(text, at)
    if sign == '"':
        value, end = _decoder.raw_decode(text, at)
        return JsonScalar(at, end, value)
    found = _SCALAR(text, at)
    word = found[0] if found else ""
    end = at + len(word)
    if word in _WORDS:
        return JsonScalar(at, end, _WORDS[word])
    is_short = word.lstrip("-").isdigit() and len(word) <= _MOST_DIGITS
    return JsonScalar(at, end, int(word) if is_short else Decimal(word))


def _array(text: str, start: int) -> JsonArray:
    items: list[JsonNode] = []
    at = _skip(text, start + 1)
    while text[at] != "]":
        items.append(_value(text, at))
        at = _next(text, items[-1].end)
    return JsonArray(start, at + 1, tuple(items))


def _object(text: str, start: int) -> JsonObject:
    pairs: list[JsonPair] = []
    at = _skip(text, start + 1)
    while text[at] != "}":
        key, end = _decoder.raw_decode(text, at)
        colon = _skip(text, end)
        value = _value(text, _skip(text, colon + 1))
        pairs.append(JsonPair(at, end, key, value))
        at = _next(text, value.end)
    return JsonObject(start, at + 1, tuple(pairs))


def _skip(text: str, at: int) -> int:
    found = _BLANK(text, at)
    return found.end() if found else at


def _next(text: str, at: int) -> int:
    """Past a comma and the blanks around it."""
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at
