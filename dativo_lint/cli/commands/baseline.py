"""The command `baseline`: accept the findings that are there today, and watch them get fewer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

import click
from msgspec.structs import replace

from dativo_lint.api import all_rules
from dativo_lint.cli.options import (
    PATHS,
    color_option,
    day_option,
    file_option,
    form_option,
    settings_for,
    settings_options,
    together,
)
from dativo_lint.cli.output import show, show_json, show_parts, shown_csv, shown_table, write_whole
from dativo_lint.cli.runs import plain_run
from dativo_lint.documents.folder import DiskFolder, leaves
from dativo_lint.errors import UsageError
from dativo_lint.findings.baseline import (
    FILE_NAME,
    Entry,
    entries_for,
    load_baseline,
    without,
    written,
)
from dativo_lint.findings.finding import Finding
from dativo_lint.reports.escape import visible
from dativo_lint.reports.sentences import plural
from dativo_lint.settings.effective import is_named
from dativo_lint.settings.settings import Settings

_AGES = ((30, "under 30 days"), (90, "30 to 89 days"), (180, "90 to 179 days"))
_OLDEST = "180 days and more"
_NOBODY = "(none)"
_COLUMNS = ("path", "rule", "field", "count", "since", "until", "owner", "ticket", "reason")


_entry_options = together(
    click.option("--reason", default="", metavar="TEXT", help="Why they are accepted."),
    click.option("--owner", default="", metavar="NAME", help="Who will fix them."),
    click.option("--ticket", default="", metavar="ID", help="Where they will be fixed."),
    day_option("--until", help="Last day on which they are accepted, YYYY-MM-DD."),
)
"""What new entries say beside the finding."""
_FILE = file_option(
    *("--baseline", "file"),
    help=f"The baseline.  [default: the one of the settings, or {FILE_NAME} at the root]",
)


@click.group()
@color_option
def baseline() -> None:
    """Accept current findings, so that only new ones fail.

    `dativo-lint check --baseline FILE`, or `baseline: FILE` in the settings, uses it.
    """


@baseline.command()
@PATHS
@_FILE
@_entry_options
@settings_options
def create(paths: tuple[str, ...], file: str | None, **details: Any) -> None:
    """Write the current findings to a baseline.

    They are those of a run over PATHS, or over the current folder.
    """
    settings = _settings(paths, file)
    target = os.path.join(settings.root, settings.baseline or FILE_NAME)
    if os.path.lexists(target):
        raise UsageError(f"{target} is there; dativo-lint baseline update --add adds to it")
    entries, left_out = new_entries(paths, settings, **details)
    write_whole(target, written(entries))
    show(f"{visible(_file_of(settings))}: {counted(entries)}{left_out}\n")


@baseline.command()
@PATHS
@click.option("--add", is_flag=True, help="Accept new findings too, and renew expired entries.")
@_FILE
@_entry_options
@settings_options
def update(paths: tuple[str, ...], add: bool, file: str | None, **details: Any) -> None:
    """Remove entries that no longer occur, and rename moved files.

    Entries outside PATHS, and those of unreadable files, are not changed. Those of rules that may
    never be suppressed are removed.
    """
    if not add and any(details.values()):
        options = "--reason, --owner, --ticket and --until"
        raise UsageError(f"{options} are for new entries; expected --add")
    settings = _settings(paths, file)
    path = _file_of(settings)
    before = load_baseline(path, DiskFolder(settings.root), settings.root, settings.limits)
    report = plain_run(paths, settings)
    never = _never(settings)
    entries = [entry for entry in without(before.entries, report.stale) if entry.rule not in never]
    removed = _count(before.entries) - _count(entries)
    new = [finding for finding in report.findings if finding.place.path != path] if add else []
    today = date.today()
    expired = {entry.key: entry for entry in entries if entry.suppression.is_expired(today)}
    added = [
        _renewed(expired[entry.key], entry) if entry.key in expired else entry
        for entry in entries_for(_acceptable(new, never), today, **details)
    ]
    again = expired.keys() & {entry.key for entry in added}
    entries = [
        entry
        for entry in entries
        if not (entry.key in again and entry.suppression.is_expired(today))
    ]
    write_whole(os.path.join(settings.root, path), written([*entries, *added]))
    moved = f"; moved: {plural(len(before.moved), 'file')}" if before.moved else ""
    new_ones = f", {_count(added):,} added" if add else ""
    left = f"{counted([*entries, *added])} left{_left_out(new, never)}"
    show(f"{visible(path)}: {removed:,} removed{new_ones}{moved}; {left}\n")


@baseline.command("show")
@form_option("table", "json", "csv")
@_FILE
@settings_options
def show_baseline(form: str, file: str | None) -> None:
    """Show what is left in the baseline, by rule, owner and age."""
    settings = _settings((), file)
    path = _file_of(settings)
    folder = DiskFolder(settings.root)
    entries = load_baseline(path, folder, settings.root, settings.limits).entries
    today = date.today()
    groups = {
        "rule": _grouped(entries, lambda entry: entry.rule),
        "owner": _grouped(entries, lambda entry: entry.owner or _NOBODY),
        "age": _grouped(entries, lambda entry: _age(entry, today)),
    }
    expired = _count(entry for entry in entries if entry.suppression.is_expired(today))
    if form == "json":
        counts = {"findings": _count(entries), "expired": expired, "by": groups}
        show_json({"path": path, **counts})
    elif form == "csv":
        cells_of = attrgetter(*_COLUMNS)
        rows = ((*cells_of(entry), _days(entry, today)) for entry in entries)
        show(shown_csv((*_COLUMNS, "days"), rows))
    else:
        tables = (_table(name, counts) for name, counts in groups.items())
        over = f", {expired:,} expired" if expired else ""
        show_parts([*tables, f"{visible(path)}: {counted(entries)}{over}"])


def new_entries(
    paths: Sequence[str], settings: Settings, **details: Any
) -> tuple[list[Entry], str]:
    """Entries for the findings of a run, and what is said of those that may not be accepted."""
    findings = plain_run(paths, replace(settings, baseline=None)).findings
    never = _never(settings)
    entries = entries_for(_acceptable(findings, never), date.today(), **details)
    return entries, _left_out(findings, never)


def _settings(paths: Sequence[str], file: str | None) -> Settings:
    over = {} if file is None else {"baseline": os.path.abspath(file)}
    settings = settings_for(paths, over)
    path = settings.baseline or FILE_NAME
    if leaves(path):
        raise UsageError(
            f"baseline {path} is outside the repository, whose root is {settings.root}"
        )
    return replace(settings, baseline=path)


def _file_of(settings: Settings) -> str:
    return settings.baseline or FILE_NAME


def _never(settings: Settings) -> frozenset[str]:
    """The rules that may never be suppressed."""
    names = settings.suppressions.never
    return frozenset(rule.id for rule in all_rules(settings) if is_named(rule, names))


def _acceptable(findings: Iterable[Finding], never: frozenset[str]) -> list[Finding]:
    return [finding for finding in findings if finding.rule.id not in never]


def _renewed(expired: Entry, entry: Entry) -> Entry:
    """A new entry in the place of one that has expired, with what that says of the findings."""
    return replace(
        entry,
        since=expired.since,
        reason=entry.reason or expired.reason,
        owner=entry.owner or expired.owner,
        ticket=entry.ticket or expired.ticket,
    )


def _left_out(findings: Iterable[Finding], never: frozenset[str]) -> str:
    count = sum(finding.rule.id in never for finding in findings)
    what = f"{plural(count, 'finding')} of rules that may never be suppressed"
    return f"; left out: {what}" if count else ""


def _count(entries: Iterable[Entry]) -> int:
    return sum(entry.count for entry in entries)


def counted(entries: Iterable[Entry]) -> str:
    """How many findings entries are for."""
    return plural(_count(entries), "finding")


def _grouped(entries: Iterable[Entry], group: Callable[[Entry], str]) -> dict[str, dict[str, Any]]:
    """Of each group how many findings are left and since when, the largest first."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(group(entry), []).append(entry)
    ordered = sorted(groups.items(), key=lambda item: (-_count(item[1]), item[0]))
    return {
        name: {
            "findings": _count(members),
            "files": len({entry.path for entry in members}),
            "since": min(entry.since for entry in members).isoformat(),
        }
        for name, members in ordered
    }


def _days(entry: Entry, today: date) -> int:
    """The age of an entry; where it was written it may be tomorrow."""
    return max((today - entry.since).days, 0)


def _age(entry: Entry, today: date) -> str:
    days = _days(entry, today)
    return next((name for limit, name in _AGES if days < limit), _OLDEST)


def _table(name: str, counts: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        (group, f"{row['findings']:,}", f"{row['files']:,}", row["since"])
        for group, row in counts.items()
    ]
    return shown_table((name, "findings", "files", "since"), rows)
