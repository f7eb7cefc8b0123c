"""Functions of regular expressions, with RE2; errors have the messages of Go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import re2
from msgspec import Struct

from dativo_lint.terraform.failures import CallFailed, NotKnown
from dativo_lint.terraform.functions import function
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
)

LONGEST_SEARCHED: Final = 20_000
"""Characters of a pattern, and of a string that is searched."""
MOST_STEPS: Final = 100_000
"""What the searches of one call may cost together."""
_MOST_GROUPS: Final = 100
_STEP: Final = 1_024
"""Instructions of a pattern, times characters of a string, that cost about as much as one step."""

_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 4 << 20

_GO: Final = {
    "missing )": "missing closing )",
    "missing ]": "missing closing ]",
    "trailing \\": "trailing backslash at end of expression",
    "no argument for repetition operator": "missing argument to repetition operator",
    "invalid repetition size": "invalid repeat count",
    "bad repetition operator": "invalid nested repetition operator",
    "invalid perl operator": "invalid or unsupported Perl syntax",
    "invalid named capture group": "invalid named capture",
}
_ONE_BYTE: Final = re.compile(r"(?<!\\)(?:\\\\)*\\C")
_NAMED: Final = re.compile(r"\(\?P?<(\w+)>")


class PatternError(ValueError):
    """A string that is not a regular expression, with Go's message."""


class Match(Struct, frozen=True):
    """Where a match starts and ends, in bytes; the whole of it, and then each of its groups, None
    for one that took no part."""

    start: int
    end: int
    parts: tuple[str | None, ...]


class Pattern:
    """A regular expression; `names` are those of its groups, empty for one without."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST_SEARCHED:
            raise NotKnown(f"a pattern is longer than {LONGEST_SEARCHED} characters")
        if "\\C" in text and "\\Q" not in text and _ONE_BYTE.search(text):
            raise PatternError("invalid escape sequence in \\C")  # one byte, in RE2 only
        try:
            self._regexp = re2.compile(text, _OPTIONS)
        except UnicodeEncodeError:
            raise NotKnown("a pattern holds half a character") from None
        except re2.error as error:
            raise _as_of_go(error) from None
        if self._regexp.groups > _MOST_GROUPS:
            raise NotKnown(f"a pattern has more than {_MOST_GROUPS} groups")
        numbers = {number: name for name, number in self._regexp.groupindex.items()}
        names = {match[1]: match[0] for match in _NAMED.finditer(text)}
        for name, written in names.items():
            if not name.isascii():
                raise PatternError(f"invalid named capture in {written}")
        if len(_NAMED.findall(text)) > len(names):
            raise NotKnown("two groups have the same name")
        self.names = tuple(numbers.get(at, "") for at in range(1, self._regexp.groups + 1))

    def steps(self, text: str, searches: int) -> int:
        """What it costs to search a string so many times."""
        size: int = self._regexp.programsize
        return searches * (1 + size * len(text) // _STEP)

    def search_all(self, text: str) -> Iterator[Match]:
        """All matches, left to right, no empty one right behind another. Raises NotKnown."""
        if len(text) > LONGEST_SEARCHED:
            raise NotKnown(f"a string is longer than {LONGEST_SEARCHED} characters")
        try:
            data = text.encode()
        except UnicodeEncodeError:
            raise NotKnown("a string holds half a character") from None
        at, last_end, searches = 0, -1, 0
        while at <= len(data):
            searches += 1
            if self.steps(text, searches) > MOST_STEPS:
                raise NotKnown("a pattern takes too many steps on a string", steps=MOST_STEPS)
            match = self._regexp.search(data, at)
            if match is None:
                return
            start, end = match.span()
            # RE2 finds \B between the bytes of a character, too.
            is_inside = start < len(data) and data[start] & 0xC0 == 0x80
            if not is_inside and (start < end or start != last_end):
                parts = (match.group(), *match.groups())
                texts = [None if part is None else part.decode() for part in parts]
                yield Match(start, end, tuple(texts))
            last_end = end
            at = end if end > at else at + 1


@lru_cache(maxsize=256)
def compile_pattern(text: str) -> Pattern:
    """The pattern that a string spells. Raises PatternError, and NotKnown."""
    return Pattern(text)


def _as_of_go(error: re2.error) -> Exception:
    written: bytes = error.args[0]
    kind, _, part = written.decode(errors="replace").partition(": ")
    if kind.startswith("pattern too large"):
        return NotKnown("a pattern is too large")
    return PatternError(f"{_GO.get(kind, kind)} in {part}")


_MOST_MATCHES: Final = 10_000
_REFERENCE: Final = r"(?a)\$(?:\$|\{(\w+)\}|(\w+))"


def _compiled(pattern: Value) -> Pattern:
    """The pattern that a value spells. Raises CallFailed, and NotKnown."""
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
    compiled = _compiled(pattern)
    match = next(compiled.search_all(searched.data), None)
    steps = compiled.steps(searched.data, 1)
    if match is None:
        raise CallFailed("pattern did not match any part of the given string", steps=steps)
    return _result(match, compiled.names), steps


@function("regexall", pattern=STRING, string=STRING, returns=list_of(ANY))
def _regexall(pattern: Value, searched: Value) -> tuple[Value, int]:
    results: list[Value] = []
    compiled = _compiled(pattern)
    for match in compiled.search_all(searched.data):
        results.append(_result(match, compiled.names))
        if len(results) > _MOST_MATCHES:
            raise TooMuch("a regular expression matches very often")
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
    try:
        compiled = compile_pattern(pattern)
    except PatternError as error:
        raise CallFailed(f"error parsing regexp: {error}") from None
    data = searched.encode(errors="surrogatepass")
    parts: list[str] = []
    done = length = matches = 0
    for match in compiled.search_all(searched):
        before = data[done : match.start].decode()
        parts += [before, _expanded(new, match.parts, compiled.names)]
        done = match.end
        matches += 1
        length += len(parts[-1]) + 1
        if length > LONGEST_TEXT:
            raise TooMuch("a text with replacements is too long")
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
