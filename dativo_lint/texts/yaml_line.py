"""Lines of YAML: what a single line says by itself, where it is of a kind that surely does.

The files of a shop say the same lines again and again: of a hundred lines of a job, all but two
have been seen in the last ten thousand. So what a line says is remembered by its text, and only a
line that is new is looked at: by one pattern, in 3 µs, where a line that is known costs 0.03 µs.
The lines are such as libyaml and PyYAML's own parser read alike, whatever stands around them, as
long as they fit together: see `yaml_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from dativo_lint.texts.usual import SPECIAL, Unusual, plain
from dativo_lint.texts.words import NUMBER_STARTS

_MOST_REMEMBERED: Final = 1400
_REMEMBERED_LENGTH: Final = 120
_LONGEST: Final = 1000
"""A key is one for libyaml only where its colon is among the 1024 characters that it begins."""

OPENS: Final = 1
"""The line ends with the key: its value is null, or is what stands on the lines below."""
COPIED: Final = 2
"""The value is a list or mapping in brackets, of which each document has its own."""
RESPELLED: Final = 4
"""The value is, or holds, a plain scalar that is not spelled as its value is written."""
NESTED: Final = 8
"""The value is a mapping in brackets with keys; what it holds is to be copied too."""

Said = tuple[int, int, str | None, Any, int]
"""What a line says: its level; if it is an item that is a mapping, the level of that; key; value;
and a sum of `OPENS`, `COPIED`, `RESPELLED` and `NESTED`.

The level of a key is twice its column, that of an item twice the column of its dash, and one more,
for the items of a key may stand in the key's own column. An empty line or comment says nothing.
"""
_QUOTED = r""""[^"\\]*"|'[^']*'"""
_IN_BRACKETS = r"(?:[\w/.$]|-(?=[\d.]))[\w/.@+-]*(?: +[\w/.][\w/.@+-]*)*"
_BRACKETED = rf"(?:{_QUOTED}|{_IN_BRACKETS})"
# What a list or mapping holds stands in these but once: to compile it takes a while.
_LIST = rf"\[ *(?:{_BRACKETED} *(?:, *(?!\])|(?=\])))*\]"
_PLAIN = (
    r"""(?:[^ \-?:,\[\]{}#&*!|>'"%@`]|-(?=[\d.]))[^ :#]*"""
    r"(?:(?:(?<! )#|:(?! |\Z)| +(?![ #]|\Z))[^ :#]*)*"
)
_VALUE = rf"{_QUOTED}|{_LIST}|\{{ *\}}|{_PLAIN}"
_KEY = r"[A-Za-z_][\w./-]*"
_IN_MAPPING = rf"(?:{_BRACKETED}|{_LIST})"


def _line(value: str) -> re.Pattern[str]:
    """What a line is like whose value is like that."""
    return re.compile(
        rf"( *)(- +)?(?:([A-Za-z0-9_][\w./-]*):(?= |\Z) *)?({value})? *(?:(?<= )#.*)?", re.ASCII
    )


@cache
def _with_mappings() -> re.Pattern[str]:
    """As `_LINE`, of lines with a mapping in brackets, if `_keys_in_brackets` finds it sound.

    One pattern that knew all of it would take 5 ms to compile, a twentieth of a small run.
    """
    return _line(r"\{.*\}")


@cache
def _pair() -> re.Pattern[str]:
    """A key in such a mapping, and its value, with the blanks around them.

    What a mapping that is a value holds, is held against the same pattern.
    """
    return re.compile(rf" *({_KEY}): +({_IN_MAPPING}|\{{[^{{}}]*\}}) *", re.ASCII)


_LINE = _line(_VALUE)
DASH, KEY, VALUE = 2, 3, 4
"""Which groups these are in what `parts` gives."""
ITEM_IN_BRACKETS: Final = re.compile(_BRACKETED, re.ASCII)


