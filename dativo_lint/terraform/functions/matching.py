"""Functions of regular expressions."""

from __future__ import annotations

import re
from typing import Final

from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.patterns import (
    Match,
    Pattern,
    PatternError,
    PatternLimit,
    compile_pattern,
)
from dativo_lint.terraform.signature import function
from dativo_lint.terraform.syntax import normal
from dativo_lint.terraform.types import ANY, STRING, ObjectType, TooMuch, TupleType, Type, list_of
from dativo_lint.terraform.values import (
    LONGEST_TEXT,
    Value,
    list_value,
    null,
    record,
    row,
    text,
    unknown,
)

_MOST_MATCHES: Final = 10_000
_REFERENCE: Final = r"(?a)\$(?:\$|\{(\w+)\}|(\w+))"


def _compiled(pattern: Value) -> Pattern:
    """The pattern that a value spells. Raises CallFailed, and PatternLimit."""
    try:
        compiled = compile_pattern(pattern.data)
    except PatternError as error:
        raise CallFailed(f"invalid regexp pattern: {error}", 0) from None
    if any(compiled.names) and not all(compiled.names):
        detail = "cannot mix both named and unnamed capture groups"
        raise CallFailed(f"invalid regexp pattern: {detail}", 0)
    return compiled


def _result_type(names: tuple[str, ...]) -> Type:
    if not names:
        return STRING
    if names[0]:
        return ObjectType(dict.fromkeys(names, STRING))
    return TupleType((STRING,) * len(names))


def _result(match: Match, names: tuple[str, ...]) -> Value:
    """What a match gives: the whole of it, or its groups by position or name."""
    parts = [null(STRING) if part is None else text(normal(part)) for part in match.parts]
    if not names:
        return parts[0]
    return record(dict(zip(names, parts[1:], strict=True))) if names[0] else row(parts[1:])


@function("regex", pattern=STRING, string=STRING)
def _regex(pattern: Value, searched: Value) -> tuple[Value, int]:
    try:
        compiled = _compiled(pattern)
        match = next(compiled.search_all(searched.data), None)
    except PatternLimit as limit:
        return unknown(str(limit)), limit.steps
    steps = compiled.steps(searched.data, 1)
    if match is None:
        raise CallFailed("pattern did not match any part of the given string", steps=steps)
    return _result(match, compiled.names), steps


@function("regexall", pattern=STRING, string=STRING, returns=list_of(ANY))
def _regexall(pattern: Value, searched: Value) -> tuple[Value, int]:
    results: list[Value] = []
    try:
        compiled = _compiled(pattern)
        for match in compiled.search_all(searched.data):
            results.append(_result(match, compiled.names))
            if len(results) > _MOST_MATCHES:
                raise TooMuch("a regular expression matches very often")
    except PatternLimit as limit:
        return unknown(str(limit)), limit.steps
    steps = compiled.steps(searched.data, len(results) + 1)
    return list_value(_result_type(compiled.names), results), steps


@function("replace", str=STRING, substr=STRING, replace=STRING, returns=STRING)
def _replace(value: Value, old: Value, new: Value) -> Value | tuple[Value, int]:
    pattern = old.data
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        return _replace_matches(value.data, pattern[1:-1], new.data)
    if value.data.count(pattern) * len(new.data) > LONGEST_TEXT:
        raise TooMuch("a text with replacements is too long")
    return text(normal(value.data.replace(pattern, new.data)))


def _replace_matches(searched: str, pattern: str, new: str) -> tuple[Value, int]:
    data = searched.encode(errors="surrogatepass")
    parts: list[str] = []
    done = length = matches = 0
    try:
        compiled = compile_pattern(pattern)
        for match in compiled.search_all(searched):
            before = data[done : match.start].decode()
            parts += [before, _expanded(new, match.parts, compiled.names)]
            done = match.end
            matches += 1
            length += len(parts[-1]) + 1
            if length > LONGEST_TEXT:
                raise TooMuch("a text with replacements is too long")
    except PatternError as error:
        raise CallFailed(f"error parsing regexp: {error}") from None
    except PatternLimit as limit:
        return unknown(str(limit), STRING), limit.steps
    steps = compiled.steps(searched, matches + 1)
    return text(normal("".join(parts) + data[done:].decode())), steps


def _expanded(new: str, parts: tuple[str | None, ...], names: tuple[str, ...]) -> str:
    """A replacement with the groups in it, `$1`, `${1}`, `$name`; `$$` is a dollar sign."""

    def group(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        if name is None:
            return "$"
        number = names.index(name) + 1 if name in names else len(parts)
        if name.isdigit():
            number = int(name[:6])
        return (parts[number] or "") if number < len(parts) else ""

    return re.sub(_REFERENCE, group, new) if "$" in new else new
