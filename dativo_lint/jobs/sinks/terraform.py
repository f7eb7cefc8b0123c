"""What Terraform receives, the variables of the job's module, and what its providers do: the tags
or labels on the bill."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import isfinite
from typing import Any, ClassVar

from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.layers import OWN_FIELDS, infrastructure_key
from dativo_lint.jobs.sinks.sink import Sink, SinkEntry, SinkTag, TaggedJob, written_tags
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
            yield SinkEntry(name, supply.value, supply.at, supply.tag)

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


class Cloud(Sink):
    """What the module gives to its resources in this cloud, each entry once.

    Where no module is at hand, or it has no resources there, the tags of the infrastructure are
    taken to arrive as they are.
    """

    is_cloud = True

    def __init__(self, provider: str, title: str) -> None:
        self.provider = provider
        self.title = title

    def receive(self, job: TaggedJob) -> Iterable[SinkTag]:
        tags = job.module_tags(self.provider)
        return infrastructure_tags(job) if tags is None else tags

    def carries(self, key: str, _namespaces: Collection[str]) -> bool:
        block, _, name = key.partition(".")
        return block == "infrastructure" and name not in OWN_FIELDS

    def spelled_key(self, key: str) -> str:
        return key.removeprefix("infrastructure.")

    def tag_key(self, key: str) -> str | None:
        return infrastructure_key(key)

    def spelled(self, value: Any) -> Any:
        text = in_terraform(value)
        return value if text is None else text

    def entries(self, block: FieldRef) -> Iterator[tuple[str, Any, FieldRef]]:
        """See `Sink`; what is null is not there."""
        return (entry for entry in super().entries(block) if entry[1] is not None)


def infrastructure_tags(job: TaggedJob) -> Iterator[SinkTag]:
    """The tags of the infrastructure as they would be in a cloud that is given all of them."""
    for entry in written_tags(job):
        text = in_terraform(entry.text)
        yield entry if text is None else entry._replace(text=text)


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


SINKS: Mapping[str, Sink] = {
    "terraform": Terraform(),
    "aws": Cloud("aws", "AWS"),
    "gcp": Cloud("gcp", "Google Cloud"),
}
