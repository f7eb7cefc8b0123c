"""The single values inside a block of the job, each with the name that it stands under."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from dativo_lint.checks.wording import shown
from dativo_lint.subject.said import Said
from dativo_lint.subject.subject import Subject
from dativo_lint.texts.document import ABSENT
from dativo_lint.texts.place import spell

UNDER: Mapping[str, Any] = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string"},
    "description": "Fields of the job that are looked at, with all that stands inside them.",
}
NAMES: Mapping[str, Any] = {
    "type": "array",
    "items": {"type": "string"},
    "description": (
        "Names of fields, in lower case with underscores; a * at either end stands for anything."
    ),
}
"""JSON Schemas of what rules write to choose leaves."""

_HUGE = 10**40
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A single value; `key` is the nearest key above it, `above` how deep its block stands."""

    key: str
    said: Said
    value: Any
    above: int

    @property
    def name(self) -> str:
        """The key, spelled `like_this` whichever way it is written."""
        return _folded(self.key)

    @property
    def label(self) -> str:
        """The route below the block that was looked at, as a message tells it."""
        return shown(spell(self.said.route[self.above :]))

    @property
    def text(self) -> str | None:
        """The value as text; None where it is neither text nor a number of usual length."""
        if isinstance(self.value, str):
            return self.value
        is_number = isinstance(self.value, int) and not isinstance(self.value, bool)
        return str(self.value) if is_number and abs(self.value) < _HUGE else None


def leaves(subject: Subject, blocks: Iterable[tuple[str, ...]]) -> Iterator[Leaf]:
    """The values inside some blocks of a job, in the order in which they are written.

    A list or mapping that several aliases name is walked once. What stands under a key that is no
    text is left out; it is reported as such elsewhere.
    """
    for block in blocks:
        whole = subject.value(*block)
        if whole is ABSENT or whole is None:
            continue
        above = len(block) if isinstance(whole, (dict, list)) else len(block) - 1
        seen: set[int] = set()
        pending: list[tuple[tuple[str | int, ...], str, Any]] = [(block, block[-1], whole)]
        while pending:
            route, key, value = pending.pop()
            if not isinstance(value, (dict, list)):
                yield Leaf(key, subject.said(*route), value, above)
            elif id(value) not in seen:
                seen.add(id(value))
                pending.extend(reversed(list(_inside(route, key, value))))


def names_of(names: Iterable[str]) -> Callable[[str], bool]:
    """Whether a leaf's name is one of those that a rule writes, as `NAMES` describes."""
    exact = frozenset(name for name in names if "*" not in name)
    ends = tuple(name[1:] for name in names if name.startswith("*"))
    starts = tuple(name[:-1] for name in names if name.endswith("*"))
    return lambda name: name in exact or name.endswith(ends) or name.startswith(starts)


def _inside(
    route: tuple[str | int, ...], key: str, value: dict[Any, Any] | list[Any]
) -> Iterator[tuple[tuple[str | int, ...], str, Any]]:
    if isinstance(value, list):
        yield from (((*route, number), key, item) for number, item in enumerate(value))
        return
    for name, item in value.items():
        if isinstance(name, str):
            yield (*route, name), name, item


@lru_cache(maxsize=1024)
def _folded(name: str) -> str:
    """`roleArn`, `role-arn` and `role_arn` are one name."""
    return _HUMP.sub("_", name).replace("-", "_").lower()
