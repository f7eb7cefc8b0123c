"""What Terraform receives, and what its module hands on to the cloud."""

from __future__ import annotations

from collections.abc import Iterator

from dativo_lint.subject.derive import infrastructure_key
from dativo_lint.subject.platform_variables import job_variables, platform_variables
from dativo_lint.subject.said import Said
from dativo_lint.subject.sinks.flow import Entry, Flow, SinkTag


def variables(flow: Flow) -> Iterator[Entry]:
    """The variables of the job's module: the platform's, and those of the job, which win."""
    supplies = platform_variables(flow.job, flow.tags, flow.propagation)
    supplies.update(job_variables(flow.job))
    for name, supply in supplies.items():
        yield name, supply.value, SinkTag(name, supply.value, supply.at, supply.tag)


def cloud_tags(flow: Flow) -> Iterator[Entry]:
    """What a module that passes the tags on would give to its resources."""
    from dativo_lint.subject.sinks.spelling import in_terraform  # not before tags are told

    said = Said(flow.job, ("infrastructure", "tags"))
    if isinstance(said.value, dict):
        for key, value in said.value.items():
            if value is not None:
                text = value if isinstance(value, str) else in_terraform(value)
                source = said.below(key), infrastructure_key(key)
                yield str(key), value if text is None else text, source
