"""Leaves: the single values inside a block of a job, each with the name that it stands under."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct

from dativo_lint.subject.said import Said
from dativo_lint.texts.document import ABSENT, Document
from dativo_lint.texts.place import Field, spell

_HUGE = 10**40
_TEXT = frozenset((str,))
_HUMP = r"(?<=[a-z0-9])(?=[A-Z])"


class Leaf(Struct, frozen=True, eq=False):
    """A single value.

    `name` is the nearest key above it, spelled `like_this` whichever way it is written; `text`
    the value as text, None where it is neither text nor a whole number of usual length; `above`
    how many steps of the route its label leaves out.
    """

    name: str
    text: str | None
    value: Any
    job: Document
    route: Field
    above: int

    @property
    def said(self) -> Said:
        """The field that says the value."""
        return Said(self.job, self.route)

    @property
    def label(self) -> str:
        """The route below the block, as people write it; below a list, with the block's name."""
        return spell(self.route[self.above :])


def leaves_of(job: Document, block: Field, holding: str = "") -> Iterator[Leaf]:
    """The values inside a block, in the order in which they are written.

    A block that is a single value is its own leaf. A list or mapping that several aliases name is
    walked once. What stands under a key that is no text is left out, and so is, where a word is
    asked for, whatever is not a text `holding` it.
    """
    whole = job.value(block)
    if whole is ABSENT or whole is None:
        return
    above = len(block) if isinstance(whole, dict) else len(block) - 1
    seen: set[int] = set()
    pending: list[_Inside] = [(block, str(block[-1]), whole)]
    while pending:
        route, key, value = pending.pop()
        if isinstance(value, (dict, list)):
            if id(value) not in seen:
                seen.add(id(value))
                pending += reversed(_inside(route, key, value, holding))
        elif _is_wanted(value, holding):
            yield Leaf(folded_name(key), _text(value), value, job, route, above)


def leaf_texts(job: Document, block: Field) -> list[tuple[str, str | None]]:
    """Name and text of each leaf inside a block: enough for rules that find nothing wrong."""
    whole = job.value(block)
    if whole is ABSENT or whole is None:
        return []
    if whole.__class__ is dict and not any(
        it.__class__ is dict or it.__class__ is list for it in whole.values()
    ):
        return [
            (folded_name(name), value if value.__class__ is str else _text(value))
            for name, value in whole.items()
            if isinstance(name, str)
        ]
    return [(leaf.name, leaf.text) for leaf in leaves_of(job, block)]


def rough_texts(job: Document, block: tuple[str, ...]) -> tuple[bool, Collection[Any]]:
    """As `leaf_texts`, and whether the names are folded; else they are as they are written."""
    whole = job.value(block)
    if whole.__class__ is dict and _TEXT.issuperset(map(type, whole)):
        if _TEXT.issuperset(map(type, whole.values())):
            return False, whole.items()
    if whole.__class__ is str:
        return True, ((folded_name(block[-1]), whole),)
    return True, leaf_texts(job, block)


_Inside = tuple[Field, str, Any]
"""A route, the nearest key on it, and the value there."""


def _inside(
    route: Field, key: str, value: dict[Any, Any] | list[Any], holding: str
) -> list[_Inside]:
    if isinstance(value, list):
        items = enumerate(value)
        return [((*route, at), key, item) for at, item in items if _is_wanted(item, holding)]
    return [
        ((*route, name), name, item)
        for name, item in value.items()
        if isinstance(name, str) and _is_wanted(item, holding)
    ]


def _is_wanted(value: Any, holding: str) -> bool:
    """Whether a value is, or may have inside it, a text that holds a word."""
    if not holding or isinstance(value, (dict, list)):
        return True
    return isinstance(value, str) and holding in value


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number and abs(value) < _HUGE else None


@lru_cache(maxsize=1024)
def folded_name(name: str) -> str:
    """`roleArn`, `role-arn` and `role_arn` are one name."""
    if not name.islower():
        name = re.sub(_HUMP, "_", name).lower()
    return name.replace("-", "_")
