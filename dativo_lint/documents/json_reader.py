"""JSON as `json.loads` reads it: plain data, and the place of every key, value and item."""

from __future__ import annotations

import json
import re
from itertools import chain
from typing import Any, Final

from dativo_lint.documents.document import Document, Fault, FaultKind, Limits, Reading, too_large
from dativo_lint.documents.json_node import BRACKET, SPACE, TEXT, past, root_of
from dativo_lint.documents.odd_keys import odd_key_faults
from dativo_lint.documents.place import shown, start_of
from dativo_lint.documents.source import MOST_DIGITS, Refused, Source, decode_json

_STRING: Final = re.compile(TEXT)
_LONG_NUMBER: Final = re.compile(
    rf"{TEXT}|(?<![0-9.eE+-])(-?[0-9]{{{MOST_DIGITS + 1},}})(?![0-9.eE])"
)
_WORD: Final = re.compile(r"[^\s,:\[\]{}\"]+|.", re.DOTALL)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_HALF_ESCAPE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_WANTED: Final = {
    "Expecting value": "a value",
    "Expecting property name enclosed in double quotes": "a key in double quotes",
    "Expecting ':' delimiter": "a colon after the key",
    "Extra data": "the end of the text",
    "Illegal trailing comma before end of object": "a key in double quotes",
    "Illegal trailing comma before end of array": "a value",
    "Unexpected UTF-8 BOM (decode using utf-8-sig)": "a value",
}
"""What should be where the parser stopped, by its message."""


def read_json(path: str, content: bytes, limits: Limits = Limits()) -> Reading:
    """Read a file's one document; problems become faults, and nothing is raised.

    Values are those of `json.loads`, which also accepts NaN and Infinity. The only other things
    rejected are escapes that are half of a surrogate pair, and whatever exceeds the limits.
    """
    if len(content) > limits.file_bytes:
        return Reading(path, "", (), (too_large(path, limits),))
    decoded = decode_json(path, content)
    text = decoded.text
    if decoded.fault is not None:
        return Reading(path, text, (), (decoded.fault,))
    source = Source(path, text, limits)
    faults: list[Fault] = []
    fatal: Fault | None = None
    data: Any = None
    try:
        data, repeats = _loaded(source)
        if repeats:
            fatal = odd_key_faults(source, root_of(text), faults)
    except Refused as refused:
        fatal = refused.fault
    except MemoryError:
        fatal = Fault(FaultKind.LIMIT, "not enough memory to read the file", start_of(path))
    if fatal is not None:
        return Reading(path, text, (), (*faults, fatal))
    return Reading(path, text, (Document(path, text, data, root_of(text)),), tuple(faults))


def _loaded(source: Source) -> tuple[Any, bool]:
    """The value of a text, and whether a key is written twice in it. Raises Refused."""
    text, limits = source.text, source.limits
    repeats = False

    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeats
        data = dict(pairs)
        repeats = repeats or len(data) < len(pairs)
        return data

    try:
        data = json.loads(text, object_pairs_hook=build)
    except RecursionError:
        raise _too_deep(source) from None
    except json.JSONDecodeError as error:
        raise _broken(source, error.msg, error.pos) from error
    except ValueError as error:
        numbers = (match for match in _LONG_NUMBER.finditer(text) if match[1])
        message = f"a whole number has at most {MOST_DIGITS} digits"
        number = next(numbers, None)
        raise source.not_a_value(message, *(number.span() if number else (0, 0))) from error
    if _HALF_ESCAPE.search(text):
        _hold_whole(source)
    depth, nodes = _measured(data, limits)
    if depth > limits.nesting:
        raise _too_deep(source)
    if nodes > limits.expanded_nodes:
        start = past(SPACE, text, 0)
        raise source.over("expanded_nodes", "keys, values and items", start, start + 1)
    return data, repeats


def _measured(data: Any, limits: Limits) -> tuple[int, int]:
    """The levels and the nodes of a value, as far as the limits allow."""
    level = [data] if isinstance(data, (dict, list)) else []
    depth = nodes = 0
    while level and depth <= limits.nesting and nodes <= limits.expanded_nodes:
        depth += 1
        nodes += sum(len(here) * (2 if here.__class__ is dict else 1) for here in level)
        below = (here.values() if here.__class__ is dict else here for here in level)
        level = [value for value in chain.from_iterable(below) if value.__class__ in (dict, list)]
    return depth, nodes


def _too_deep(source: Source) -> Refused:
    """The rejection of a text at the first bracket of the level that is too many."""
    depth = 0
    for bracket in BRACKET.finditer(source.text):
        depth += (bracket[0] in ("{", "[")) - (bracket[0] in ("}", "]"))
        if depth > source.limits.nesting:
            return source.over("nesting", "levels of objects and arrays", *bracket.span())
    return source.refuse(FaultKind.LIMIT, "too deeply nested to be read", 0, 0)


def _hold_whole(source: Source) -> None:
    """Refuse a string with half of a surrogate pair."""
    for string in _STRING.finditer(source.text):
        if "\\u" in string[0] and _SURROGATE.search(json.loads(string[0])):
            message = "the escape is half of a surrogate pair"
            raise source.refuse(FaultKind.CHARACTER, message, *string.span())


def _broken(source: Source, problem: str, at: int) -> Refused:
    """The rejection of a text at the place where it is broken, by the parser's message."""
    text = source.text
    if past(SPACE, text, 0) == len(text):
        message = "the file is empty, expected a JSON document"
        return Refused(Fault(FaultKind.EMPTY, message, start_of(source.path)))
    if problem.startswith("Invalid control character"):
        message = f"character U+{ord(text[at]):04X} is not allowed"
        return source.refuse(FaultKind.CHARACTER, message, at, at + 1)
    wanted = _WANTED.get(problem)
    if problem == "Expecting ',' delimiter":
        wanted = f"a comma or {_closing(text, at)}"
    if wanted is None:
        message = problem.removesuffix(" at")
        message = message[:1].lower() + message[1:].replace("starting", "").rstrip()
        return source.refuse(FaultKind.SYNTAX, message, at, at + 1)
    if problem.startswith("Illegal trailing comma"):
        at += 1
    at = past(SPACE, text, at)
    word = _WORD.match(text, at)
    found = f"found {shown(word.group())}" if word is not None else "unexpected end of file"
    end = word.end() if word is not None else at
    return source.refuse(FaultKind.SYNTAX, f"{found}, expected {wanted}", at, end)


def _closing(text: str, at: int) -> str:
    """The bracket that would close what is open at an offset, up to which the text is sound."""
    opened: list[str] = []
    for bracket in BRACKET.finditer(text, 0, at):
        if bracket[0] in ("{", "["):
            opened.append("}" if bracket[0] == "{" else "]")
        elif bracket[0] in ("}", "]"):
            opened.pop()
    return opened[-1]
