"""References to fields of documents, whose places are found only on request, and their scalars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field, Place, spell

_HUGE = 10**40
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class FieldRef(Struct, frozen=True, eq=False, dict=True):
    """A field of a document, present or absent."""

    document: Document
    route: Field

    @property
    def value(self) -> Any:
        """The plain value, or `ABSENT`."""
        return self.document.value(self.route)

    @property
    def is_there(self) -> bool:
        """Whether the field is written, be it as null."""
        return self.value is not ABSENT

    @property
    def is_open(self) -> bool:
        """Whether the value is known only when the job runs."""
        return is_open(self.value)

    @property
    def name(self) -> str:
        """The route as people write it."""
        return spell(self.route)

    @cached_property
    def place(self) -> Place:
        """The place of the value; of an absent field, that of its nearest ancestor."""
        return self.document.place(self.route)

    @property
    def key(self) -> KeyOf | FieldRef:
        """The same field, placed at its key."""
        return KeyOf(self)

    @property
    def raw(self) -> str | None:
        """The scalar as written in the file, quotes included."""
        return self.document.raw(self.route)

    def child(self, *steps: str | int) -> FieldRef:
        """A field inside this one."""
        return FieldRef(self.document, (*self.route, *steps))


class KeyOf(Struct, frozen=True, eq=False):
    """The key of a field."""

    field: FieldRef

    @property
    def place(self) -> Place:
        """The place of the key."""
        return self.field.document.key_place(self.field.route)


def is_open(value: Any) -> bool:
    """Whether a value holds `${...}`, which is filled in only when the job runs."""
    return isinstance(value, str) and "${" in value and "}" in value.partition("${")[2]


def holds_open(value: Any) -> bool:
    """Whether a value, or anything inside it, is unresolved."""
    pending = [value]
    while pending:
        value = pending.pop()
        if is_open(value):
            return True
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, (list, tuple)):
            pending += value
    return False


class Scalar(Struct, frozen=True, eq=False):
    """A scalar value.

    `name` is the nearest key above it, in snake_case however it is written; `text` the value as a
    string, None where it is neither a string nor a whole number of usual length; `above` how many
    steps of the route its label leaves out.
    """

    name: str
    text: str | None
    value: Any
    field: FieldRef
    above: int

    @property
    def label(self) -> str:
        """The route below the block, as people write it; below a list, with the block's name."""
        return spell(self.field.route[self.above :])


def scalars_of(job: Document, block: Field) -> Iterator[Scalar]:
    """The scalars inside a block, in document order.

    A block that is a scalar is the only one. A list or mapping with several aliases is walked once.
    Values under keys that are not strings are left out.
    """
    whole = job.value(block)
    if whole is ABSENT or whole is None:
        return
    above = len(block) if isinstance(whole, dict) else len(block) - 1
    seen: set[int] = set()
    pending: list[tuple[Field, str, Any]] = [(block, str(block[-1]), whole)]
    while pending:
        route, key, value = pending.pop()
        if not isinstance(value, (dict, list)):
            yield Scalar(folded_name(key), _text(value), value, FieldRef(job, route), above)
        elif id(value) not in seen:
            seen.add(id(value))
            pending += reversed(list(_inside(route, key, value)))


def _inside(
    route: Field, key: str, value: dict[Any, Any] | list[Any]
) -> Iterator[tuple[Field, str, Any]]:
    """Route, nearest key and value of everything directly inside a mapping or a list."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield (*route, number), key, item
    else:
        for name, item in value.items():
            if isinstance(name, str):
                yield (*route, name), name, item


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number and abs(value) < _HUGE else None


@lru_cache(maxsize=1_024)
def folded_name(name: str) -> str:
    """`roleArn`, `role-arn` and `role_arn` are one name."""
    return _HUMP.sub("_", name).lower().replace("-", "_")
