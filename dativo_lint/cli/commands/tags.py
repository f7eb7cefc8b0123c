"""The command `tags`: the effective tags of jobs, and where each value comes from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from dativo_lint.api import files_in, jobs_of, load_jobs
from dativo_lint.cli import CLEAN, FOUND
from dativo_lint.cli.options import form_option, path_argument, settings_for, settings_options
from dativo_lint.cli.output import LeftOut, plain, screen, show, show_json, show_parts, shown_table
from dativo_lint.cli.tag_forms import FORMS, csv_lines, left_out, secret_keys, sink_of
from dativo_lint.documents.document import ABSENT
from dativo_lint.errors import UsageError
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.sinks import CLOUDS, RECEIVING
from dativo_lint.jobs.sinks.sink import HIDDEN, SinkTag
from dativo_lint.jobs.tags import Assignment, Layer, Tag
from dativo_lint.names import nearest
from dativo_lint.reports.columns import folded
from dativo_lint.reports.escape import json_line, json_text, visible
from dativo_lint.reports.style import Ink, Style


@click.command()
@path_argument("paths", nargs=-1, required=True)
@click.option("--key", help="Show where the value of one tag comes from, weakest layer first.")
@click.option("--sink", type=click.Choice(RECEIVING), help="Show what a sink receives instead.")
@form_option(
    *("table", "json", "jsonl", "csv", *FORMS),
    help="Output format. jsonl: one line per job; csv: one line per tag. For one job also: "
    "properties (Iceberg table properties), tfvars-json (a Terraform variables file), rendered (a "
    "rendered tag set, to compare with the job later).",
)
@settings_options
def tags(paths: tuple[str, ...], key: str | None, sink: str | None, form: str) -> int:
    """Show the effective tags of jobs and their origins.

    PATHS are files, folders and globs.

    Exit codes: 0; 1 where a file could not be read, and its jobs or tags are left out; 2 usage
    error, or no jobs.
    """
    settings = settings_for(paths)
    broken = LeftOut()
    if len(paths) == 1 and os.path.isfile(paths[0]):
        jobs: Iterable[Job] = load_jobs(paths[0], settings)
    else:
        jobs = jobs_of(files_in(paths, settings), settings, broken.report)
    _show(broken.checked(jobs), key, sink, form, screen(root=settings.root))
    return FOUND if broken.faults else CLEAN


def _show(jobs: Iterable[Job], key: str | None, sink: str | None, form: str, style: Style) -> None:
    if key is not None or form not in ("jsonl", "csv"):
        jobs = list(jobs)  # CSV and JSON lines come one by one, as there may be very many
    if form in FORMS:
        _print_form(list(jobs), sink_of(form, sink), key, form)
        return
    if key is not None:
        _check_key(key, jobs, sink)
    if form == "table":
        blocks = ["\n".join(_shown(job, sink, key, style)) for job in jobs]
        if len(blocks) > 1:
            places = [style.paint(style.where(job.field().place), Ink.BOLD) for job in jobs]
            blocks = [f"{place}\n{block}" for place, block in zip(places, blocks, strict=True)]
        show_parts(blocks)
        return
    data = (_job_data(job, sink, key) for job in jobs)
    if form == "jsonl":
        show(json_text(job, indent=None) for job in data)
    elif form == "csv":
        show(csv_lines(data))
    else:
        show_json({"jobs": [*data]})


def _unsent(job: Job, sink: str | None) -> str | None:
    """Why no tag of a job reaches a cloud, if none does."""
    tag = job.tags.get("infrastructure.provider")
    if sink not in CLOUDS:
        return None
    if tag is None or not (tag.is_open or tag.text == sink):
        provider = "is not set" if tag is None else f'is "{visible(tag.text or "")}"'
        return f"no tags reach {sink}: infrastructure.provider {provider}"
    if job.module_tags(sink) is not None and not job.resources_in(sink):
        return f"no tags reach {sink}: the module makes none of its resources for this job"
    return None


def _print_form(jobs: Sequence[Job], sink: str, key: str | None, form: str) -> None:
    """Print a form for a pipeline, and on standard error what it cannot contain."""
    if key is not None:
        raise UsageError(f"--key: the form {form} holds every key")
    if len(jobs) > 1:
        raise UsageError(f"--format {form} needs exactly one job, found {len(jobs)}")
    unsent = _unsent(jobs[0], sink)
    if unsent is not None:
        raise UsageError(f"--sink: {unsent}")
    show(json_text(FORMS[form][1](jobs[0], sink)))
    for name, reason in left_out(jobs[0], sink):
        click.echo(f"{visible(name)} is {reason}, and left out", err=True)


def _shown(job: Job, sink: str | None, key: str | None, style: Style) -> Iterator[str]:
    """A table of one job, and notes below it."""
    notes: list[str] = []
    unsent = _unsent(job, sink)
    if unsent is not None:
        notes.append(unsent)
    elif sink is not None:
        resources = job.resources_in(sink)
        secrets = secret_keys(job, sink)
        headers: tuple[str, ...] = ("key", "value", "from")
        if resources:
            headers = ("resource", *headers)
            rows = [
                (resource.address, *_sink_row(entry, entry.is_secret, style))
                for resource in resources
                for entry in _of_key(resource.entries, key)
            ]
            for resource in resources:
                if not resource.is_certain:
                    notes.append(f"{visible(resource.address)} may not be created")
                elif resource.doubt:
                    doubt = visible(resource.doubt)
                    notes.append(f"{visible(resource.address)} may have other tags: {doubt}")
        else:
            entries = _of_key(job.sink(sink), key)
            rows = [
                _sink_row(entry, entry.is_secret or entry.key in secrets, style)
                for entry in entries
            ]
        yield shown_table(headers, rows) if rows else f"no tags reach {sink}"
    elif key is not None:
        yield from _trail_of(job, key, style)
    else:
        every = sorted(job.tags.values(), key=lambda tag: tag.key.startswith("asset."))
        yield shown_table(("tag", "value", "from"), (_row(tag, style) for tag in every))
        for tag in job.tags.erased.values():
            notes.append(f"{visible(tag.key)} is erased ({style.where(tag.at.place)})")
    if job.asset_is_unknown and unsent is None:
        place = style.where(job.references["asset_path"].field.place)
        notes.append(f"the asset could not be read; its tags are missing here ({place})")
    for note in notes:
        yield from folded(note, style.width)


def _check_key(key: str, jobs: Iterable[Job], sink: str | None) -> None:
    known = {name for job in jobs for name in (*job.tags, *job.tags.erased)}
    if sink is not None:
        known |= {entry.key for job in jobs for entry in job.sink(sink)}
    if key not in known:
        raise UsageError(f'tag "{key}" not found{nearest(key, known)}')


def _row(tag: Tag, style: Style) -> tuple[str, ...]:
    overridden = len(tag.trail) - 1
    more = f" (overrides {overridden})" if overridden else ""
    value = (tag.text or "") + (" (unresolved)" if tag.is_open else "")
    return tag.key, value, f"{tag.layer.value} {style.where(tag.at.place)}{more}"


def _sink_row(entry: SinkTag, is_secret: bool, style: Style) -> tuple[str, ...]:
    value = "" if entry.text is ABSENT else entry.text
    if is_secret:
        value = HIDDEN
    elif not isinstance(value, str):
        value = json_line(plain(value))
    mark = " (unresolved)" if entry.is_open and not is_secret else ""
    assignments = reversed(_assignments(entry))
    trail = " over ".join(
        f"{assignment.layer.value} {style.where(assignment.at.place)}" for assignment in assignments
    )
    return entry.key, f"{value}{mark}".lstrip(), trail


def _assignments(entry: SinkTag) -> tuple[Assignment, ...]:
    """The assignments of an entry, weakest first; of an entry that is not a tag, one."""
    if entry.tag is not None:
        return entry.tag.trail
    is_infrastructure = entry.at.route[:1] == ("infrastructure",)
    layer = Layer.INFRASTRUCTURE if is_infrastructure else Layer.JOB
    text = entry.text if isinstance(entry.text, str) else None
    return (Assignment(layer, entry.at, entry.text, text),)


def _of_key(entries: Iterable[SinkTag], key: str | None) -> list[SinkTag]:
    return [
        entry
        for entry in entries
        if key in (None, entry.key) or (entry.tag and entry.tag.key == key)
    ]


def _trail_of(job: Job, key: str, style: Style) -> Iterator[str]:
    tag = job.tags.assigned(key)
    if tag is None:
        yield f'tag "{visible(key)}" not found'
        return
    value = "is erased" if tag.text is None else f'is "{visible(tag.text)}"'
    yield style.paint(f"{visible(key)} {value}{' (unresolved)' if tag.is_open else ''}", Ink.BOLD)
    for assignment in tag.trail:
        yield f"  {style.where(assignment.at.place)}: {visible(assignment.sentence)}"


def _job_data(job: Job, sink: str | None, key: str | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "job": job.config.path,
        "document": job.config.number + 1,
        "asset_is_unknown": job.asset_is_unknown,
    }
    if sink is not None:
        data["sink"] = sink
        unsent = _unsent(job, sink)
        if unsent is not None:
            return data | {"tags": [], "resources": [], "nothing_because": unsent}
        secrets = secret_keys(job, sink)
        data["tags"] = [
            _entry_data(entry, entry.is_secret or entry.key in secrets)
            for entry in _of_key(job.sink(sink), key)
        ]
        data["resources"] = [
            {
                "address": resource.address,
                "tags": [
                    _entry_data(entry, entry.is_secret) for entry in _of_key(resource.entries, key)
                ],
                "may_have_others": resource.doubt or None,
            }
            for resource in job.resources_in(sink)
        ]
        return data
    every = (*job.tags.values(), *job.tags.erased.values())
    data["tags"] = [
        {"key": tag.key, "value": tag.text, "unresolved": tag.is_open, "trail": _trail(tag.trail)}
        for tag in every
        if key is None or tag.key == key
    ]
    return data


def _entry_data(entry: SinkTag, is_secret: bool) -> dict[str, Any]:
    data: dict[str, Any] = {"key": entry.key, "value": None, "unresolved": entry.is_open}
    if is_secret:
        return data | {"unresolved": False, "sensitive": True, "trail": []}
    if entry.text is not ABSENT:
        data["value"] = plain(entry.text)
    return data | {"trail": _trail(_assignments(entry))}


def _trail(assignments: Iterable[Assignment]) -> list[dict[str, Any]]:
    trail = []
    for assignment in assignments:
        place = assignment.at.place
        trail.append(
            {
                "layer": assignment.layer.value,
                "written": None if assignment.written is ABSENT else plain(assignment.written),
                "value": assignment.text,
                "path": place.path,
                "line": place.line,
                "column": place.column,
                "field": place.field,
            }
        )
    return trail
