"""The cloud: the tags of each resource of a job's module, evaluated with the values of the job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from dativo_lint.subject.layer import Layer
from dativo_lint.subject.layers import infrastructure_key
from dativo_lint.subject.said import Said
from dativo_lint.subject.sinks.sink import SinkTag
from dativo_lint.subject.tags import Assignment, Tag, TagSet
from dativo_lint.texts.document import ABSENT, Document

if TYPE_CHECKING:
    from dativo_lint.subject.tagging import GivenTags

_MODULE = ("infrastructure", "terraform_module")


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
    at = Said(job, _MODULE)
    told = None if text is ABSENT else text
    label = f"{given.traced.tagged.address}.{key}"
    return SinkTag(
        key,
        text,
        at,
        Tag(infrastructure_key(key), (Assignment(Layer.SINK, at, told, told),), label),
    )
