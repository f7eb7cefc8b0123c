"""Baseline: the findings that are accepted because they were there when the linter was switched on.

Entries name a rule, a file and a field, and no line, so that they hold when lines move.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from dativo_lint.documents.discovery import inside_repository
from dativo_lint.documents.document import Limits
from dativo_lint.documents.folder import Folder
from dativo_lint.documents.place import Place, start_of
from dativo_lint.errors import UsageError, hold
from dativo_lint.findings.finding import Finding, UnresolvedValue
from dativo_lint.findings.suppressions import by_suppression, use_of
from dativo_lint.git.files import GitError, renamed_files
from dativo_lint.jobs.suppression_comment import Suppression, SuppressionUse, day_of
from dativo_lint.rulebook.shape import misshapen
from dativo_lint.schemas import schema
from dativo_lint.settings.ruleset import RuleSets

FILE_NAME = ".dativo-lint-baseline.json"
VERSION = 1
_WRITTEN = ("path", "rule", "field", "count", "since", "until", "owner", "ticket", "reason")

Key = tuple[str, str, str]
"""A path, the id of a rule, and a field."""


class Entry(Struct, frozen=True, omit_defaults=True):
    """Findings of one rule at one field that are accepted: `count` of them, in the order of places.

    `since` is the day on which they were, `until` the last one on which they are. `place` is where
    the entry stands in the baseline.
    """

    path: str
    rule: str
    field: str
    since: date
    count: int = 1
    reason: str = ""
    owner: str = ""
    until: date | None = None
    ticket: str = ""
    place: Place = start_of("")

    @property
    def key(self) -> Key:
        """What findings it is for."""
        return self.path, self.rule, self.field

    @property
    def suppression(self) -> Suppression:
        """The entry as what accepts a finding."""
        return Suppression(
            place=self.place,
            rules=(self.rule,),
            reason=self.reason,
            until=self.until,
            first_line=1,
            last_line=1,
            paths=(self.path,),
            since=self.since,
            owner=self.owner,
            ticket=self.ticket,
        )


class Baseline(Struct, frozen=True):
    """The entries of a baseline file, whose path is from the root; `moved` are old paths of files
    that git knows to be renamed, with the new ones, under which the entries stand here; `gone` are
    the paths of files that are not there."""

    path: str
    entries: tuple[Entry, ...] = ()
    moved: Mapping[str, str] = {}
    gone: frozenset[str] = frozenset()


NO_BASELINE = Baseline("")


class Accepted(Struct, frozen=True):
    """Findings sorted by a baseline: those that stand, those that are accepted, and how many
    findings each entry is for that did not come up."""

    standing: tuple[Finding, ...]
    baselined: tuple[Finding, ...]
    absent: tuple[tuple[Entry, int], ...]


def accept(
    findings: Iterable[Finding],
    baseline: Baseline,
    today: date | None,
    never: Collection[str] = (),
) -> Accepted:
    """Sort findings, which are in the order of a report, by the entries that hold on a day.

    `never` are the ids of rules that may not be suppressed.
    """
    allowed = (entry for entry in baseline.entries if entry.rule not in never)
    # An expired entry accepts nothing, but is not stale while its findings are there.
    entries = sorted(allowed, key=lambda entry: entry.suppression.is_expired(today))
    left = [entry.count for entry in entries]
    waiting: dict[Key, list[int]] = {}
    for number in reversed(range(len(entries))):
        waiting.setdefault(entries[number].key, []).append(number)
    standing, baselined = [], []
    for finding in findings:
        numbers = waiting.get(key_of(finding))
        suppression = entries[numbers[-1]].suppression if numbers else None
        if numbers:
            left[numbers[-1]] -= 1
            if not left[numbers[-1]]:
                numbers.pop()
        if suppression is None or suppression.is_expired(today):
            standing.append(finding)
        else:
            baselined.append(replace(finding, suppression=suppression))
    absent = tuple((entry, count) for entry, count in zip(entries, left, strict=True) if count)
    return Accepted(tuple(standing), tuple(baselined), absent)


def key_of(finding: Finding | UnresolvedValue) -> Key:
    """What tells a finding, or what is unresolved, from another in a baseline."""
    return finding.place.path, finding.rule.id, finding.place.field


def entries_for(
    findings: Iterable[Finding],
    since: date,
    *,
    reason: str = "",
    owner: str = "",
    ticket: str = "",
    until: date | None = None,
) -> list[Entry]:
    """Entries that accept findings, from a day on."""
    counts = Counter(map(key_of, findings))
    return [
        Entry(*key, since, count, reason=reason, owner=owner, until=until, ticket=ticket)
        for key, count in counts.items()
    ]


def uses_of(
    baseline: Baseline,
    baselined: Iterable[Finding],
    stale: Iterable[tuple[Entry, int]],
    rules: RuleSets,
    today: date | None,
) -> Iterator[SuppressionUse]:
    """The entries as the rules about suppressions judge them."""
    absent, accepted = dict(stale), by_suppression(baselined)
    alike = Counter(entry.until for entry in baseline.entries)
    for entry in baseline.entries:
        suppression = entry.suppression
        findings, more = accepted.get(suppression, ()), alike.pop(entry.until, 0)
        missing = absent.get(entry, 0)
        yield use_of(suppression, findings, rules, today, absent=missing, alike=more)


def without(entries: Iterable[Entry], absent: Iterable[tuple[Entry, int]]) -> list[Entry]:
    """Entries without the findings that did not come up."""
    missing = dict(absent)
    return [
        replace(entry, count=entry.count - missing.get(entry, 0))
        for entry in entries
        if missing.get(entry) != entry.count
    ]


def load_baseline(path: str, folder: Folder, root: str, limits: Limits) -> Baseline:
    """The baseline in a file of a repository, its entries under the paths that files have today.

    Raises UsageError for a file that is not there or is no baseline.
    """
    content = folder.read(path, limits)
    if not isinstance(content, bytes):
        is_ours = folder.kind(path) is None and not folder.is_outside(path)
        hint = "; dativo-lint baseline create writes one" if is_ours else ""
        raise UsageError(f"baseline {path}: {content.message}{hint}")
    entries = read_entries(path, content, limits)
    gone = {entry.path for entry in entries if folder.kind(entry.path) is None}
    moved = _renamed(root, gone, min(entry.since for entry in entries)) if gone else {}
    here = (replace(entry, path=moved.get(entry.path, entry.path)) for entry in entries)
    return Baseline(path, tuple(here), moved, frozenset(gone - moved.keys()))


def read_entries(path: str, content: bytes, limits: Limits) -> list[Entry]:
    """The entries of a baseline file. Raises UsageError for one that does not have its form."""
    from dativo_lint.documents.json_reader import read_json  # few runs have one

    reading = read_json(path, content, limits)
    hold([UsageError(fault.message, fault.place) for fault in reading.faults])
    document = reading.documents[0]
    hold(misshapen(document.data, schema("baseline"), document))
    entries, faults = [], []
    for number, data in enumerate(document.data["entries"]):
        days: dict[str, date] = {}
        for name in ("since", "until"):
            day = day_of(data[name]) if name in data else None
            if day is not None:
                days[name] = day
            elif name in data:
                place = document.place(("entries", number, name))
                what = f'entries[{number}].{name} is "{data[name]}"; expected a day, YYYY-MM-DD'
                faults.append(UsageError(what, place))
        if "since" in days:
            place = document.place(("entries", number))
            entries.append(Entry(**{**data, **days}, place=place))
    hold(faults)
    return entries


def written(entries: Iterable[Entry]) -> str:
    """Entries as the text of a baseline file: sorted, one a line."""
    lines = map(_line, sorted(entries, key=lambda entry: (entry.key, entry.since)))
    body = ",\n".join(f"    {line}" for line in lines)
    listed = f"[\n{body}\n  ]" if body else "[]"
    return f'{{\n  "version": {VERSION},\n  "entries": {listed}\n}}\n'


def _line(entry: Entry) -> str:
    data = to_builtins(entry)
    fields = {name: data[name] for name in _WRITTEN if name in data}
    line = json.dumps(fields, ensure_ascii=False)
    return line if line.isprintable() else json.dumps(fields)


def _renamed(root: str, paths: Iterable[str], since: date) -> dict[str, str]:
    """The paths that files have today, of those that git knows to be renamed."""
    try:
        renames = renamed_files(*inside_repository(root), since)
    except GitError:
        return {}
    return {path: renames[path] for path in paths if path in renames}
