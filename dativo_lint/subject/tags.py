"""Tags: namespaced keys with their effective values, and the trail of who said what."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping, Sequence, ValuesView
from functools import cached_property, lru_cache
from typing import Any

from dativo_lint.records import dataclass
from dativo_lint.subject.layer import Layer
from dativo_lint.subject.said import Said, is_open


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """One layer's word on a tag.

    `written` is the value as the layer wrote it; `text` what the tag was from then on, None
    where the layer erased it.
    """

    layer: Layer
    at: Said
    written: Any
    text: str | None

    @property
    def sentence(self) -> str:
        """Who said what, as a report tells it."""
        if self.text is None:
            return f"{self.layer.value} erases it"
        if isinstance(self.written, list):
            return f"{self.layer.value} says {', '.join(map(str, self.written))}"
        return f"{self.layer.value} says {self.written}"


@dataclass(frozen=True, slots=True, eq=False)
class Tag:
    """A namespaced key and all that was said of it, weakest layer first; never an empty trail.

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
    def at(self) -> Said:
        """Where the strongest word stands."""
        return self.trail[-1].at

    @property
    def layer(self) -> Layer:
        """Whose word is the strongest."""
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


class TagSet(Mapping[str, Tag]):
    """The tags of a job by key, in the order in which they were derived.

    Iteration and lookup see the effective tags; `erased` holds those that a layer took away.
    """

    def __init__(self, tags: Mapping[str, Tag]) -> None:
        self._effective = dict(tags)
        self.erased: dict[str, Tag] = {}
        for key, tag in tags.items():
            if tag.trail[-1].text is None:
                self.erased[key] = self._effective.pop(key)

    def __getitem__(self, key: str) -> Tag:
        return self._effective[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._effective)

    # Those of Mapping look every key up again; rules go through the tags many times a job.

    def get(self, key: str, default: Any = None) -> Any:
        """The effective tag of a key."""
        return self._effective.get(key, default)

    def items(self) -> ItemsView[str, Tag]:
        """The effective tags with their keys."""
        return self._effective.items()

    def values(self) -> ValuesView[Tag]:
        """The effective tags."""
        return self._effective.values()

    def __len__(self) -> int:
        return len(self._effective)

    def spoken_of(self, key: str) -> Tag | None:
        """The tag of a key, effective or erased; None where no layer said a word."""
        return self._effective.get(key) or self.erased.get(key)

    def alike(self, key: str) -> Sequence[Tag]:
        """The effective tags whose keys say the same as `key`, in whatever spelling.

        `CostCenter`, `cost_center` and `cost-center` say the same.
        """
        return self._alike.get(folded_key(key), ())

    @cached_property
    def _alike(self) -> dict[str, list[Tag]]:
        found: dict[str, list[Tag]] = {}
        for key, tag in self._effective.items():
            found.setdefault(folded_key(key), []).append(tag)
        return found


@lru_cache(maxsize=4_096)
def folded_key(key: str) -> str:
    """A key without what spellings differ in: case, dashes, underscores and blanks."""
    return key.casefold().translate(_LEFT_OUT)


_LEFT_OUT = str.maketrans("", "", "-_ ")
