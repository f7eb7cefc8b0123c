"""Forms in which `tags` hands on what a sink receives: CSV, and files that pipelines read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dativo_lint.cli.output import plain
from dativo_lint.documents.document import ABSENT
from dativo_lint.errors import UsageError
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.sinks.iceberg import in_iceberg
from dativo_lint.jobs.sinks.sink import HIDDEN, SinkTag
from dativo_lint.reports.escape import csv_text, harmless, json_line

Json = dict[str, Any]

_HEADERS = (
    *("job", "document", "sink", "resource", "key", "value", "unresolved"),
    *("layer", "path", "line", "column"),
)


def csv_lines(jobs: Iterable[Json]) -> Iterator[str]:
    """A line a tag, job and resource, from what `tags` prints of each job in JSON."""
    yield csv_text([_HEADERS])
    yield from (csv_text(_rows(job)) for job in jobs)


def _rows(job: Json) -> Iterator[list[str]]:
    head = [harmless(job["job"]), str(job["document"]), job.get("sink", "")]
    resources = job.get("resources") or [{"address": "", "tags": job["tags"]}]
    for resource in resources:
        for tag in resource["tags"]:
            yield [*head, harmless(resource["address"]), *_cells(tag)]


def _cells(tag: Json) -> list[str]:
    value = HIDDEN if tag.get("sensitive") else tag["value"]
    if value is not None and not isinstance(value, str):
        value = json_line(value)
    strongest = tag["trail"][-1] if tag["trail"] else {}
    names = ("layer", "path", "line", "column")
    places = [harmless(str(strongest.get(name, ""))) for name in names]
    return [harmless(tag["key"]), harmless(value or ""), str(tag["unresolved"]).lower(), *places]


def properties(job: Job) -> Json:
    """Table properties as catalogs take them: an object of texts."""
    spelled = {entry.key: in_iceberg(entry.text) for entry in _known(job, "iceberg")}
    return {key: text for key, text in spelled.items() if text is not None}


def variables(job: Job) -> Json:
    """A Terraform variables file, `*.tfvars.json`."""
    return {entry.key: plain(entry.text) for entry in _known(job, "terraform")}


def rendered(job: Job, sink: str) -> Json:
    """A rendered tag set that names its sink and the job that it was rendered from."""
    tags = {entry.key: plain(entry.text) for entry in _known(job, sink)}
    return {"sink": sink, "job": job.config.path, "tags": tags}


FORMS: dict[str, tuple[str | None, Callable[[Job, str], Json]]] = {
    "properties": ("iceberg", lambda job, _: properties(job)),
    "tfvars-json": ("terraform", lambda job, _: variables(job)),
    "rendered": (None, rendered),
}
"""Of each form the one sink that it is of, None where it suits all, and what makes it."""


def sink_of(form: str, sink: str | None) -> str:
    """The sink that a form is asked of.

    Raises UsageError where it is of another, or none is named.
    """
    own = FORMS[form][0]
    if own is not None and sink not in (None, own):
        raise UsageError(f"--format: {form} is a form of the sink {own}, not of {sink}")
    wanted_sink = own or sink
    if wanted_sink is None:
        raise UsageError(f"--format {form} needs --sink")
    return wanted_sink


def secret_keys(job: Job, sink: str) -> frozenset[str]:
    """The variables that the module declares as sensitive."""
    if sink != "terraform" or job.module is None:
        return frozenset()
    variables = job.module.variables.values()
    return frozenset(variable.name for variable in variables if variable.is_secret)


def left_out(job: Job, sink: str) -> Iterator[tuple[str, str]]:
    """The keys that no form holds, each with the reason."""
    secrets = secret_keys(job, sink)
    for entry in job.sink(sink):
        if entry.is_secret or entry.key in secrets:
            yield entry.key, "sensitive"
        elif entry.text is ABSENT:
            yield entry.key, "known only at run time"


def _known(job: Job, sink: str) -> list[SinkTag]:
    secrets = secret_keys(job, sink)
    received = job.sink(sink)
    return [
        entry
        for entry in received
        if entry.text is not ABSENT and not entry.is_secret and entry.key not in secrets
    ]
