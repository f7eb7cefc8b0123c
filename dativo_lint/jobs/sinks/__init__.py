"""The sinks by name, in the order in which reports list them; one file a sink or kind of sink."""

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
    "aws": Cloud("aws", "AWS"),
    "gcp": Cloud("gcp", "Google Cloud"),
}
SINKS: Mapping[str, Sink] = {**_FILLED, "dagster-namespaced": DagsterNamespaced()}
"""Every sink by its name; `dagster-namespaced` is for rules only."""

RECEIVING = tuple(_FILLED)
"""The sinks that the platform fills."""

CLOUDS = tuple(name for name, sink in _FILLED.items() if isinstance(sink, Cloud))
"""The sinks that are providers of infrastructure."""


def sink_of(name: str) -> Sink:
    """The sink of a name, which may be empty or any other word."""
    return SINKS.get(name, _UNKNOWN)


_UNKNOWN = Sink()
