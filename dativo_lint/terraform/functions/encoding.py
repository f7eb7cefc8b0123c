"""Functions that encode, decode and hash."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote_plus
from uuid import UUID, uuid5

from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.numbers import read_number, spell_number
from dativo_lint.terraform.signature import Function, Parameter
from dativo_lint.terraform.types import STRING
from dativo_lint.terraform.values import (
    NULL,
    Value,
    boolean,
    normal,
    numeric,
    record,
    row,
    text,
    unknown,
)

_NAMESPACES: Final = {
    "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}


def json_text(value: Value) -> str:
    """A value as Terraform writes it in JSON, without blanks."""
    data = value.data
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, str):
        return _json_string(data)
    if isinstance(data, tuple):
        return f"[{','.join(map(json_text, data))}]"
    if isinstance(data, dict):
        parts = (f"{_json_string(name)}:{json_text(part)}" for name, part in data.items())
        return f"{{{','.join(parts)}}}"
    if isinstance(data, float):
        raise CallFailed("cannot serialize infinity as JSON")
    return spell_number(data)


def _json_string(value: str) -> str:
    """A text in JSON; Go also escapes what could end a script in a web page."""
    found = json.dumps(value, ensure_ascii=False)
    for char in "<>&\u2028\u2029":
        if char in found:
            found = found.replace(char, f"\\u{ord(char):04x}")
    return found


def _jsonencode(value: Value) -> Value:
    return text(json_text(value))


class _Spelled(str):
    """A number as it is spelled in JSON."""

    __slots__ = ()


def _jsondecode(value: Value) -> Value:
    try:
        data = json.loads(
            value.data, parse_int=_Spelled, parse_float=_Spelled, parse_constant=_refuse
        )
        return _decoded(data)
    except json.JSONDecodeError as error:
        what = f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise CallFailed(f"{what} at character {error.pos + 1}") from None
    except RecursionError:
        return unknown("jsondecode(): a text nests too deeply")


def _refuse(name: str) -> Any:
    raise json.JSONDecodeError(f"invalid literal {name}", name, 0)


def _decoded(data: Any) -> Value:
    if isinstance(data, _Spelled):
        number = read_number(str(data))
        return numeric(0 if number is None else number)
    if isinstance(data, str):
        # Half of a character cannot be written in UTF-8; Go puts a sign of doubt in its place.
        return text(normal(data.encode("utf-16", "surrogatepass").decode("utf-16", "replace")))
    if isinstance(data, list):
        return row([_decoded(item) for item in data])
    if isinstance(data, dict):
        return record({normal(name): _decoded(item) for name, item in data.items()})
    return NULL if data is None else boolean(data)


def _base64encode(value: Value) -> Value:
    return text(b64encode(value.data.encode()).decode())


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


def _uuidv5(namespace: Value, name: Value) -> Value:
    try:
        space = UUID(_NAMESPACES.get(namespace.data, namespace.data))
    except ValueError:
        return unknown("uuidv5(): its namespace is not read", STRING)
    return text(str(uuid5(space, name.data)))


def _yamldecode(value: Value) -> Value:
    """What is JSON is YAML too; any other YAML is left alone, for its versions differ."""
    found = value.data.strip()
    if found.startswith(("{", "[", '"')):
        try:
            return _jsondecode(text(found))
        except CallFailed:
            pass
    return unknown("yamldecode() is evaluated for JSON only")


_STR: Final = (Parameter("str", STRING),)

FUNCTIONS: Final = (
    Function("base64decode", _STR, _base64decode, STRING),
    Function("base64encode", _STR, _base64encode, STRING),
    Function("base64sha256", _STR, _hashed("sha256", in_base64=True), STRING),
    Function("base64sha512", _STR, _hashed("sha512", in_base64=True), STRING),
    Function("jsondecode", _STR, _jsondecode),
    Function("jsonencode", (Parameter("val", takes_null=True),), _jsonencode, STRING),
    Function("md5", _STR, _hashed("md5"), STRING),
    Function("sha1", _STR, _hashed("sha1"), STRING),
    Function("sha256", _STR, _hashed("sha256"), STRING),
    Function("sha512", _STR, _hashed("sha512"), STRING),
    Function("urlencode", _STR, _urlencode, STRING),
    Function(
        "uuidv5", (Parameter("namespace", STRING), Parameter("name", STRING)), _uuidv5, STRING
    ),
    Function("yamldecode", (Parameter("src", STRING),), _yamldecode),
)
