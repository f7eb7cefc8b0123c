"""Module tags: the taggable resources of a module, and their tags with a job's values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.document import ABSENT, Absent, Document
from dativo_lint.documents.place import Place
from dativo_lint.jobs.field_ref import FieldRef, holds_open
from dativo_lint.jobs.layers import infrastructure_key
from dativo_lint.jobs.module_inputs import ModuleInputs
from dativo_lint.jobs.platform_variables import VariableValue
from dativo_lint.jobs.sinks.sink import SinkTag
from dativo_lint.jobs.taggable import Routes, TagKeeping
from dativo_lint.jobs.tags import Assignment, Layer, Tag, TagSet, folded_key
from dativo_lint.terraform.calls import ModuleTree
from dativo_lint.terraform.origins import Origin
from dativo_lint.terraform.reach import Reach, Tracer
from dativo_lint.terraform.source import Written
from dativo_lint.terraform.tagging import PlannedTags, Tagged, planned_tags, tagged_resources
from dativo_lint.terraform.values import Value

Texts = tuple[tuple[str, str | Absent], ...]
"""Keys of tags with their texts."""

_MODULE = ("infrastructure", "terraform_module")


class TaggableResource(Struct, frozen=True, eq=False):
    """A taggable resource, and what the expressions for its tags depend on.

    `sink` is the vendor that receives them: `aws` or `gcp`, and `route` the argument for them.
    """

    tagged: Tagged
    reach: Reach
    sink: str
    route: tuple[str, ...]

    @property
    def type(self) -> str:
        """The type of the resource."""
        return self.tagged.resource.type


class ResourceTags(TaggableResource, frozen=True, eq=False, dict=True):
    """A resource that a job's module creates, or one instance of it, with its tags.

    Each tag has the trail of the value that the module's expression uses; one that the module sets
    by itself is placed there. `job_tags` are those of the job, and `config` is its document.
    """

    planned: PlannedTags
    inputs: ModuleInputs
    job_tags: TagSet
    config: Document

    @property
    def address(self) -> str:
        """How Terraform names the resource, or its instance."""
        return self.planned.address

    @property
    def is_certain(self) -> bool:
        """Whether the job's values certainly create it."""
        return self.planned.certain

    @property
    def doubt(self) -> str:
        """Why there may be more tags than these, or others; empty where there cannot."""
        if self.tagged.sites or all(tree.module.complete for tree in self.tagged.chain):
            return self.planned.doubt
        return self.planned.doubt or "a part of the module cannot be read"

    @cached_property
    def texts(self) -> Texts:
        """The keys with their values; `ABSENT` for one that is unknown, secret or not a string."""
        return tuple([(key, _text(value)) for key, value in self.planned.entries.items()])

    @property
    def entries(self) -> tuple[SinkTag, ...]:
        """The tags as the cloud receives them."""
        return tuple([ResourceTag(self, *pair) for pair in self.texts])

    @property
    def is_untagged(self) -> bool:
        """Whether it has no tags, whatever the job sets."""
        is_fixed = not self.reach.variables and not self.reach.unsure and not self.doubt
        return not self.tagged.sites or (is_fixed and not self.planned.entries)

    @cached_property
    def unset_variables(self) -> tuple[str, ...]:
        """The variables behind its tags that hold mappings, and that the job gives nothing."""
        behind = (self.inputs.inputs[name] for name in sorted(self.reach.variables))
        return tuple(
            item.variable.name
            for item in behind
            if item.source is None and _is_mapping(item.converted.value)
        )

    def uses_job_tags(self, is_carrier: Callable[[str], bool]) -> bool:
        """Whether its tags use one of some variables with the job's tags, or one of the job's."""
        sources = {name: self.inputs.inputs[name].source for name in self.reach.variables}
        return any(
            is_carrier(name) or (source is not None and source.is_own)
            for name, source in sources.items()
        )

    def origin(self, key: str) -> Origin:
        """The expression that gives a tag its value, and the variables that it takes it from."""
        return self.inputs.origins.follow(*self.planned.ways[key])

    def fixed(self, key: str) -> Written | None:
        """The expression in the module that sets a tag, where no value of the job is in it."""
        origin = self.origin(key)
        behind = [self.inputs.inputs[leaf.variable].variable for leaf in origin.leaves]
        is_job_s = self.inputs.sources(origin) or any(variable.is_secret for variable in behind)
        return None if is_job_s or origin.is_unsure else origin.written

    def borrowed(self, key: str, text: str) -> Written | None:
        """The expression in the module that gives a tag the whole value of another tag."""
        origin = self.origin(key)
        sources = () if origin.is_unsure else self.inputs.sources(origin)
        for source, at in sources if len(sources) == 1 else ():
            tag = source.tag
            name = str(at.route[-1]) if tag is None else tag.key.rpartition(".")[2]
            is_tag = tag is not None or at.route[:2] == ("infrastructure", "tags")
            value = at.value if tag is None else tag.text
            if is_tag and value == text and folded_key(name) != folded_key(key):
                return origin.written
        return None

    def tag_behind(self, key: str, text: Any) -> Tag:
        """The tag that an entry comes from, with its whole trail."""
        text = None if text is ABSENT else text
        origin = self.origin(key)
        behind = [_tag_of(self.job_tags, *source, text) for source in self.inputs.sources(origin)]
        if len(behind) == 1:
            return behind[0]
        trail = tuple(assignment for tag in behind for assignment in tag.trail)
        if trail:
            return Tag(infrastructure_key(key), trail)
        label = f"{self.address}.{key}"
        at = ModuleField(self.config, _MODULE, origin.written, self.address, label)
        return Tag(infrastructure_key(key), (Assignment(Layer.MODULE, at, text, text),), label)


