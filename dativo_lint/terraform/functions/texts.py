"""Functions of texts, and of paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import Final

from dativo_lint.terraform.failures import CallFailed, NotKnown
from dativo_lint.terraform.functions import function, plain_function
from dativo_lint.terraform.functions.counting import whole_number
from dativo_lint.terraform.numbers import Number
from dativo_lint.terraform.syntax import normal
from dativo_lint.terraform.types import BOOL, NUMBER, STRING, TooMuch, list_of
from dativo_lint.terraform.values import HEAVIEST, LONGEST_TEXT, Value, text

OPEN_REASON = "it depends on how letters of other scripts join"
# Latin, Greek, Cyrillic, punctuation, kana and Han ideographs, but no marks and no joiners.
_SINGLE: Final = (
    r"[\0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u20a0-\u20bf"
    r"\u3041-\u3096\u30a0-\u30ff\u4e00-\u9fff]*"
)


def are_single(text: str) -> bool:
    """Whether each code point is for certain a grapheme cluster, which is what Terraform counts."""
    return "\r\n" not in text and (text.isascii() or re.fullmatch(_SINGLE, text) is not None)


_SPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def check_single(text: str, function: str) -> None:
    """Raises NotKnown, for a result of the function, unless each code point is a character."""
    if not are_single(text):
        raise NotKnown(f"{function}: {OPEN_REASON}")


def _letter_by_letter(name: str, mapping: Callable[[str], str]) -> None:
    """Registers a function that maps letters to others."""

    @plain_function(name, str=STRING, returns=STRING)
    def body(value: str) -> str:
        if value.isascii():
            return mapping(value)
        letters = [mapping(letter) for letter in value]
        if any(len(letter) != 1 for letter in letters):
            raise NotKnown(f"{name}() is not evaluated for some letters")
        return "".join(letters)


@plain_function("title", str=STRING, returns=STRING)
def _title(value: str) -> str:
    if not value.isascii():
        raise NotKnown("title() is not evaluated for letters beyond ASCII")
    return re.sub(r"(?<![A-Za-z0-9_])[a-z]", lambda letter: letter[0].upper(), value)


@plain_function("indent", spaces=NUMBER, str=STRING, returns=STRING)
def _indent(spaces: Number, value: str) -> str:
    count = whole_number(spaces)
    if count < 0:
        raise CallFailed("the number of spaces must not be negative")
    if (value.count("\n") + 1) * count > LONGEST_TEXT:
        raise TooMuch("an indented text is too long")
    return value.replace("\n", "\n" + " " * count)


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
    return text(normal(separator.data.join(parts)))


@plain_function("split", separator=STRING, str=STRING, returns=list_of(STRING))
def _split(separator: str, value: str) -> list[str]:
    if len(value) > HEAVIEST:
        raise TooMuch("a text is too long to be split")
    return value.split(separator) if separator else [*value]


@plain_function("strrev", str=STRING, returns=STRING)
def _strrev(value: str) -> str:
    check_single(value, "strrev()")
    return value[::-1]


@plain_function("substr", str=STRING, offset=NUMBER, length=NUMBER, returns=STRING)
def _substr(value: str, offset: Number, length: Number) -> str:
    first, count = whole_number(offset), whole_number(length)
    check_single(value, "substr()")
    start = max(first + len(value), 0) if first < 0 else first
    return value[start:] if count < 0 else value[start : start + count]


@plain_function("pathexpand", path=STRING, returns=STRING)
def _pathexpand(path: str) -> str:
    if path.startswith("~"):
        raise NotKnown("pathexpand() looks up a home folder")
    return path


@plain_function("basename", path=STRING, returns=STRING)
def _basename(path: str) -> str:
    return (posixpath.basename(path.rstrip("/")) or "/") if path else "."


@plain_function("dirname", path=STRING, returns=STRING)
def _dirname(path: str) -> str:
    folder = path.rpartition("/")[0]
    if not folder:
        return "/" if path.startswith("/") else "."
    return posixpath.normpath(folder).replace("//", "/")


@plain_function("chomp", str=STRING, returns=STRING)
def _chomp(value: str) -> str:
    return value.rstrip("\r\n")


@plain_function("trimspace", str=STRING, returns=STRING)
def _trimspace(value: str) -> str:
    return value.strip(_SPACE)


@plain_function("trim", str=STRING, cutset=STRING, returns=STRING)
def _trim(value: str, signs: str) -> str:
    return value.strip(signs) if signs else value


_letter_by_letter("lower", str.lower)
_letter_by_letter("upper", str.upper)
plain_function("trimprefix", str=STRING, prefix=STRING, returns=STRING)(str.removeprefix)
plain_function("trimsuffix", str=STRING, suffix=STRING, returns=STRING)(str.removesuffix)
plain_function("startswith", str=STRING, prefix=STRING, returns=BOOL)(str.startswith)
plain_function("endswith", str=STRING, suffix=STRING, returns=BOOL)(str.endswith)
plain_function("strcontains", str=STRING, substr=STRING, returns=BOOL)(str.__contains__)
