"""TOML: one table of a file as plain data, with places as far as lines show them.

The TOML library has no places. Keys and headers at the start of a line are found again; everything
inside brackets is placed at the key before them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from dativo_lint.documents.document import Document, Fault, FaultKind, Node, Reading, Written
from dativo_lint.documents.place import Field, Lines, Place, start_of

_KEY = r"(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_KEYS = rf"({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*"
_HEADER = re.compile(rf"[ \t]*(\[\[?)[ \t]*{_KEYS}\]")
_ENTRY = re.compile(rf"[ \t]*{_KEYS}=")
_WHERE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")


def read_table(path: str, content: bytes, table: tuple[str, ...]) -> Reading:
    """A table of a TOML file as a document, if it has that table. Never raises."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        text = content.decode()
        data: Any = tomllib.loads(text)
    except UnicodeDecodeError as error:
        message = f"byte 0x{content[error.start]:02x} cannot be read as UTF-8"
        return Reading(path, "", (), (Fault(FaultKind.ENCODING, message, start_of(path)),))
    except (ValueError, RecursionError) as error:
        return Reading(path, text, (), (_fault(path, text, str(error)),))
    for step in table:
        data = data.get(step) if isinstance(data, dict) else None
    if not isinstance(data, dict):
        return Reading(path, text, ())
    return Reading(path, text, (Document(path, text, data, _root(text, table)),))


def _fault(path: str, text: str, problem: str) -> Fault:
    where = _WHERE.search(problem)
    place = start_of(path)
    if where is not None and where[1]:
        line, column = int(where[1]), int(where[2])
        place = Place(path, line, column, line, column)
    elif where is not None:
        place = Lines(text).place(path, len(text), len(text))
    message = problem[:1].lower() + _WHERE.sub("", problem[1:])
    return Fault(FaultKind.SYNTAX, message, place)


def _root(text: str, table: tuple[str, ...]) -> Node:
    """The nodes of a table; each field is placed where its name is first written."""
    fields: dict[Any, Any] = {}
    start, end = 0, 0
    for route, begin, stop in _keys(text, table):
        if not route:
            start, end = begin, stop
        below = fields
        for step in route:
            node = Written(begin, stop, {})
            below = below.setdefault(step, (node if isinstance(step, str) else None, node))[
                1
            ].fields
    return Written(start, end, fields)


def _keys(text: str, table: tuple[str, ...]) -> Iterator[tuple[Field, int, int]]:
    """The keys and headers below a table: the route from there, start and end of the spelling."""
    here: Field | None = None
    counts: dict[Field, int] = {}
    begin = 0
    for line in text.splitlines(keepends=True):
        header, entry = _HEADER.match(line), _ENTRY.match(line)
        written = header[2] if header else entry[1] if entry else ""
        steps = tuple(step.strip("\"'") for step in re.findall(_KEY, written))
        if header:
            is_below = steps[: len(table)] == table
            here = _numbered(steps[len(table) :], counts, header[1]) if is_below else None
            steps = ()
        if written and here is not None:
            at = begin + line.index(written)
            yield (*here, *steps), at, at + len(written.rstrip())
        begin += len(line)


def _numbered(steps: tuple[str, ...], counts: dict[Field, int], opening: str) -> Field:
    """The route of a header, with the number of the item for each list of tables on its way."""
    route: Field = ()
    for depth, step in enumerate(steps, 1):
        route = (*route, step)
        if depth == len(steps) and opening == "[[":
            counts[route] = counts.get(route, -1) + 1
        if route in counts:
            route = (*route, counts[route])
    return route
