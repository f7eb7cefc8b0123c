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
from dativo_lint.jobs.platform_variables import VariableValue
from dativo_lint.jobs.sinks.sink import SinkTag
from dativo_lint.jobs.taggable import Routes, TagKeeping
from dativo_lint.jobs.tags import Assignment, Tag, TagSet
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.origins import Origin, Origins
from dativo_lint.terraform.planning import Planner
from dativo_lint.terraform.reach import Reach, Tracer
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.tagging import (
    PlannedTags,
    Tagged,
    planned_tags,
    tagged_resources,
)
from dativo_lint.terraform.types import CollectionType, ObjectType
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
    origins: Origins
    inputs: ModuleInputs

    @property
    def doubt(self) -> str:
        """Why there may be more tags than these, or others; empty where there cannot."""
        return self.planned.doubt

    @cached_property
    def texts(self) -> Texts:
        """The keys with their texts; `ABSENT` for one that is not known, secret, or none."""
        return tuple([(key, _text(value)) for key, value in self.planned.entries.items()])

    @property
    def is_untagged(self) -> bool:
        """Whether it has no tags whatever a job says."""
        reach = self.traced.reach
        is_fixed = not reach.variables and not reach.unsure and not self.doubt
        return not self.traced.tagged.sites or (is_fixed and not self.planned.entries)

    @cached_property
    def carriers(self) -> tuple[str, ...]:
        """The variables behind its tags that hold mappings, and that the job gives nothing."""
        unset = (self.inputs.inputs[name] for name in sorted(self.traced.reach.variables))
        return tuple(
            item.variable.name
            for item in unset
            if item.source is None and _is_mapping(item.converted.value)
        )

    def takes_from_job(self, is_carrier: Callable[[str], bool]) -> bool:
        """Whether a variable that carries the job's tags, or one that the job sets, is in them."""
        inputs = self.inputs.inputs
        return any(
            is_carrier(name) or ((source := inputs[name].source) is not None and source.is_own)
            for name in self.traced.reach.variables
        )

    def origin(self, key: str) -> Origin:
        """The expression that gives a tag its value."""
        tagged = self.traced.tagged
        for block in reversed(tagged.blocks):
            if block.value and block.key and self.origins.planner.value(block.key).data == key:
                return self.origins.of_value(block.value)
        return self.origins.of(key, (*tagged.defaults, *tagged.own)) or Origin(tagged.sites[-1])

    def sources(self, origin: Origin) -> tuple[VariableValue, ...]:
        """What the job gives to the variables that a tag comes from."""
        names = sorted(self.origins.reach(origin).variables)
        given = (self.inputs.inputs[name].source for name in names)
        return tuple(source for source in given if source is not None)

    def fixed(self, key: str) -> Written | None:
        """The expression in the module that sets a tag, where no value of the job is in it."""
        origin = self.origin(key)
        reach = self.origins.reach(origin)
        behind = [self.inputs.inputs[name] for name in reach.variables]
        is_fixed = not any(item.source or item.variable.is_secret for item in behind)
        return origin.site.written if is_fixed and not reach.unsure else None


def _is_mapping(value: Value) -> bool:
    """Whether a value is a map or an object, or null where one might be."""
    is_map = isinstance(value.type, CollectionType) and value.type.kind == "map"
    return is_map or isinstance(value.type, ObjectType)


def _text(value: Value) -> str | Absent:
    if isinstance(value.data, str) and not value.secret:
        return value.data
    is_scalar = value.is_known and not (value.secret or isinstance(value.data, (dict, tuple)))
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
    origins = Origins(planner)
    return tuple([GivenTags(it, tags, origins, inputs) for it, tags in planned if tags is not None])


class ResourceTags(Struct, frozen=True, eq=False):
    """The tags of one resource; `doubt` says why there may be others, where that is so.

    An entry has the trail of what the module's expression takes it from; one that is the module's
    alone is placed where the job names the module.
    """

    address: str
    type: str
    entries: tuple[SinkTag, ...]
    doubt: str
    given: GivenTags


def resource_tags(
    resources: Iterable[GivenTags], tags: TagSet, job: Document
) -> Iterator[ResourceTags]:
    """The resources that take tags and that a job's module makes."""
    for given in resources:
        tagged = given.traced.tagged
        entries = tuple(_entry(tags, job, given, *pair) for pair in given.texts)
        yield ResourceTags(tagged.address, tagged.resource.type, entries, given.doubt, given)


def _entry(tags: TagSet, job: Document, given: GivenTags, key: str, text: Any) -> SinkTag:
    tag = _tag_behind(tags, job, given, key, text)
    return SinkTag(key, text, tag.at, tag, given.planned.entries[key].secret)


def _tag_behind(tags: TagSet, job: Document, given: GivenTags, key: str, text: Any) -> Tag:
    """The tag that an entry comes from, with all that its trail says of it."""
    told = None if text is ABSENT else text
    origin = given.origin(key)
    sources = given.sources(origin)
    trails = [_trail(tags, source, key, origin.path, told) for source in sources]
    if len(trails) == 1 and isinstance(trails[0], Tag):
        return trails[0]
    trail = tuple(
        assignment
        for behind in trails
        for assignment in (behind.trail if isinstance(behind, Tag) else behind)
    )
    if trail:
        return Tag(infrastructure_key(key), trail)
    at = FieldRef(job, _MODULE)
    label = f"{given.traced.tagged.address}.{key}"
    return Tag(infrastructure_key(key), (Assignment(Layer.SINK, at, told, told),), label)


def _trail(
    tags: TagSet, source: VariableValue, key: str, path: tuple[str, ...], text: str | None
) -> Tag | tuple[Assignment, ...]:
    """What set the part of a variable that a tag takes."""
    if source.tag is not None:
        return source.tag
    at, name = source.field, path[0] if path else key
    if isinstance(source.value, dict):
        if not source.is_own and source.name == "tags":
            full = infrastructure_key(name)
            tag = tags.assigned(full) or next(iter(tags.alike(full)), None)
            if tag is not None:
                return tag
        at = at.below(name) if name in source.value else at
    layer = Layer.INFRASTRUCTURE if at.route[0] == "infrastructure" else Layer.JOB
    return (Assignment(layer, at, text, text),)
