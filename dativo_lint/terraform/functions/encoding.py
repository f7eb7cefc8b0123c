"""Functions that encode, decode and hash."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from functools import partial
from typing import Final
from urllib.parse import quote_plus
from uuid import UUID, uuid5

from dativo_lint.terraform.failures import CallFailed, NotKnown
from dativo_lint.terraform.functions import plain_function
from dativo_lint.terraform.types import STRING, quoted

_NAMESPACES: Final = {
    "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}


def _without_breaks(value: str) -> str:
    return value.replace("\r", "").replace("\n", "")


@plain_function("base64decode", str=STRING, returns=STRING)
def _base64decode(value: str) -> str:
    try:
        return b64decode(_without_breaks(value), validate=True).decode()
    except UnicodeDecodeError:
        detail = "the result of decoding the provided string is not valid UTF-8"
    except ValueError:
        detail = f"failed to decode base64 data {quoted(value)}"
    raise CallFailed(detail)


@plain_function("uuidv5", namespace=STRING, name=STRING, returns=STRING)
def _uuidv5(namespace: str, name: str) -> str:
    try:
        return str(uuid5(UUID(_NAMESPACES.get(namespace, namespace)), name))
    except ValueError:
        raise NotKnown("uuidv5(): its namespace is not read") from None


_CODECS: Final = {
    "utf-8": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "latin-1",
    "us-ascii": "ascii",
}
"""Other encodings are left alone: their names, and some of their letters, are Go's own."""


def _codec(function: str, encoding: str) -> str:
    codec = _CODECS.get(encoding.lower())
    if codec is None:
        raise NotKnown(f"{function}() is not evaluated for this encoding")
    return codec


@plain_function("textencodebase64", string=STRING, encoding=STRING, returns=STRING)
def _textencodebase64(value: str, encoding: str) -> str:
    codec = _codec("textencodebase64", encoding)
    try:
        return b64encode(value.encode(codec)).decode()
    except UnicodeEncodeError:
        detail = "the given string contains characters that cannot be represented in "
        raise CallFailed(detail + encoding, 0) from None


@plain_function("textdecodebase64", source=STRING, encoding=STRING, returns=STRING)
def _textdecodebase64(source: str, encoding: str) -> str:
    codec = _codec("textdecodebase64", encoding)
    try:
        return b64decode(_without_breaks(source), validate=True).decode(codec)
    except UnicodeDecodeError:
        detail = f"the given string contains symbols that are not defined for {encoding}"
    except ValueError:
        detail = "the given value is has an invalid base64 symbol"
    raise CallFailed(detail, 0)


def _digest(algorithm: str, value: str) -> str:
    name = algorithm.removeprefix("base64")
    digest = hashlib.new(name, value.encode(), usedforsecurity=False).digest()
    return digest.hex() if name == algorithm else b64encode(digest).decode()


@plain_function("base64encode", str=STRING, returns=STRING)
def _base64encode(value: str) -> str:
    return b64encode(value.encode()).decode()


for _name in ("md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512"):
    plain_function(_name, str=STRING, returns=STRING)(partial(_digest, _name))
plain_function("urlencode", str=STRING, returns=STRING)(quote_plus)
