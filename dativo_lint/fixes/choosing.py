"""The fixes of a round: those that are wanted, and that do not touch each other."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Set
from operator import itemgetter

from msgspec import Struct

from dativo_lint.documents.place import Place
from dativo_lint.edits.fix import Edit, Fix, FixLayer
from dativo_lint.findings.finding import Finding

_Span = tuple[tuple[int, int], tuple[int, int]]
"""From a line and column to another."""
FixKey = tuple[str, ...]
"""What a fix is of, wherever its finding moves to: rule, path, field, message, title and layer."""


class Wanted(Struct, frozen=True):
    """Which fixes are wanted: unsafe ones too, or only those of some rules, at one layer or for
    findings in some files."""

    unsafe: bool = False
    rules: tuple[str, ...] = ()
    layer: FixLayer = ""
    files: Set[str] | None = None

    def fixes_of(self, finding: Finding) -> list[Fix]:
        """The wanted fixes of a finding, also those that cannot be made."""
        if self.rules and finding.rule.id not in self.rules:
            return []
        if self.files is not None and finding.place.path not in self.files:
            return []
        fixes = [fix for fix in finding.fixes if fix.is_safe or self.unsafe]
        return [fix for fix in fixes if self.layer in ("", fix.layer or self.layer)]

    def fix_of(
        self,
        finding: Finding,
        refused: Set[FixKey] = frozenset(),
        preferred: Set[FixKey] = frozenset(),
    ) -> Fix | None:
        """The first wanted fix of a finding that can be made, one of the preferred if there is."""
        keys = [(key_of(finding, fix), fix) for fix in self.fixes_of(finding) if fix.edits]
        possible = [(key not in preferred, fix) for key, fix in keys if key not in refused]
        return min(possible, key=itemgetter(0), default=(False, None))[1]


class Change(Struct, frozen=True):
    """A fix with all the findings that it fixes."""

    fix: Fix
    findings: tuple[Finding, ...]


def key_of(finding: Finding, fix: Fix) -> FixKey:
    """The identity of a fix."""
    place = finding.place
    return finding.rule.id, place.path, place.field, finding.message, fix.title, fix.layer


def choose(
    findings: Iterable[Finding],
    wanted: Wanted,
    refused: Set[FixKey],
    real: Callable[[str], str] = str,
) -> list[Change]:
    """Fixes that can be made at once; the same edit of several findings is one. What touches
    another edit has to wait. `real` is where a path leads after following links."""
    findings = list(findings)
    shared, disputed, waiting = _of_assets(findings, wanted, refused)
    changes: dict[tuple[Edit, ...], tuple[Fix, list[Finding]]] = {}
    taken = _Taken(real)
    for finding in findings:
        fix = wanted.fix_of(finding, refused | disputed, shared)
        if fix is None or key_of(finding, fix) in waiting:
            continue
        if fix.edits in changes:
            changes[fix.edits][1].append(finding)
            continue
        if taken.add(fix.edits):
            changes[fix.edits] = fix, [finding]
    return [Change(fix, tuple(concerned)) for fix, concerned in changes.values()]


def _of_assets(
    findings: Iterable[Finding], wanted: Wanted, refused: Set[FixKey]
) -> tuple[Set[FixKey], Set[FixKey], Set[FixKey]]:
    """Fixes of assets that most of several jobs need, those that most jobs contradict, and those
    that have to wait until jobs that contradict them have values of their own."""
    rivals: dict[tuple[str, str, Place], dict[str, list[tuple[FixKey, Finding]]]] = {}
    for finding in findings:
        for fix in wanted.fixes_of(finding):
            key = key_of(finding, fix)
            if fix.layer == "asset" and fix.edits and key not in refused:
                edit = fix.edits[0]
                texts = rivals.setdefault((finding.rule.id, finding.place.field, edit.place), {})
                texts.setdefault(edit.text, []).append((key, finding))
    shared: set[FixKey] = set()
    disputed: set[FixKey] = set()
    waiting: set[FixKey] = set()
    for by_text in rivals.values():
        *fewer, most = sorted(by_text.values(), key=len)
        losers = [each for keys in fewer for each in keys]
        disputed.update(key for key, _ in losers)
        if fewer and len(fewer[-1]) == len(most):
            disputed.update(key for key, _ in most)
        elif len(most) > 1:
            shared.update(key for key, _ in most)
        if any(wanted.fix_of(finding, refused | disputed) for _, finding in losers):
            waiting.update(key for key, _ in most)
    return shared, disputed, waiting


class _Taken:
    """What the edits that are chosen so far change."""

    def __init__(self, real: Callable[[str], str]) -> None:
        self._real = real
        self._edits: set[tuple[str, Edit]] = set()
        self._spans: dict[str, list[_Span]] = {}
        self._blocks: dict[tuple[str, _Span], set[str]] = {}

    def add(self, edits: Iterable[Edit]) -> bool:
        """Add edits, if none of them touches another one; tells whether they are added."""
        by_path = [(self._real(edit.place.path), edit) for edit in edits]
        new = [each for each in by_path if each not in self._edits]
        if any(map(self._touches, new)):
            return False
        for path, edit in new:
            self._edits.add((path, edit))
            span, block = _span(edit), _first_line(edit)
            if (path, span) not in self._blocks:
                insort(self._spans.setdefault(path, []), span)
            if block:
                self._blocks.setdefault((path, span), set()).add(block)
        return True

    def _touches(self, new: tuple[str, Edit]) -> bool:
        path, edit = new
        span, block = _span(edit), _first_line(edit)
        blocks = self._blocks.get((path, span))
        if block and blocks:
            return block in blocks
        return _touches(span, self._spans.get(path, []))


def _first_line(edit: Edit) -> str:
    """The first line of a block that is added below a blank line, as others may be at the same
    place; empty for any other edit."""
    start, end = _span(edit)
    lines = edit.text.splitlines()
    return lines[2] if start == end and lines[:2] == ["", ""] and len(lines) > 2 else ""


def _span(edit: Edit) -> _Span:
    place = edit.place
    return (place.line, place.column), (place.end_line, place.end_column)


def _touches(span: _Span, chosen: list[_Span]) -> bool:
    """Whether a span touches one of others, which are sorted and do not touch each other."""
    at = bisect_left(chosen, span)
    return (at > 0 and chosen[at - 1][1] >= span[0]) or (
        at < len(chosen) and chosen[at][0] <= span[1]
    )
