"""The checks: each is a module of this package that rules name.

A check has `APPLIES_TO` (its targets: "job", "text", "rendered", "suppression") and `Check`: its
fields are the parameters, and `judge` tells what is wrong with a target. What it makes ready of its
parameters is a cached property, which raises ValueError where they cannot be used.

Every run pays for these modules. They do without deferred annotations, which msgspec would compile
one by one, and import what makes a fix only where a violation needs it.
"""

import os
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import import_module
from typing import Any, Protocol

import msgspec

from dativo_lint.checks.violation import Judge as Judge
from dativo_lint.patterns import Pattern, compile_pattern, sound_pattern

SHARED = frozenset(
    {
        "__init__",
        "messages",
        "params",
        "spelling",
        "tables",
        "violation",
    }
)
"""Modules of this package that are no checks."""


class CheckModule(Protocol):
    """The module of a check."""

    __doc__: str | None
    APPLIES_TO: tuple[str, ...]
    Check: type[msgspec.Struct]


CHECKS: tuple[str, ...] = tuple(
    sorted(
        name[:-3]
        for name in os.listdir(os.path.dirname(__file__))
        if name.endswith(".py") and name[:-3] not in SHARED
    )
)
"""Every check by name."""


def check(name: str) -> CheckModule:
    """The module of a check; `name` is one of `CHECKS`."""
    module: Any = import_module(f"{__name__}.{name}")
    known: CheckModule = module
    return known


def prepare(name: str, params: Mapping[str, Any], *, are_sound: bool = False) -> Judge:
    """A check with its parameters. Raises ValueError where it cannot work with them, unless they
    `are_sound`: then they are made ready when a target first needs them."""
    class_: Any = check(name).Check
    try:
        prepared = msgspec.convert(params, class_, dec_hook=_read_sound if are_sound else _read)
    except msgspec.ValidationError as error:
        _, is_in, field = str(error).rpartition("`$.")
        reason = error.__cause__ or error
        is_ours = is_in and error.__cause__ is not None
        raise ValueError(f"{field.rstrip('`')} {reason}" if is_ours else reason) from error
    for attribute, kind in () if are_sound else vars(class_).items():
        if isinstance(kind, cached_property):
            getattr(prepared, attribute)
    judge: Judge = prepared.judge
    return judge


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
    schema = msgspec.json.schema(check(name).Check, schema_hook=lambda _: {"type": "string"})
    definitions = schema["$defs"]
    top = definitions[schema["$ref"].rpartition("/")[2]]
    return {"properties": {}, **top, "$defs": definitions}
