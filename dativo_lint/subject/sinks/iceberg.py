"""What Iceberg receives: the properties of the table."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.subject.sinks.flow import Entry, Flow


def properties(flow: Flow) -> Iterator[Entry]:
    """Every namespaced tag, those of the asset itself among them."""
    for key, text in flow.tags.texts.items():
        yield key, text, key
