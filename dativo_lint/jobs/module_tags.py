"""Module tags: the resources of a module that take tags, and what a job's values give them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

from dativo_lint.documents.document import ABSENT, Absent, Document
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.layer import Layer
from dativo_lint.jobs.layers import infrastructure_key
from dativo_lint.jobs.module_inputs import ModuleInputs
from dativo_lint.jobs.sinks.sink import SinkTag
from dativo_lint.jobs.taggable import Routes, TagKeeping
from dativo_lint.jobs.tags import Assignment, Tag, TagSet
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.planning import Planner
from dativo_lint.terraform.reach import Reach, Tracer
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.tagging import (
    PlannedTags,
    Tagged,
    planned_tags,
    said_of,
    tagged_resources,
)
from dativo_lint.terraform.values import Value

Texts = tuple[tuple[str, str | Absent], ...]
"""Keys of tags with their texts."""

_MODULE = ("infrastructure", "terraform_module")


class TracedTags(Struct, frozen=True, eq=False):
    """A resource that takes tags, and what the expressions that give it some depend on.

    `sink` is the vendor that receives them: `aws` or `gcp`.
    """

    tagged: Tagged
    reach: Reach
    sink: str


class GivenTags(Struct, frozen=True, eq=False, dict=True):
    """The tags that a resource would be given with the values of a job."""

    traced: TracedTags
    planned: PlannedTags

    @property
    def doubt(self) -> str:
        """Why there may be more tags than these, or others; empty where there cannot."""
        return self.planned.doubt

    @cached_property
    def texts(self) -> Texts:
        """The keys with their texts; `ABSENT` for one that is not known, or is none."""
        return tuple([(key, _text(value)) for key, value in self.planned.entries.items()])


def _text(value: Value) -> str | Absent:
    if isinstance(value.data, str):
        return value.data
    is_scalar = value.is_known and not isinstance(value.data, (dict, tuple))
    return str(value) if is_scalar and value.data is not None else ABSENT


@lru_cache(maxsize=256)
def traced_tags(
    tree: ModuleTree, taggable: Callable[[], tuple[TagKeeping, ...]]
) -> tuple[TracedTags, ...]:
    """The resources that take tags in a module and in those that it calls."""
    tracer, routes = Tracer(), Routes(taggable())
    return tuple(
        TracedTags(it, tracer.reach(*it.sites), routes.sink(it.resource.type))
        for it in tagged_resources(tree, routes)
    )


def given_tags(traced: tuple[TracedTags, ...], inputs: ModuleInputs) -> tuple[GivenTags, ...]:
    """The tags of those resources that would be made."""
    planner = Planner(inputs.values, inputs.epochs[-1])
    planned = [(it, planned_tags(it.tagged, planner)) for it in traced]
    return tuple([GivenTags(it, tags) for it, tags in planned if tags is not None])


def module_words(given: GivenTags, key: str, inputs: ModuleInputs) -> Iterator[Written]:
    """What the module itself sets a tag with: no value of the job is in it."""
    planner, tracer = Planner(inputs.values, inputs.epochs[-1]), Tracer()
    effective = given.planned.entries[key].data
    tagged, through = given.traced.tagged, given.traced.reach.through
    blocks = (it for it in tagged.blocks if it.key and planner.value(it.key).data == key)
    values = (it.value for it in blocks if it.value is not None)
    for site in (*values, *said_of(key, (*tagged.sites, *through))):
        reach = tracer.reach(site)
        behind = [inputs.inputs[name] for name in reach.variables]
        is_constant = not any(it.source or it.variable.sensitive for it in behind)
        if is_constant and not reach.unsure and planner.value(site).data == effective:
            yield site.written


class ResourceTags(Struct, frozen=True, eq=False):
    """The tags of one resource; `doubt` says why there may be others, where that is so.

    An entry comes from the job's tag of its key, in whatever spelling; one that is the module's
    alone is placed where the job names the module.
    """

    address: str
    type: str
    entries: tuple[SinkTag, ...]
    doubt: str
    given: GivenTags


def resource_tags(
    resources: Iterable[GivenTags], sink: str, tags: TagSet, job: Document
) -> Iterator[ResourceTags]:
    """The resources that take tags and that a job's module makes in a cloud."""
    for given in resources:
        if given.traced.sink == sink:
            tagged = given.traced.tagged
            entries = tuple(_entry(tags, job, given, *pair) for pair in given.texts)
            yield ResourceTags(tagged.address, tagged.resource.type, entries, given.doubt, given)


def _tag_behind(key: str, tags: TagSet) -> Tag | None:
    """The job's tag that an entry comes from: that of its key, in whatever spelling."""
    name = infrastructure_key(key)
    return tags.get(name) or next(iter(tags.alike(name)), None)


def _entry(tags: TagSet, job: Document, given: GivenTags, key: str, text: Any) -> SinkTag:
    tag = _tag_behind(key, tags)
    if tag is None:
        return _of_module(job, given, key, text)
    return SinkTag(key, text, tag.at, tag)


def _of_module(job: Document, given: GivenTags, key: str, text: Any) -> SinkTag:
    """An entry that is the module's alone."""
    at = FieldRef(job, _MODULE)
    told = None if text is ABSENT else text
    label = f"{given.traced.tagged.address}.{key}"
    return SinkTag(
        key,
        text,
        at,
        Tag(infrastructure_key(key), (Assignment(Layer.SINK, at, told, told),), label),
    )
