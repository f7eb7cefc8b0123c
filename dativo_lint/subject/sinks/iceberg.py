"""What Iceberg receives: the properties of the table."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.subject.sinks.flow import Flow, SinkTag


def properties(flow: Flow) -> Iterator[SinkTag]:
    """Every namespaced tag, those of the asset itself among them."""
    for key, tag in flow.tags.items():
        last = tag.trail[-1]
        yield SinkTag(key, last.text, last.at, tag)
