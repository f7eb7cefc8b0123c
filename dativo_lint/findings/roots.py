"""Roots: one report of runs in several repositories."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from dativo_lint.documents.place import Place
from dativo_lint.findings.finding import Finding, fingerprint_of, order_of
from dativo_lint.findings.report import Report
from dativo_lint.rulebook.rule import Rule

_SORTED = ("findings", "suppressed", "unresolved", "baselined")
_PATHS = ("passed_over", "read", "judged")
_JOINED = (*_PATHS, "crashes", "stale", "warnings", "skipped")
_COUNTED = ("jobs", "files", "rendered", "lone_sets", "fixed")


def merged(reports: Mapping[str, Report]) -> tuple[str, Report]:
    """The folder that some roots have in common, and their reports as one, with paths from there.

    Of a rule that the settings of the repositories treat differently, the report names one.
    """
    if len(reports) == 1:
        return next(iter(reports.items()))
    top = os.path.commonpath(reports)
    moved = [_moved(report, os.path.relpath(root, top)) for root, report in reports.items()]
    rules = {rule.id: rule for report in moved for rule in report.rules}
    joined: dict[str, Any] = {
        name: tuple(each for report in moved for each in getattr(report, name))
        for name in (*_SORTED, *_JOINED)
    }
    joined |= {name: tuple(sorted(joined[name], key=order_of)) for name in _SORTED}
    joined |= {name: sum(getattr(report, name) for report in moved) for name in _COUNTED}
    return top, Report(
        **joined,
        rules=tuple(rules[name] for name in sorted(rules)),
        baseline=", ".join(report.baseline for report in moved if report.baseline),
        since=moved[0].since,
        only_new=moved[0].only_new,
        owners={path: owner for report in moved for path, owner in report.owners.items()},
    )


def _moved(report: Report, folder: str) -> Report:
    """A report with its paths from further up."""
    if folder == ".":
        return report

    def path_of(path: str) -> str:
        return f"{folder.replace(os.sep, '/')}/{path}"

    def finding_of(finding: Finding) -> Finding:
        """One with another fingerprint for each repository that has such a finding."""
        fingerprint = fingerprint_of(finding.rule.id, folder, finding.fingerprint, 1)
        placed: Finding = _with_places(finding, path_of)
        return replace(placed, fingerprint=fingerprint)

    findings: dict[str, Any] = {
        name: tuple(map(finding_of, getattr(report, name)))
        for name in ("findings", "suppressed", "baselined")
    }
    return replace(
        report,
        **findings,
        **{name: tuple(map(path_of, getattr(report, name))) for name in _PATHS},
        baseline=path_of(report.baseline) if report.baseline else "",
        unresolved=_with_places(report.unresolved, path_of),
        crashes=tuple(replace(crash, path=path_of(crash.path)) for crash in report.crashes),
        owners={path_of(path): owner for path, owner in report.owners.items()},
        skipped=tuple((path_of(path), why) for path, why in report.skipped),
    )


def _with_places(value: Any, path_of: Callable[[str], str]) -> Any:
    """A value with other paths in all places that it holds, but those of rules."""
    if isinstance(value, Place):
        return replace(value, path=path_of(value.path))
    if isinstance(value, tuple):
        return tuple(_with_places(each, path_of) for each in value)
    if isinstance(value, Struct) and not isinstance(value, Rule):
        fields = {name: _with_places(each, path_of) for name, each in asdict(value).items()}
        return type(value)(**fields)
    return value