class Remembered(dict[str, "Said | None"]):
    """What lines say, by their texts; what is not remembered yet is found out when asked for.

    A dict, so that asking for what is remembered calls no function of Python's. The lines that were
    met last are in it, and `before` those that were met before them, to be remembered anew: most
    lines that are new are those of one file, and crowd out none that all have.
    """

    def __init__(self) -> None:
        super().__init__()
        self.before: dict[str, Said | None] = {}

    def __missing__(self, line: str) -> Said | None:
        """What a new line says; raises Unusual, and NotAValue."""
        said = self.before[line] if line in self.before else _said(line)
        if len(line) <= _REMEMBERED_LENGTH:
            if len(self) >= _MOST_REMEMBERED:
                self.before = dict(self)
                self.clear()
            self[line] = said
        return said


what_it_says: Final = Remembered().__getitem__
"""What a line says, its end not included; raises Unusual, and NotAValue."""


def parts(line: str) -> re.Match[str]:
    """A line that says something, taken apart; raises Unusual."""
    found = _LINE.fullmatch(line)
    if found is None and "{" in line:
        found = _with_mappings().fullmatch(line)
    if found is None or (found[KEY] is None and (found[DASH] is None or found[VALUE] is None)):
        raise Unusual
    return found


def span_of_value(line: str) -> tuple[int, int]:
    """Where the value stands that a line ends with."""
    return parts(line).span(VALUE)


def pairs_in(line: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The pairs of a mapping in brackets, which begins and ends there: key, and value."""
    return _pair().finditer(line, start + 1, end)


def column_of_comment(line: str) -> int | None:
    """Where the comment of a line begins, if it has one."""
    if not what_it_says(line):
        return line.find("#") if "#" in line else None
    found = parts(line)
    column = line.find("#", found.end(found.lastindex or 0))
    return column if column >= 0 else None


def _said(line: str) -> Said | None:
    if not line.isprintable():
        raise Unusual
    text = line.lstrip(" ")
    if not text or text[0] == "#":
        return None
    if len(line) > _LONGEST:
        raise Unusual
    indent, dash, key, value = parts(line).groups()
    level = 2 * len(indent)
    inner = 0
    if dash is not None:
        inner = level + 2 * len(dash) if key is not None else 0
        level += 1
    if key is None:
        return level, 0, None, *_value(value)
    if _scalar(key)[0].__class__ is not str:
        raise Unusual
    if value is None:
        return level, inner, key, None, OPENS
    return level, inner, key, *_value(value)


def _value(spelled: str) -> tuple[Any, int]:
    """A value, and what is to be known of it."""
    first = spelled[0]
    if first in "\"'":
        return spelled[1:-1], 0
    if first == "{":
        return _keys_in_brackets(spelled) if spelled[1:-1].strip(" ") else ({}, COPIED)
    if first == "[":
        items = [_value(found) for found in ITEM_IN_BRACKETS.findall(spelled)]
        odd = COPIED
        for _, sort in items:
            odd |= sort
        return [value for value, _ in items], odd
    value, is_as_spelled = _scalar(spelled)
    return value, 0 if is_as_spelled else RESPELLED


def _keys_in_brackets(spelled: str) -> tuple[Any, int]:
    """A mapping in brackets that has keys; raises Unusual for what might be anything else."""
    found = {}
    odd = COPIED | NESTED
    for pair in _pairs(spelled):
        key = pair[1]
        if key in found or _scalar(key)[0].__class__ is not str:
            raise Unusual
        found[key], sort = _value(pair[2])
        odd |= sort
    return found, odd


def _pairs(spelled: str) -> Iterator[re.Match[str]]:
    """The pairs of a mapping in brackets, with commas between them and nothing else."""
    at, last = 0, len(spelled) - 1
    while at < last:
        pair = _pair().match(spelled, at + 1)
        if pair is None:
            raise Unusual
        yield pair
        at = pair.end()
        # Behind the last bracket is nothing: then it closed a mapping further inside.
        if spelled[at : at + 1] != ("," if at < last else "}"):
            raise Unusual


def fresh(value: Any) -> Any:
    """A mapping or list in brackets again, with all that it holds."""
    if value.__class__ is dict:
        return {key: fresh(below) for key, below in value.items()}
    return value.copy() if value.__class__ is list else value


def _scalar(spelled: str) -> tuple[Any, bool]:
    """The value of a plain scalar, and whether it is spelled like that."""
    if spelled[0] in NUMBER_STARTS or spelled in SPECIAL:
        return plain(spelled)
    return spelled, True
