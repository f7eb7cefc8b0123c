"""The functions `format` and `formatlist`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from dativo_lint.terraform.convert import Unsuitable, convert
from dativo_lint.terraform.failures import CallFailed, NotKnown
from dativo_lint.terraform.functions import Takes, function
from dativo_lint.terraform.functions.notations import json_text
from dativo_lint.terraform.functions.texts import check_single
from dativo_lint.terraform.numbers import Number, digits_of, spell_number
from dativo_lint.terraform.syntax import normal
from dativo_lint.terraform.types import BOOL, NUMBER, STRING, TooMuch, Type, list_of
from dativo_lint.terraform.values import (
    HEAVIEST,
    LONGEST_TEXT,
    NULL,
    Value,
    list_value,
    text,
)

_VERB: Final = (
    r"%(?P<flags>[ 0#+-]*)(?P<width>[1-9][0-9]*)?(?:\.(?P<precision>[0-9]*))?"
    r"(?:\[(?P<index>[1-9][0-9]*)\])?(?P<mode>[A-Za-z]|(?<=%)%)"
)
_WIDEST: Final = 10_000


class _Verb(Struct, frozen=True):
    """One verb of a format, `%-5.2f`; `at` is where it stands."""

    raw: str
    at: int
    flags: str
    width: int
    precision: int | None
    mode: str


_ARGUMENTS: Final = ("args", Takes(null=True))


@function("format", format=STRING, returns=STRING, variadic=_ARGUMENTS)
def _format(template: Value, *arguments: Value) -> Value:
    return text(normal(_formatted(template.data, arguments)))


@function("formatlist", format=STRING, returns=list_of(STRING), variadic=_ARGUMENTS)
def _formatlist(template: Value, *arguments: Value) -> Value:
    rows = {
        at: value.data
        for at, value in enumerate(arguments)
        if value.type.is_row and value.data is not None
    }
    first, length = next(((at, len(parts)) for at, parts in rows.items()), (0, 1))
    for at, parts in rows.items():
        if len(parts) != length:
            which = f"argument {first + 1} of length {length}"
            detail = f"has length {len(parts)}, which is inconsistent with {which}"
            raise CallFailed(f"argument {at + 1} {detail}", at + 1)
    texts: list[Value] = []
    weight = 0
    for number in range(length):
        picked = [rows[at][number] if at in rows else value for at, value in enumerate(arguments)]
        try:
            texts.append(text(normal(_formatted(template.data, picked))))
        except CallFailed as failed:
            raise CallFailed(f"error on format iteration {number}: {failed.detail}") from None
        weight += texts[-1].weight
        if weight > HEAVIEST:
            raise TooMuch("a list of formatted texts is too large")
    return list_value(STRING, texts)


def _formatted(template: str, arguments: Sequence[Value]) -> str:
    if NULL in arguments:
        raise NotKnown("the format of a null without a type is never known")
    parts: list[str] = []
    done, following, highest, length = 0, 0, 0, 0
    verb = re.compile(_VERB)
    while True:
        start = template.find("%", done)
        if start < 0:
            break
        parts.append(template[done:start])
        match = verb.match(template, start)
        if match is None:
            raise CallFailed(_malformed(template, start))
        done = match.end()
        if match["mode"] == "%":
            parts.append("%")
            continue
        number = int(match["index"][:6]) - 1 if match["index"] else following
        following = number + 1
        highest = max(highest, following)
        parts.append(_shown(_verb(match), arguments, number))
        length += len(parts[-1])
        if length > LONGEST_TEXT:
            raise TooMuch("a formatted text is too long")
    if highest < len(arguments):
        used = f"only {highest} used by" if highest else "no verbs in"
        raise CallFailed(f"too many arguments; {used} format string", highest + 1)
    return "".join(parts) + template[done:]


def _malformed(template: str, start: int) -> str:
    """What is wrong with a verb that cannot be read."""
    at = start + 1
    while at < len(template) and template[at] in " #+-.[]0123456789":
        at += 1
    if at >= len(template):
        return f"invalid format string starting at offset {at}"
    return f"unrecognized format character '{template[at]}' at offset {at}"


def _verb(match: re.Match[str]) -> _Verb:
    width = int((match["width"] or "0")[:6])
    precision = None if match["precision"] is None else int((match["precision"] or "0")[:6])
    if max(width, precision or 0) > _WIDEST:
        raise TooMuch("a formatted text is too long")
    return _Verb(match[0], match.start(), match["flags"], width, precision, match["mode"])


def _shown(verb: _Verb, arguments: Sequence[Value], number: int) -> str:
    if number >= len(arguments):
        need = f"need index {number + 1} but have {len(arguments)} total"
        raise CallFailed(f'not enough arguments for "{verb.raw}" at {verb.at}: {need}')
    value = arguments[number]
    if verb.mode == "v":
        return _padded(verb, _as_it_is(verb, value))
    if value.data is None:
        raise _unsupported(verb, "null value cannot be formatted")
    if verb.mode == "t":
        return "true" if _as(verb, value, BOOL).data else "false"
    if verb.mode in ("s", "q"):
        return _padded(verb, _text(verb, _as(verb, value, STRING).data))
    if verb.mode in "bodxX":
        return _whole(verb, _as(verb, value, NUMBER).data)
    if verb.mode == "f":
        return _with_point(verb, _as(verb, value, NUMBER).data)
    if verb.raw == "%g":
        return _general(_as(verb, value, NUMBER).data)
    if verb.mode in ("e", "E", "g", "G"):
        raise NotKnown(f"the verb %{verb.mode} is not worked out")
    where = f'in "{verb.raw}" at offset {verb.at}'
    raise CallFailed(f"unsupported format verb '{verb.mode}' {where}")


def _unsupported(verb: _Verb, why: str) -> CallFailed:
    return CallFailed(f'unsupported value for "{verb.raw}" at {verb.at}: {why}')


def _as(verb: _Verb, value: Value, type_: Type) -> Value:
    try:
        return convert(value, type_)
    except Unsuitable as unsuitable:
        raise _unsupported(verb, unsuitable.sentence) from None


def _as_it_is(verb: _Verb, value: Value) -> str:
    if "#" not in verb.flags and value.data is not None:
        if value.type is STRING:
            return str(value.data)
        if value.type is NUMBER:
            return _general(value.data)
    return json_text(value)


def _general(value: Number) -> str:
    """A number in as few digits as identify it, with an exponent beyond six digits."""
    if isinstance(value, float) or value == 0:
        return spell_number(value)
    digits, point = digits_of(value)
    if -4 < point <= 6:
        return spell_number(value)
    mantissa = f"{digits[0]}.{digits[1:]}".rstrip(".")
    return f"{'-' if value < 0 else ''}{mantissa}e{point - 1:+03d}"


def _text(verb: _Verb, value: str) -> str:
    if verb.precision:
        check_single(value, "format()")
        value = value[: verb.precision]
    return json_text(text(value)) if verb.mode == "q" else value


def _padded(verb: _Verb, shown: str) -> str:
    if not verb.width:
        return shown
    check_single(shown, "format()")
    filler = "0" if "0" in verb.flags else " "
    return (shown.ljust if "-" in verb.flags else shown.rjust)(verb.width, filler)


def _whole(verb: _Verb, value: Number) -> str:
    if not isinstance(value, int):
        raise _unsupported(verb, "an integer is required")
    if verb.precision is not None or "#" in verb.flags:
        raise NotKnown(f"{verb.raw} is not worked out")
    return _signed(verb, format(abs(value), verb.mode), value < 0)


def _with_point(verb: _Verb, value: Number) -> str:
    if isinstance(value, float):
        raise NotKnown("infinity is not worked out")
    places = 6 if verb.precision is None else verb.precision
    scaled = round(abs(value) * 10**places)
    digits = str(scaled).rjust(places + 1, "0")
    shown = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return _signed(verb, shown, value < 0)


def _signed(verb: _Verb, shown: str, negative: bool) -> str:
    """A number with its sign, filled up to the width; zeros stand behind the sign."""
    sign = "-" if negative else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    if "-" in verb.flags:
        return (sign + shown).ljust(verb.width)
    if "0" in verb.flags:
        return sign + shown.rjust(verb.width - len(sign), "0")
    return (sign + shown).rjust(verb.width)
