"""Tags: namespaced keys with their effective values, and the trail of who said what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, cast

from msgspec import Struct

from dativo_lint.subject.key_sets import KeySet, folded_key, key_set
from dativo_lint.subject.layer import Layer
from dativo_lint.subject.said import Said, is_open
from dativo_lint.texts.document import Document
from dativo_lint.texts.place import Field


class Assignment(Struct, frozen=True, eq=False):
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


class Tag(Struct, frozen=True, eq=False):
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


_MANY = 100
"""Words of a job; with more, what was said of one tag is looked up among all that was said."""

Own = tuple[str, Layer, Field, Any, str | None]
"""What a job says itself of a tag, by its key: a `Saying` without the document."""


class Sayings:
    """What was said of tags, by their keys; `texts` what they were from then on.

    The tags are put together once for all jobs that add nothing to them, and so are their places.
    `remembered` is what others found out of these tags alone, by who did.
    """

    def __init__(self, said: Mapping[str, tuple[Saying, ...]]) -> None:
        self.said = said
        self.texts = {key: trail[-1][4] for key, trail in said.items()}
        self.remembered: dict[Any, Any] = {}
        self._tags: dict[str, Tag] = {}

    def tag(self, key: str) -> Tag:
        """One of the tags with its trail."""
        found = self._tags.get(key)
        if found is None:
            found = self._tags[key] = _tag(key, self.said[key])
        return found


class Rest(NamedTuple):
    """What a job says last, of which most jobs are asked for the texts alone."""

    keys: Sequence[str]
    texts: Iterable[str]
    words: Callable[[], Iterable[Own]]


class TagSet(Mapping[str, Tag]):
    """The tags of a job by key, in the order in which they were derived.

    Iteration and lookup see the effective tags; `erased` holds those that a layer took away.
    `texts` are the effective values by key: all that most rules look at, so that a tag with its
    trail is put together only when somebody asks for it, and so are the trails. `first` is what
    the asset says, `own_texts` what the job makes of its tags, None where it takes one away;
    `is_whole` tells that it takes none away.
    """

    def __init__(
        self,
        first: Sayings,
        job: Document | None = None,
        own: Sequence[Own] = (),
        rest: Rest | None = None,
    ) -> None:
        """The words of the asset, which come first, and what the job adds."""
        self.first = first
        self._job = job
        self._begun = own
        self._rest = rest
        self._tags: dict[str, Tag] = {}
        self.own_texts = {word[0]: word[4] for word in own}
        if rest is not None:
            self.own_texts.update(zip(rest.keys, rest.texts, strict=True))
        texts = {**first.texts, **self.own_texts}
        # An asset takes no tag away.
        self.is_whole = None not in self.own_texts.values()
        self.texts = cast(Mapping[str, str], texts) if self.is_whole else _effective(texts)

    @classmethod
    def of(cls, tags: Iterable[Tag]) -> TagSet:
        """A set of tags that are there already, of several with one key the first."""
        found: dict[str, Tag] = {}
        for tag in tags:
            found.setdefault(tag.key, tag)
        tagged = cls(NOTHING)
        tagged._tags = found
        tagged.texts = _effective({key: tag.text for key, tag in found.items()})
        return tagged

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
        is_said = key in self.own_texts or key in self.first.said or key in self._tags
        return self._tag(key) if is_said else None

    def last_word(self, key: str) -> Saying:
        """What was said last on a tag that was derived from a job and its asset."""
        return self._said[key][-1]

    @cached_property
    def _said(self) -> Mapping[str, tuple[Saying, ...]]:
        if self._job is None:
            return self.first.said
        said = dict(self.first.said)
        for key, layer, route, written, text in self._own:
            said[key] = (*said.get(key, ()), Saying(layer, self._job, route, written, text))
        return said

    def _trail(self, key: str) -> Iterable[Saying]:
        if len(self.own_texts) > _MANY:
            yield from self._said[key]
            return
        yield from self.first.said.get(key, ())
        for _, layer, route, written, text in self._own_words(key):
            if self._job is not None:
                yield Saying(layer, self._job, route, written, text)

    def _own_words(self, key: str) -> list[Own]:
        is_late = self._rest is not None and key in self._rest.keys
        return [word for word in (self._own if is_late else self._begun) if word[0] == key]

    def written(self, key: str) -> list[Any]:
        """What each layer wrote of a tag that was derived from a job and its asset."""
        first = [saying.written for saying in self.first.said.get(key, ())]
        if key not in self.own_texts:
            return first
        return first + [word[3] for word in self._own_words(key)]

    @cached_property
    def _own(self) -> Sequence[Own]:
        return self._begun if self._rest is None else (*self._begun, *self._rest.words())

    @property
    def says_again(self) -> bool:
        """Whether the job says more than one word on a tag."""
        words = len(self._begun) + (0 if self._rest is None else len(self._rest.keys))
        return len(self.own_texts) < words

    def said_twice(self, layer: Layer) -> list[str]:
        """The keys on which the last word but one was that of a layer above the asset."""
        if not self.says_again:
            return []
        said = self._said.items()
        return [key for key, trail in said if len(trail) > 1 and trail[-2].layer is layer]

    def alike(self, key: str) -> Sequence[Tag]:
        """The effective tags whose keys say the same as `key`, in whatever spelling.

        `CostCenter`, `cost_center` and `cost-center` say the same.
        """
        return [self._tag(it) for it in self.keys_like(folded_key(key))]

    def keys_like(self, folded: str) -> Sequence[str]:
        """The keys of the effective tags that are `folded`, as by `folded_key`."""
        return self.key_set.by_folded.get(folded, ())

    @cached_property
    def key_set(self) -> KeySet:
        """The keys of the effective tags, with what hangs on them alone."""
        return key_set(tuple(self.texts))

    def _tag(self, key: str) -> Tag:
        found = self._tags.get(key)
        if found is None:
            is_own = key in self.own_texts
            found = _tag(key, self._trail(key)) if is_own else self.first.tag(key)
            self._tags[key] = found
        return found


def _tag(key: str, trail: Iterable[Saying]) -> Tag:
    return Tag(key, tuple(Assignment(it[0], Said(it[1], it[2]), it[3], it[4]) for it in trail))


def _effective(texts: Mapping[str, str | None]) -> Mapping[str, str]:
    """The texts without those that a layer took away."""
    return {key: text for key, text in texts.items() if text is not None}


NOTHING = Sayings({})
"""Of a job without an asset, what its asset says."""
