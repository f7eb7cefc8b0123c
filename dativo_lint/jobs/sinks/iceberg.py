"""What Iceberg receives: the properties of the table."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from dativo_lint.jobs.sinks.sink import Sink, SinkTag, TaggedJob, namespaced
from dativo_lint.jobs.tag_values import as_scalar
from dativo_lint.jobs.tags import NAMESPACES, namespace


class Iceberg(Sink):
    """Every namespaced tag, those of the asset itself among them."""

    title = "Iceberg"

    def receive(self, job: TaggedJob) -> Iterable[SinkTag]:
        return namespaced(job.tags.values())

    def carries(self, key: str, _namespaces: Collection[str]) -> bool:
        return namespace(key) in NAMESPACES

    def spelled(self, value: Any) -> Any:
        text = in_iceberg(value)
        return value if text is None else text


def in_iceberg(value: Any) -> str | None:
    """The text that pyiceberg, as Python, makes of a property (`1.0`); None for what it refuses."""
    try:
        return None if value is None else as_scalar(value)
    except ValueError:
        return None  # Python refuses to write very large integers in decimal digits


SINKS: Mapping[str, Sink] = {"iceberg": Iceberg()}
