"""Coverage of a shard, and the coverage of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from dativo_lint.coverage.measure import STATES, Coverage, Tally, in_order
from dativo_lint.documents.document import Fault
from dativo_lint.findings.shards import Part, Shard


class CoveragePart(Part, frozen=True, tag="coverage"):
    """The coverage of a shard: `counts` are its tallies, `left_out` is wrong with files that could
    not be read; `fail_under` and `names_jobs` are what is asked of the whole."""

    coverage: Coverage
    counts: tuple[tuple[str, str, str, Tally], ...]
    left_out: tuple[Fault, ...]
    fail_under: float | None
    names_jobs: bool


def part_of_coverage(
    shard: Shard,
    digests: Mapping[str, str],
    coverage: Coverage,
    left_out: Iterable[Fault],
    fail_under: float | None,
    names_jobs: bool,
) -> CoveragePart:
    """What a shard hands over to be merged."""
    counts = tuple((*key, tally) for key, tally in coverage.tallies.items())
    counted = replace(coverage, tallies={})
    return CoveragePart(shard, digests, counted, counts, tuple(left_out), fail_under, names_jobs)


def merged_coverage(parts: Sequence[CoveragePart]) -> Coverage:
    """The coverage of all jobs, of all whose shards these are the parts."""
    each = [part.coverage for part in parts]
    jobs = Counter[str]()
    tallies: dict[tuple[str, str, str], Tally] = {}
    for part in parts:
        jobs.update(part.coverage.jobs)
        for group, key, sink, tally in part.counts:
            total = tallies.setdefault((group, key, sink), Tally())
            for state in STATES:
                total.add(state, getattr(tally, state))
    by, keys = each[0].by, each[0].keys
    missing = in_order((short for part in each for short in part.missing), keys)
    known = tuple(sorted({key for part in each for key in part.known}))
    return Coverage(by, keys, missing, known, jobs, tallies)
