"""Scalars: the scalar values inside a block of a job, each with its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct

from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import Field, spell
from dativo_lint.jobs.field_ref import FieldRef

_HUGE = 10**40
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


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
