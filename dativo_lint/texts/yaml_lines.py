"""Values by lines: what a usual YAML text says, where each of its lines says it by itself.

Nearly all files of a shop are such: mappings and lists in blocks, each scalar on one line. They
cost a tenth of what libyaml's composer takes: 0.025 ms against 0.25 ms for a job of 2.4 KB.
"""

from __future__ import annotations

from typing import Any, Final

from dativo_lint.texts.document import Limits
from dativo_lint.texts.usual import Unusual, Values
from dativo_lint.texts.yaml_line import COPIED, OPENS, RESPELLED, fresh, what_it_says

_NESTING: Final = 50
_IN_BRACKETS: Final = 3
"""Levels that may stand in brackets on one line: a mapping, one in that, and a list in that."""


def line_values(text: str, limits: Limits) -> Values | None:
    """What is in a text of one document; None for whatever is more than lines that fit together.

    What it reads, libyaml and PyYAML's own parser read alike; broken texts and keys that repeat
    are left to them.
    """
    nesting = min(limits.nesting, _NESTING)
    most_above = nesting - 1 - _IN_BRACKETS
    if most_above < 0 or limits.documents < 1:
        return None
    try:
        values = _values(text.split("\n"), most_above)
    except (Unusual, ValueError, MemoryError):
        return None
    # Every node takes a character at least.
    is_large = len(text) > limits.expanded_nodes
    return None if is_large and values and _nodes(values) > limits.expanded_nodes else values


def _nodes(values: Values) -> int:
    """How many keys, values and items there are."""
    nodes = 0
    pending = list(values.data)
    for here in pending:
        is_mapping = here.__class__ is dict
        nodes += 2 * len(here) if is_mapping else len(here)
        below = here.values() if is_mapping else here
        pending += [it for it in below if it.__class__ is dict or it.__class__ is list]
    return nodes


def _values(lines: list[str], most_above: int) -> Values | None:
    """See `line_values`; raises Unusual. All in one loop, for each line is soon done.

    `here` is the innermost mapping or list that is open, `above` those that it stands in, of which
    there may be so many, and `opened` the key of `here` whose value the next line may begin.
    """
    root: dict[str, Any] = {}
    here: Any = root
    level = 0
    above: list[tuple[int, Any]] = []
    opened: str | None = None
    is_literal = True
    for said_level, inner, key, said_value, sort in filter(None, map(what_it_says, lines)):
        if said_level != level:
            if said_level > level:
                if opened is None or len(above) >= most_above:
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
            if len(above) >= most_above:
                raise Unusual
            above.append((level, here))
            below: dict[str, Any] = {}
            here.append(below)
            here, level = below, inner
        if key in here:
            raise Unusual
        here[key] = value
    return Values((root,), is_literal) if root else None
