"""Nodes of JSON: the place of a value in a file, and of everything inside it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from typing import Any, Final

from msgspec import Struct

from dativo_lint.documents.document import Node, Written

DECODER: Final = json.JSONDecoder()
SPACE: Final = re.compile(r"[ \t\n\r]*")
_BETWEEN: Final = re.compile(r"[ \t\n\r:,]*")
_TEXT: Final = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_SCALAR: Final = re.compile(rf"{_TEXT}|[^\s,\]}}]+")
_BRACKET: Final = re.compile(rf"{_TEXT}|[{{}}\[\]]")


class JsonNode(Struct, frozen=True, eq=False, dict=True):
    """A value as written, whose fields are parsed on request; see `document.Node`.

    Few places of a large file are requested, so only the ends of its objects and arrays are kept.
    """

    text: str
    start: int
    ends: Callable[[], Mapping[int, int]]
    is_alias: bool = False
    merged: Sequence[Node] = ()
    quoted: Iterable[tuple[int, int]] = ()

    @property
    def target(self) -> Node:
        return self

    @cached_property
    def end(self) -> int:
        is_open = self.text[self.start] in "{["
        return self.ends()[self.start] if is_open else past(_SCALAR, self.text, self.start)

    @cached_property
    def fields(self) -> Mapping[Any, tuple[Node | None, Node]]:
        return {step: (key, value) for step, key, value in self.parts()}

    def parts(self) -> Iterator[tuple[Any, Node | None, JsonNode]]:
        text, start = self.text, self.start
        number, at = 0, past(_BETWEEN, text, start + 1)
        while text[start] in "{[" and at < self.end - 1:
            step: Any = number
            key: Node | None = None
            if text[start] == "{":
                step, end = DECODER.raw_decode(text, at)
                key = Written(at, end)
                at = past(_BETWEEN, text, end)
            value = JsonNode(text, at, self.ends)
            yield step, key, value
            number += 1
            at = past(_BETWEEN, text, value.end)


def root_of(text: str) -> JsonNode:
    """The outermost value of a sound text."""
    return JsonNode(text, past(SPACE, text, 0), cache(partial(_ends_of, text)))


def _ends_of(text: str) -> Mapping[int, int]:
    """Where the objects and arrays of a sound text end, by where they begin."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for bracket in _BRACKET.finditer(text):
        if bracket[0] in ("{", "["):
            opened.append(bracket.start())
        elif bracket[0] in ("}", "]"):
            ends[opened.pop()] = bracket.end()
    return ends


def past(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where the match of a pattern ends that begins at an offset."""
    match = pattern.match(text, at)
    return match.end() if match is not None else at
