"""The sinks by name: each module of this package has some, as `SINKS`.

Reports list them in the order of the modules' names, and as they are in each.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module

from dativo_lint.jobs.sinks.sink import Sink

_FILES = {name[:-3] for name in os.listdir(os.path.dirname(__file__)) if name.endswith(".py")}
_MODULES = [import_module(f"{__name__}.{name}") for name in sorted(_FILES - {"__init__", "sink"})]

SINKS: Mapping[str, Sink] = {
    name: sink for module in _MODULES for name, sink in module.SINKS.items()
}
"""Every sink by its name."""

RECEIVING = tuple(name for name, sink in SINKS.items() if sink.is_filled)
"""The sinks that the platform fills."""

CLOUDS = tuple(name for name, sink in SINKS.items() if sink.is_cloud)
"""The sinks that are providers of infrastructure."""


def sink_of(name: str) -> Sink:
    """The sink of a name, which may be empty or any other word."""
    return SINKS.get(name, _UNKNOWN)


_UNKNOWN = Sink()
