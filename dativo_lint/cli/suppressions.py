"""The command `suppressions`: what accepts findings, who is responsible, and since when."""

from __future__ import annotations

import contextlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import click

from dativo_lint.api import all_rules
from dativo_lint.cli.options import (
    PATH,
    form_option,
    known_names,
    rule_names,
    settings_for,
    settings_options,
)
from dativo_lint.cli.output import screen, show
from dativo_lint.cli.plain_run import plain_run
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.git import GitError, committed_lines
from dativo_lint.jobs.suppression_comment import Suppression
from dativo_lint.reports.columns import table
from dativo_lint.reports.escape import csv_text, harmless, json_text, visible
from dativo_lint.reports.sentences import pages_of, plural
from dativo_lint.ruleset import is_named
from dativo_lint.settings import Settings

_LINE_END = re.compile(r"\r\n?|\n")
_ALWAYS = ("rule", "kind", "where", "findings")
_DATA = (
    *("kind", "rules", "path", "line", "files", "findings", "since", "days"),
    *("until", "expired", "owner", "ticket", "reason"),
)


@click.command()
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--expired", is_flag=True, help="Show only those whose last day is over.")
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="RULE",
    shell_complete=rule_names,
    help="Show only those of these rules, families or globs.",
)
@form_option("table", "csv", "json")
@settings_options
def suppressions(
    paths: tuple[str, ...],
    expired: bool,
    rules: tuple[str, ...],
    form: str,
    config: str | None,
    isolated: bool,
) -> None:
    """List what accepts findings in PATHS, or in the current folder, with its age.

    These are comments, `ignores` of the settings, and entries of the baseline, each with the number
    of findings that it accepts now. The age of a comment or setting is that of its line in git.
    """
    settings = settings_for(config, isolated, paths=paths)
    every, today = all_rules(settings), date.today()
    wanted = known_names(rules, "--rule", every)
    ids = {rule.id for rule in every if is_named(rule, wanted)} if wanted else None
    report = plain_run(paths, settings)
    listed = [
        (suppression, findings)
        for suppression, findings in report.suppressions
        if not expired or suppression.is_expired(today)
        if ids is None or not ids.isdisjoint(suppression.rules)
    ]
    days = dict(_days(settings, (suppression for suppression, _ in listed), today))
    rows = [_data(it, findings, days.get(it), today) for it, findings in listed]
    if form == "json":
        show(json_text({"version": 1, "suppressions": rows}))
    elif form == "csv":
        show(csv_text([_DATA, *([harmless(_text(row[name])) for name in _DATA] for row in rows)]))
    elif rows:
        count = (
            f"{plural(len(rows), 'suppression')} of {plural(sum(n for _, n in listed), 'finding')}"
        )
        over = f", {sum(row['expired'] for row in rows):,} expired"
        show(f"{_table(rows, pages_of(every))}\n\n{count}{over}\n")
    else:
        which = "expired suppressions" if expired else "suppressions"
        of_rules = f" of {visible(', '.join(wanted))}" if wanted else ""
        show(f"No {which}{of_rules} in {plural(report.files, 'file')}\n")


def _data(
    suppression: Suppression, findings: int, since: date | None, today: date
) -> dict[str, Any]:
    """A suppression as JSON tells it."""
    until = suppression.until
    return {
        "kind": suppression.kind,
        "rules": list(suppression.rules),
        "path": suppression.place.path,
        "line": suppression.place.line,
        "files": list(suppression.paths or (suppression.place.path,)),
        "findings": findings,
        "since": since.isoformat() if since is not None else None,
        "days": max((today - since).days, 0) if since is not None else None,
        "until": until.isoformat() if until is not None else None,
        "expired": suppression.is_expired(today),
        "owner": suppression.owner,
        "ticket": suppression.ticket,
        "reason": suppression.reason,
    }


def _table(rows: Iterable[Mapping[str, Any]], pages: Mapping[str, str]) -> str:
    """A table without the columns in which nothing is."""
    cells = []
    for row in rows:
        is_entry = row["kind"] == "baseline"
        where = row["files"][0] if is_entry else f"{row['path']}:{row['line']}"
        over = " (expired)" if row["expired"] else ""
        more = ("days", "owner", "ticket", "reason")
        cell = {"rule": row["rules"], "where": where, "until": f"{row['until'] or ''}{over}"}
        cell |= {name: row[name] for name in ("kind", "findings", *more)}
        cells.append({name: visible(_text(value)) for name, value in cell.items()})
    order = (*_ALWAYS, "days", "until", "owner", "ticket", "reason")
    headers = [it for it in order if it in _ALWAYS or any(cell[it] for cell in cells)]
    return table(headers, ([cell[it] for it in headers] for cell in cells), screen(), pages)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def _days(
    settings: Settings, suppressions: Iterable[Suppression], today: date
) -> Iterator[tuple[Suppression, date]]:
    """Suppressions with the days on which they were written, as far as these are known."""
    by_path: dict[str, list[Suppression]] = {}
    for suppression in suppressions:
        if suppression.since is not None:
            yield suppression, suppression.since
        elif not os.path.isabs(suppression.place.path):  # which the settings may be
            by_path.setdefault(suppression.place.path, []).append(suppression)
    folder = DiskFolder(settings.root)
    with contextlib.suppress(GitError):
        for path, committed in committed_lines(settings.root, by_path):
            content = folder.read(path, settings.limits)
            if isinstance(content, bytes):
                written = _written(os.fsdecode(content), committed, today)
                # Files may have changed, and YAML knows more line ends than git.
                known = (it for it in by_path[path] if it.place.line <= len(written))
                yield from ((it, written[it.place.line - 1]) for it in known)


def _written(text: str, committed: Iterable[tuple[str, date]], today: date) -> list[date]:
    """The day of each line of a text: that of the same line in the last commit, or else today."""
    days: dict[str, list[date]] = {}
    for line, day in committed:
        days.setdefault(line, []).append(day)
    seen: Counter[str] = Counter()
    written = []
    for line in _LINE_END.split(text):
        # Of lines that are alike, the second is the second.
        known, number = days.get(line, ()), seen[line]
        written.append(known[number] if number < len(known) else today)
        seen[line] += 1
    return written
