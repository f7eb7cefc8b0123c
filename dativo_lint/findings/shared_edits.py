"""Shared edits: of a value that several fields have through an anchor, and that all of them want
to be the same."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from dativo_lint.documents.place import Place
from dativo_lint.edits.fix import Edit, Fix
from dativo_lint.findings.finding import Finding


def settled(findings: Iterable[Finding]) -> list[Finding]:
    """Findings whose fixes change no field for which no finding wants it; they are safe where all
    these findings say so."""
    findings = list(findings)
    wanted: dict[tuple[Place, str], dict[str, bool]] = {}
    for fix in (fix for finding in findings for fix in finding.fixes):
        for edit in (edit for edit in fix.edits if edit.others):
            fields = wanted.setdefault(_change(edit), {})
            fields[edit.place.field] = fix.is_safe or fields.get(edit.place.field, False)

    def settle(fix: Fix) -> Fix:
        is_safe = fix.is_safe
        for edit in fix.edits:
            fields = wanted.get(_change(edit), {})
            if unasked := sorted({*edit.others} - fields.keys()):
                reason = f"it would change {unasked[0]}, too, through an anchor"
                return replace(fix, edits=(), refusal=reason)
            is_safe = is_safe and all(map(fields.__getitem__, edit.others))
        return replace(fix, edits=tuple(map(_of_all, fix.edits)), is_safe=is_safe)

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
