"""Sinks: which tags end where, and how they are spelled there; one file a sink or kind of sink."""

from __future__ import annotations

from collections.abc import Mapping

from dativo_lint.jobs.sinks.cloud import Cloud
from dativo_lint.jobs.sinks.dagster import DagsterMetadata, DagsterNamespaced, DagsterTags
from dativo_lint.jobs.sinks.iceberg import Iceberg
from dativo_lint.jobs.sinks.sink import Sink
from dativo_lint.jobs.sinks.terraform import Terraform

_FILLED: Mapping[str, Sink] = {
    "dagster": DagsterTags(),
    "dagster-metadata": DagsterMetadata(),
    "iceberg": Iceberg(),
    "terraform": Terraform(),
    "aws": Cloud("aws"),
    "gcp": Cloud("gcp"),
}
SINKS: Mapping[str, Sink] = {**_FILLED, "dagster-namespaced": DagsterNamespaced()}
"""Every sink by its name; `dagster-namespaced` is for rules only."""

TITLES: Mapping[str, str] = {
    "dagster": "Dagster",
    "dagster-metadata": "Dagster metadata",
    "iceberg": "Iceberg",
    "terraform": "Terraform",
    "aws": "AWS",
    "gcp": "Google Cloud",
}
"""What messages call the sinks that the platform fills."""

RECEIVING = tuple(_FILLED)
"""The sinks that the platform fills."""

CLOUDS = tuple(name for name, sink in _FILLED.items() if isinstance(sink, Cloud))
"""The sinks that are providers of infrastructure."""


def sink_of(name: str) -> Sink:
    """The sink of a name, which may be empty or any other word."""
    return SINKS.get(name, _UNKNOWN)


_UNKNOWN = Sink()
