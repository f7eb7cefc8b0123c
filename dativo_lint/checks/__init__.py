"""The checks: each is a module of this package that rules name.

A check has `Params` (its parameters), `APPLIES_TO` (its targets: "job", "text", "rendered",
"suppression"), and `prepare`, which gets the parameters and returns the judge: a function from a
target to its violations.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Protocol

import msgspec

from dativo_lint.checks.violation import Judge as Judge
from dativo_lint.patterns import Pattern, compile_pattern, sound_pattern

SHARED = frozenset(
    {
        "__init__",
        "agreements",
        "cells",
        "declared",
        "messages",
        "params",
        "spelling",
        "violation",
    }
)
"""Modules of this package that are no checks."""


class Check(Protocol):
    """The module of a check."""

    __doc__: str | None
    APPLIES_TO: tuple[str, ...]
    Params: type[msgspec.Struct]

    def prepare(self, params: Any, /) -> Judge: ...


CHECKS: tuple[str, ...] = tuple(
    sorted(
        name[:-3]
        for name in os.listdir(os.path.dirname(__file__))
        if name.endswith(".py") and name[:-3] not in SHARED
    )
)
"""Every check by name."""


def check(name: str) -> Check:
    """The module of a check; `name` is one of `CHECKS`."""
    module: Any = import_module(f"{__name__}.{name}")
    known: Check = module
    return known


def prepare(name: str, params: Mapping[str, Any], *, are_sound: bool = False) -> Judge:
    """A check with its parameters. Raises ValueError where it cannot work with them, unless the
    patterns among them `are_sound`: those are compiled when a value first meets them."""
    module = check(name)
    read = _read_sound if are_sound else _read
    try:
        return module.prepare(msgspec.convert(params, module.Params, dec_hook=read))
    except msgspec.ValidationError as error:
        field = str(error).rpartition("`$.")[2].rstrip("`")
        raise ValueError(f"{field} {error.__cause__}" if error.__cause__ else error) from error


def _read(type_: type, written: Any) -> Any:
    """A parameter of a type that msgspec does not know."""
    if type_ is Pattern and isinstance(written, str):
        return compile_pattern(written)
    raise ValueError(f'"{written}" is not a regular expression')


def _read_sound(type_: type, written: Any) -> Any:
    return sound_pattern(written) if isinstance(written, str) else _read(type_, written)


@cache
def params_schema(name: str) -> Mapping[str, Any]:
    """The JSON Schema of the parameters of a check, its definitions under `$defs`."""
    schema = msgspec.json.schema(check(name).Params, schema_hook=lambda _: {"type": "string"})
    definitions = schema["$defs"]
    top = definitions[schema["$ref"].rpartition("/")[2]]
    return {"properties": {}, **top, "$defs": definitions}
