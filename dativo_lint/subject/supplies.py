"""Supplies: the Terraform variables that the platform hands to a job's module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from dativo_lint.subject.layers import OWN_FIELDS
from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.said import Said
from dativo_lint.subject.sources import (
    BLOCK,
    SHAPES,
    TOP_FIELDS,
    VARS,
    Outline,
    outline_of,
    own_outline,
)
from dativo_lint.subject.tags import Tag, TagSet
from dativo_lint.texts.document import ABSENT, Document
from dativo_lint.texts.place import spell


class Supply(Struct, frozen=True, eq=False):
    """A variable that a module is given; thousands are made in a run.

    `value` is plain data, `ABSENT` where nothing in the job tells it. It comes from the tag of a
    `key` among `tags`, where there is one, or else from `said`; `is_own` tells a name of
    `terraform_vars` from what the platform supplies.
    """

    name: str
    value: Any
    said: Said
    tags: TagSet | None = None
    key: str = ""
    is_own: bool = False

    @property
    def tag(self) -> Tag | None:
        """The tag that it comes from."""
        return None if self.tags is None else self.tags[self.key]

    @property
    def at(self) -> Said:
        """Where the value comes from; of a tag, where its strongest word stands."""
        tag = self.tag
        return self.said if tag is None else tag.at

    def named(self, at: Said) -> str:
        """A field in it as messages name it: a tag by its key, others below the block."""
        tag = self.tag
        if tag is not None:
            return tag.name
        return spell(at.route[1:] if at.route[0] == "infrastructure" else at.route)


class Supplies(Mapping[str, Supply]):
    """Variables by name, from one hand; each is put together when it is asked for.

    `sources` tells where they are taken from, and `outline` stands for it.
    """

    __slots__ = ("_job", "_made", "outline", "sources")

    def __init__(self, outline: Outline, job: Document) -> None:
        self.outline = outline
        self.sources = outline.sources
        self._job = job
        self._made: dict[str, Supply] | None = None

    def values_of(self, names: Iterable[str]) -> list[Any]:
        """The values of variables that are supplied, which is all that is asked of most."""
        raise NotImplementedError

    def value(self, name: str) -> Any:
        """The value of a variable that is supplied."""
        return self.values_of((name,))[0]

    def _make(self, name: str) -> Supply:
        raise NotImplementedError

    def __getitem__(self, name: str) -> Supply:
        if self._made is None:
            self._made = {}
        found = self._made.get(name)
        if found is None:
            if name not in self.sources:
                raise KeyError(name)
            found = self._made[name] = self._make(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """The supply of a variable."""
        return self[name] if name in self.sources else default

    def __contains__(self, name: object) -> bool:
        return name in self.sources

    def __iter__(self) -> Iterator[str]:
        return iter(self.sources)

    def __len__(self) -> int:
        return len(self.sources)


class PlatformSupplies(Supplies):
    """What the platform supplies by itself."""

    __slots__ = ("_tags",)

    def __init__(self, outline: Outline, job: Document, tags: TagSet) -> None:
        super().__init__(outline, job)
        self._tags = tags

    def values_of(self, names: Iterable[str]) -> list[Any]:
        """As of all supplies."""
        found = []
        block = _block_of(self._job)
        for source in map(self.sources.__getitem__, names):
            value: Any = ABSENT
            if isinstance(source, str):
                value = self._tags[source].text
            elif source is not None and len(source) == 1:
                value = self._job.value(source)
            elif source is not None:
                shape, value = SHAPES[source[1]], block.get(source[1], ABSENT)
                value = value if shape is None else shape(value)
            found.append(value)
        return found

    def _make(self, name: str) -> Supply:
        source = self.sources[name]
        if isinstance(source, str):
            text = self._tags[source].text
            return Supply(name, text, Said(self._job, BLOCK), self._tags, source)
        return Supply(name, self.value(name), Said(self._job, source or BLOCK))


class OwnSupplies(Supplies):
    """What a job writes under `infrastructure.terraform_vars`, which is `written`."""

    __slots__ = ("_names", "written")

    def __init__(self, job: Document, written: Mapping[Any, Any]) -> None:
        self.written, self._names = written, {}
        if not _TEXT.issuperset(map(type, written)):
            # Of two names that are spelled alike the latter counts.
            self.written = {str(name): value for name, value in written.items()}
            self._names = {str(it): it for it in written}
        super().__init__(own_outline(tuple(self.written)), job)

    def values_of(self, names: Iterable[str]) -> list[Any]:
        """As of all supplies."""
        return [self.written[name] for name in names]

    def _make(self, name: str) -> Supply:
        said = Said(self._job, (*VARS, self._names.get(name, name)))
        return Supply(name, self.written[name], said, is_own=True)


_TEXT = frozenset((str,))


def platform_supplies(job: Document, tags: TagSet, propagation: Propagation) -> PlatformSupplies:
    """What the platform supplies by itself; its sources are those of `Source`."""
    said = job.data if isinstance(job.data, dict) else {}
    block = _block_of(job)
    fields = (*map(said.get, TOP_FIELDS), *map(block.get, OWN_FIELDS))
    has = tuple(it is not None for it in fields)
    return PlatformSupplies(outline_of(tuple(tags), has, propagation), job, tags)


def own_supplies(job: Document) -> OwnSupplies:
    """What the job hands over under `infrastructure.terraform_vars`; it wins over the platform."""
    written = job.value(VARS)
    return OwnSupplies(job, written if isinstance(written, dict) else {})


def _block_of(job: Document) -> Mapping[Any, Any]:
    block = job.value(BLOCK)
    return block if isinstance(block, dict) else {}
