"""Supplies: the Terraform variables that the platform hands to a job's module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from math import isfinite

from dativo_lint.records import dataclass
from dativo_lint.subject.derive import OWN_FIELDS, as_number
from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.said import Said, is_open
from dativo_lint.subject.tags import Tag, TagSet
from dativo_lint.texts.document import ABSENT, Document
from dativo_lint.texts.place import spell
from dativo_lint.typed import Any


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
    """Variables by name, from one hand; each is put together when it is asked for.

    `data` are the values alone, which is all that is asked of most.
    """

    def __init__(
        self, outline: Outline, data: Mapping[str, Any], make: Callable[[str], Supply]
    ) -> None:
        self.outline = outline
        self.sources = outline.sources
        self.data = data
        self._make = make
        self._made: dict[str, Supply] = {}

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
    outline = _outline_of(tuple(texts), tuple(_fields_of(job)), propagation)
    sources = outline.sources
    data: dict[str, Any] = dict.fromkeys(outline.untold, ABSENT)
    data.update(zip(outline.of_tags, map(texts.__getitem__, outline.keys), strict=True))
    block = job.value(_BLOCK)
    written = block if isinstance(block, dict) else {}
    for name, route in outline.of_fields:
        if len(route) == 1:
            data[name] = job.value(route)
        else:
            shape, value = _SHAPES[route[1]], written.get(route[1], ABSENT)
            data[name] = value if shape is None else shape(value)

    def make(name: str) -> Supply:
        source = sources[name]
        if isinstance(source, str):
            return Supply(name, texts[source], Said(job, _BLOCK), tags, source)
        return Supply(name, data[name], Said(job, source or _BLOCK))

    return Supplies(outline, data, make)


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Where variables are taken from, by name, and the names by the kind of source.

    Of tags there are the names of the variables and the keys, of fields the names and the routes.
    Jobs that supply the same share one.
    """

    sources: Mapping[str, Source]
    of_tags: tuple[str, ...]
    keys: tuple[str, ...]
    of_fields: tuple[tuple[str, tuple[str, ...]], ...]
    untold: tuple[str, ...]


_BLOCK = ("infrastructure",)
_VARS = ("infrastructure", "terraform_vars")
_WHOLE = ("terraform_module", "resource_refs", "tags")
"""Parts of the infrastructure block that are supplied whether they are written or not."""


_GIVEN = tuple((name, f"infrastructure_{name}") for name in OWN_FIELDS)


def _fields_of(job: Document) -> Iterator[str]:
    """The variables that come from fields which a job may leave out."""
    for name in ("tenant_id", "environment"):
        value = job.value((name,))
        if value is not ABSENT and value is not None:
            yield name
    block = job.value(_BLOCK)
    if isinstance(block, dict):
        yield from (given for name, given in _GIVEN if block.get(name) is not None)


@lru_cache(maxsize=256)
def _outline_of(
    keys: tuple[str, ...], fields: tuple[str, ...], propagation: Propagation
) -> Outline:
    """What the platform supplies to jobs with tags of some keys, and some of the fields.

    The jobs of a shop have much the same ones.
    """
    sources = _sources_of(keys, fields, propagation)
    tags = {name: it for name, it in sources.items() if isinstance(it, str)}
    routes = tuple((name, it) for name, it in sources.items() if isinstance(it, tuple))
    untold = tuple(name for name, it in sources.items() if it is None)
    return Outline(sources, tuple(tags), tuple(tags.values()), routes, untold)


@lru_cache(maxsize=256)
def _own_outline(names: tuple[str, ...]) -> Outline:
    """What jobs supply that write variables of some names."""
    fields = tuple((name, (*_VARS, name)) for name in names)
    return Outline(dict(fields), (), (), fields, ())


def _sources_of(
    keys: Iterable[str], fields: Iterable[str], propagation: Propagation
) -> Mapping[str, Source]:
    """Where the platform takes its variables from; of two with one name, the latter counts."""
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
    """What the job hands over under `infrastructure.terraform_vars`; it wins over the platform."""
    value = job.value(_VARS)
    written = value if isinstance(value, dict) else {}
    # Of two names that are spelled alike the latter counts.
    data = {str(name): value for name, value in written.items()}
    names = {} if all(it.__class__ is str for it in written) else {str(it): it for it in written}

    def make(name: str) -> Supply:
        said = Said(job, (*_VARS, names.get(name, name)))
        return Supply(name, data[name], said, is_own=True)

    return Supplies(_own_outline(tuple(data)), data, make)


def _lowered(value: Any) -> Any:
    return value.lower() if isinstance(value, str) and not is_open(value) else value


def _memory(value: Any) -> Any:
    """A size as the platform's model has it; `ABSENT` for what the model refuses."""
    if is_open(value):
        return value
    number = as_number(value)
    return ABSENT if number is None or not number.is_integer() else int(number)


def _vcpu(value: Any) -> Any:
    if is_open(value):
        return value
    number = as_number(value)
    return ABSENT if number is None or not isfinite(number) else number


def _named(value: Any) -> Any:
    return ABSENT if value is None else value


def _mapping(value: Any) -> Any:
    """A part of the block; `ABSENT` for what the platform's model refuses or has not."""
    return value if isinstance(value, dict) or is_open(value) else ABSENT


def _tags(value: Any) -> Any:
    if not isinstance(value, dict):
        return _mapping(value)
    is_whole = None not in value.values()
    return value if is_whole else {key: it for key, it in value.items() if it is not None}


_SHAPES: Mapping[str, Callable[[Any], Any] | None] = {
    "provider": _lowered,
    "compute_type": None,
    "memory_mb": _memory,
    "vcpu": _vcpu,
    "terraform_module": _named,
    "resource_refs": _mapping,
    "tags": _tags,
}
"""What the platform makes of the fields of the block that it hands over."""
