"""Sinks: which tags end where, and how they are spelled there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dativo_lint.subject.propagation import Propagation
from dativo_lint.subject.sinks.dagster import (
    asset_tags,
    metadata,
    namespaced_metadata,
    never_namespaced,
)
from dativo_lint.subject.sinks.flow import Entry, Flow, SinkTag
from dativo_lint.subject.sinks.iceberg import properties
from dativo_lint.subject.sinks.terraform import cloud_tags, variables

SINKS: dict[str, Callable[[Flow], Iterator[Entry]]] = {
    "dagster": asset_tags,
    "dagster-namespaced": namespaced_metadata,
    "dagster-metadata": metadata,
    "iceberg": properties,
    "terraform": variables,
    "aws": cloud_tags,
    "gcp": cloud_tags,
}
"""What each sink receives, by its name; `dagster-namespaced` is what Dagster would have to take as
tags, if the platform wrote all namespaces there."""


def sink_tags(sink: str, flow: Flow) -> tuple[SinkTag, ...]:
    """What a sink receives, in the order in which it was said; `sink` is a key of `SINKS`."""
    return tuple(map(flow.finished, SINKS[sink](flow)))


def withheld(sink: str, propagation: Propagation) -> tuple[str, ...] | None:
    """How the keys begin of the tags that a sink does not receive; None where it receives anything
    but tags of the job, each under its own key."""
    if sink == "iceberg":
        return ()
    return never_namespaced(propagation) if sink == "dagster-namespaced" else None
