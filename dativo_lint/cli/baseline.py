"""The command `baseline`: accept the findings that are there today, and watch them get fewer."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import click
from msgspec.structs import replace

from dativo_lint.api import lint
from dativo_lint.baseline import (
    FILE_NAME,
    Entry,
    entries_for,
    load_baseline,
    without,
    written,
)
from dativo_lint.cli.cache_folder import cache_folder
from dativo_lint.cli.options import PATH, color_option, form_option, settings_for, settings_options
from dativo_lint.cli.output import screen, show, write_whole
from dativo_lint.documents.folder import DiskFolder, leaves
from dativo_lint.errors import UsageError
from dativo_lint.jobs.suppression_comment import day_of
from dativo_lint.report import Report
from dativo_lint.reports.columns import table
from dativo_lint.reports.escape import csv_text, harmless, visible
from dativo_lint.reports.sentences import crash_sentence, plural
from dativo_lint.run import Means
from dativo_lint.settings import Settings

_AGES = ((30, "under 30 days"), (90, "30 to 89 days"), (180, "90 to 179 days"))
_OLDEST = "180 days and more"
_NOBODY = "(none)"


def _until(_context: click.Context, _option: click.Parameter, written: str | None) -> date | None:
    day = None if written is None else day_of(written)
    if written is not None and day is None:
        raise UsageError(f'--until: "{written}" is not a day; expected YYYY-MM-DD')
    return day


def _entry_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What new entries say beside the finding."""
    reason = click.option("--reason", default="", metavar="TEXT", help="Why they are accepted.")
    owner = click.option("--owner", default="", metavar="NAME", help="Who will fix them.")
    until = click.option(
        "--until",
        metavar="DAY",
        callback=_until,
        help="Last day on which they are accepted, YYYY-MM-DD.",
    )
    return reason(owner(until(command)))


_FILE = click.option(
    "--baseline",
    "file",
    metavar="FILE",
    type=PATH,
    help=f"The baseline.  [default: the one of the settings, or {FILE_NAME} at the root]",
)


@click.group()
@color_option
def baseline() -> None:
    """Accept current findings, so that only new ones fail.

    `dativo-lint check --baseline FILE`, or `baseline: FILE` in the settings, uses it.
    """


@baseline.command()
@click.argument("paths", nargs=-1, type=PATH)
@_FILE
@_entry_options
@settings_options
def create(
    paths: tuple[str, ...],
    file: str | None,
    reason: str,
    owner: str,
    until: date | None,
    config: str | None,
    isolated: bool,
) -> None:
    """Write a baseline with the findings of a run over PATHS, or over the current folder."""
    settings = _settings(paths, file, config, isolated)
    target = os.path.join(settings.root, settings.baseline or FILE_NAME)
    if os.path.lexists(target):
        raise UsageError(f"{target} is there; dativo-lint baseline update --add adds to it")
    report = _report(paths, replace(settings, baseline=None))
    entries = entries_for(report.findings, date.today(), reason=reason, owner=owner, until=until)
    write_whole(target, written(entries))
    show(f"{_file_of(settings)}: {_counted(entries)}\n")


@baseline.command()
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--add", is_flag=True, help="Accept new findings too, and renew expired entries.")
@_FILE
@_entry_options
@settings_options
def update(
    paths: tuple[str, ...],
    add: bool,
    file: str | None,
    reason: str,
    owner: str,
    until: date | None,
    config: str | None,
    isolated: bool,
) -> None:
    """Remove entries that no longer occur, and rename moved files.

    Entries outside PATHS, and those of unreadable files, are not changed.
    """
    if not add and (reason or owner or until):
        raise UsageError("--reason, --owner and --until are for new entries; expected --add")
    settings = _settings(paths, file, config, isolated)
    path = _file_of(settings)
    before = load_baseline(path, DiskFolder(settings.root), settings.root, settings.limits)
    report = _report(paths, settings)
    entries = without(before.entries, report.stale)
    added: list[Entry] = []
    if add:
        today = date.today()
        new = [finding for finding in report.findings if finding.place.path != path]
        added = entries_for(new, today, reason=reason, owner=owner, until=until)
        again = {entry.key for entry in added}
        entries = [
            entry
            for entry in entries
            if not (entry.key in again and entry.suppression.is_expired(today))
        ]
    write_whole(os.path.join(settings.root, path), written([*entries, *added]))
    fixed = sum(count for _, count in report.stale)
    moved = f"; moved: {plural(len(before.moved), 'file')}" if before.moved else ""
    new_ones = f", {sum(entry.count for entry in added):,} added" if add else ""
    left = _counted([*entries, *added])
    show(f"{visible(path)}: {fixed:,} removed{new_ones}{moved}; {left} left\n")


