"""Rows: on which lines the keys and items of a text begin that was read by lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from dativo_lint.texts.yaml_line import (
    COPIED,
    NESTED,
    OPENS,
    pairs_in,
    span_of_value,
    what_it_says,
)


class Written(NamedTuple):
    """A mapping or list, and on which lines its keys or items begin; in brackets, on the only.

    `span` tells where it stands on that line, if it stands inside other brackets.
    """

    data: Any
    rows: list[int]
    is_in_brackets: bool = False
    span: tuple[int, int] | None = None

    @property
    def is_mapping(self) -> bool:
        return self.data.__class__ is dict


def all_written(data: dict[str, Any], lines: list[str]) -> dict[int, Written]:
    """The mappings and lists of a document by their identities.

    The lines are followed as `line_values` has followed them.
    """
    here: Any = data
    level, opened = 0, None
    rows: list[int] = []
    found = {id(data): Written(data, rows)}
    above: list[tuple[int, Any, list[int]]] = []
    for row, said in enumerate(map(what_it_says, lines)):
        if not said:
            continue
        said_level, inner, key, _, sort = said
        while said_level < level:
            level, here, rows = above.pop()
        if said_level > level:
            above.append((level, here, rows))
            here, level, rows = here[opened], said_level, []
            found[id(here)] = Written(here, rows)
        rows.append(row)
        if inner:
            above.append((level, here, rows))
            here, level, rows = here[len(rows) - 1], inner, [row]
            found[id(here)] = Written(here, rows)
        if sort == OPENS:
            opened = key
        elif sort & COPIED:
            value = here[key] if key is not None else here[len(rows) - 1]
            found[id(value)] = Written(value, [row], is_in_brackets=True)
            if sort & NESTED:
                line = lines[row]
                found.update(_inside(value, row, line, span_of_value(line)))
    return found


def _inside(
    data: dict[str, Any], row: int, line: str, span: tuple[int, int]
) -> Iterator[tuple[int, Written]]:
    """The mappings and lists inside a mapping in brackets by their identities."""
    for pair in pairs_in(line, *span) if data else ():
        value = data[pair[1]]
        if value.__class__ is dict or value.__class__ is list:
            yield id(value), Written(value, [row], is_in_brackets=True, span=pair.span(2))
            if value.__class__ is dict:
                yield from _inside(value, row, line, pair.span(2))
