"""Rows of the command `tags` for spreadsheets and data bases: one a tag, job and resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dativo_lint.reports.escape import harmless, json_text

HEADERS = (
    *("job", "document", "sink", "resource", "key", "value", "unresolved"),
    *("layer", "path", "line", "column"),
)


def rows_of(job: Mapping[str, Any]) -> Iterator[list[str]]:
    """The rows of one job, from what is job of it in JSON."""
    head = [harmless(job["job"]), str(job["document"]), job.get("sink", "")]
    resources = job.get("resources") or [{"address": "", "tags": job["tags"]}]
    for resource in resources:
        for tag in resource["tags"]:
            yield [*head, harmless(resource["address"]), *_cells(tag)]


def _cells(tag: Mapping[str, Any]) -> list[str]:
    value = "(sensitive)" if tag.get("sensitive") else tag["value"]
    if value is not None and not isinstance(value, str):
        value = json_text(value, indent=None).rstrip()
    strongest = tag["trail"][-1] if tag["trail"] else {}
    names = ("layer", "path", "line", "column")
    places = [harmless(str(strongest.get(name, ""))) for name in names]
    return [harmless(tag["key"]), harmless(value or ""), str(tag["unresolved"]).lower(), *places]
