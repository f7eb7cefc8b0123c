"""Fixes of misspelled names: the one known name that was plainly meant, or is likely."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct

from dativo_lint.documents.document import Document
from dativo_lint.documents.place import Field
from dativo_lint.edits.fields import rename, set_value
from dativo_lint.edits.fix import Fix, fix

_NEAR, _SLIP = 0.7, 0.8
"""How alike a name is to the one that is likely, and to the one that was plainly meant."""
_LONGEST, _SHORT = 80, 2
_PARTS = re.compile(r"[_.-]")


class Meant(Struct, frozen=True):
    """A known name; `is_plain` if nothing else can be meant."""

    name: str
    is_plain: bool


def meant(word: str, known: Iterable[str]) -> Meant | None:
    """The only known name that is near to a word, or the same in another case."""
    if len(word) > _LONGEST:
        return None
    folded = {name.lower(): name for name in known}
    if word.lower() in folded:
        return Meant(folded[word.lower()], is_plain=True)
    near = close_names(word.lower(), folded)
    if len(near) != 1:
        return None
    from difflib import SequenceMatcher  # only a wrong name needs it

    likeness = SequenceMatcher(None, near[0], word.lower()).ratio()
    is_near = likeness >= _SLIP or sorted(near[0]) == sorted(word.lower())
    is_plain = is_near and not _differs_in_a_unit(near[0], word.lower())
    return Meant(folded[near[0]], is_plain)


def close_names(word: str, known: Iterable[str]) -> list[str]:
    """The known names nearest to a word, at most two, or with its letters in another order."""
    return [*_close_names(word, tuple(known))]


@lru_cache(maxsize=128)
def _close_names(word: str, names: tuple[str, ...]) -> tuple[str, ...]:
    from difflib import get_close_matches  # only a wrong name needs it

    near = get_close_matches(word, names, n=2, cutoff=_NEAR)
    return tuple(near or [name for name in names if word and sorted(name) == sorted(word)])


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