@baseline.command("show")
@form_option("table", "json", "csv")
@_FILE
@settings_options
def show_baseline(form: str, file: str | None, config: str | None, isolated: bool) -> None:
    """Show what is left in the baseline, by rule, owner and age."""
    settings = _settings((), file, config, isolated)
    path = _file_of(settings)
    folder = DiskFolder(settings.root)
    entries = load_baseline(path, folder, settings.root, settings.limits).entries
    today = date.today()
    groups = {
        "rule": _grouped(entries, lambda entry: entry.rule),
        "owner": _grouped(entries, lambda entry: entry.owner or _NOBODY),
        "age": _grouped(entries, lambda entry: _age(entry, today)),
    }
    if form == "json":
        expired = sum(entry.count for entry in entries if entry.suppression.is_expired(today))
        total = sum(entry.count for entry in entries)
        data = {"path": path, "findings": total, "expired": expired, "by": groups}
        show(f"{json.dumps(data, indent=2)}\n")
    elif form == "csv":
        header = ("path", "rule", "field", "count", "since", "until", "owner", "reason", "days")
        show(csv_text([header, *(_row(entry, today) for entry in entries)]))
    else:
        tables = (_table(name, counts) for name, counts in groups.items())
        show("\n\n".join([*tables, f"{visible(path)}: {_counted(entries)}"]) + "\n")


def _settings(
    paths: Sequence[str], file: str | None, config: str | None, isolated: bool
) -> Settings:
    over = {} if file is None else {"baseline": os.path.abspath(file)}
    settings = settings_for(config, isolated, over, paths=paths)
    path = settings.baseline or FILE_NAME
    if leaves(path):
        raise UsageError(
            f"baseline {path} is outside the repository, whose root is {settings.root}"
        )
    return replace(settings, baseline=path)


def _file_of(settings: Settings) -> str:
    return settings.baseline or FILE_NAME


def _report(paths: Sequence[str], settings: Settings) -> Report:
    """What a run finds. Raises UsageError where a check crashed: what it would say is not known."""
    means = Means(None, cache_folder(None, settings.root, is_wanted=True))
    report = lint(paths or ["."], settings, means=means)
    if report.crashes:
        raise UsageError("\n".join(crash_sentence(crash) for crash in report.crashes))
    return report


def _counted(entries: Iterable[Entry]) -> str:
    return plural(sum(entry.count for entry in entries), "finding")


def _grouped(entries: Iterable[Entry], group: Callable[[Entry], str]) -> dict[str, dict[str, Any]]:
    """Of each group how many findings are left and since when, the largest first."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(group(entry), []).append(entry)
    ordered = sorted(groups.items(), key=lambda item: (-sum(it.count for it in item[1]), item[0]))
    return {
        name: {
            "findings": sum(entry.count for entry in members),
            "files": len({entry.path for entry in members}),
            "since": min(entry.since for entry in members).isoformat(),
        }
        for name, members in ordered
    }


def _age(entry: Entry, today: date) -> str:
    days = (today - entry.since).days
    return next((name for limit, name in _AGES if days < limit), _OLDEST)


def _table(name: str, counts: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        (visible(group), f"{row['findings']:,}", f"{row['files']:,}", row["since"])
        for group, row in counts.items()
    ]
    return table((name, "findings", "files", "since"), rows, screen())


def _row(entry: Entry, today: date) -> tuple[str, ...]:
    until = entry.until.isoformat() if entry.until is not None else ""
    days = str((today - entry.since).days)
    texts = map(harmless, (entry.path, entry.rule, entry.field))
    more = map(harmless, (entry.owner, entry.reason))
    return (*texts, str(entry.count), entry.since.isoformat(), until, *more, days)
