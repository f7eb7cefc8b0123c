"""The command `coverage`: how many jobs carry the required tags to each sink."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click
from msgspec.structs import asdict

from dativo_lint.api import all_rules, files_in, jobs_of, origin_of
from dativo_lint.cli import CLEAN, FOUND
from dativo_lint.cli.options import (
    PATHS,
    form_option,
    names,
    settings_for,
    settings_options,
    shard_option,
)
from dativo_lint.cli.output import LeftOut, screen, show
from dativo_lint.coverage.measure import GROUPINGS, STATES, Coverage, Tally, measure, required_keys
from dativo_lint.coverage.part import part_of_coverage
from dativo_lint.errors import UsageError
from dativo_lint.findings.shards import Part, Shard, digests, plain
from dativo_lint.jobs.sinks import RECEIVING
from dativo_lint.names import nearest
from dativo_lint.reports.columns import fitted, table
from dativo_lint.reports.escape import (
    code,
    csv_text,
    harmless,
    json_text,
    markdown,
    markdown_table,
    visible,
)
from dativo_lint.reports.sentences import plural
from dativo_lint.settings.ruleset import RuleSets

DEFINITION = (
    "Coverage is the share of jobs whose tag reaches the sink with a value that it accepts. "
    "Unresolved values and jobs without this sink are not counted."
)
_HEADERS = ("key", "sink", *STATES, "total", "percent")
_MISSING = ("key", "sink", "state", "job", "document")
_Shown = Callable[[str], str]


@click.command(
    help=f"""Count the jobs whose tags reach each sink.

{DEFINITION}

PATHS are files, folders and globs; without any, the current folder. The keys are those that the
rules require, unless --key names others. With --missing, csv lists only the jobs without full
coverage. In clouds and modules, a key is found in any spelling: CostCenter is
finops.cost_center.

