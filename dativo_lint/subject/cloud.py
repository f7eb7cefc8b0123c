"""The cloud: the tags of each resource of a job's module, evaluated with the values of the job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from dativo_lint.subject.derive import infrastructure_key
from dativo_lint.subject.key_sets import folded_key
from dativo_lint.subject.layer import Layer
from dativo_lint.subject.said import Said
from dativo_lint.subject.sinks.flow import Entry, SinkTag, Source
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


def all_entries(
    resources: Iterable[GivenTags], sink: str, tags: TagSet, job: Document
) -> list[Entry] | None:
    """What the resources in a cloud are given together, each entry once and in the rough.

    None where there are no such resources, or where what they are given is not known.
    """
    here = [given for given in resources if given.traced.sink == sink]
    if not here or any(given.doubt for given in here):
        return None
    found: dict[tuple[str, Any], Source] = {}
    for given in here:
        for pair in given.texts:
            if pair not in found:
                name = _tag_behind(pair[0], tags)
                found[pair] = name or _of_module(job, given, *pair)
    return [(*pair, source) for pair, source in found.items()]


def _tag_behind(key: str, tags: TagSet) -> str | None:
    """The job's tag that an entry comes from: that of its key, in whatever spelling."""
    name = infrastructure_key(key)
    if name in tags.texts:
        return name
    return next(iter(tags.keys_like(folded_key(name))), None)


def _entry(tags: TagSet, job: Document, given: GivenTags, key: str, text: Any) -> SinkTag:
    name = _tag_behind(key, tags)
    if name is None:
        return _of_module(job, given, key, text)
    return SinkTag(key, text, tags[name].at, tags[name])


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
