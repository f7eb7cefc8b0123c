"""The forms of rendered tag sets, each recognised by its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.document import Document
from dativo_lint.documents.place import spell
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.kinds import (
    TABLE_FIELDS,
    is_called_variables,
    is_flat,
    is_table_metadata,
    names_sink_or_job,
)
from dativo_lint.jobs.rendered import JobSource, RenderedSet, sink_of_keys
from dativo_lint.jobs.sinks import RECEIVING, sink_of
from dativo_lint.jobs.sinks.sink import SinkEntry, SinkTag
from dativo_lint.jobs.sinks.terraform import in_terraform
from dativo_lint.jobs.taggable import TagKeeping
from dativo_lint.jobs.tags import Assignment, Layer, Tag
from dativo_lint.jobs.terraform_plan import (
    Part,
    PlannedResource,
    is_plan,
    plan_fault,
    planned_resources,
)


class FormReader(Struct, frozen=True):
    """Reads rendered sets.

    `taggable` returns where resources have their tags, and is called for plans only. `sink` is that
    of a flat mapping whose keys do not show it; `namespaces` are those that the platform writes as
    Dagster asset tags.
    """

    taggable: Callable[[], tuple[TagKeeping, ...]] = tuple
    sink: str = ""
    namespaces: tuple[str, ...] = ()

    def sets(self, document: Document) -> Iterator[RenderedSet]:
        """The sets of a document; none where it is a plan that cannot be read."""
        root = FieldRef(document, ())
        if is_plan(document.data):
            if plan_fault(document) is None:
                yield from self._of_plan(document)
        elif is_table_metadata(document.data):
            yield self._set("the table", "iceberg", root.child(TABLE_FIELDS[-1]))
        elif is_called_variables(document):
            yield self._set("the variables file", "terraform", root)
        elif names_sink_or_job(document.data):
            named, job, tags = map(root.child, ("sink", "job", "tags"))
            rendered = self._set("", self._sink_of(named, tags.value), tags)
            yield replace(
                rendered,
                sink_field=named if named.is_there else None,
                source=JobSource(job if job.is_there else None),
            )
        elif is_flat(document.data):
            yield self._set("", self.sink or sink_of_keys(document.data), root)

    def _sink_of(self, named: FieldRef, tags: Any) -> str:
        if named.is_there:
            return named.value if named.value in RECEIVING else ""
        return self.sink or sink_of_keys(tags)

    def _set(self, name: str, sink: str, block: FieldRef) -> RenderedSet:
        kind = f"{sink_of(sink).title} set" if sink else "set"
        return RenderedSet(
            name=name or f"the rendered {kind}",
            sink_name=sink,
            block=block,
            entries=tuple(_entries(block, sink)) if isinstance(block.value, dict) else (),
            namespaces=self.namespaces,
        )

    def _of_plan(self, document: Document) -> Iterator[RenderedSet]:
        taggable = self.taggable()
        for resource in planned_resources(document):
            for keeping in taggable:
                if resource.type.startswith(keeping.prefix):
                    yield from _of_resource(document, resource, keeping)


def _entries(block: FieldRef, sink: str) -> Iterator[SinkTag]:
    for key, value, at in sink_of(sink).entries(block):
        yield _entry(sink, key, value, at, key)


def _entry(sink_name: str, key: str, value: Any, at: FieldRef, label: str) -> SinkTag:
    """An entry as the sink receives it, with its tag."""
    sink = sink_of(sink_name)
    spelled = sink.spelled(value)
    text = spelled if isinstance(spelled, str) else in_terraform(spelled)
    assignment = Assignment(Layer.SINK, at, value, text)
    return SinkEntry(key, spelled, at, Tag(sink.tag_key(key) or key, (assignment,), label))


def _of_resource(
    document: Document, resource: PlannedResource, keeping: TagKeeping
) -> Iterator[RenderedSet]:
    """The tags of a resource, from the first tag attribute in the plan."""
    routes, attributes = keeping.routes(resource.type), resource.attributes
    secret = _secret_keys(resource, keeping)
    parts = [_hiding(part, secret) for route in routes for part in attributes.at(route)]
    readable = [part for part in parts if part.is_in_plan]
    if readable:
        first = readable[0]
        # What is unknown where tags are merged may be known where they are written.
        best = next((part for part in readable if isinstance(part.value, (dict, list))), first)
        whole = best is first and first.is_whole
    elif keeping.is_known(resource.type):
        nothing = Part((*attributes.route, routes[-1][0]), None, None, None)
        best, whole = nothing, not resource.omits_unknown
    else:
        return
    entries = []
    for key, part in best.entries():
        label = f"{resource.address}.{spell(part.route[len(attributes.route) :])}"
        at = FieldRef(document, part.route)
        entries.append(_entry(keeping.sink, key, part.shown, at, label))
    yield RenderedSet(
        name=resource.address,
        sink_name=keeping.sink,
        block=FieldRef(document, best.route),
        entries=tuple(entries),
        resource=resource.type,
        whole=whole,
    )


def _secret_keys(resource: PlannedResource, keeping: TagKeeping) -> Any:
    """The marks of all keys that are sensitive in some attribute for tags, or true for all.

    The provider computes the merged attributes, which may come without the marks of the others.
    """
    routes = keeping.elsewhere.get(resource.type, keeping.keeps)
    marks = [part.sensitive for route in routes for part in resource.attributes.at(route)]
    if True in marks:
        return True
    return {
        key: mark
        for mapping in marks
        if isinstance(mapping, dict)
        for key, mark in mapping.items()
        if mark
    }


def _hiding(part: Part, secret: Any) -> Part:
    """A part with the marks of all attributes for tags; blocks have marks of their own."""
    has_own = isinstance(part.value, list) and secret is not True
    return part if has_own else replace(part, sensitive=secret)
