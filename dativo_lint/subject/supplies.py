"""Supplies: the Terraform variables that the platform hands to a job's module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from math import isfinite
from typing import Any

from dativo_lint.records import dataclass
from dativo_lint.subject.derive import OWN_FIELDS, as_number
from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.tags import Tag, TagSet
from dativo_lint.texts.document import ABSENT, Document
from dativo_lint.texts.place import spell


@dataclass(frozen=True, slots=True, eq=False)
class Supply:
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
    """Variables by name, from one hand; each is put together when it is asked for."""

    def __init__(
        self, sources: Mapping[str, Any], data: Callable[[Any], Any], make: Callable[[str], Supply]
    ) -> None:
        self.sources = sources
        self._data = data
        self._make = make
        self._made: dict[str, Supply] = {}

    def data(self, name: str) -> Any:
        """The value of a variable that is among them, without where it comes from."""
        return self._data(self.sources[name])

    def __getitem__(self, name: str) -> Supply:
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


Source = str | tuple[str, ...] | None
"""The key of a tag, a field of the job, or nothing that the job tells."""


def platform_supplies(job: Document, tags: TagSet, propagation: Propagation) -> Supplies:
    """What the platform supplies by itself; its sources are those of `Source`."""
    texts = tags.texts
    sources = _sources_of(tuple(texts), tuple(_fields_of(job)), propagation)

    def data(source: Source) -> Any:
        if isinstance(source, str):
            return texts[source]
        return ABSENT if source is None else _shaped(source, job.value(source))

    def make(name: str) -> Supply:
        source = sources[name]
        if isinstance(source, str):
            return Supply(name, texts[source], Said(job, _BLOCK), tags, source)
        return Supply(name, data(source), Said(job, source or _BLOCK))

    return Supplies(sources, data, make)


_BLOCK = ("infrastructure",)
_WHOLE = ("terraform_module", "resource_refs", "tags")
"""Parts of the infrastructure block that are supplied whether they are written or not."""


def _fields_of(job: Document) -> Iterator[str]:
    """The variables that come from fields which a job may leave out."""
    for name in ("tenant_id", "environment"):
        if job.value((name,)) not in (ABSENT, None):
            yield name
    for name in OWN_FIELDS:
        if job.value((*_BLOCK, name)) not in (ABSENT, None):
            yield f"infrastructure_{name}"


@lru_cache(maxsize=256)
def _sources_of(
    keys: tuple[str, ...], fields: tuple[str, ...], propagation: Propagation
) -> Mapping[str, Source]:
    """Where the platform takes its variables from; of two with one name, the latter counts.

    The jobs of a shop have much the same keys and fields.
    """
    sources: dict[str, Source] = {
        key.replace(".", "_"): key for key in keys if not key.startswith("asset.")
    }
    sources.update(dict.fromkeys((*propagation.supplied, "job_name")))
    for name in fields:
        block, _, field = name.partition("_")
        sources[name] = (block, field) if block in _BLOCK else (name,)
    sources.update({name: (*_BLOCK, name) for name in _WHOLE})
    for name in propagation.withheld:
        sources.pop(name, None)
    return sources


def own_supplies(job: Document) -> Supplies:
    """What the job hands over under `infrastructure.terraform_vars`; it wins over the platform.

    Its sources are the names as they are written.
    """
    said = Said(job, (*_BLOCK, "terraform_vars"))
    value = said.value
    written = value if isinstance(value, dict) else {}
    sources = {str(name): name for name in written}

    def make(name: str) -> Supply:
        source = sources[name]
        return Supply(name, written[source], said.below(source), is_own=True)

    return Supplies(sources, written.__getitem__, make)


def _shaped(route: tuple[str, ...], value: Any) -> Any:
    """A field of the job as the platform hands it over."""
    if route[:-1] != _BLOCK:
        return value
    return (_in_model if route[-1] in OWN_FIELDS else _in_block)(route[-1], value)


def _in_model(name: str, value: Any) -> Any:
    """A field of the block as the platform's model has it; `ABSENT` for what the model refuses."""
    if is_open(value):
        return value
    if name == "memory_mb":
        number = as_number(value)
        return ABSENT if number is None or not number.is_integer() else int(number)
    if name == "vcpu":
        number = as_number(value)
        return ABSENT if number is None or not isfinite(number) else number
    return value.lower() if name == "provider" and isinstance(value, str) else value


def _in_block(name: str, value: Any) -> Any:
    """A part of the block; `ABSENT` for what the platform's model refuses or has not."""
    if name == "terraform_module":
        return ABSENT if value is None else value
    if not isinstance(value, dict):
        return value if is_open(value) else ABSENT
    if name == "tags":
        return {key: it for key, it in value.items() if it is not None}
    return value
