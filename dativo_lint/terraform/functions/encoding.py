"""Functions that encode, decode and hash."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Final
from urllib.parse import quote_plus
from uuid import UUID, uuid5

from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.signature import Parameter, function
from dativo_lint.terraform.types import STRING
from dativo_lint.terraform.values import (
    Value,
    normal,
    text,
    unknown,
)

_NAMESPACES: Final = {
    "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}


_STR: Final = Parameter("str", STRING)


@function("base64encode", _STR, returns=STRING)
def _base64encode(value: Value) -> Value:
    return text(b64encode(value.data.encode()).decode())


@function("base64decode", _STR, returns=STRING)
def _base64decode(value: Value) -> Value:
    written = value.data.replace("\r", "").replace("\n", "")
    try:
        content = b64decode(written, validate=True)
    except ValueError:
        spelled = json.dumps(value.data, ensure_ascii=False)
        raise CallFailed(f"failed to decode base64 data {spelled}") from None
    try:
        return text(normal(content.decode()))
    except UnicodeDecodeError:
        detail = "the result of decoding the provided string is not valid UTF-8"
        raise CallFailed(detail) from None


@function("urlencode", _STR, returns=STRING)
def _urlencode(value: Value) -> Value:
    return text(quote_plus(value.data))


def _hashed(algorithm: str, in_base64: bool = False) -> Callable[[Value], Value]:
    """The body of a function that hashes a text."""

    def body(value: Value) -> Value:
        digest = hashlib.new(algorithm, value.data.encode(), usedforsecurity=False)
        if not in_base64:
            return text(digest.hexdigest())
        return text(b64encode(digest.digest()).decode())

    return body


@function("uuidv5", Parameter("namespace", STRING), Parameter("name", STRING), returns=STRING)
def _uuidv5(namespace: Value, name: Value) -> Value:
    try:
        space = UUID(_NAMESPACES.get(namespace.data, namespace.data))
    except ValueError:
        return unknown("uuidv5(): its namespace is not read", STRING)
    return text(str(uuid5(space, name.data)))


for _name in ("md5", "sha1", "sha256", "sha512"):
    function(_name, _STR, returns=STRING)(_hashed(_name))
for _name in ("sha256", "sha512"):
    function(f"base64{_name}", _STR, returns=STRING)(_hashed(_name, in_base64=True))
