"""Functions of regular expressions."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.patterns import (
    Pattern,
    PatternError,
    PatternLimit,
    compile_pattern,
)
from dativo_lint.terraform.signature import Function, Parameter
from dativo_lint.terraform.types import ANY, STRING, ObjectType, TooMuch, TupleType, Type, list_of
from dativo_lint.terraform.values import (
    LONGEST_TEXT,
    Value,
    list_value,
    normal,
    null,
    record,
    row,
    text,
    unknown,
)

_MOST_MATCHES: Final = 10_000
_CHARACTERS_A_STEP: Final = 256
_NOT_READ: Final = "a regular expression is too large, or of a kind that is not evaluated"
_REFERENCE: Final = r"(?a)\$(?:\$|\{(\w+)\}|(\w+))"


def _compiled(pattern: Value, argument: int = 0) -> Pattern | None:
    """The pattern, or None for one that is not worked with. Raises CallFailed."""

    try:
        found = compile_pattern(pattern.data)
    except PatternError as error:
        raise CallFailed(f"invalid regexp pattern: {error}", argument) from None
    except PatternLimit:
        return None
    return found


def _group_names(pattern: Pattern) -> tuple[str, ...]:
    if any(pattern.names) and not all(pattern.names):
        detail = "cannot mix both named and unnamed capture groups"
        raise CallFailed(f"invalid regexp pattern: {detail}", 0)
    return pattern.names


def _result_type(names: tuple[str, ...]) -> Type:
    if not names:
        return STRING
    if names[0]:
        return ObjectType(dict.fromkeys(names, STRING))
    return TupleType((STRING,) * len(names))


def _result(searched: str, spans: tuple[int, ...], names: tuple[str, ...]) -> Value:
    """What a match gives: the whole of it, or its groups by position or name."""
    if not names:
        return text(normal(searched[spans[0] : spans[1]]))
    parts = [
        null(STRING) if spans[at] < 0 else text(normal(searched[spans[at] : spans[at + 1]]))
        for at in range(2, len(spans), 2)
    ]
    return record(dict(zip(names, parts, strict=True))) if names[0] else row(parts)


@lru_cache(maxsize=512)
def _searched(pattern: Value, searched: Value) -> tuple[Value | None, int]:
    """The first match, None if there is none; and the steps that it took to find."""

    compiled = _compiled(pattern)
    if compiled is None:
        return unknown(_NOT_READ), 0
    names = _group_names(compiled)
    try:
        spans = compiled.search(searched.data)
    except PatternLimit as limit:
        return unknown(str(limit), _result_type(names)), 0
    match = None if spans is None else _result(searched.data, spans, names)
    return match, _steps(searched.data)


def _regex(pattern: Value, searched: Value) -> tuple[Value, int]:
    found, steps = _searched(pattern, searched)
    if found is None:
        raise CallFailed("pattern did not match any part of the given string", steps=steps)
    return found, steps


def _regexall(pattern: Value, searched: Value) -> tuple[Value, int]:

    compiled = _compiled(pattern)
    if compiled is None:
        return unknown(_NOT_READ), 0
    names = _group_names(compiled)
    type_ = _result_type(names)
    found: list[Value] = []
    try:
        for spans in compiled.search_all(searched.data):
            found.append(_result(searched.data, spans, names))
            if len(found) > _MOST_MATCHES:
                raise TooMuch("a regular expression matches very often")
    except PatternLimit as limit:
        return unknown(str(limit), list_of(type_)), 0
    return list_value(type_, found), _steps(searched.data)


def _replace(value: Value, old: Value, new: Value) -> Value | tuple[Value, int]:
    pattern = old.data
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        return _replace_matches(value.data, text(pattern[1:-1]), new.data)
    if value.data.count(pattern) * len(new.data) > LONGEST_TEXT:
        raise TooMuch("a text with replacements is too long")
    return text(normal(value.data.replace(pattern, new.data)))


def _replace_matches(searched: str, pattern: Value, new: str) -> tuple[Value, int]:

    parts: list[str] = []
    done = length = 0
    try:
        compiled = compile_pattern(pattern.data)
        for spans in compiled.search_all(searched):
            parts += [searched[done : spans[0]], _expanded(new, searched, spans, compiled.names)]
            done = spans[1]
            length += len(parts[-1]) + 1
            if length > LONGEST_TEXT:
                raise TooMuch("a text with replacements is too long")
    except PatternError as error:
        raise CallFailed(f"error parsing regexp: {error}") from None
    except PatternLimit as limit:
        return unknown(str(limit), STRING), 0
    return text(normal("".join(parts) + searched[done:])), _steps(searched)


def _steps(searched: str) -> int:
    """What a search costs, in steps of an evaluation: RE2 reads a string once."""
    return len(searched) // _CHARACTERS_A_STEP


def _expanded(new: str, searched: str, spans: tuple[int, ...], names: tuple[str, ...]) -> str:
    """A replacement with the groups in it, `$1`, `${1}`, `$name`; `$$` is a dollar sign."""

    def group(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if name is None:
            return "$"
        numbers = [number for number, one in enumerate(names, 1) if one == name]
        if name.isdigit():
            numbers = [int(name[:6])]
        for number in numbers:
            if 2 * number < len(spans) and spans[2 * number] >= 0:
                return searched[spans[2 * number] : spans[2 * number + 1]]
        return ""

    return re.sub(_REFERENCE, group, new) if "$" in new else new


_PATTERN: Final = (Parameter("pattern", STRING), Parameter("string", STRING))

FUNCTIONS: Final = (
    Function("regex", _PATTERN, _regex),
    Function("regexall", _PATTERN, _regexall, list_of(ANY)),
    Function(
        "replace",
        (Parameter("str", STRING), Parameter("substr", STRING), Parameter("replace", STRING)),
        _replace,
        STRING,
    ),
)
