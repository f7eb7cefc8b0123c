"""The command `tags`: the effective tags of a job, and who said what."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from dativo_lint.cli.options import settings_for, settings_options
from dativo_lint.cli.output import show
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
        _hold_key(key, subjects)
    if form == "json":
        told = [_told(subject, sink, key) for subject in subjects]
        show(json_text({"version": 1, "jobs": told}))
        return
    for subject in subjects:
        if len(subjects) > 1:
            show(f"{visible(subject.said().place.__str__())}\n")
        if sink is not None:
            _show_rows(("key", "value", "from"), map(_sink_row, _sink_tags(subject, sink, key)))
        elif key is not None:
            _show_trail(subject.tags.spoken_of(key), key)
        else:
            _show_rows(("tag", "value", "layer", "from"), map(_row, subject.tags.values()))
            _show_erased(subject)
        if subject.asset_is_unknown:
            place = subject.references["asset_path"].said.place
            show(f"\nthe asset could not be read; what it says is not among these ({place})\n")


def _hold_key(key: str, subjects: Iterable[Subject]) -> None:
    known = {name for subject in subjects for name in (*subject.tags, *subject.tags.erased)}
    if key not in known:
        raise Misuse(f"no layer says anything of {key}{nearest(key, tuple(sorted(known)))}")


def _row(tag: Tag) -> tuple[str, ...]:
    overridden = len(tag.trail) - 1
    more = f" (over {overridden} more)" if overridden else ""
    value = visible(tag.text or "") + (" (open)" if tag.is_open else "")
    return visible(tag.key), value, tag.layer.value, f"{visible(str(tag.at.place))}{more}"


def _sink_row(entry: SinkTag) -> tuple[str, ...]:
    value = "" if entry.text is None else visible(str(entry.text))
    open_mark = " (open)" if entry.is_open else ""
    return visible(entry.key), value + open_mark, visible(str(entry.at.place))


def _sink_tags(subject: Subject, sink: str, key: str | None) -> list[SinkTag]:
    entries = subject.sink(sink)
    return [it for it in entries if key is None or (it.tag is not None and it.tag.key == key)]


def _show_rows(headers: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    from tabulate import tabulate  # only tables pay for it

    show(tabulate(list(rows), headers=headers, disable_numparse=True) + "\n")


def _show_trail(tag: Tag | None, key: str) -> None:
    if tag is None:
        return
    says = "is erased" if tag.text is None else f"is {visible(tag.text)}"
    show(f"{visible(key)} {says}{' (open)' if tag.is_open else ''}\n")
    for word in tag.trail:
        show(f"  {visible(str(word.at.place))}: {visible(word.sentence)}\n")


def _show_erased(subject: Subject) -> None:
    for tag in subject.tags.erased.values():
        show(f"{visible(tag.key)} is erased ({visible(str(tag.at.place))})\n")


def _told(subject: Subject, sink: str | None, key: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {"job": subject.job.path, "document": subject.job.number}
    if sink is not None:
        told["sink"] = sink
        told["tags"] = [
            {"key": it.key, "value": it.text, "open": it.is_open, "trail": _trail(it.tag)}
            for it in _sink_tags(subject, sink, key)
        ]
        return told
    every = (*subject.tags.values(), *subject.tags.erased.values())
    told["asset_is_unknown"] = subject.asset_is_unknown
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
                "written": word.written if _is_json(word.written) else str(word.written),
                "value": word.text,
                "path": place.path,
                "line": place.line,
                "column": place.column,
                "field": place.field,
            }
        )
    return trail


def _is_json(value: Any) -> bool:
    return isinstance(value, (str, int, float, bool, list)) or value is None