class ResourceTag(Struct, frozen=True, eq=False, dict=True):
    """A tag of a resource; what it comes from costs a search through the module, made on request.

    See `SinkTag`.
    """

    resource: ResourceTags
    key: str
    text: str | Absent

    @cached_property
    def tag(self) -> Tag:
        return self.resource.tag_behind(self.key, self.text)

    @property
    def at(self) -> FieldRef:
        return self.tag.at

    @property
    def is_secret(self) -> bool:
        return self.resource.planned.entries[self.key].secret

    @property
    def made_at(self) -> Place | None:
        is_as_set = self.text == self.tag.text
        return None if is_as_set else self.resource.origin(self.key).written.place

    @property
    def is_open(self) -> bool:
        return self.text is ABSENT or holds_open(self.text)


class ModuleField(FieldRef, frozen=True, eq=False, dict=True):
    """A tag that a module sets by itself; in the job, it is of the field that names the module."""

    written: Written
    address: str
    label: str

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.label

    @cached_property
    def place(self) -> Place:
        """Where the module sets it."""
        return replace(self.written.place, field=self.address)

    @property
    def key(self) -> FieldRef:
        """The same place."""
        return self


def _is_mapping(value: Value) -> bool:
    """Whether a value is a map or an object, or null where one might be."""
    return value.type.kind in ("map", "object")


def _text(value: Value) -> str | Absent:
    if isinstance(value.data, str) and not value.secret:
        return value.data
    is_scalar = value.is_known and not (value.secret or isinstance(value.data, (dict, tuple)))
    return str(value) if is_scalar and value.data is not None else ABSENT


@lru_cache(maxsize=256)
def taggable_resources(
    tree: ModuleTree, taggable: Callable[[], tuple[TagKeeping, ...]]
) -> tuple[TaggableResource, ...]:
    """The taggable resources in a module and in those that it calls."""
    tracer, routes = Tracer(), Routes(taggable())
    return tuple(
        TaggableResource(
            it,
            tracer.reach(*it.sites),
            routes.sink(it.resource.type),
            routes.arguments(it.resource.type)[-1],
        )
        for it in tagged_resources(tree, routes)
    )


def resource_tags(
    resources: tuple[TaggableResource, ...], inputs: ModuleInputs, tags: TagSet, config: Document
) -> tuple[ResourceTags, ...]:
    """Those resources that would be made, each instance by itself where their tags differ."""
    planner = inputs.origins.planner
    planned = [(each, planned_tags(each.tagged, planner)) for each in resources]
    return tuple(
        ResourceTags(each.tagged, each.reach, each.sink, each.route, plan, inputs, tags, config)
        for each, plans in planned
        for plan in plans
    )


def distinct_entries(resources: Iterable[ResourceTags]) -> tuple[SinkTag, ...]:
    """The tags of some resources, each key with the same value once."""
    first: dict[tuple[str, str | Absent], ResourceTags] = {}
    for resource in resources:
        for pair in resource.texts:
            first.setdefault(pair, resource)
    return tuple([ResourceTag(resource, *pair) for pair, resource in first.items()])


def _tag_of(tags: TagSet, source: VariableValue, at: FieldRef, text: str | None) -> Tag:
    """The tag that sets a part of a variable; what is no tag of the job's is one by itself."""
    if source.tag is not None:
        return source.tag
    key = infrastructure_key(at.route[-1])
    if at.route[:2] == ("infrastructure", "tags") and (tag := tags.assigned(key)) is not None:
        return tag
    layer = Layer.INFRASTRUCTURE if at.route[0] == "infrastructure" else Layer.JOB
    written = text if isinstance(at.value, (dict, list)) else at.value
    return Tag(key, (Assignment(layer, at, written, text),))
