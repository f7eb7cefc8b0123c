"""Values by lines: what a usual YAML text says, where each of its lines says it by itself.

Nearly all files of a shop are such: mappings and lists in blocks, each scalar on one line. They
cost a twentieth of what libyaml's composer takes: 0.015 ms against 0.25 ms for a job of 2.4 KB.
"""

from __future__ import annotations

from typing import Any, Final

from dativo_lint.texts.document import Limits
from dativo_lint.texts.usual import Unusual, Values
from dativo_lint.texts.yaml_line import COPIED, OPENS, RESPELLED, fresh, what_it_says

_NESTING: Final = 50
_IN_A_LINE: Final = 4
"""Levels that a single line may open, all counted: an item, its key, and two in brackets."""


def line_values(text: str, limits: Limits) -> Values | None:
    """What is in a text of one document; None for whatever is more than lines that fit together.

    What it reads, libyaml and PyYAML's own parser read alike; broken texts and keys that repeat
    are left to them.
    """
    nesting = min(limits.nesting, _NESTING)
    if nesting < _IN_A_LINE or limits.documents < 1 or len(text) > limits.expanded_nodes:
        return None
    try:
        return _values(text.split("\n"), nesting - _IN_A_LINE)
    except (Unusual, ValueError, MemoryError):
        return None


def _values(lines: list[str], most_above: int) -> Values | None:
    """See `line_values`; raises Unusual. All in one loop, for each line is soon done.

    `here` is the innermost mapping or list that is open, `above` those that it stands in, and
    `key` the key of `here` whose value the next line may begin.
    """
    root: dict[str, Any] = {}
    here: Any = root
    level = 0
    above: list[tuple[int, Any]] = []
    opened: str | None = None
    is_literal = True
    for said_level, inner, key, said_value, sort in filter(None, map(what_it_says, lines)):
        if said_level > level:
            if opened is None or len(above) > most_above:
                raise Unusual
            above.append((level, here))
            here[opened] = here = [] if said_level % 2 else {}
            level = said_level
        else:
            while said_level < level:
                level, here = above.pop()
            if said_level != level:
                raise Unusual
        opened, value = None, said_value
        if sort:
            if sort == OPENS:
                opened = key
            if sort & COPIED:
                value = fresh(value)
            if sort & RESPELLED:
                is_literal = False
        if key is None:
            here.append(value)
            continue
        if inner:
            if len(above) > most_above:
                raise Unusual
            above.append((level, here))
            below: dict[str, Any] = {}
            here.append(below)
            here, level = below, inner
        if key in here:
            raise Unusual
        here[key] = value
    return Values((root,), is_literal) if root else None
