"""What the providers of infrastructure receive: the tags or labels on the bill."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.layers import OWN_FIELDS, infrastructure_key
from dativo_lint.jobs.sinks.sink import Sink, SinkTag, TaggedJob, written_tags
from dativo_lint.jobs.sinks.terraform import in_terraform


class Cloud(Sink):
    """What the module gives to its resources in this cloud, each entry once.

    Where no module is at hand, or it has no resources there, the tags of the infrastructure are
    taken to arrive as they are.
    """

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
