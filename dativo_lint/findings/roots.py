"""Roots: one report of runs in several repositories."""

from __future__ import annotations

import os
from collections.abc import Mapping

from msgspec.structs import replace

from dativo_lint.documents.place import Place
from dativo_lint.edits.fix import Fix
from dativo_lint.findings.finding import Finding, UnresolvedValue, fingerprint_of, order_of
from dativo_lint.findings.report import Report


def merged(reports: Mapping[str, Report]) -> tuple[str, Report]:
    """The folder that some roots have in common, and their reports as one, with paths from there.

    Of a rule that the settings of the repositories treat differently, the report names one.
    """
    if len(reports) == 1:
        return next(iter(reports.items()))
    top = os.path.commonpath(reports)
    moved = [_moved(report, os.path.relpath(root, top)) for root, report in reports.items()]
    rules = {rule.id: rule for report in moved for rule in report.rules}
    return top, Report(
        findings=tuple(sorted((it for each in moved for it in each.findings), key=order_of)),
        suppressed=tuple(sorted((it for each in moved for it in each.suppressed), key=order_of)),
        unresolved=tuple(sorted((it for each in moved for it in each.unresolved), key=order_of)),
        crashes=tuple(it for each in moved for it in each.crashes),
        rules=tuple(rules[name] for name in sorted(rules)),
        jobs=sum(each.jobs for each in moved),
        files=sum(each.files for each in moved),
        passed_over=tuple(it for each in moved for it in each.passed_over),
        rendered=sum(each.rendered for each in moved),
        lone_sets=sum(each.lone_sets for each in moved),
        baselined=tuple(sorted((it for each in moved for it in each.baselined), key=order_of)),
        baseline=", ".join(each.baseline for each in moved if each.baseline),
        stale=tuple(it for each in moved for it in each.stale),
        fixed=sum(each.fixed for each in moved),
        warnings=tuple(it for each in moved for it in each.warnings),
        read=tuple(it for each in moved for it in each.read),
        skipped=tuple(it for each in moved for it in each.skipped),
        judged=tuple(it for each in moved for it in each.judged),
        since=moved[0].since,
        only_new=moved[0].only_new,
        owners={path: names for each in moved for path, names in each.owners.items()},
    )


def _moved(report: Report, folder: str) -> Report:
    """A report with its paths from further up."""

    def path_of(path: str) -> str:
        return path if folder == "." else f"{folder.replace(os.sep, '/')}/{path}"

    def place_of(place: Place) -> Place:
        return replace(place, path=path_of(place.path))

    def fingerprint_in(finding: Finding) -> str:
        """Another for each repository that has such a finding."""
        own = finding.fingerprint
        return own if folder == "." else fingerprint_of(finding.rule.id, folder, own, 1)

    def finding_of(finding: Finding) -> Finding:
        mentions = tuple(
            replace(mention, place=place_of(mention.place)) for mention in finding.mentions
        )
        accepted = finding.suppression
        if accepted is not None:
            accepted = replace(accepted, place=place_of(accepted.place))
        return replace(
            finding,
            place=place_of(finding.place),
            mentions=mentions,
            fingerprint=fingerprint_in(finding),
            suppression=accepted,
            fixes=tuple(map(fix_of, finding.fixes)),
        )

    def fix_of(fix: Fix) -> Fix:
        edits = (replace(edit, place=place_of(edit.place)) for edit in fix.edits)
        return replace(fix, edits=tuple(edits))

    def unresolved_of(value: UnresolvedValue) -> UnresolvedValue:
        return replace(value, place=place_of(value.place))

    return replace(
        report,
        findings=tuple(map(finding_of, report.findings)),
        suppressed=tuple(map(finding_of, report.suppressed)),
        baselined=tuple(map(finding_of, report.baselined)),
        baseline=path_of(report.baseline) if report.baseline else "",
        unresolved=tuple(map(unresolved_of, report.unresolved)),
        crashes=tuple(replace(it, path=path_of(it.path)) for it in report.crashes),
        passed_over=tuple(map(path_of, report.passed_over)),
        read=tuple(map(path_of, report.read)),
        judged=tuple(map(path_of, report.judged)),
        owners={path_of(path): names for path, names in report.owners.items()},
        skipped=tuple((path_of(path), why) for path, why in report.skipped),
    )
