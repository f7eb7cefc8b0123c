"""Key sets: the keys of the tags of a job, which many have in common; what hangs on keys alone is
found out once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any


class KeySet:
    """The keys of some tags, in their order; jobs with the same ones share it.

    `remembered` is what others found out of the keys alone, by who did.
    """

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        self.remembered: dict[Any, Any] = {}

    @cached_property
    def by_folded(self) -> Mapping[str, Sequence[str]]:
        """The keys by what they are folded to, as by `folded_key`."""
        found: dict[str, list[str]] = {}
        for key in self.keys:
            found.setdefault(folded_key(key), []).append(key)
        return found

    @cached_property
    def are_apart(self) -> bool:
        """Whether no two of them are one key in another spelling."""
        return len(self.by_folded) == len(self.keys)


key_set = lru_cache(maxsize=256)(KeySet)
"""The key set of some keys."""


@lru_cache(maxsize=1_024)
def folded_key(key: str) -> str:
    """A key without what spellings differ in: case, dashes, underscores and blanks."""
    return key.casefold().translate(_LEFT_OUT)


_LEFT_OUT = str.maketrans("", "", "-_ ")
