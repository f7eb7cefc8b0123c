"""Tags: namespaced keys with their effective values, and the trail of what set them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

from dativo_lint.documents.quoting import quoted
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.tag_values import is_single

NAMESPACES = ("classification", "governance", "finops", "infrastructure", "asset")


class Layer(str, Enum):
    """The layer of an assignment; a later one overrides an earlier one."""

    ASSET = "asset"
    JOB = "job"
    INFRASTRUCTURE = "infrastructure"
    MODULE = "module"
    SINK = "sink"


class Assignment(Struct, frozen=True, eq=False):
    """What one layer assigns to a tag.

    `written` is the value as the layer has it; `text` what the tag was from then on, None where
    the layer erased it.
    """

    layer: Layer
    at: FieldRef
    written: Any
    text: str | None

    @property
    def sentence(self) -> str:
        """The assignment as reports write it: `finops.project = "lake" (set in the asset)`."""
        layer = self.layer.value + " block" * (self.layer is Layer.INFRASTRUCTURE)
        where = "set here" if self.layer is Layer.SINK else f"set in the {layer}"
        if self.text is None:
            where = f"erased in the {layer}"
        is_list = isinstance(self.written, list)
        items = filter(is_single, self.written) if is_list else ()
        value = ", ".join(map(str, items)) if is_list else self.written
        return f"{self.at.name} = {quoted(value)} ({where})"


class Tag(Struct, frozen=True, eq=False):
    """A namespaced key and all that was assigned to it, weakest layer first; never an empty trail.

    `label` is what messages call it, where that is neither its key nor a field of the job.
    """

    key: str
    trail: tuple[Assignment, ...]
    label: str = ""

    @property
    def text(self) -> str | None:
        """The effective value, None where the strongest layer erased it."""
        return self.trail[-1].text

    @property
    def at(self) -> FieldRef:
        """The place of the strongest assignment."""
        return self.trail[-1].at

    @property
    def layer(self) -> Layer:
        """The layer of the strongest assignment."""
        return self.trail[-1].layer

    @property
    def is_open(self) -> bool:
        """Whether the effective value is known only when the job runs."""
        return is_open(self.text)

    @property
    def name(self) -> str:
        """The key; of an infrastructure tag, the field in which a job writes it."""
        if self.label:
            return self.label
        at = self.at
        return at.name if at.route[:2] == ("infrastructure", "tags") else self.key


class TagSet(dict[str, Tag]):
    """The effective tags by key; `erased` are those that a layer took away.

    Of several tags with one key, the first counts.
    """

    erased: Mapping[str, Tag]

    def __init__(self, tags: Iterable[Tag] = ()) -> None:
        erased: dict[str, Tag] = {}
        super().__init__()
        for tag in tags:
            (erased if tag.text is None else self).setdefault(tag.key, tag)
        self.erased = erased

    def assigned(self, key: str) -> Tag | None:
        """The tag of a key, effective or erased; None where no layer assigns anything to it."""
        return self.get(key) or self.erased.get(key)

    def alike(self, key: str) -> Sequence[Tag]:
        """The effective tags with the same key as `key`, in any spelling.

        `CostCenter`, `cost_center` and `cost-center` are the same.
        """
        return self._by_folded_key.get(folded_key(key), ())

    @cached_property
    def _by_folded_key(self) -> Mapping[str, Sequence[Tag]]:
        tags: dict[str, list[Tag]] = {}
        for key, tag in self.items():
            tags.setdefault(folded_key(key), []).append(tag)
        return tags


def namespace(key: str) -> str:
    """The namespace of a tag: `finops` of `finops.cost_center`."""
    return key.partition(".")[0]


@lru_cache(maxsize=4_096)
def folded_key(key: str) -> str:
    """A key without what spellings differ in: case, dashes, underscores and blanks."""
    return key.casefold().translate(_LEFT_OUT)


_LEFT_OUT = str.maketrans("", "", "-_ ")
