"""Shared edits: of a value that several fields have through an anchor, and that all of them want
to be the same."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from dativo_lint.documents.place import Place
from dativo_lint.edits.fix import Edit, Fix
from dativo_lint.findings.finding import Finding


def settled(findings: Iterable[Finding]) -> list[Finding]:
    """Findings whose fixes change no field for which no finding wants it."""
    findings = list(findings)
    wanted: dict[tuple[Place, str], set[str]] = {}
    for finding in findings:
        for edit in (edit for fix in finding.fixes for edit in fix.edits if edit.others):
            wanted.setdefault(_change(edit), set()).add(edit.place.field)

    def settle(fix: Fix) -> Fix:
        for edit in fix.edits:
            unasked = sorted({*edit.others} - wanted.get(_change(edit), set()))
            if unasked:
                reason = f"it would change {unasked[0]}, too, through an anchor"
                return replace(fix, edits=(), refusal=reason)
        return replace(fix, edits=tuple(map(_of_all, fix.edits)))

    return [
        replace(finding, fixes=tuple(map(settle, finding.fixes))) if wanted else finding
        for finding in findings
    ]


def _of_all(edit: Edit) -> Edit:
    """The edit as that of every field which has the value."""
    return replace(edit, place=_change(edit)[0], others=())


def _change(edit: Edit) -> tuple[Place, str]:
    """What an edit does, whichever field it is for."""
    return (replace(edit.place, field="") if edit.others else edit.place), edit.text
