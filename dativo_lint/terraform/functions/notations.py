"""Functions that write and read JSON and YAML."""

from __future__ import annotations

import json
from typing import Any

from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.numbers import read_number, spell_number
from dativo_lint.terraform.signature import Parameter, function
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


@function("jsonencode", Parameter("val", takes_null=True), returns=STRING)
def _jsonencode(value: Value) -> Value:
    return text(json_text(value))


class _Spelled(str):
    """A number as it is spelled in JSON."""

    __slots__ = ()


@function("jsondecode", Parameter("str", STRING))
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


@function("yamldecode", Parameter("src", STRING))
def _yamldecode(value: Value) -> Value:
    """What is JSON is YAML too; any other YAML is left alone, for its versions differ."""
    found = value.data.strip()
    if found.startswith(("{", "[", '"')):
        try:
            return _jsondecode(text(found))
        except CallFailed:
            pass
    return unknown("yamldecode() is evaluated for JSON only")
