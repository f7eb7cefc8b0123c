"""What Terraform receives: the variables of the job's module."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from math import isfinite
from typing import Any, ClassVar

from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.layers import infrastructure_key
from dativo_lint.jobs.sinks.sink import Entry, Sink, SinkTag, TaggedJob
from dativo_lint.jobs.tags import NAMESPACES, namespace


class Terraform(Sink):
    """The variables of the platform, and those of the job, which win."""

    title = "Terraform"
    job_fields: ClassVar[Mapping[str, str]] = {
        "tenant_id": "tenant_id",
        "environment": "environment",
    }

    def receive(self, job: TaggedJob) -> Iterator[SinkTag]:
        for name, supply in {**job.platform_variables, **job.own_variables}.items():
            yield Entry(name, supply.value, supply.at, supply.tag)

    def carries(self, key: str, _namespaces: Collection[str]) -> bool:
        return namespace(key) in NAMESPACES and namespace(key) != "asset"

    def spelled_key(self, key: str) -> str:
        return key.replace(".", "_")

    def tag_key(self, key: str) -> str | None:
        if key.startswith("tags."):
            return infrastructure_key(key.removeprefix("tags."))
        block, _, name = key.partition("_")
        if block not in NAMESPACES or block == "asset" or not name:
            return None
        if block == "classification" and name.startswith("fields_"):
            return f"classification.fields.{name.removeprefix('fields_')}"
        return f"{block}.{name}"

    def entries(self, block: FieldRef) -> Iterator[tuple[str, Any, FieldRef]]:
        """See `Sink`; of a mapping its parts, `tags.team` of `tags`."""
        for key, value in block.value.items():
            yield from parts(str(key), value, block.child(key))


def parts(name: str, value: Any, at: FieldRef) -> Iterator[tuple[str, Any, FieldRef]]:
    """The scalars and lists of a variable, each with its name: `tags.team` of `tags`."""
    pending = [(name, value, at)]
    while pending:
        name, value, at = pending.pop()
        if isinstance(value, dict):
            below = [(f"{name}.{key}", inner, at.child(key)) for key, inner in value.items()]
            pending += reversed(below)
        else:
            yield name, value, at


def in_terraform(value: Any) -> str | None:
    """A scalar as Terraform converts it to a string; None for what does not convert.

    `1.0` becomes `1`, and true `true`:
    https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (isinstance(value, float) and isfinite(value)):
        # Of zero, Terraform keeps the sign.
        is_negative_zero = isinstance(value, float) and repr(value) == "-0.0"
        return "-0" if is_negative_zero else _number(value)
    return None


def _number(value: int | float) -> str | None:
    # The Terraform room is heavy, and few jobs write numbers where text belongs.
    from dativo_lint.terraform.numbers import number, spell_number
    from dativo_lint.terraform.types import TooMuch

    try:
        return spell_number(number(value))
    except TooMuch:
        return None
