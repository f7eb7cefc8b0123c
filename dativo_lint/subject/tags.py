"""Tags: namespaced keys with their effective values, and the trail of who said what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from dativo_lint.records import NamedTuple, dataclass
from dativo_lint.subject.layer import Layer
from dativo_lint.subject.said import Said, is_open
from dativo_lint.texts.document import Document
from dativo_lint.texts.place import Field


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


class Saying(NamedTuple):
    """An assignment in the rough: where it stands is a document and a route."""

    layer: Layer
    document: Document
    route: Field
    written: Any
    text: str | None


class TagSet(Mapping[str, Tag]):
    """The tags of a job by key, in the order in which they were derived.

    Iteration and lookup see the effective tags; `erased` holds those that a layer took away.
    `texts` are the effective values by key: all that most rules look at, so that a tag with its
    trail is put together only when somebody asks for it.
    """

    def __init__(
        self, said: Mapping[str, tuple[Saying, ...]], tags: Mapping[str, Tag] | None = None
    ) -> None:
        self._said = said
        self._tags = dict(tags or {})
        texts = {key: trail[-1][4] for key, trail in said.items()}
        texts.update((key, tag.text) for key, tag in self._tags.items())
        self.texts: Mapping[str, str] = {k: text for k, text in texts.items() if text is not None}

    @classmethod
    def of(cls, tags: Iterable[Tag]) -> TagSet:
        """A set of tags that are there already, of several with one key the first."""
        found: dict[str, Tag] = {}
        for tag in tags:
            found.setdefault(tag.key, tag)
        return cls({}, found)

    def __getitem__(self, key: str) -> Tag:
        if key not in self.texts:
            raise KeyError(key)
        return self._tag(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self.texts)

    def __contains__(self, key: object) -> bool:
        return key in self.texts

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def erased(self) -> Mapping[str, Tag]:
        """The tags that a layer took away."""
        keys = dict.fromkeys((*self._said, *self._tags))
        return {key: self._tag(key) for key in keys if key not in self.texts}

    def spoken_of(self, key: str) -> Tag | None:
        """The tag of a key, effective or erased; None where no layer said a word."""
        return self._tag(key) if key in self._said or key in self._tags else None

    def last_word(self, key: str) -> Saying:
        """What was said last on a tag that was derived from a job and its asset."""
        return self._said[key][-1]

    def said_twice(self, layer: Layer) -> list[str]:
        """The keys on which the last word but one was that of a layer."""
        said = self._said.items()
        return [key for key, trail in said if len(trail) > 1 and trail[-2].layer is layer]

    def alike(self, key: str) -> Sequence[Tag]:
        """The effective tags whose keys say the same as `key`, in whatever spelling.

        `CostCenter`, `cost_center` and `cost-center` say the same.
        """
        return [self._tag(it) for it in self.keys_like(folded_key(key))]

    def keys_like(self, folded: str) -> Sequence[str]:
        """The keys of the effective tags that are `folded`, as by `folded_key`."""
        return self._by_folded_key.get(folded, ())

    @cached_property
    def _by_folded_key(self) -> Mapping[str, Sequence[str]]:
        return _by_folded_key(tuple(self.texts))

    def _tag(self, key: str) -> Tag:
        found = self._tags.get(key)
        if found is None:
            trail = [
                Assignment(layer, Said(document, route), written, text)
                for layer, document, route, written, text in self._said[key]
            ]
            found = self._tags[key] = Tag(key, tuple(trail))
        return found


@lru_cache(maxsize=256)
def _by_folded_key(keys: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    """Keys by what they are folded to; the jobs of a shop have much the same ones."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(folded_key(key), []).append(key)
    return found


@lru_cache(maxsize=4_096)
def folded_key(key: str) -> str:
    """A key without what spellings differ in: case, dashes, underscores and blanks."""
    return key.casefold().translate(_LEFT_OUT)


_LEFT_OUT = str.maketrans("", "", "-_ ")
