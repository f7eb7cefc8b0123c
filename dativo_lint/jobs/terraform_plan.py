"""Reads a plan in JSON, as `terraform show -json` writes it: what resources will be afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from msgspec import Struct

from dativo_lint.documents.document import Document
from dativo_lint.documents.place import Field
from dativo_lint.jobs.field_ref import FieldRef

AFTER_APPLY: Final = "${known after apply}"
SENSITIVE: Final = "${sensitive}"
"""The placeholders for values that cannot be seen; written as unresolved values."""

_LEFT_OUT: Final = (["delete"], ["forget"], ["read"])
"""Actions after which a resource is not, or is no longer, Terraform's."""

_MAJOR: Final = "1"
"""Minor versions only add: https://developer.hashicorp.com/terraform/internals/json-format."""


class Part(Struct, frozen=True, eq=False):
    """A part of what a plan leaves a resource, at its route in the document.

    Of the parts of the value, `unknown` holds true for those known only after apply, and
    `sensitive` true for those not to be shown; either is true alone where it is so of everything.
    """

    route: Field
    value: Any
    unknown: Any
    sensitive: Any

    @property
    def is_in_plan(self) -> bool:
        """Whether the plan has it, even as unknown."""
        return self.value is not None or self.unknown is True

    @property
    def is_whole(self) -> bool:
        """Whether no more entries than those that are seen can be in it."""
        return self.unknown is not True and self.sensitive is not True

    @property
    def shown(self) -> Any:
        """The value, or what stands for one that cannot be seen."""
        if self.sensitive:
            return SENSITIVE
        return AFTER_APPLY if self.value is None and self.unknown is True else self.value

    def inside(self, step: str | int) -> Part:
        """An attribute, or a block of a list."""
        value = self.value.get(step) if isinstance(self.value, dict) else None
        if isinstance(step, int) and isinstance(self.value, list):
            value = self.value[step]
        unknown, sensitive = _mark(self.unknown, step), _mark(self.sensitive, step)
        return Part((*self.route, step), value, unknown, sensitive)

    def at(self, route: tuple[str, ...]) -> list[Part]:
        """The parts at a route, one for each block of a list on the way."""
        parts = [self]
        for name in route:
            parts = [block.inside(name) for part in parts for block in part._blocks()]
        return parts

    def entries(self) -> Iterator[tuple[str, Part]]:
        """The values in a mapping, or in blocks, by key; none where all is sensitive."""
        if self.sensitive is True:
            return
        if isinstance(self.value, list):
            for block in self._blocks():
                if isinstance(block.value.get("key"), str):
                    yield block.value["key"], block.inside("value")
        else:
            known = (each for each in (self.value, self.unknown) if isinstance(each, dict))
            for key in dict.fromkeys(key for each in known for key in each):
                part = self.inside(key)
                if part.shown is not None:
                    yield key, part

    def _blocks(self) -> list[Part]:
        """The mappings that it is, or has in a list."""
        is_list = isinstance(self.value, list)
        parts = map(self.inside, range(len(self.value))) if is_list else (self,)
        return [part for part in parts if isinstance(part.value, dict)]


def _mark(marks: Any, step: str | int) -> Any:
    """The mark for one part, from the marks of unknown or sensitive parts."""
    if marks is True:
        return True
    if isinstance(marks, dict):
        return marks.get(step)
    if isinstance(marks, list) and isinstance(step, int) and step < len(marks):
        return marks[step]
    return None


class PlannedResource(Struct, frozen=True, eq=False):
    """A managed resource as the plan leaves it.

    `omits_unknown` says that what is missing from its attributes may be known after apply.
    """

    address: str
    type: str
    attributes: Part
    omits_unknown: bool = False


def is_plan(data: Any) -> bool:
    """Whether a document is a plan by its shape; a state has `values` instead."""
    if not isinstance(data, dict) or "format_version" not in data:
        return False
    return "resource_changes" in data or "planned_values" in data


def plan_fault(document: Document) -> tuple[FieldRef, str] | None:
    """What is wrong with a plan as a whole, and where."""
    version = document.data["format_version"]
    if not isinstance(version, str) or version.partition(".")[0] != _MAJOR:
        what = f'"{version}"' if isinstance(version, str) else "not a string"
        at = FieldRef(document, ("format_version",))
        return at, f"is {what}; expected 1.0 or another 1.x"
    changes = document.data.get("resource_changes")
    if changes is not None and not isinstance(changes, list):
        at = FieldRef(document, ("resource_changes",))
        return at, "is not a list; expected a list of changes"
    return None


def planned_resources(document: Document) -> Iterator[PlannedResource]:
    """The managed resources after a plan, in its order; not what is deleted or only read."""
    changes = document.data.get("resource_changes")
    if isinstance(changes, list):
        for number, written in enumerate(changes):
            change = written.get("change") if isinstance(written, dict) else None
            if isinstance(change, dict) and change.get("actions") not in _LEFT_OUT:
                route = ("resource_changes", number, "change", "after")
                marks = change.get("after_unknown"), change.get("after_sensitive")
                yield from _managed(written, Part(route, change.get("after"), *marks))
    elif changes is None:
        yield from _planned(document)


def _planned(document: Document) -> Iterator[PlannedResource]:
    """What `planned_values` holds, which is all that some tools keep of a plan."""
    pending: list[Field] = [("planned_values", "root_module")]
    while pending:
        here = pending.pop()
        resources = document.value((*here, "resources"))
        for number, written in enumerate(resources if isinstance(resources, list) else ()):
            if isinstance(written, dict):
                route = (*here, "resources", number, "values")
                attributes = Part(
                    route, written.get("values"), None, written.get("sensitive_values")
                )
                yield from _managed(written, attributes, omits_unknown=True)
        modules = document.value((*here, "child_modules"))
        if isinstance(modules, list):
            pending += [(*here, "child_modules", n) for n in reversed(range(len(modules)))]


def _managed(
    written: dict[str, Any], attributes: Part, *, omits_unknown: bool = False
) -> Iterator[PlannedResource]:
    """A resource, if it is one of Terraform's own that has attributes."""
    if isinstance(attributes.value, dict) and written.get("mode", "managed") == "managed":
        address, type_ = str(written.get("address", "")), str(written.get("type", ""))
        yield PlannedResource(address, type_, attributes, omits_unknown)
