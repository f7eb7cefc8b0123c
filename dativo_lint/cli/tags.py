"""The command `tags`: the effective tags of jobs, and where each value comes from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from dativo_lint.api import jobs_of, load_jobs
from dativo_lint.cli.options import settings_for, settings_options
from dativo_lint.cli.output import LeftOut, csv_text, plain, show, table
from dativo_lint.cli.tag_forms import FORMS, left_out, secret_keys, sink_of
from dativo_lint.cli.tag_rows import HEADERS, rows_of
from dativo_lint.documents.document import ABSENT
from dativo_lint.errors import UsageError, nearest
from dativo_lint.jobs.job import Job
from dativo_lint.jobs.layer import Layer
from dativo_lint.jobs.module_tags import ResourceTags
from dativo_lint.jobs.sinks import CLOUDS, RECEIVING
from dativo_lint.jobs.sinks.sink import HIDDEN, SinkTag
from dativo_lint.jobs.tags import Assignment, Tag
from dativo_lint.reports.escape import json_text, shortened, visible

FOUND = 1
_WIDEST = 60
"""Characters of a list or mapping in a table; JSON tells all of them."""


@click.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--key", help="Explain one tag: every layer's word, weakest first.")
@click.option("--sink", type=click.Choice(RECEIVING), help="Show what a sink receives instead.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "jsonl", "csv", *FORMS]),
    default="table",
    help="A table; JSON with all trails, or a line of it a job; CSV, a line a tag; of one job also "
    "table properties of Iceberg, a Terraform variables file, or a rendered tag set, to be held "
    "against the job later.",
)
@settings_options
def tags(
    paths: tuple[str, ...],
    key: str | None,
    sink: str | None,
    form: str,
    config: str | None,
    isolated: bool,
) -> int:
    """Show the effective tags of jobs and their origins.

    PATHS are files, folders and globs.

    Exit codes: 0; 1 where a file could not be read, and its jobs are left out; 2 usage error, or no
    jobs.
    """
    settings = settings_for(config, isolated, paths=paths)
    is_one = len(paths) == 1 and os.path.isfile(paths[0])
    subjects: Iterable[Job]
    broken = LeftOut()
    subjects = load_jobs(paths[0], settings) if is_one else jobs_of(paths, settings, broken.tell)
    _show(subjects, key, sink, form)
    return FOUND if broken.is_any else 0


def _show(subjects: Iterable[Job], key: str | None, sink: str | None, form: str) -> None:
    if key is not None or form not in ("jsonl", "csv"):
        subjects = list(subjects)  # of which there may be very many
    if form in FORMS:
        _hand_on(list(subjects), sink_of(form, sink), key, form)
        return
    if key is not None:
        _hold_key(key, subjects, sink)
    if form in ("jsonl", "csv"):
        show(_lines(subjects, sink, key, form))
        return
    if form == "json":
        told = [_told(subject, sink, key) for subject in subjects]
        show(json_text({"version": 1, "jobs": told}))
        return
    blocks = [_shown(subject, sink, key) for subject in subjects]
    if len(blocks) > 1:
        places = [visible(str(subject.said().place)) for subject in subjects]
        blocks = [f"{place}\n{block}" for place, block in zip(places, blocks, strict=True)]
    show("\n\n".join(blocks) + "\n")


def _lines(subjects: Iterable[Job], sink: str | None, key: str | None, form: str) -> Iterator[str]:
    """A line of JSON a job, or lines of CSV."""
    told = (_told(subject, sink, key) for subject in subjects)
    if form == "jsonl":
        yield from (json_text(job, indent=None) for job in told)
    else:
        yield csv_text([HEADERS])
        yield from (csv_text(rows_of(job)) for job in told)


def _unsent(subject: Job, sink: str | None) -> str | None:
    """Why nothing of a job is sent to a sink that is a cloud, if that is so."""
    tag = subject.tags.get("infrastructure.provider")
    if sink not in CLOUDS:
        return None
    if tag is None or not (tag.is_open or tag.text == sink):
        provider = "is not set" if tag is None else f"is {visible(tag.text or '')}"
        return f"nothing is sent to {sink}: infrastructure.provider {provider}"
    if subject.makes_none(sink):
        return f"nothing is sent to {sink}: the module makes none of its resources for this job"
    return None


def _hand_on(subjects: Sequence[Job], sink: str, key: str | None, form: str) -> None:
    """Print what a pipeline reads; what cannot be among it is told beside."""
    if key is not None:
        raise UsageError(f"--key: the form {form} holds every key")
    if len(subjects) > 1:
        files = dict.fromkeys(subject.job.path for subject in subjects)
        where = next(iter(files)) if len(files) == 1 else f"{len(files)} files"
        holds = "holds" if len(files) == 1 else "hold"
        raise UsageError(f"{where} {holds} {len(subjects)} jobs; {form} is of one")
    show(json_text(FORMS[form][1](subjects[0], sink)))
    for name, reason in left_out(subjects[0], sink):
        click.echo(f"{visible(name)} is {reason}, and left out", err=True)


def _shown(subject: Job, sink: str | None, key: str | None) -> str:
    """What is told of one job, without the end of its last line."""
    unsent = _unsent(subject, sink)
    if unsent is not None:
        return unsent
    if sink is not None:
        secrets = secret_keys(subject, sink)
        entries = _sink_tags(subject, sink, key)
        resources = subject.resource_tags(sink)
        if resources:
            return _shown_resources(resources, key)
        rows = [_sink_row(entry, entry.is_secret or entry.key in secrets) for entry in entries]
        told = table(("key", "value", "from"), rows) if rows else f"{sink} receives nothing of it"
    elif key is not None:
        told = _trail_of(subject, key)
    else:
        told = table(("tag", "value", "layer", "from"), map(_row, subject.tags.values()))
        for tag in subject.tags.erased.values():
            told += f"\n{visible(tag.key)} is erased ({visible(str(tag.at.place))})"
    if subject.asset_is_unknown:
        place = visible(str(subject.references["asset_path"].said.place))
        told += f"\n\nthe asset could not be read; what it says is not among these ({place})"
    return told


def _shown_resources(resources: Sequence[ResourceTags], key: str | None) -> str:
    """The tags of each resource that the module makes, and which may have more."""
    rows = []
    for resource in resources:
        for entry in _of_key(resource.entries, key):
            rows.append((visible(resource.address), *_sink_row(entry, entry.is_secret)))
    told = table(("resource", "key", "value", "from"), rows)
    for resource in resources:
        if not resource.given.planned.certain:
            told += f"\n{visible(resource.address)} may not be made at all"
        elif resource.doubt:
            told += f"\n{visible(resource.address)} may have others: {visible(resource.doubt)}"
    return told


def _hold_key(key: str, subjects: Iterable[Job], sink: str | None) -> None:
    known = {name for subject in subjects for name in (*subject.tags, *subject.tags.erased)}
    if sink is not None:
        known |= {entry.key for subject in subjects for entry in subject.sink(sink)}
    if key not in known:
        raise UsageError(f"tag {key} not found{nearest(key, sorted(known))}")


def _row(tag: Tag) -> tuple[str, ...]:
    overridden = len(tag.trail) - 1
    more = f" (overrides {overridden})" if overridden else ""
    value = visible(tag.text or "") + (" (open)" if tag.is_open else "")
    return visible(tag.key), value, tag.layer.value, f"{visible(str(tag.at.place))}{more}"


def _sink_row(entry: SinkTag, is_secret: bool) -> tuple[str, ...]:
    value = "" if entry.text is ABSENT else entry.text
    if is_secret:
        value = HIDDEN
    elif not isinstance(value, str):
        value = shortened(json_text(plain(value), indent=None).rstrip(), _WIDEST)
    open_mark = " (open)" if entry.is_open and not is_secret else ""
    words = reversed(_words(entry))
    trail = " over ".join(f"{word.layer.value} {visible(str(word.at.place))}" for word in words)
    return visible(entry.key), f"{visible(value)}{open_mark}".lstrip(), trail


def _words(entry: SinkTag) -> tuple[Assignment, ...]:
    """Who said what of an entry, weakest first; what is no tag is said once."""
    if entry.tag is not None:
        return entry.tag.trail
    is_infrastructure = entry.at.route[:1] == ("infrastructure",)
    layer = Layer.INFRASTRUCTURE if is_infrastructure else Layer.JOB
    text = entry.text if isinstance(entry.text, str) else None
    return (Assignment(layer, entry.at, entry.text, text),)


def _sink_tags(subject: Job, sink: str, key: str | None) -> list[SinkTag]:
    return _of_key(subject.sink(sink), key)


def _of_key(entries: Iterable[SinkTag], key: str | None) -> list[SinkTag]:
    return [it for it in entries if key in (None, it.key) or (it.tag and it.tag.key == key)]


def _trail_of(subject: Job, key: str) -> str:
    tag = subject.tags.assigned(key)
    if tag is None:
        return f"tag {visible(key)} not found"
    says = "is erased" if tag.text is None else f"is {visible(tag.text)}"
    lines = [f"{visible(key)} {says}{' (open)' if tag.is_open else ''}"]
    for word in tag.trail:
        lines.append(f"  {visible(str(word.at.place))}: {visible(word.sentence)}")
    return "\n".join(lines)


def _told(subject: Job, sink: str | None, key: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "job": subject.job.path,
        "document": subject.job.number,
        "asset_is_unknown": subject.asset_is_unknown,
    }
    if sink is not None:
        told["sink"] = sink
        unsent = _unsent(subject, sink)
        if unsent is not None:
            return told | {"tags": [], "resources": [], "nothing_because": unsent}
        secrets = secret_keys(subject, sink)
        told["tags"] = [
            _told_entry(entry, entry.is_secret or entry.key in secrets)
            for entry in _sink_tags(subject, sink, key)
        ]
        told["resources"] = [
            {
                "address": it.address,
                "tags": [_told_entry(entry, entry.is_secret) for entry in _of_key(it.entries, key)],
                "may_have_others": it.doubt or None,
            }
            for it in subject.resource_tags(sink)
        ]
        return told
    every = (*subject.tags.values(), *subject.tags.erased.values())
    told["tags"] = [
        {"key": tag.key, "value": tag.text, "open": tag.is_open, "trail": _trail(tag.trail)}
        for tag in every
        if key is None or tag.key == key
    ]
    return told


def _told_entry(entry: SinkTag, is_secret: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"key": entry.key, "value": None, "open": entry.is_open}
    if is_secret:
        return told | {"open": False, "sensitive": True, "trail": []}
    if entry.text is not ABSENT:
        told["value"] = plain(entry.text)
    return told | {"trail": _trail(_words(entry))}


def _trail(words: Iterable[Assignment]) -> list[dict[str, Any]]:
    trail = []
    for word in words:
        place = word.at.place
        trail.append(
            {
                "layer": word.layer.value,
                "written": None if word.written is ABSENT else plain(word.written),
                "value": word.text,
                "path": place.path,
                "line": place.line,
                "column": place.column,
                "field": place.field,
            }
        )
    return trail
