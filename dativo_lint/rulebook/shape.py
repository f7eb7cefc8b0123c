"""Shapes: what is wrong with a shop's file for this linter, as usage errors with places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field, spell
from dativo_lint.errors import UsageError
from dativo_lint.schemas.violations import Shape


def misshapen(
    data: Any,
    schema: Mapping[str, Any],
    document: Document | None = None,
    above: Field = (),
    noun: str = "field",
) -> list[UsageError]:
    """Where data is not valid under a schema, in document order.

    An absent value counts as an empty mapping. `document` is where the data is, at the route
    `above`; without one there are no places. `noun` is what an unknown field is called.
    """
    return sorted(
        _faults({} if data is ABSENT else data, Shape(schema), document, above, noun),
        key=lambda fault: (fault.place.line, fault.place.column) if fault.place else (0, 0),
    )


def _faults(
    data: Any, shape: Shape, document: Document | None, above: Field, noun: str
) -> Iterator[UsageError]:
    for route, message in shape.unknown(data):
        where = (*above, *route)
        place = document.key_place(where) if document is not None else None
        _, semicolon, hint = message.partition("; ")
        yield UsageError(f'unknown {noun} "{spell(where)}"{semicolon}{hint}', place)
    unknown = {route for route, _ in shape.unknown(data)}
    for route, message in shape.misshapen(data):
        if shape.misspelt(data, route) in unknown:
            continue
        where = (*above, *route)
        place = document.place(where) if document is not None else None
        yield UsageError(f"{spell(where)} {message}".lstrip(), place)
