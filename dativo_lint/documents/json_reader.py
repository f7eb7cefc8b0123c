"""JSON as `json.loads` reads it: plain data, and the place of every key, value and item."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any

from msgspec import Struct

from dativo_lint.documents.document import Document, Fault, FaultKind, Limits, Reading, too_large
from dativo_lint.documents.json_node import DECODER, SPACE, past, root_of
from dativo_lint.documents.odd_keys import odd_key_faults
from dativo_lint.documents.place import shown, start_of
from dativo_lint.documents.source import (
    MOST_DIGITS,
    Refused,
    Source,
    decode_json,
)

_STRING = re.compile(r'"([^"\\\x00-\x1f]*)"')
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)")
_CONSTANT = re.compile(r"true|false|null|NaN|-?Infinity")
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_AFTER = re.compile(r"[ \t\n\r]*([,\]}]?)[ \t\n\r]*")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+|.", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_HALF_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")

_NOTHING: Any = object()
_TOO_DEEP: Any = object()


def read_json(path: str, content: bytes, limits: Limits = Limits()) -> Reading:
    """Read a file's one document; problems become faults, and nothing is raised.

    Values are those of `json.loads`, which also accepts NaN and Infinity. The only other things
    rejected are escapes that are half of a surrogate pair, and whatever exceeds the limits.
    """
    if len(content) > limits.file_bytes:
        return Reading(path, "", (), (too_large(path, limits),))
    decoded = decode_json(path, content)
    text = decoded.text
    if decoded.fault is not None:
        return Reading(path, text, (), (decoded.fault,))
    source = Source(path, text, limits)
    data, is_sound = _loaded(text, limits)
    faults: list[Fault] = []
    if not is_sound:
        scan = _Scan(source)
        fatal: Fault | None = None
        try:
            scan.run()
        except Refused as refused:
            fatal = refused.fault
        except MemoryError:
            data = _NOTHING
        if fatal is None and data is _TOO_DEEP:
            fatal = Fault(FaultKind.LIMIT, "too deeply nested to be read", start_of(path))
        elif fatal is None and data is _NOTHING:
            message = "not enough memory to read the file"
            fatal = Fault(FaultKind.LIMIT, message, start_of(path))
        fatal = fatal or odd_key_faults(source, root_of(text), faults)
        if fatal is not None:
            return Reading(path, text, (), (*faults, fatal))
    return Reading(path, text, (Document(path, text, data, root_of(text)),), tuple(faults))


def _loaded(text: str, limits: Limits) -> tuple[Any, bool]:
    """The value of a text, and whether all is well."""
    repeats = False

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeats
        data = dict(pairs)
        repeats = repeats or len(data) < len(pairs)
        return data

    try:
        data = json.loads(text, object_pairs_hook=build)
    except RecursionError:
        return _TOO_DEEP, False
    except (ValueError, MemoryError):
        return _NOTHING, False
    has_half = "\\u" in text and _HALF_ESCAPE.search(text) is not None
    return data, not (repeats or has_half or _is_over(data, limits))


def _is_over(data: Any, limits: Limits) -> bool:
    """Whether there are more levels or nodes than the limits allow."""
    level = [data] if isinstance(data, (dict, list)) else []
    depth = nodes = 0
    while level and depth <= limits.nesting and nodes <= limits.expanded_nodes:
        depth += 1
        nodes += sum(len(here) * (2 if here.__class__ is dict else 1) for here in level)
        below = (here.values() if here.__class__ is dict else here for here in level)
        level = [value for value in chain.from_iterable(below) if value.__class__ in (dict, list)]
    return depth > limits.nesting or nodes > limits.expanded_nodes


class _Open(Struct, eq=False):
    """An object or array in progress, with its content so far."""

    is_object: bool
    nodes: int = 0


class _Scan:
    """The tokens of a text, to say what is wrong with it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._at = 0
        self._nodes = 0

    def run(self) -> None:
        """Read the whole text. Raises Refused."""
        self._at = past(SPACE, self._text, 0)
        if self._at == len(self._text):
            message = "the file is empty, expected a JSON document"
            raise Refused(Fault(FaultKind.EMPTY, message, start_of(self._source.path)))
        opening = self._text[self._at]
        self._value()
        if opening in "{[":
            self._below(_Open(opening == "{"))
        if past(SPACE, self._text, self._at) < len(self._text):
            raise self._unexpected("the end of the text")

    def _below(self, here: _Open) -> None:
        """Read what is inside the outermost object or array, and inside all those in it."""
        text = self._text
        above: list[_Open] = []
        is_first = True
        while True:
            after = _AFTER.match(text, self._at)
            sign = after[1] if after is not None else ""
            closing = "}" if here.is_object else "]"
            if after is None or sign not in (closing, "" if is_first else ","):
                wanted = "a comma" if not is_first else "a key" if here.is_object else "a value"
                raise self._unexpected(f"{wanted} or {closing}")
            if sign == closing:
                self._at = after.end(1)
                self._close(here)
                if not above:
                    return
                here, is_first = above.pop(), False
                continue
            self._at = after.end()
            if here.is_object:
                self._key()
            here.nodes += 2 if here.is_object else 1
            start = self._at
            self._value()
            is_first = text[start] in "{["
            if is_first:
                above.append(here)
                here = _Open(text[start] == "{")
                if len(above) >= self._source.limits.nesting:
                    what = "levels of objects and arrays"
                    raise self._source.over("nesting", what, start, start + 1)

    def _close(self, here: _Open) -> None:
        self._nodes += here.nodes
        if self._nodes > self._source.limits.expanded_nodes:
            what = "keys, values and items"
            raise self._source.over("expanded_nodes", what, self._at - 1, self._at)

    def _key(self) -> None:
        """The current key, and the colon after it."""
        if not self._text.startswith('"', self._at):
            raise self._unexpected("a key in double quotes")
        self._string()
        colon = _COLON.match(self._text, self._at)
        if colon is None:
            raise self._unexpected("a colon after the key")
        self._at = colon.end()

    def _value(self) -> None:
        """Skip the current value; of an object or array only its opening bracket."""
        text, at = self._text, self._at
        if text.startswith('"', at):
            self._string()
        elif text.startswith(("{", "["), at):
            self._at = at + 1
        else:
            number = _NUMBER.match(text, at)
            if number is not None and not number[2] and len(number[1]) > MOST_DIGITS:
                message = f"a whole number has at most {MOST_DIGITS} digits"
                raise self._source.not_a_value(message, *number.span())
            word = number or _CONSTANT.match(text, at)
            if word is None:
                raise self._unexpected("a value")
            self._at = word.end()

    def _string(self) -> str:
        start = self._at
        plain = _STRING.match(self._text, start)
        if plain is not None:
            self._at = plain.end()
            return plain[1]
        try:
            value, self._at = DECODER.raw_decode(self._text, start)
        except json.JSONDecodeError as error:
            raise self._broken_string(error, start) from error
        if _SURROGATE.search(value):
            message = "the escape is half of a surrogate pair"
            raise self._source.refuse(FaultKind.CHARACTER, message, start, self._at)
        return str(value)

    def _broken_string(self, error: json.JSONDecodeError, start: int) -> Refused:
        at = max(error.pos, start)
        if error.msg.startswith("Invalid control character"):
            message = f"character U+{ord(self._text[error.pos]):04X} is not allowed"
            return self._source.refuse(FaultKind.CHARACTER, message, at, at + 1)
        message = error.msg.removesuffix(" at")
        message = message[:1].lower() + message[1:].replace("starting", "").rstrip()
        return self._source.refuse(FaultKind.SYNTAX, message, at, at + 1)

    def _unexpected(self, wanted: str) -> Refused:
        at = past(SPACE, self._text, self._at)
        word = _WORD.match(self._text, at)
        found = f"found {shown(word.group())}" if word is not None else "unexpected end of file"
        end = word.end() if word is not None else at
        return self._source.refuse(FaultKind.SYNTAX, f"{found}, expected {wanted}", at, end)
