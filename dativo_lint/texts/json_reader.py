"""JSON as `json.loads` reads it: plain data, and the place of every key, value and item."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

from dativo_lint.texts.document import Document, Fault, FaultKind, Limits, Reading
from dativo_lint.texts.encoding import character_fault, decode_json
from dativo_lint.texts.json_marks import JsonMarks
from dativo_lint.texts.place import start_of
from dativo_lint.texts.positions import Lines, shown
from dativo_lint.texts.source import MOST_DIGITS, OddKey, OddKeys, Refused, Source, limit_message

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"([^"\\\x00-\x1f]*)"')
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)")
_CONSTANT = re.compile(r"true|false|null|NaN|-?Infinity")
_COLON = re.compile(r"[ \t\n\r]*:[ \t\n\r]*")
_AFTER = re.compile(r"[ \t\n\r]*([,\]}]?)[ \t\n\r]*")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+|.", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")

_CONSTANTS: Final[dict[str, Any]] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}

_decoder = JSONDecoder()


def read_json(path: str, content: bytes, limits: Limits = Limits()) -> Reading:
    """Read a file's one document; whatever is wrong with it is a fault, and nothing is raised.

    Values are those of `json.loads`, which also takes NaN and Infinity. Refused, though it takes
    them, are only escapes that spell half a character, and whatever exceeds the limits.
    """
    if len(content) > limits.file_bytes:
        message = limit_message("file_bytes", limits.file_bytes, "bytes")
        return Reading(path, "", (), (Fault(FaultKind.LIMIT, message, start_of(path)),))
    decoded = decode_json(path, content)
    if decoded.fault is not None:
        return Reading(path, decoded.text, (), (decoded.fault,))
    source = Source(path, decoded.text, limits)
    odd = OddKeys(source)
    try:
        document = _Parse(source, odd).document()
    except Refused as refused:
        return Reading(path, source.text, (), (*odd.told(None), refused.fault))
    except MemoryError:
        message = "there is not enough memory to read the file"
        return Reading(path, source.text, (), (Fault(FaultKind.LIMIT, message, start_of(path)),))
    return Reading(path, source.text, (document,), tuple(odd.told(document.data)))


class _Parse:
    """One text being read; `_at` is the offset up to which it is."""

    def __init__(self, source: Source, odd: OddKeys) -> None:
        self._source = source
        self._text = source.text
        self._odd = odd
        self._lines = Lines(source.text)
        self._marks = JsonMarks(source.text, self._lines)
        self._at = 0
        self._nodes = 0
        self._names: dict[str, str] = {}

    def document(self) -> Document:
        """The one document of the text. Raises Refused."""
        self._skip()
        start = self._at
        if start == len(self._text):
            message = "the file is empty, expected a JSON document"
            raise Refused(Fault(FaultKind.EMPTY, message, start_of(self._source.path)))
        data = self._value()
        if isinstance(data, (dict, list)):
            self._fill(data, start)
        end = self._at
        self._skip()
        if self._at < len(self._text):
            raise self._unexpected("the end of the text")
        root = self._marks.span(start, end)
        return Document(self._source.path, self._text, data, root, self._marks)

    def _fill(self, here: Any, start: int) -> None:
        """Read what is inside the outermost object or array, and inside all those in it."""
        text, marks = self._text, self._marks
        above: list[tuple[Any, int, dict[str, int]]] = []
        keys: dict[str, int] = {}
        is_object, is_first = here.__class__ is dict, True
        marks.begin(here, start)
        while True:
            found = _AFTER.match(text, self._at)
            sign = found[1] if found is not None else ""
            if found is None or sign not in ("}" if is_object else "]", "" if is_first else ","):
                raise self._unexpected(_wanted(is_object, is_first))
            if sign and sign != ",":
                self._at = found.end(1)
                marks.end(start, self._at)
                self._count(here)
                if not above:
                    return
                here, start, keys = above.pop()
                is_object, is_first = here.__class__ is dict, False
                continue
            self._at = found.end()
            key = self._key(here, keys) if is_object else ""
            begin = self._at
            value = self._value()
            if is_object:
                here[key] = value
            else:
                here.append(value)
            is_first = value.__class__ is dict or value.__class__ is list
            if is_first:
                above.append((here, start, keys))
                here, start, keys = value, begin, {}
                is_object = here.__class__ is dict
                self._descend(here, start, len(above) + 1)

    def _descend(self, here: Any, start: int, depth: int) -> None:
        self._marks.begin(here, start)
        if depth > self._source.limits.nesting:
            span = self._marks.span(start, start + 1)
            raise self._source.over("nesting", "levels of objects and arrays", span)

    def _count(self, here: Any) -> None:
        self._nodes += len(here) * (2 if here.__class__ is dict else 1)
        if self._nodes > self._source.limits.expanded_nodes:
            span = self._marks.span(self._at - 1, self._at)
            raise self._source.over("expanded_nodes", "keys, values and items", span)

    def _key(self, here: dict[str, Any], keys: dict[str, int]) -> str:
        """The key at hand, and the colon behind it."""
        start = self._at
        if not self._text.startswith('"', start):
            raise self._unexpected("a key in double quotes")
        key = self._string()
        key = self._names.setdefault(key, key)
        if key in keys:
            first = self._marks.key_span(keys[key])
            self._odd.add(OddKey(here, key, self._marks.span(start, self._at), first))
        else:
            keys[key] = start
        found = _COLON.match(self._text, self._at)
        if found is None:
            raise self._unexpected("a colon after the key")
        self._at = found.end()
        return key

    def _value(self) -> Any:
        """The value at hand; of an object or array only its opening bracket is read."""
        text, at = self._text, self._at
        sign = text[at : at + 1]
        if sign == '"':
            return self._string()
        if sign == "{" or sign == "[":
            self._at = at + 1
            return {} if sign == "{" else []
        found = _NUMBER.match(text, at)
        if found is not None:
            self._at = found.end()
            return self._number(found)
        found = _CONSTANT.match(text, at)
        if found is None:
            raise self._unexpected("a value")
        self._at = found.end()
        return _CONSTANTS[found.group()]

    def _string(self) -> str:
        start = self._at
        found = _STRING.match(self._text, start)
        if found is not None:
            self._at = found.end()
            return found[1]
        try:
            decoded, self._at = _decoder.raw_decode(self._text, start)
        except JSONDecodeError as error:
            raise self._broken_string(error, start) from error
        value = str(decoded)
        if _SURROGATE.search(value):
            message = "an escape spells half a character"
            span = self._marks.span(start, self._at)
            raise self._source.refuse(FaultKind.CHARACTER, message, span)
        return value

    def _number(self, found: re.Match[str]) -> int | float:
        if found[2]:
            return float(found.group())
        if len(found[1]) > MOST_DIGITS:
            message = f"a whole number has at most {MOST_DIGITS} digits"
            raise self._source.not_a_value(message, self._marks.span(*found.span()))
        return int(found[1])

    def _broken_string(self, error: JSONDecodeError, start: int) -> Refused:
        if error.msg.startswith("Invalid control character"):
            character = self._text[error.pos]
            return Refused(character_fault(self._source.path, self._lines, error.pos, character))
        message = error.msg.removesuffix(" at")
        message = message[:1].lower() + message[1:].replace("starting", "").rstrip()
        at = max(error.pos, start)
        return self._source.refuse(FaultKind.SYNTAX, message, self._marks.span(at, at + 1))

    def _unexpected(self, wanted: str) -> Refused:
        self._skip()
        found = _WORD.match(self._text, self._at)
        if found is None:
            span = self._marks.span(self._at, self._at)
            message = f"the text ends, expected {wanted}"
        else:
            span = self._marks.span(*found.span())
            message = f"found {shown(found.group())}, expected {wanted}"
        return self._source.refuse(FaultKind.SYNTAX, message, span)

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found is not None else self._at


def _wanted(is_object: bool, is_first: bool) -> str:
    """What may follow in an object or array."""
    closing = "}" if is_object else "]"
    if is_first:
        return f"a {'key' if is_object else 'value'} or {closing}"
    return f"a comma or {closing}"
