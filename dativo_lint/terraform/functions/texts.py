"""Functions of texts, and of paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Final

from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.functions import function, plain_function
from dativo_lint.terraform.functions.counting import whole_number
from dativo_lint.terraform.syntax import normal
from dativo_lint.terraform.types import BOOL, NUMBER, STRING, TooMuch, list_of
from dativo_lint.terraform.values import (
    HEAVIEST,
    LONGEST_TEXT,
    Value,
    list_value,
    numeric,
    text,
    unknown,
)

OPEN_REASON = "it depends on how letters of other scripts join"
# Latin, Greek, Cyrillic, punctuation, kana and Han ideographs, but no marks and no joiners.
_SINGLE: Final = (
    r"[\0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u20a0-\u20bf"
    r"\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff]*"
)


def are_single(text: str) -> bool:
    """Whether each code point is for certain a grapheme cluster, which is what Terraform counts."""
    return "\r\n" not in text and (text.isascii() or re.fullmatch(_SINGLE, text) is not None)


def length_of(value: Value) -> Value:
    """The number of characters in a text."""
    if are_single(value.data):
        return numeric(len(value.data))
    return unknown(f"length(): {OPEN_REASON}", NUMBER)


_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def _made(result: str) -> Value:
    """A text that was put together from others."""
    return text(normal(result))


def _changed(mapping: Callable[[str], str], name: str) -> Callable[[Value], Value]:
    """The body of a function that maps letters to others letter by letter."""

    def body(value: Value) -> Value:
        if value.data.isascii():
            return text(mapping(value.data))
        mapped = [mapping(char) for char in value.data]
        if any(len(letter) != 1 for letter in mapped):
            return unknown(f"{name}() is not evaluated for some letters", STRING)
        return _made("".join(mapped))

    return body


@function("title", str=STRING, returns=STRING)
def _title(value: Value) -> Value:
    if not value.data.isascii():
        return unknown("title() is not evaluated for letters beyond ASCII", STRING)
    starts = re.sub(r"(?<![A-Za-z0-9_])[a-z]", lambda result: result[0].upper(), value.data)
    return text(starts)


@function("indent", spaces=NUMBER, str=STRING, returns=STRING)
def _indent(spaces: Value, value: Value) -> Value:
    count = whole_number(spaces)
    if count < 0:
        raise CallFailed("the number of spaces must not be negative")
    if (value.data.count("\n") + 1) * count > LONGEST_TEXT:
        raise TooMuch("an indented text is too long")
    return text(value.data.replace("\n", "\n" + " " * count))


@function("join", separator=STRING, returns=STRING, variadic=("lists", list_of(STRING)))
def _join(separator: Value, *lists: Value) -> Value:
    if not lists:
        raise CallFailed("at least one list is required")
    parts: list[str] = []
    for at, values in enumerate(lists):
        for number, part in enumerate(values.data):
            if part.data is None:
                which = f"element {number}" + f" of list {at + 1}" * (len(lists) > 1)
                raise CallFailed(f"{which} is null; cannot concatenate null values", at + 1)
            parts.append(part.data)
    if len(separator.data) * len(parts) > LONGEST_TEXT:
        raise TooMuch("a joined text is too long")
    return _made(separator.data.join(parts))


@function("split", separator=STRING, str=STRING, returns=list_of(STRING))
def _split(separator: Value, value: Value) -> Value:
    if len(value.data) > HEAVIEST:
        raise TooMuch("a text is too long to be split")
    parts = value.data.split(separator.data) if separator.data else value.data
    return list_value(STRING, [_made(part) for part in parts])


@function("strrev", str=STRING, returns=STRING)
def _strrev(value: Value) -> Value:
    if not are_single(value.data):
        return unknown(f"strrev(): {OPEN_REASON}", STRING)
    return _made(value.data[::-1])


@function("substr", str=STRING, offset=NUMBER, length=NUMBER, returns=STRING)
def _substr(value: Value, offset: Value, length: Value) -> Value:
    first, count = whole_number(offset), whole_number(length)
    if not are_single(value.data):
        return unknown(f"substr(): {OPEN_REASON}", STRING)
    start = max(first + len(value.data), 0) if first < 0 else first
    if count < 0:
        return text(value.data[start:])
    return text(value.data[start : start + count])


function("lower", str=STRING, returns=STRING)(_changed(str.lower, "lower"))
function("upper", str=STRING, returns=STRING)(_changed(str.upper, "upper"))


@function("pathexpand", path=STRING, returns=STRING)
def _pathexpand(path: Value) -> Value:
    if path.data.startswith("~"):
        return unknown("pathexpand() looks up a home folder", STRING)
    return path


def _basename(path: str) -> str:
    return (posixpath.basename(path.rstrip("/")) or "/") if path else "."


def _dirname(path: str) -> str:
    folder = path.rpartition("/")[0]
    if not folder:
        return "/" if path.startswith("/") else "."
    return posixpath.normpath(folder).replace("//", "/")


def _trim(value: str, signs: str) -> str:
    return value.strip(signs) if signs else value


plain_function("basename", _basename, STRING, path=STRING)
plain_function("dirname", _dirname, STRING, path=STRING)
plain_function("chomp", lambda value: value.rstrip("\r\n"), STRING, str=STRING)
plain_function("trimspace", lambda value: value.strip(_SPACE), STRING, str=STRING)
plain_function("trim", _trim, STRING, str=STRING, cutset=STRING)
plain_function("trimprefix", str.removeprefix, STRING, str=STRING, prefix=STRING)
plain_function("trimsuffix", str.removesuffix, STRING, str=STRING, suffix=STRING)
plain_function("startswith", str.startswith, BOOL, str=STRING, prefix=STRING)
plain_function("endswith", str.endswith, BOOL, str=STRING, suffix=STRING)
plain_function("strcontains", str.__contains__, BOOL, str=STRING, substr=STRING)
