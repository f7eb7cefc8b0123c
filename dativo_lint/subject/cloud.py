"""The cloud: the tags of each resource of a job's module, evaluated with the values of the job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dativo_lint.records import dataclass
from dativo_lint.subject.derive import infrastructure_key
from dativo_lint.subject.layer import Layer
from dativo_lint.subject.said import Said
from dativo_lint.subject.sinks.flow import SinkTag
from dativo_lint.subject.tags import Assignment, Tag, TagSet
from dativo_lint.texts.document import ABSENT, Document

if TYPE_CHECKING:
    from dativo_lint.subject.tagging import GivenTags
    from dativo_lint.terraform.values import Value

_MODULE = ("infrastructure", "terraform_module")


@dataclass(frozen=True, slots=True, eq=False)
class ResourceTags:
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
            pairs = given.planned.entries.items()
            entries = tuple(_entry(tags, job, tagged.address, *pair) for pair in pairs)
            doubt = given.planned.doubt
            yield ResourceTags(tagged.address, tagged.resource.type, entries, doubt, given)


def all_tags(resources: Sequence[ResourceTags]) -> tuple[SinkTag, ...] | None:
    """What all resources together are given, each entry once; None where that is not known."""
    if not resources or any(resource.doubt for resource in resources):
        return None
    found: dict[tuple[str, str], SinkTag] = {}
    for entry in (entry for resource in resources for entry in resource.entries):
        found.setdefault((entry.key, str(entry.text)), entry)
    return tuple(found.values())


def _entry(tags: TagSet, job: Document, address: str, key: str, value: Value) -> SinkTag:
    text = _text(value)
    name = infrastructure_key(key)
    tag = tags.get(name) or next(iter(tags.alike(name)), None)
    if tag is None:
        at = Said(job, _MODULE)
        tag = Tag(name, (Assignment(Layer.SINK, at, text, text),), f"{address}.{key}")
    return SinkTag(key, ABSENT if text is None else text, tag.at, tag)


def _text(value: Value) -> str | None:
    """The text of a tag; None where it is not known, or is none."""
    if isinstance(value.data, str):
        return value.data
    is_scalar = value.is_known and not isinstance(value.data, (dict, tuple))
    return str(value) if is_scalar and value.data is not None else None
