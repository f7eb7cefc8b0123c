"""Decoding of bytes, with the place of the first byte or character that is not allowed."""

from __future__ import annotations

import codecs
import re
from json import detect_encoding

from msgspec import Struct

from dativo_lint.documents.document import Fault, FaultKind
from dativo_lint.documents.positions import Lines

_BYTE_ORDER_MARK = "\ufeff"
_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_YAML_ASCII = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])
# Section 5.1 of YAML 1.1, https://yaml.org/spec/1.1/#id868524, as PyYAML's reader holds it.
_NOT_YAML = "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\\A\ufeff"


class Decoded(Struct, frozen=True):
    """A text without its byte order mark; `sound` characters of it are before the fault."""

    text: str
    sound: int
    fault: Fault | None = None


def decode_yaml(path: str, content: bytes) -> Decoded:
    """Decode as PyYAML does: UTF-16 with a byte order mark, else UTF-8."""
    if content.startswith(_UTF_32):
        return _refused(path, content, "utf-32", "UTF-32", 0)
    encoding = "utf-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    decoded = _decode(path, content, encoding)
    text = decoded.text
    if text.isascii() and not content.translate(None, _YAML_ASCII):
        return decoded
    # Compiled here, which takes milliseconds: most files are plain ASCII.
    found = re.compile(_NOT_YAML).search(text, 0, decoded.sound)
    if found is None:
        return decoded
    message = f"character U+{ord(found.group()):04X} is not allowed"
    place = Lines(text).place(path, *found.span())
    return Decoded(text, found.start(), Fault(FaultKind.CHARACTER, message, place))


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
    if encoding == "utf-8":  # the codecs of wider encodings remove their own mark
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
