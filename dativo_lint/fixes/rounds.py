"""Rounds of fixes: what they make of files is judged again before anything is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.folder import read_content
from dativo_lint.documents.quoting import quoted
from dativo_lint.edits.fix import Edit, Fix
from dativo_lint.findings.finding import Finding
from dativo_lint.findings.report import Report
from dativo_lint.fixes.choosing import Change, FixKey, Wanted, choose, key_of
from dativo_lint.fixes.texts import Contents, decoded, edited

Judge = Callable[[Contents], Report]
"""The report of a run that reads these contents in place of the files."""

_MOST_ROUNDS = 50
_MOST_RUNS = 100
"""More runs than this are not spent on finding out which of many fixes does harm."""


class Fixed(Struct, frozen=True):
    """What came of fixes: the contents before and after, and the report of the files after.

    `fixed` are the findings that are gone, each at its place before its round; `refused` those
    whose fix was not made, with the reason.
    """

    report: Report
    before: Contents
    after: Contents
    fixed: tuple[Finding, ...] = ()
    refused: tuple[tuple[Finding, str], ...] = ()
    reasons: Mapping[FixKey, str] = MappingProxyType({})

    def without_refused(self, report: Report) -> Report:
        """A report of the same files, of which the fixes that were refused are no longer made."""

        def marked(finding: Finding, fix: Fix) -> Fix:
            reason = self.reasons.get(key_of(finding, fix))
            return fix if reason is None else replace(fix, edits=(), refusal=reason)

        findings = (
            replace(finding, fixes=tuple(marked(finding, fix) for fix in finding.fixes))
            for finding in report.findings
        )
        return replace(report, findings=tuple(findings))


def fix_all(
    judge: Judge, read: Callable[[str], bytes], real: Callable[[str], str], wanted: Wanted
) -> Fixed:
    """Fix in rounds whatever is wanted and can be fixed; nothing is written. `read` raises OSError
    for a file that cannot be read or replaced."""
    return _Rounds(judge, read, real, wanted).run()


class _Harm(Struct, frozen=True):
    """What edits make worse, and the files in which it shows."""

    reason: str
    paths: frozenset[str]


class _Rounds(Struct, eq=False):
    """Fixes in progress."""

    judge: Judge
    read: Callable[[str], bytes]
    real: Callable[[str], str]
    wanted: Wanted
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    fixed: list[Finding] = []
    refused: dict[FixKey, tuple[Finding, str]] = {}
    refused_at: dict[FixKey, int] = {}
    runs: int = 0

    def run(self) -> Fixed:
        """All rounds, until nothing is left to fix."""
        report, fixed = self.judge({}), self.fixed
        for _ in range(_MOST_ROUNDS):
            changes = choose(report.findings, self.wanted, self.refused.keys(), self.real)
            if not changes and not (changes := self._second_chances(report)):
                break
            # Each round fixes something, or refuses it as long as nothing else is fixed.
            sound, after = self._sound(self._possible(changes), report)
            self.after.update(self._contents(sound))
            report = after
            fixed += [finding for change in sound for finding in change.findings]
        before = {path: self.before[path] for path in self.after}
        left = set(map(_identity, report.findings))
        refused = [each for each in self.refused.values() if _identity(each[0]) in left]
        for finding in report.findings:
            known = [fix.refusal for fix in self.wanted.fixes_of(finding)]
            if known and all(known):
                refused.append((finding, known[0]))
        # Of a finding with several fixes, the reason why the first was refused.
        first: dict[object, tuple[Finding, str]] = {}
        for finding, reason in refused:
            first.setdefault((_identity(finding), finding.message), (finding, reason))
        reasons = {key: reason for key, (_, reason) in self.refused.items()}
        refusals = tuple(first.values())
        return Fixed(report, before, dict(self.after), tuple(fixed), refusals, reasons)

    def _second_chances(self, report: Report) -> list[Change]:
        """The fixes that were refused when less was fixed: what they need may be there now."""
        for key in [key for key, at in self.refused_at.items() if at < len(self.fixed)]:
            del self.refused[key], self.refused_at[key]
        return choose(report.findings, self.wanted, self.refused.keys(), self.real)

    def _possible(self, changes: Sequence[Change]) -> list[Change]:
        """Those of some changes whose files can all be read and replaced."""
        paths = [*map(self._paths, changes)]
        obstacles = {path: self._obstacle(path) for path in set().union(*paths)}
        possible = []
        for change, concerned in zip(changes, paths, strict=True):
            blocked = next((path for path in sorted(concerned) if obstacles[path]), None)
            if blocked is None:
                possible.append(change)
            else:
                self._refuse(change, obstacles[blocked], blocked)
        return possible

    def _obstacle(self, path: str) -> str:
        """Why a file cannot be edited; empty if it can."""
        try:
            decoded(self._current(path))
        except UnicodeDecodeError:
            return "the file has bytes that are no text"
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def _refuse(self, change: Change, reason: str, path: str = "") -> None:
        """Refuse a change, because of a file if there is a path."""
        for finding in change.findings:
            key = key_of(finding, change.fix)
            is_elsewhere = path not in ("", self.real(finding.place.path))
            why = f"{path}: {reason}" if is_elsewhere else reason
            self.refused[key], self.refused_at[key] = (finding, why), len(self.fixed)

    def _readmit(self, change: Change) -> None:
        """Take back the refusal of a change."""
        for finding in change.findings:
            key = key_of(finding, change.fix)
            self.refused.pop(key, None)
            self.refused_at.pop(key, None)

    def _sound(self, changes: Sequence[Change], report: Report) -> tuple[Sequence[Change], Report]:
        """Those of some changes that do no harm together, and the report after them.

        Harm is narrowed down in all files at once: of the changes that touch a file in which it
        shows, all but the first half wait until what is left does none.
        """
        paths = [*map(self._paths, changes)]
        sound, after = set[int](), report
        left = {*range(len(changes))}
        tried = set(left)
        suspected: dict[str, int] = {}
        while left != sound:
            self.runs += 1
            harms, judged = self._harms([changes[at] for at in sorted(tried)], report)
            if not harms:
                sound, after, tried = tried, judged, set(left)
                continue
            new = sorted(tried - sound)
            for harm in harms:
                # What shows where nothing is edited may be the work of any change.
                near = [at for at in new if paths[at] & harm.paths]
                suspects = near or new
                if not near and harm.reason in suspected and self.runs <= _MOST_RUNS:
                    # It shows as well without the last change of its file, which may be sound.
                    at = suspected.pop(harm.reason)
                    left.add(at)
                    self._readmit(changes[at])
                is_clear = len(suspects) == 1 or self.runs > _MOST_RUNS
                tried.difference_update(suspects if is_clear else suspects[len(suspects) // 2 :])
                for at in left.intersection(suspects) if is_clear else ():
                    left.remove(at)
                    self._refuse(changes[at], harm.reason)
                    if near:
                        suspected[harm.reason] = at
            tried = set(left) if tried == sound else tried
        return [changes[at] for at in sorted(sound)], after

    def _paths(self, change: Change) -> frozenset[str]:
        """The files that a change edits."""
        return frozenset(self.real(edit.place.path) for edit in change.fix.edits)

    def _harms(self, changes: Sequence[Change], report: Report) -> tuple[list[_Harm], Report]:
        """What is worse after some changes, and the report then."""
        contents = self._contents(changes)
        harms = []
        for path, content in contents.items():
            known = _faults(path, self._current(path))
            for kind, message in _faults(path, content).items():
                if kind not in known:
                    reason = f"the edited file could not be read: {message}"
                    harms.append(_Harm(reason, frozenset((path,))))
        after = self.judge({**self.after, **contents})
        was, left = (Counter(map(_kind, each.findings)) for each in (report, after))
        new = left - was
        for finding in after.findings:
            if _kind(finding) in new:
                field = f" at {quoted(finding.place.field)}" if finding.place.field else ""
                reason = f"it would cause {finding.rule.id}{field} in {finding.place.path}"
                places = [finding.place, *(mention.place for mention in finding.mentions)]
                harms.append(_Harm(reason, frozenset(self.real(place.path) for place in places)))
        crashed = {(crash.rule.id, crash.path) for crash in report.crashes}
        for crash in after.crashes:
            if (crash.rule.id, crash.path) not in crashed:
                reason = f"rule {crash.rule.id} would crash after it"
                harms.append(_Harm(reason, frozenset((self.real(crash.path),))))
        for change in changes:
            if all(left[kind] >= was[kind] for kind in map(_kind, change.findings)):
                harms.append(_Harm("it would not remove the finding", self._paths(change)))
        return harms, after

    def _contents(self, changes: Sequence[Change]) -> dict[str, bytes]:
        """The files that are changed, as they are after it."""
        edits: dict[str, dict[Edit, None]] = {}
        for change in changes:
            for edit in change.fix.edits:
                edits.setdefault(self.real(edit.place.path), {})[edit] = None
        return {path: edited(self._current(path), each) for path, each in edits.items()}

    def _current(self, path: str) -> bytes:
        if path in self.after:
            return self.after[path]
        if path not in self.before:
            self.before[path] = self.read(path)
        return self.before[path]


def _faults(path: str, content: bytes) -> dict[str, str]:
    """What is wrong with the text of a file: messages by kind."""
    if path.lower().endswith((".yaml", ".yml", ".json")):
        return {fault.kind: fault.message for fault in read_content(path, content).faults}
    if path.lower().endswith((".tf", ".tofu")):
        from dativo_lint.terraform.native import parse  # few repositories edit modules

        errors = parse(content.decode(errors="replace").removeprefix("\ufeff")).errors
        return {error.summary: error.message for error in errors}
    return {}


def _identity(finding: Finding) -> tuple[str, str, str]:
    """What a finding is of, wherever it moves to; without a field, its message tells."""
    return finding.rule.id, finding.place.path, finding.place.field or finding.message


def _kind(finding: Finding) -> tuple[str, str, str]:
    """The same, whichever item of a list it is of, and however its key is spelled: an item that is
    removed moves those behind it, and a key that is renamed what is wrong with its value."""
    rule, path, field = _identity(finding)
    return rule, path, re.sub(r"\[[0-9]+\]|[_-]", "", field).lower()