Exit codes: 0; 1 if the coverage of a key in a sink is below --fail-under percent of all jobs, or a
file could not be read; 2 usage error, no jobs, or nothing to count."""
)
@PATHS
@click.option("--by", type=click.Choice(list(GROUPINGS)), help="Count also by group.")
@click.option(
    *("--key", "keys"),
    multiple=True,
    metavar="KEY",
    callback=names,
    help="A tag to count; repeatable.",
)
@click.option(
    "--sink", "sinks", multiple=True, type=click.Choice(RECEIVING), help="Count only these sinks."
)
@form_option("table", "json", "csv", "markdown")
@click.option("--missing", is_flag=True, help="List the jobs without full coverage.")
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit with 1 below it."
)
@shard_option
@settings_options
def coverage(
    paths: tuple[str, ...],
    by: str | None,
    keys: tuple[str, ...],
    sinks: tuple[str, ...],
    form: str,
    missing: bool,
    fail_under: float | None,
    shard: Shard | None,
) -> int:
    """Count the jobs whose tags reach each sink."""
    settings = settings_for(paths)
    ready = RuleSets(all_rules(settings), settings)
    wanted = keys or required_keys(ready)
    if not wanted:
        raise UsageError("no rule that runs requires a tag; name one with --key")
    left_out = LeftOut()
    paths = paths or (".",)
    files = files_in(paths, settings, shard)
    jobs = left_out.checked(jobs_of(files, settings, left_out.report))
    measured = measure(jobs, ready, by or "", wanted, sinks or RECEIVING, are_named=bool(keys))
    if shard is None:
        hold_known(measured)
        show(FORMS[form](measured, missing, None))
        return FOUND if is_below(measured, fail_under) or left_out.faults else CLEAN
    asked = (by, wanted, sinks, bool(keys), missing, fail_under)
    common = digests(settings, ready.rules, options=asked) | origin_of(paths, settings)
    part = part_of_coverage(shard, common, measured, left_out.faults, fail_under, missing)
    show(FORMS[form](measured, missing, part))
    return FOUND if left_out.faults else CLEAN


def hold_known(measured: Coverage) -> None:
    """Raise UsageError for a key that no job has or might have, and for sinks that get none."""
    for key in measured.keys:
        if key not in measured.known:
            raise UsageError(f"--key: no job has {key}{nearest(key, measured.known)}")
    if not measured.tallies:
        raise UsageError("--sink: nothing to count: no job fills it with one of the tags")


def is_below(measured: Coverage, fail_under: float | None) -> bool:
    """Whether the coverage of a key in a sink is too low; prints which on standard error."""
    below = [] if fail_under is None else measured.below(fail_under)
    for key, sink, tally in below:
        share = f"{tally.percent:.1f}% ({tally.covered} of {tally.total}), below {fail_under:g}%"
        click.echo(f"coverage of {visible(key)} in {sink} is {share}", err=True)
    return bool(below)


def _rows(counted: Coverage) -> Iterator[tuple[str, str, str, Tally]]:
    for group in counted.groups:
        for key in counted.keys:
            for sink in counted.sinks:
                tally = counted.tallies.get((group, key, sink))
                if tally is not None:
                    yield group, key, sink, tally


def _cells(tally: Tally) -> list[str]:
    percent = "-" if tally.percent is None else f"{tally.percent:.1f}"
    return [*(str(getattr(tally, state)) for state in STATES), str(tally.total), percent]


def _grid(
    counted: Coverage, in_form: _Shown = harmless, group_in_form: _Shown = harmless
) -> list[list[str]]:
    """Headers and rows, with a column of groups where there are some."""
    rows = [[counted.by, *_HEADERS]]
    for group, key, sink, tally in _rows(counted):
        rows.append([group_in_form(group), in_form(key), in_form(sink), *_cells(tally)])
    return rows if counted.by else [row[1:] for row in rows]


def _shortfalls(counted: Coverage, show_text: _Shown) -> list[list[str]]:
    return [
        [show_text(short.key), short.sink, short.state, show_text(short.path), str(short.document)]
        for short in counted.missing
    ]


def _as_table(counted: Coverage, names_jobs: bool, _part: Part | None) -> str:
    style = screen()
    headers = (*_HEADERS[:-1], "%")
    parts = []
    for group in counted.groups:
        rows = [
            (visible(key), sink, *_cells(tally))
            for name, key, sink, tally in _rows(counted)
            if name == group
        ]
        title = f"{counted.by} {visible(group)}, " if counted.by else ""
        parts.append(
            f"{title}{plural(counted.jobs[group], 'job')}\n\n{table(headers, rows, style)}"
        )
    if names_jobs:
        parts.append(table(_MISSING, _shortfalls(counted, visible), style))
    parts.append(fitted(DEFINITION, style))
    return "\n\n".join(parts) + "\n"


def _as_markdown(counted: Coverage, names_jobs: bool, _part: Part | None) -> str:
    headers, *rows = _grid(counted, code, markdown)
    parts = [markdown_table(headers, rows), markdown(DEFINITION)]
    if names_jobs:
        parts.insert(1, markdown_table(_MISSING, _shortfalls(counted, code)))
    return "\n\n".join(parts) + "\n"


def _as_csv(counted: Coverage, names_jobs: bool, _part: Part | None) -> str:
    if names_jobs:
        return csv_text([_MISSING, *_shortfalls(counted, harmless)])
    return csv_text(_grid(counted))


def _as_json(counted: Coverage, names_jobs: bool, part: Part | None) -> str:
    rows = []
    for group, key, sink, tally in _rows(counted):
        counts = {state: getattr(tally, state) for state in STATES}
        percent = None if tally.percent is None else round(tally.percent, 2)
        row = {"group": group, "key": key, "sink": sink, **counts, "total": tally.total}
        rows.append({**row, "percent": percent})
    jobs = {group: counted.jobs[group] for group in counted.groups}
    head = {"version": 1, "definition": DEFINITION, "by": counted.by or None}
    content = {**head, "keys": list(counted.keys), "jobs": jobs, "rows": rows}
    if names_jobs:
        content["missing"] = [
            {**asdict(short), "path": visible(short.path)} for short in counted.missing
        ]
    if part is not None:
        content["shard"] = plain(part)
    return json_text(content)


FORMS: dict[str, Callable[[Coverage, bool, Part | None], str]] = {
    "table": _as_table,
    "json": _as_json,
    "csv": _as_csv,
    "markdown": _as_markdown,
}
