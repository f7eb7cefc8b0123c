"""Reads a plan in JSON, as `terraform show -json` writes it: what resources will be afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from dativo_lint.documents.document import Document
from dativo_lint.documents.place import Field

_LEFT_OUT: Final = (["delete"], ["forget"], ["read"])
"""Actions after which a resource is not, or is no longer, Terraform's."""

_MAJOR: Final = "1"
"""Minor versions only add: https://developer.hashicorp.com/terraform/internals/json-format."""


class PlannedResource(Struct, frozen=True, eq=False):
    """A managed resource as the plan leaves it.

    `route` leads to its values in the document. Of the parts of the values, `unknown` holds true
    for those known only after apply, and `sensitive` true for those not to be shown; either is
    true alone where it is so of everything. `omits_unknown` says that what is missing from
    `values` may be known after apply.
    """

    address: str
    type: str
    route: Field
    values: Mapping[str, Any]
    unknown: Any
    sensitive: Any
    omits_unknown: bool = False


class PlanFault(Struct, frozen=True, eq=False):
    """Why a document that is a plan by its shape cannot be read as one."""

    route: Field
    message: str


def is_plan(data: Any) -> bool:
    """Whether a document is a plan by its shape; a state has `values` instead."""
    if not isinstance(data, dict) or "format_version" not in data:
        return False
    return "resource_changes" in data or "planned_values" in data


def plan_fault(document: Document) -> PlanFault | None:
    """What is wrong with a plan as a whole."""
    version = document.data["format_version"]
    if not isinstance(version, str):
        return PlanFault(("format_version",), "is not a string; expected 1.0 or another 1.x")
    if version.partition(".")[0] != _MAJOR:
        return PlanFault(("format_version",), f'is "{version}"; expected 1.0 or another 1.x')
    changes = document.data.get("resource_changes")
    if changes is not None and not isinstance(changes, list):
        return PlanFault(("resource_changes",), "is not a list; expected a list of changes")
    return None


def planned_resources(document: Document) -> Iterator[PlannedResource]:
    """The managed resources after a plan, in its order; not what is deleted or only read."""
    changes = document.data.get("resource_changes")
    if isinstance(changes, list):
        for number, change in enumerate(changes):
            yield from _changed(change, ("resource_changes", number, "change", "after"))
    elif changes is None:
        yield from _planned(document)


def _changed(written: Any, route: Field) -> Iterator[PlannedResource]:
    change = written.get("change") if isinstance(written, dict) else None
    if not isinstance(change, dict) or written.get("mode", "managed") != "managed":
        return
    after = change.get("after")
    if isinstance(after, dict) and change.get("actions") not in _LEFT_OUT:
        yield PlannedResource(
            address=str(written.get("address", "")),
            type=str(written.get("type", "")),
            route=route,
            values=after,
            unknown=change.get("after_unknown"),
            sensitive=change.get("after_sensitive"),
        )


def _planned(document: Document) -> Iterator[PlannedResource]:
    """What `planned_values` holds, which is all that some tools keep of a plan."""
    pending: list[Field] = [("planned_values", "root_module")]
    while pending:
        here = pending.pop()
        resources = document.value((*here, "resources"))
        for number, written in enumerate(resources if isinstance(resources, list) else ()):
            values = written.get("values") if isinstance(written, dict) else None
            if isinstance(values, dict) and written.get("mode", "managed") == "managed":
                yield PlannedResource(
                    address=str(written.get("address", "")),
                    type=str(written.get("type", "")),
                    route=(*here, "resources", number, "values"),
                    values=values,
                    unknown=None,
                    sensitive=written.get("sensitive_values"),
                    omits_unknown=True,
                )
        modules = document.value((*here, "child_modules"))
        if isinstance(modules, list):
            pending += [(*here, "child_modules", n) for n in reversed(range(len(modules)))]
