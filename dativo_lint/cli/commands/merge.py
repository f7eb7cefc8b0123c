"""The command `merge`: one report of what the shards of a run handed over."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeGuard

import click
import msgspec

from dativo_lint.cli import CLEAN, FOUND
from dativo_lint.cli.commands.coverage import FORMS, hold_known, is_below
from dativo_lint.cli.destinations import Delivery, content_in, report_options
from dativo_lint.cli.options import color_option, path_argument, picked
from dativo_lint.cli.output import LeftOut, show, write_whole
from dativo_lint.coverage.measure import ALL
from dativo_lint.coverage.part import CoveragePart, merged_coverage
from dativo_lint.engine.merging import merged
from dativo_lint.errors import UsageError, hold
from dativo_lint.findings.shards import CheckPart, Part, Shard
from dativo_lint.reports.as_sarif import SHARD
from dativo_lint.reports.style import unknown
from dativo_lint.settings.files import find_root
from dativo_lint.version import __version__

_EXPECTED = (
    "expected JSON or SARIF of dativo-lint check --shard, or JSON of dativo-lint coverage --shard"
)
_FEW = 3
_Parts = Sequence[tuple[str, Part]]
"""Parts, each with the file that it is in."""


@click.command()
@path_argument("files", metavar="REPORT...", nargs=-1, required=True)
@report_options
@color_option
def merge(files: tuple[str, ...], **options: Any) -> int:
    """Merge the reports of all shards of a run.

    The result is the report of the whole run. REPORTS are JSON or SARIF of `dativo-lint check
    --shard N/TOTAL`, or JSON of `dativo-lint coverage --shard N/TOTAL`, in any order. Neither the
    repository nor its settings are needed, but for the hashes of lines in SARIF: --fail-on,
    --ratchet, --fail-under and the baseline are those of the shards.

    Exit codes: those of the command that wrote the reports; 2 also for reports that are not all the
    shards of one run.
    """
    parts = [part for _, part in sorted(_read_all(files), key=lambda item: item[1].shard.number)]
    delivery = picked(Delivery, options)
    if _are_coverage(parts):
        return _merge_coverage(parts, delivery)
    checked = [part for part in parts if isinstance(part, CheckPart)]
    outputs = delivery.outputs()
    try:
        report = merged(checked)
    except LookupError as error:
        raise UsageError(f"the reports were changed: there is no {error}") from error
    fail_on = checked[0].settings.fail_on
    delivery.deliver(report, outputs, root="", fail_on=fail_on, content=_content())
    ratchet = any(part.ratchet for part in checked)
    return delivery.exit_code(report, is_failed=report.fails(fail_on), ratchet=ratchet)


def _content() -> Callable[[str], bytes | None]:
    """What reads the files of the repository that the merge runs in, if it is there."""
    try:
        return content_in(find_root(os.curdir))
    except OSError:  # the current folder was removed
        return unknown


def _are_coverage(parts: Sequence[Part]) -> TypeGuard[Sequence[CoveragePart]]:
    return isinstance(parts[0], CoveragePart)


def _merge_coverage(parts: Sequence[CoveragePart], delivery: Delivery) -> int:
    outputs = delivery.outputs(FORMS)
    total = merged_coverage(parts)
    if not total.jobs[ALL]:
        raise UsageError("nothing to check: no job in any of the shards")
    left_out = LeftOut()
    faults = (fault for part in parts for fault in part.left_out)
    for fault in sorted(faults, key=lambda fault: fault.place.path):
        left_out.report(fault)
    hold_known(total)
    for name, file in outputs:
        text = FORMS[name](total, parts[0].names_jobs, None)
        if file is not None:
            write_whole(file, [text])
        elif not delivery.quiet:
            show(text)
    is_low = is_below(total, parts[0].fail_under)
    is_failed = is_low or bool(left_out.faults)
    return FOUND if is_failed and not delivery.exit_zero else CLEAN


def _read_all(files: Sequence[str]) -> _Parts:
    """The parts in reports. Raises UsageError unless they are all the shards of one run."""
    parts, faults = [], []
    for file in files:
        try:
            parts.append((file, _read(file)))
        except UsageError as error:
            faults.append(error)
    hold(faults)
    first, reference = parts[0]
    for file, part in parts[1:]:
        if differences := ", ".join(_differences(part, reference)):
            message = (
                f"{file} and {first} are reports of different runs; they differ in {differences}"
            )
            faults.append(UsageError(message))
    hold(faults)
    by_shard: dict[Shard, str] = {}
    for file, part in parts:
        if part.shard in by_shard:
            twice = f"{by_shard[part.shard]} and {file}"
            faults.append(UsageError(f"shard {part.shard} has two reports: {twice}"))
        by_shard[part.shard] = file
    count = reference.shard.of
    shards = (Shard(number, count) for number in range(1, count + 1))
    missing = [
        str(shard) for shard in islice((shard for shard in shards if shard not in by_shard), _FEW)
    ]
    if missing:
        more = count - len(by_shard) - len(missing)
        listed = ", ".join(missing) + (f" and {more:,} more" if more else "")
        faults.append(
            UsageError(f"shard {listed} missing; expected the reports of all {count:,} shards")
        )
    hold(faults)
    return parts


def _read(file: str) -> Part:
    """The part in a report. Raises UsageError for anything else."""
    try:
        data = json.loads(Path(file).read_bytes())
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    except (ValueError, RecursionError):
        data = None
    written = _written(data)
    version = _at(written, "digests", "version")
    if isinstance(version, str) and version != __version__:
        raise UsageError(f"{file} is of version {version}; this is dativo-lint {__version__}")
    try:
        part: Part = msgspec.convert(written, CheckPart | CoveragePart)
    except (msgspec.ValidationError, RecursionError):
        part = Part(Shard(0, 0), {})
    if not 1 <= part.shard.number <= part.shard.of:
        raise UsageError(f"{file} is not the report of a shard; {_EXPECTED}")
    return part


def _written(data: Any) -> Any:
    """The part of a shard in its report, JSON or SARIF."""
    return _at(data, "shard") or _at(data, "runs", 0, "properties", SHARD)


def _at(data: Any, *route: str | int) -> Any:
    """A value in JSON; None if it is missing."""
    try:
        for step in route:
            data = data[step]
    except (LookupError, TypeError):
        return None
    return data


def _differences(part: Part, other: Part) -> list[str]:
    """What differs between two parts of different runs."""
    if type(part) is not type(other):
        return ["command"]
    if part.shard.of != other.shard.of:
        return [f"number of shards ({part.shard.of} and {other.shard.of})"]
    names = dict.fromkeys((*part.digests, *other.digests))
    return [name for name in names if part.digests.get(name) != other.digests.get(name)]
