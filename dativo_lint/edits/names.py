"""Fixes of misspelled names: the one known name that was plainly meant, or is likely."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from dativo_lint.documents.document import Document
from dativo_lint.documents.place import Field
from dativo_lint.edits.fields import rename, set_value
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.names import close_names

_SLIP = 0.8
"""How alike a name is to the one that was plainly meant."""
_SHORT = 2
_PARTS = re.compile(r"[_.-]")


class Meant(Struct, frozen=True):
    """A known name; `is_plain` if nothing else can be meant."""

    name: str
    is_plain: bool


def meant(word: str, known: Iterable[str]) -> Meant | None:
    """The only known name that is near to a word, or the same in another case."""
    near = close_names(word, known, most=2)
    if len(near) != 1:
        return None
    name, written = near[0].lower(), word.lower()
    from difflib import SequenceMatcher  # only a wrong name needs it

    likeness = SequenceMatcher(None, name, written).ratio()
    is_near = likeness >= _SLIP or sorted(name) == sorted(written)
    return Meant(near[0], is_near and not _differs_in_a_unit(name, written))


def _differs_in_a_unit(name: str, other: str) -> bool:
    """Whether two names differ in a short part, as memory_mb and memory_gb: then both are words."""
    parts = zip(_PARTS.split(name), _PARTS.split(other), strict=False)
    return any(one != two and min(len(one), len(two)) <= _SHORT for one, two in parts)


def renamed(document: Document, route: Field, known: Iterable[str]) -> tuple[Fix, ...]:
    """The fix of a key whose name is not among the known ones, if one of them is near."""
    near = meant(str(route[-1]), known)
    if near is None:
        return ()
    edit = rename(document, route, near.name)
    return (fix(f'Rename "{route[-1]}" to "{near.name}"', edit, is_safe=near.is_plain),)


def respelled(document: Document, route: Field, known: Iterable[str]) -> tuple[Fix, ...]:
    """The fix of a value that is not among the known ones, if one of them is near."""
    value = document.value(route)
    near = meant(value, known) if isinstance(value, str) else None
    if near is None:
        return ()
    edit = set_value(document, route, near.name)
    return (fix(f'Write "{near.name}"', edit, is_safe=near.is_plain),)
