"""The command `coverage`: how many jobs carry the required tags to each sink."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator

import click

from dativo_lint.api import all_rules, jobs_of
from dativo_lint.cli.options import names, settings_for, settings_options
from dativo_lint.cli.output import show, table
from dativo_lint.coverage import GROUPINGS, STATES, Coverage, Tally, measure, required_keys
from dativo_lint.errors import UsageError
from dativo_lint.jobs.sinks import RECEIVING
from dativo_lint.reports.escape import code, json_text, markdown, markdown_table, visible
from dativo_lint.ruleset import RuleSets

FOUND = 1
DEFINITION = (
    "Coverage is the share of jobs whose effective tags carry a key to a sink with a value that "
    "the sink takes. It is the FinOps Foundation's measure of compliance with a tagging policy, "
    "with jobs in the place of cost, which only the bill knows. The denominator is the jobs that "
    "fill the sink, without those whose value is known only at run time (open)."
)
_HEADERS = ("key", "sink", *STATES, "of", "percent")


@click.command(
    help=f"""Count the jobs whose tags reach each sink.

{DEFINITION}

PATHS are files, folders and globs; without any, the current folder. The keys are those that the
rules require, unless --key names others. To a cloud and its module, a key counts in any spelling:
CostCenter carries finops.cost_center.

Exit codes: 0; 1 where a key reaches a sink from less than --fail-under percent of all jobs; 2
misuse, or no jobs."""
)
@click.argument("paths", nargs=-1)
@click.option("--by", type=click.Choice(list(GROUPINGS)), default="tenant", show_default=True)
@click.option("--key", "keys", multiple=True, metavar="KEY", help="A tag to count; repeatable.")
@click.option(
    "--sink", "sinks", multiple=True, type=click.Choice(RECEIVING), help="Count only these."
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "markdown"]), default="table"
)
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT")
@settings_options
def coverage(
    paths: tuple[str, ...],
    by: str,
    keys: tuple[str, ...],
    sinks: tuple[str, ...],
    form: str,
    fail_under: float | None,
    config: str | None,
    isolated: bool,
) -> int:
    """Count the jobs whose tags reach each sink."""
    settings = settings_for(config, isolated, paths=paths)
    ready = RuleSets(all_rules(settings), settings)
    wanted = names(keys) or required_keys(ready)
    if not wanted:
        raise UsageError("no rule that runs requires a tag; name one with --key")
    found = measure(jobs_of(paths or ["."], settings), ready, by, wanted, sinks or RECEIVING)
    show(_FORMS[form](found))
    below = [] if fail_under is None else found.below(fail_under)
    for key, sink, tally in below:
        share = f"{tally.percent:.1f}% of {tally.decided} jobs, less than {fail_under:g}%"
        click.echo(f"{visible(key)} reaches {sink} from {share}", err=True)
    return FOUND if below else 0


def _rows(found: Coverage) -> Iterator[tuple[str, str, str, Tally]]:
    for group in found.groups:
        for key in found.keys:
            for sink in found.sinks:
                tally = found.tallies.get((group, key, sink))
                if tally is not None:
                    yield group, key, sink, tally


def _cells(tally: Tally) -> list[str]:
    percent = "-" if tally.percent is None else f"{tally.percent:.1f}"
    return [*(str(getattr(tally, state)) for state in STATES), str(tally.decided), percent]


def _as_table(found: Coverage) -> str:
    rows = [[visible(g), visible(k), s, *_cells(tally)] for g, k, s, tally in _rows(found)]
    counts = ", ".join(f"{visible(group)} {found.jobs[group]}" for group in found.groups)
    return f"{table((found.by, *_HEADERS), rows)}\n\njobs: {counts}\n{DEFINITION}\n"


def _as_markdown(found: Coverage) -> str:
    rows = (
        [markdown(group), code(key), code(sink), *_cells(tally)]
        for group, key, sink, tally in _rows(found)
    )
    lines = markdown_table((found.by, *_HEADERS), rows)
    return f"{lines}\n\n{markdown(DEFINITION)}\n"


def _as_csv(found: Coverage) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow((found.by, *_HEADERS))
    for group, key, sink, tally in _rows(found):
        writer.writerow([_harmless(group), _harmless(key), sink, *_cells(tally)])
    return stream.getvalue()


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown


def _as_json(found: Coverage) -> str:
    rows = []
    for group, key, sink, tally in _rows(found):
        counts = {state: getattr(tally, state) for state in STATES}
        percent = None if tally.percent is None else round(tally.percent, 2)
        told = {"group": group, "key": key, "sink": sink, **counts, "of": tally.decided}
        rows.append({**told, "percent": percent})
    jobs = {group: found.jobs[group] for group in found.groups}
    head = {"version": 1, "definition": DEFINITION, "by": found.by, "keys": list(found.keys)}
    return json_text({**head, "jobs": jobs, "rows": rows})


_FORMS: dict[str, Callable[[Coverage], str]] = {
    "table": _as_table,
    "json": _as_json,
    "csv": _as_csv,
    "markdown": _as_markdown,
}
