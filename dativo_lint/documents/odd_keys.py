"""Odd keys: the keys of mappings that are no strings, or that repeat one that is written before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any, Final

from msgspec import Struct

from dativo_lint.documents.document import Fault, FaultKind, Node
from dativo_lint.documents.place import Field, shown, spell
from dativo_lint.documents.source import Source

_MOST: Final = 1000
"""The most odd keys that are reported of one file; more end the reading."""


class _OddKey(Struct, frozen=True, eq=False):
    """A key as written; `first` is the one that it repeats, `route` leads to its mapping."""

    route: Field
    value: Any
    key: Node
    first: Node | None


def odd_key_faults(
    source: Source, root: Node, faults: list[Fault], fatal: Fault | None = None
) -> Fault | None:
    """Add the faults of a document's odd keys to those of other documents, and reject too many.

    Nothing behind a fault that is fatal is reported.
    """
    end = source.offset(fatal.place) if fatal is not None else len(source.text)
    odd_keys = (odd for odd in _odd_keys(root) if odd.key.start < end)
    room = max(0, _MOST - len(faults))
    faults += [_fault(source, odd) for odd in islice(odd_keys, room)]
    surplus = next(odd_keys, None)
    if surplus is None:
        return None
    message = f"more than {_MOST} keys are duplicated or not strings"
    return Fault(FaultKind.LIMIT, message, source.place(surplus.key.start, surplus.key.end))


def _odd_keys(root: Node) -> Iterator[_OddKey]:
    """The odd keys of a document in the order in which they are written; what is merged or an alias
    is met where it is written."""
    around = [_below(root, ())]
    while around:
        below = next(around[-1], None)
        if below is None:
            around.pop()
        elif isinstance(below, _OddKey):
            yield below
        else:
            around.append(_below(*below))


def _below(node: Node, route: Field) -> Iterator[_OddKey | tuple[Node, Field]]:
    """The odd keys of a mapping, and each value in it, or in a list, with its route."""
    firsts: dict[Any, Node] = {}
    for mapping in node.merged:
        if not mapping.is_alias:
            yield mapping, route
    for step, key, value in node.parts():
        if key is not None:
            if step in firsts or not isinstance(step, str):
                yield _OddKey(route, step, key, firsts.get(step))
            firsts.setdefault(step, key)
        if not value.is_alias:
            yield value, (*route, step if isinstance(step, (str, int)) else str(step))


def _fault(source: Source, odd: _OddKey) -> Fault:
    start, end = odd.key.start, odd.key.end
    spelled = source.text[start:end].rstrip()
    field = spell((*odd.route, odd.value if isinstance(odd.value, str) else spelled))
    place = source.place(start, end, field)
    if odd.first is None:
        message = f"key {shown(spelled)} is read as {_kind_of(odd.value)}; expected a string"
        return Fault(FaultKind.NON_STRING_KEY, message, place)
    message = f'key "{shown(str(odd.value))}" is duplicated; only the last one counts'
    other = source.place(odd.first.start, odd.first.end, field)
    return Fault(FaultKind.DUPLICATE_KEY, message, place, other)


def _kind_of(key: Any) -> str:
    """The type and value of a key, as messages write them."""
    if key is None:
        return "null"
    if isinstance(key, bool):
        return f"the boolean {str(key).lower()}"
    if isinstance(key, (int, float)):
        return f"the number {shown(str(key))}"
    return f"the date {key}" if isinstance(key, date) else f"a value of type {type(key).__name__}"
