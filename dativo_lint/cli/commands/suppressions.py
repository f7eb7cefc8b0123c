"""The command `suppressions`: what accepts findings, who is responsible, and since when."""

from __future__ import annotations

import contextlib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import click
from msgspec import Struct, to_builtins
from msgspec.structs import asdict, astuple

from dativo_lint.api import all_rules
from dativo_lint.cli.options import (
    PATHS,
    file_option,
    form_option,
    hold_known,
    rule_option,
    settings_for,
    settings_options,
)
from dativo_lint.cli.output import cell_text, show, show_json, show_parts, shown_csv, shown_table
from dativo_lint.cli.runs import plain_run
from dativo_lint.documents.discovery import inside_repository
from dativo_lint.documents.folder import DiskFolder
from dativo_lint.git.files import GitError
from dativo_lint.git.history import committed_lines
from dativo_lint.jobs.suppression_comment import Suppression
from dativo_lint.reports.escape import visible
from dativo_lint.reports.sentences import pages_of, plural
from dativo_lint.settings.effective import is_named
from dativo_lint.settings.settings import Settings

_COLUMNS = ("rule", "kind", "where", "findings", "days", "until", "owner", "ticket", "reason")
_LINE_END = re.compile(r"\r\n?|\n")


class Row(Struct, frozen=True):
    """A suppression as it is listed; `files` are the paths or globs of what it covers."""

    kind: str
    rules: tuple[str, ...]
    path: str
    line: int
    files: tuple[str, ...]
    findings: int
    since: date | None
    days: int | None
    until: date | None
    expired: bool
    owner: str
    ticket: str
    reason: str


@click.command()
@PATHS
@click.option("--expired", is_flag=True, help="Show only expired suppressions.")
@rule_option(*("--rule", "rules"), help="Show only those of these rules, families or globs.")
@file_option(
    "--baseline", help="List the entries of this baseline, instead of the one of the settings."
)
@form_option("table", "csv", "json")
@settings_options
def suppressions(
    paths: tuple[str, ...], expired: bool, rules: tuple[str, ...], baseline: str | None, form: str
) -> None:
    """List the suppressions, and their age.

    They are comments, `ignores` of the settings, and entries of the baseline, for files in PATHS or
    in the current folder, each with the number of findings that it suppresses now. The age of a
    comment or setting is that of its line in git.
    """
    over = {} if baseline is None else {"baseline": os.path.abspath(baseline)}
    settings = settings_for(paths, over)
    every, today = all_rules(settings), date.today()
    hold_known(rules, every)
    ids = {rule.id for rule in every if is_named(rule, rules)} if rules else None
    report = plain_run(paths, settings)
    listed = [
        (suppression, findings)
        for suppression, findings in report.suppressions
        if not expired or suppression.is_expired(today)
        if ids is None or not ids.isdisjoint(suppression.rules)
    ]
    days = dict(_days(settings, (suppression for suppression, _ in listed), today))
    rows = [_row(suppression, count, days.get(suppression), today) for suppression, count in listed]
    if form == "json":
        show_json({"suppressions": to_builtins(rows)})
    elif form == "csv":
        show(shown_csv(Row.__struct_fields__, map(astuple, rows)))
    elif rows:
        findings = plural(sum(row.findings for row in rows), "finding")
        expired_ones = f"{sum(row.expired for row in rows):,} expired"
        counts = f"{plural(len(rows), 'suppression')} of {findings}, {expired_ones}"
        show_parts((_table(rows, pages_of(every)), counts))
    else:
        which = "expired suppressions" if expired else "suppressions"
        of_rules = f" of {visible(', '.join(rules))}" if rules else ""
        show(f"No {which}{of_rules} in {plural(report.files, 'file')}\n")


def _row(suppression: Suppression, findings: int, since: date | None, today: date) -> Row:
    place = suppression.place
    return Row(
        suppression.kind,
        suppression.rules,
        place.path,
        place.line,
        suppression.paths or (place.path,),
        findings,
        since,
        None if since is None else max((today - since).days, 0),
        suppression.until,
        suppression.is_expired(today),
        suppression.owner,
        suppression.ticket,
        suppression.reason,
    )


def _table(rows: Iterable[Row], pages: Mapping[str, str]) -> str:
    """A table without the columns in which nothing is."""
    cells = []
    for row in rows:
        where = row.files[0] if row.kind == "baseline" else f"{row.path}:{row.line}"
        until = f"{cell_text(row.until)}{' (expired)' if row.expired else ''}"
        values = {**asdict(row), "rule": row.rules, "where": where, "until": until}
        cells.append([cell_text(values[name]) for name in _COLUMNS])
    kept = [number for number, column in enumerate(zip(*cells, strict=True)) if any(column)]
    headers = [_COLUMNS[number] for number in kept]
    return shown_table(headers, ([each[number] for number in kept] for each in cells), pages)


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
    repository, inside = inside_repository(settings.root)
    with contextlib.suppress(GitError):  # then no age is known
        for path_there, committed in committed_lines(
            repository, (inside + path for path in by_path)
        ):
            path = path_there[len(inside) :]
            content = folder.read(path, settings.limits)
            if isinstance(content, bytes):
                written = _written(os.fsdecode(content), committed, today)
                # Files may have changed, and YAML knows more line ends than git.
                known = (
                    suppression
                    for suppression in by_path[path]
                    if suppression.place.line <= len(written)
                )
                yield from (
                    (suppression, written[suppression.place.line - 1]) for suppression in known
                )


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
