"""The forms of rendered tag sets, each recognised by its shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.document import Document
from dativo_lint.documents.place import Field, spell
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.kinds import (
    TABLE_FIELDS,
    is_called_variables,
    is_flat,
    is_table_metadata,
    names_sink_or_job,
)
from dativo_lint.jobs.rendered import JobSource, RenderedSet, sink_of_keys
from dativo_lint.jobs.sinks import RECEIVING, TITLES, sink_of
from dativo_lint.jobs.sinks.sink import Entry, SinkTag
from dativo_lint.jobs.sinks.terraform import in_terraform
from dativo_lint.jobs.taggable import Route, TagKeeping
from dativo_lint.jobs.tags import Assignment, Layer, Tag
from dativo_lint.jobs.terraform_plan import PlannedResource, is_plan, plan_fault, planned_resources

AFTER_APPLY = "${known after apply}"
SENSITIVE = "${sensitive}"
"""The placeholder for a value that cannot be seen; written as an unresolved value."""


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
            field = root.child("sink")
            tags = root.child("tags")
            if field.is_there:
                sink = field.value if field.value in RECEIVING else ""
                yield self._set("", sink, tags, field, root.child("job"))
            else:
                sink = self.sink or sink_of_keys(tags.value)
                yield self._set("", sink, tags, None, root.child("job"))
        elif is_flat(document.data):
            yield self._set("", self.sink or sink_of_keys(document.data), root)

    def _set(
        self,
        name: str,
        sink: str,
        block: FieldRef,
        sink_field: FieldRef | None = None,
        job: FieldRef | None = None,
    ) -> RenderedSet:
        entries = tuple(_entries(block, sink)) if isinstance(block.value, dict) else ()
        return RenderedSet(
            name=name or (f"the rendered {TITLES[sink]} set" if sink else "the rendered set"),
            sink_name=sink,
            block=block,
            entries=entries,
            sink_field=sink_field,
            source=JobSource(job if job is not None and job.is_there else None),
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
    return Entry(key, spelled, at, Tag(sink.tag_key(key) or key, (assignment,), label))


def _of_resource(
    document: Document, resource: PlannedResource, keeping: TagKeeping
) -> Iterator[RenderedSet]:
    """The tags of a resource, from the first tag attribute in the plan."""
    routes = keeping.routes(resource.type)
    secret = _secret_keys(resource, keeping)
    kept = [each.hiding(secret) for route in routes for each in _kept(resource, route)]
    readable = [each for each in kept if each.is_in_plan]
    if readable:
        first = readable[0]
        # What is unknown where tags are merged may be known where they are written.
        best = next((each for each in readable if isinstance(each.values, (dict, list))), first)
        whole = best is first and first.whole
    elif keeping.is_known(resource.type):
        best, whole = _Kept(routes[-1][:1], None, None, None), not resource.omits_unknown
    else:
        return
    block = FieldRef(document, (*resource.route, *best.route))
    entries = []
    for route, key, value in _pairs(best):
        label = f"{resource.address}.{spell((*best.route, *route))}"
        entries.append(_entry(keeping.sink, key, value, block.child(*route), label))
    yield RenderedSet(
        name=resource.address,
        sink_name=keeping.sink,
        block=block,
        entries=tuple(entries),
        resource=resource.type,
        whole=whole,
    )


def _secret_keys(resource: PlannedResource, keeping: TagKeeping) -> Any:
    """The marks of all keys that are sensitive in some attribute for tags, or true for all.

    The provider computes the merged attributes, which may come without the marks of the others.
    """
    routes = keeping.elsewhere.get(resource.type, keeping.keeps)
    marks = [kept.sensitive for route in routes for kept in _kept(resource, route)]
    if True in marks:
        return True
    return {
        key: mark
        for mapping in marks
        if isinstance(mapping, dict)
        for key, mark in mapping.items()
        if mark
    }


class _Kept(Struct, frozen=True):
    """What an attribute of a resource holds, and which parts are unknown or sensitive."""

    route: Field
    values: Any
    unknown: Any
    sensitive: Any

    @property
    def is_in_plan(self) -> bool:
        """Whether the plan has the attribute, even as unknown."""
        return self.values is not None or self.unknown is True

    @property
    def whole(self) -> bool:
        """Whether no more entries than those that are seen can be there."""
        return self.unknown is not True and self.sensitive is not True

    def hiding(self, secret: Any) -> _Kept:
        """The same with the marks of all attributes for tags; blocks have marks of their own."""
        if secret is True or not isinstance(self.values, list):
            return replace(self, sensitive=secret)
        return self


def _kept(resource: PlannedResource, route: Route) -> Iterable[_Kept]:
    """The values at a route, one for each block of a list on the way."""
    kept = [_Kept((), resource.values, resource.unknown, resource.sensitive)]
    for name in route:
        kept = [inner for outer in kept for inner in _inside(outer, name)]
    return kept


def _inside(outer: _Kept, name: str) -> Iterator[_Kept]:
    if isinstance(outer.values, list):
        for number, block in enumerate(outer.values):
            inner = _Kept(
                (*outer.route, number),
                block,
                _part(outer.unknown, number),
                _part(outer.sensitive, number),
            )
            if isinstance(block, dict):
                yield from _inside(inner, name)
    elif isinstance(outer.values, dict):
        unknown, sensitive = _part(outer.unknown, name), _part(outer.sensitive, name)
        yield _Kept((*outer.route, name), outer.values.get(name), unknown, sensitive)


def _part(marks: Any, step: str | int) -> Any:
    """The mark for one part, from the marks of unknown or sensitive parts."""
    if marks is True:
        return True
    if isinstance(marks, dict):
        return marks.get(step)
    if isinstance(marks, list) and isinstance(step, int) and step < len(marks):
        return marks[step]
    return None


def _pairs(kept: _Kept) -> Iterator[tuple[Field, str, Any]]:
    """Route, key and value of each entry of a mapping or blocks; hidden values are unresolved."""
    if kept.sensitive is True:
        return
    if isinstance(kept.values, list):
        for number, block in enumerate(kept.values):
            if isinstance(block, dict) and isinstance(block.get("key"), str):
                marks = (_part(each, number) for each in (kept.unknown, kept.sensitive))
                unknown, sensitive = (_part(mark, "value") for mark in marks)
                value = _visible(block.get("value"), unknown, sensitive)
                yield (number, "value"), block["key"], value
    else:
        values, unknown = (
            part if isinstance(part, dict) else {} for part in (kept.values, kept.unknown)
        )
        for key in {**values, **unknown}:
            value = _visible(values.get(key), unknown.get(key), _part(kept.sensitive, key))
            if value is not None:
                yield (key,), key, value


def _visible(value: Any, unknown: Any, sensitive: Any) -> Any:
    if sensitive:
        return SENSITIVE
    return AFTER_APPLY if value is None and unknown is True else value
