"""The Terraform variables that a job's module gets, from the platform and from the job itself."""

from __future__ import annotations

from math import isfinite
from typing import Any

from msgspec import Struct

from dativo_lint.documents.document import ABSENT, Document
from dativo_lint.documents.place import spell
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.layers import OWN_FIELDS, Propagation
from dativo_lint.jobs.tag_values import as_number
from dativo_lint.jobs.tags import Tag, TagSet

_BLOCK = ("infrastructure",)
_VARS = ("infrastructure", "terraform_vars")
_TOP_FIELDS = ("tenant_id", "environment")
_ALWAYS = ("terraform_module", "resource_refs", "tags")
"""Parts of the infrastructure block that are variables whether they are written or not."""


class VariableValue(Struct, frozen=True, eq=False):
    """A value for a variable of a module.

    `value` is plain data, `ABSENT` where nothing in the job sets it. It comes from a `tag`, or else
    from a `field`; `is_own` is true for `terraform_vars`, false for what the platform adds.
    """

    name: str
    value: Any
    field: FieldRef
    tag: Tag | None = None
    is_own: bool = False

    @property
    def at(self) -> FieldRef:
        """Where the value comes from; of a tag, where its strongest layer sets it."""
        return self.field if self.tag is None else self.tag.at

    def named(self, at: FieldRef) -> str:
        """A field in it as messages name it: a tag by its key, others below the block."""
        if self.tag is not None:
            return self.tag.name
        return spell(at.route[1:] if at.route[0] == "infrastructure" else at.route)


def platform_variables(
    job: Document, tags: TagSet, propagation: Propagation
) -> dict[str, VariableValue]:
    """The variables that the platform adds by itself; of two with one name, the latter counts."""

    def of_block(name: str, field: str) -> VariableValue:
        at = FieldRef(job, (*_BLOCK, field))
        return VariableValue(name, _as_supplied(field, at.value), at)

    block = FieldRef(job, _BLOCK)
    variables: dict[str, VariableValue] = {}
    for key, tag in tags.items():
        if not key.startswith("asset."):
            name = key.replace(".", "_")
            variables[name] = VariableValue(name, tag.text, block, tag)
    for name in (*propagation.supplied, "job_name"):
        variables[name] = VariableValue(name, ABSENT, block)
    for name in _TOP_FIELDS:
        at = FieldRef(job, (name,))
        if at.value is not ABSENT and at.value is not None:
            variables[name] = VariableValue(name, at.value, at)
    for field in OWN_FIELDS:
        written = job.value((*_BLOCK, field))
        if written is not ABSENT and written and as_number(written) != 0:
            name = f"infrastructure_{field}"
            variables[name] = of_block(name, field)
    for name in _ALWAYS:
        variables[name] = of_block(name, name)
    for name in propagation.withheld:
        variables.pop(name, None)
    return variables


def job_variables(job: Document) -> dict[str, VariableValue]:
    """The variables in `infrastructure.terraform_vars`; they win over those of the platform.

    The platform refuses a name that is no string.
    """
    written = job.value(_VARS)
    pairs = written.items() if isinstance(written, dict) else ()
    return {
        name: VariableValue(name, value, FieldRef(job, (*_VARS, name)), is_own=True)
        for name, value in pairs
        if isinstance(name, str)
    }


def _as_supplied(field: str, value: Any) -> Any:
    """A field of the block as the platform passes it on; `ABSENT` for what its model refuses."""
    if field == "compute_type" or is_open(value):
        return value
    if field == "provider":
        return value.lower() if isinstance(value, str) else value
    if field == "terraform_module":
        return ABSENT if value is None else value
    if field in ("memory_mb", "vcpu"):
        return _size(value, is_whole=field == "memory_mb")
    if not isinstance(value, dict):
        return ABSENT
    is_tags = field == "tags"
    return {key: text for key, text in value.items() if text is not None or not is_tags}


def _size(value: Any, *, is_whole: bool) -> Any:
    number = as_number(value)
    if number is None or not isfinite(number):
        return ABSENT
    if not is_whole:
        return number
    return int(number) if number.is_integer() else ABSENT
