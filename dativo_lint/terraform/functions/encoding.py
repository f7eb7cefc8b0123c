"""Functions that encode, decode and hash."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from functools import partial
from typing import Final
from urllib.parse import quote_plus
from uuid import UUID, uuid5

from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.functions import function, plain_function
from dativo_lint.terraform.syntax import normal
from dativo_lint.terraform.types import STRING
from dativo_lint.terraform.values import Value, text, unknown

_NAMESPACES: Final = {
    "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}


def _unfolded(value: Value) -> str:
    """A text without line breaks."""
    return str(value.data).replace("\r", "").replace("\n", "")


@function("base64decode", str=STRING, returns=STRING)
def _base64decode(value: Value) -> Value:
    try:
        content = b64decode(_unfolded(value), validate=True)
    except ValueError:
        spelled = json.dumps(value.data, ensure_ascii=False)
        raise CallFailed(f"failed to decode base64 data {spelled}") from None
    try:
        return text(normal(content.decode()))
    except UnicodeDecodeError:
        detail = "the result of decoding the provided string is not valid UTF-8"
        raise CallFailed(detail) from None


@function("uuidv5", namespace=STRING, name=STRING, returns=STRING)
def _uuidv5(namespace: Value, name: Value) -> Value:
    try:
        space = UUID(_NAMESPACES.get(namespace.data, namespace.data))
    except ValueError:
        return unknown("uuidv5(): its namespace is not read", STRING)
    return text(str(uuid5(space, name.data)))


_CODECS: Final = {
    "utf-8": "utf-8",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "iso-8859-1": "latin-1",
    "us-ascii": "ascii",
}
"""Other encodings are left alone: their names, and some of their letters, are Go's own."""


@function("textencodebase64", string=STRING, encoding=STRING, returns=STRING)
def _textencodebase64(value: Value, encoding: Value) -> Value:
    codec = _CODECS.get(encoding.data.lower())
    try:
        content = value.data.encode(codec) if codec else None
    except UnicodeEncodeError:
        detail = "the given string contains characters that cannot be represented in "
        raise CallFailed(detail + encoding.data, 0) from None
    if content is None:
        return unknown("textencodebase64() is not evaluated for this encoding", STRING)
    return text(b64encode(content).decode())


@function("textdecodebase64", source=STRING, encoding=STRING, returns=STRING)
def _textdecodebase64(source: Value, encoding: Value) -> Value:
    codec = _CODECS.get(encoding.data.lower())
    if codec is None:
        return unknown("textdecodebase64() is not evaluated for this encoding", STRING)
    try:
        return text(normal(b64decode(_unfolded(source), validate=True).decode(codec)))
    except UnicodeDecodeError:
        detail = f"the given string contains symbols that are not defined for {encoding.data}"
        raise CallFailed(detail, 0) from None
    except ValueError:
        raise CallFailed("the given value is has an invalid base64 symbol", 0) from None


def _digest(algorithm: str, value: str) -> str:
    name = algorithm.removeprefix("base64")
    digest = hashlib.new(name, value.encode(), usedforsecurity=False).digest()
    return digest.hex() if name == algorithm else b64encode(digest).decode()


for _name in ("md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512"):
    plain_function(_name, partial(_digest, _name), STRING, str=STRING)
plain_function("base64encode", lambda it: b64encode(it.encode()).decode(), STRING, str=STRING)
plain_function("urlencode", quote_plus, STRING, str=STRING)
