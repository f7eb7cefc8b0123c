"""A source: one text on its way from bytes to documents, and its rejection."""

from __future__ import annotations

import codecs
import re
from functools import cached_property
from json import detect_encoding
from typing import Final

from msgspec import Struct

from dativo_lint.documents.document import Fault, FaultKind, Limits, limit_message
from dativo_lint.documents.place import Lines, Place, shown

MOST_DIGITS: Final = 4300
"""Python does not convert longer integers, because that takes quadratic time:
https://docs.python.org/3/library/stdtypes.html#int-max-str-digits."""

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

    def offset(self, place: Place) -> int:
        """Where in the text a place begins."""
        return self._lines.offset(place.line, place.column)

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
