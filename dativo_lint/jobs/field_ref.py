"""References to fields of documents, whose places are found only on request."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from msgspec import Struct

from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field, Place, spell


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
    return isinstance(value, str) and "}" in value.partition("${")[2]


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
