"""The command `tags`: the effective tags of a job, and who said what."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from dativo_lint.cli.options import settings_for, settings_options
from dativo_lint.cli.output import plain, show
from dativo_lint.linting import load_jobs
from dativo_lint.misuse import Misuse, nearest
from dativo_lint.reports.escape import json_text, visible
from dativo_lint.subject.sinks import SINKS, SinkTag
from dativo_lint.subject.subject import Subject
from dativo_lint.subject.tags import Tag

_SINKS = [name for name in SINKS if name != "dagster-namespaced"]


@click.command()
@click.argument("job")
@click.option("--key", help="Explain one tag: every layer's word, weakest first.")
@click.option("--sink", type=click.Choice(_SINKS), help="Show what a sink receives instead.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@settings_options
def tags(
    job: str, key: str | None, sink: str | None, form: str, config: Path | None, isolated: bool
) -> None:
    """Show the effective tags of a JOB file, each with who said what."""
    subjects = load_jobs(job, settings_for(config, isolated))
    if key is not None:
        _hold_key(key, subjects, sink)
    if form == "json":
        told = [_told(subject, sink, key) for subject in subjects]
        show(json_text({"version": 1, "jobs": told}))
        return
    blocks = [_shown(subject, sink, key) for subject in subjects]
    if len(blocks) > 1:
        places = [visible(str(subject.said().place)) for subject in subjects]
        blocks = [f"{place}\n{block}" for place, block in zip(places, blocks, strict=True)]
    show("\n\n".join(blocks) + "\n")


def _shown(subject: Subject, sink: str | None, key: str | None) -> str:
    """What is told of one job, without the end of its last line."""
    if sink is not None:
        rows = [_sink_row(entry) for entry in _sink_tags(subject, sink, key)]
        told = _table(("key", "value", "from"), rows) if rows else f"{sink} receives nothing of it"
    elif key is not None:
        told = _trail_of(subject, key)
    else:
        told = _table(("tag", "value", "layer", "from"), map(_row, subject.tags.values()))
        for tag in subject.tags.erased.values():
            told += f"\n{visible(tag.key)} is erased ({visible(str(tag.at.place))})"
    if subject.asset_is_unknown:
        place = visible(str(subject.references["asset_path"].said.place))
        told += f"\n\nthe asset could not be read; what it says is not among these ({place})"
    return told


def _hold_key(key: str, subjects: Iterable[Subject], sink: str | None) -> None:
    known = {name for subject in subjects for name in (*subject.tags, *subject.tags.erased)}
    if sink is not None:
        known |= {entry.key for subject in subjects for entry in subject.sink(sink)}
    if key not in known:
        raise Misuse(f"no layer says anything of {key}{nearest(key, sorted(known))}")


def _row(tag: Tag) -> tuple[str, ...]:
    overridden = len(tag.trail) - 1
    more = f" (over {overridden} more)" if overridden else ""
    value = visible(tag.text or "") + (" (open)" if tag.is_open else "")
    return visible(tag.key), value, tag.layer.value, f"{visible(str(tag.at.place))}{more}"


def _sink_row(entry: SinkTag) -> tuple[str, ...]:
    value = entry.text
    if value is not None and not isinstance(value, str):
        value = json_text(plain(value), indent=None).rstrip()
    open_mark = " (open)" if entry.is_open else ""
    return visible(entry.key), visible(value or "") + open_mark, visible(str(entry.at.place))


def _sink_tags(subject: Subject, sink: str, key: str | None) -> list[SinkTag]:
    entries = subject.sink(sink)
    return [it for it in entries if key in (None, it.key) or (it.tag and it.tag.key == key)]


def _table(headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    from tabulate import tabulate  # only tables pay for it

    return tabulate(list(rows), headers=headers, disable_numparse=True)


def _trail_of(subject: Subject, key: str) -> str:
    tag = subject.tags.spoken_of(key)
    if tag is None:
        return f"no layer says anything of {visible(key)}"
    says = "is erased" if tag.text is None else f"is {visible(tag.text)}"
    lines = [f"{visible(key)} {says}{' (open)' if tag.is_open else ''}"]
    for word in tag.trail:
        lines.append(f"  {visible(str(word.at.place))}: {visible(word.sentence)}")
    return "\n".join(lines)


def _told(subject: Subject, sink: str | None, key: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "job": subject.job.path,
        "document": subject.job.number,
        "asset_is_unknown": subject.asset_is_unknown,
    }
    if sink is not None:
        told["sink"] = sink
        told["tags"] = [
            {"key": it.key, "value": plain(it.text), "open": it.is_open, "trail": _trail(it.tag)}
            for it in _sink_tags(subject, sink, key)
        ]
        return told
    every = (*subject.tags.values(), *subject.tags.erased.values())
    told["tags"] = [
        {"key": tag.key, "value": tag.text, "open": tag.is_open, "trail": _trail(tag)}
        for tag in every
        if key is None or tag.key == key
    ]
    return told


def _trail(tag: Tag | None) -> list[dict[str, Any]]:
    trail = []
    for word in tag.trail if tag is not None else ():
        place = word.at.place
        trail.append(
            {
                "layer": word.layer.value,
                "written": plain(word.written),
                "value": word.text,
                "path": place.path,
                "line": place.line,
                "column": place.column,
                "field": place.field,
            }
        )
    return trail
