"""A source: one text on its way from bytes to documents, its rejection, and its unusual keys."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from json import detect_encoding
from typing import Any, Final

from msgspec import Struct

from dativo_lint.documents.document import Fault, FaultKind, Limits, limit_message
from dativo_lint.documents.place import Field, Lines, Place, shown, spell

MOST_DIGITS: Final = 4300
"""Python does not convert longer integers, because that takes quadratic time:
https://docs.python.org/3/library/stdtypes.html#int-max-str-digits."""

_ODD_KEYS: Final = 1000
"""The most duplicate and non-string keys that are reported of one file; more end the reading."""


_BYTE_ORDER_MARK = "\ufeff"
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_YAML_ASCII = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])
# Section 5.1 of YAML 1.1, https://yaml.org/spec/1.1/#id868524, as PyYAML's reader holds it.
_NOT_YAML = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\\A\ufeff"


class Refused(Exception):
    """The text is rejected; the documents before the fault are kept."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class Source(Struct, frozen=True, eq=False, dict=True):
    """A text, where it is from, and how much of it may be read."""

    path: str
    text: str
    limits: Limits

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    def place(self, start: int, end: int, field: str = "") -> Place:
        """The place between two offsets."""
        return self._lines.place(self.path, start, end, field)

    def refuse(self, kind: FaultKind, message: str, start: int, end: int) -> Refused:
        """The rejection of the text between two offsets."""
        return Refused(Fault(kind, message, self.place(start, end)))

    def not_a_value(self, reason: str, start: int, end: int) -> Refused:
        """The refusal of a scalar that cannot be read as what it looks like."""
        message = f"value {shown(self.text[start:end].rstrip())} cannot be read: {reason}"
        return self.refuse(FaultKind.VALUE, message, start, end)

    def over(self, limit: str, what: str, start: int, end: int) -> Refused:
        """The refusal of a text that is more than a limit allows; `what` there is more of."""
        message = limit_message(limit, getattr(self.limits, limit), what)
        return self.refuse(FaultKind.LIMIT, message, start, end)


class OddKey(Struct, eq=False):
    """A key of a mapping that is no string, or that repeats the one written at `first`."""

    mapping: dict[Any, Any]
    key: Any
    start: int
    end: int
    first: tuple[int, int] | None = None


def odd_key_faults(
    source: Source, odd_keys: Iterable[OddKey], data: Any, faults: list[Fault]
) -> Fault | None:
    """Add the faults of a document's unusual keys to those of other documents, and reject too many.

    Without the document's data, their fields are reported as if at its top.
    """
    odd_keys = sorted(odd_keys, key=lambda odd: odd.start)
    reported = odd_keys[: max(0, _ODD_KEYS - len(faults))]
    is_refused = len(reported) < len(odd_keys)
    wanted = {id(odd.mapping) for odd in reported}
    routes = _routes(data, wanted) if data is not None and not is_refused else {}
    faults += [_fault(source, odd, routes.get(id(odd.mapping), ())) for odd in reported]
    if not is_refused:
        return None
    message = f"more than {_ODD_KEYS} keys are duplicated or not strings"
    place = source.place(odd_keys[len(reported)].start, odd_keys[len(reported)].end)
    return Fault(FaultKind.LIMIT, message, place)


def _fault(source: Source, odd: OddKey, route: Field) -> Fault:
    spelled = source.text[odd.start : odd.end].rstrip()
    field = spell((*route, odd.key if isinstance(odd.key, str) else spelled))
    place = source.place(odd.start, odd.end, field)
    if odd.first is None:
        message = f"key {shown(spelled)} is read as {_kind_of(odd.key)}; expected a string"
        return Fault(FaultKind.NON_STRING_KEY, message, place)
    message = f'key "{shown(str(odd.key))}" is duplicated; only the last one counts'
    return Fault(FaultKind.DUPLICATE_KEY, message, place, source.place(*odd.first, field))


def _kind_of(key: Any) -> str:
    """The type and value of a key, as messages write them."""
    if key is None:
        return "null"
    if isinstance(key, bool):
        return f"the boolean {str(key).lower()}"
    if isinstance(key, (int, float)):
        return f"the number {shown(str(key))}"
    return f"the date {key}" if isinstance(key, date) else f"a value of type {type(key).__name__}"


def _routes(data: Any, wanted: set[int]) -> dict[int, Field]:
    """A route to each of some mappings, by their identities."""
    routes: dict[int, Field] = {}
    pending: list[tuple[Any, Field]] = [(data, ())]
    seen: set[int] = set()
    while pending and wanted:
        value, route = pending.pop()
        if not isinstance(value, (dict, list)) or id(value) in seen:
            continue
        seen.add(id(value))
        if id(value) in wanted:
            routes[id(value)] = route
            wanted.discard(id(value))
        items = value.items() if isinstance(value, dict) else enumerate(value)
        pending += [
            (below, (*route, step if isinstance(step, (str, int)) else str(step)))
            for step, below in items
        ]
    return routes


class Decoded(Struct, frozen=True):
    """A text without its byte order mark; `sound` characters of it stand before the fault."""

    text: str
    sound: int
    fault: Fault | None = None


def decode_yaml(path: str, content: bytes) -> Decoded:
    """Decode as PyYAML does: UTF-16 where a byte order mark says so, else UTF-8."""
    if content.startswith(_UTF_32):
        return _refused(path, content, "utf-32", "UTF-32", 0)
    encoding = "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    decoded = _decode(path, content, encoding)
    text = decoded.text
    if text.isascii() and not content.translate(None, _YAML_ASCII):
        return decoded
    # Compiled here, for it takes milliseconds, and most texts are plain ASCII.
    character = re.compile(_NOT_YAML).search(text, 0, decoded.sound)
    if character is None:
        return decoded
    message = f"character U+{ord(character.group()):04X} is not allowed"
    place = Lines(text).place(path, *character.span())
    return Decoded(text, character.start(), Fault(FaultKind.CHARACTER, message, place))


def decode_json(path: str, content: bytes) -> Decoded:
    """Decode as `json.loads` does: the encoding shows in the first four bytes."""
    encoding = detect_encoding(content)
    return _decode(path, content, "utf-8" if encoding == "utf-8-sig" else encoding)


def _decode(path: str, content: bytes, encoding: str) -> Decoded:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"{encoding.upper()} ({error.reason})"
        return _refused(path, content, encoding, reason, error.start)
    if encoding == "utf-8":  # the codecs of wider encodings take their own mark off
        text = text.removeprefix(_BYTE_ORDER_MARK)
    return Decoded(text, len(text))


def _refused(path: str, content: bytes, encoding: str, reason: str, offset: int) -> Decoded:
    """A text that cannot be decoded, as far as it can, so that its lines can be shown."""
    text = content.decode(encoding, "replace").removeprefix(_BYTE_ORDER_MARK)
    before = content[:offset].decode(encoding, "ignore").removeprefix(_BYTE_ORDER_MARK)
    place = Lines(text).place(path, len(before), len(before) + 1)
    if reason == "UTF-32":
        message = "the file is encoded in UTF-32; expected UTF-8 or UTF-16"
    else:
        message = f"byte 0x{content[offset]:02x} cannot be read as {reason}"
    return Decoded(text, len(before), Fault(FaultKind.ENCODING, message, place))
