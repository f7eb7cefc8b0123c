"""The report as JSON with a version of its own; `report.schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from dativo_lint.documents.place import Place
from dativo_lint.edits.fix import Fix
from dativo_lint.findings.finding import Finding, Mention, UnresolvedValue
from dativo_lint.findings.report import Report
from dativo_lint.findings.shards import plain
from dativo_lint.reports.escape import Json, json_pieces, visible
from dativo_lint.reports.sentences import TOOL, page_of, rules_of
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.version import __version__

VERSION = 1
"""Raised when a reader of the form would have to change; new fields raise it too."""


def as_json(report: Report, _style: Style = PLAIN) -> Iterator[str]:
    """Everything that the run found, in full."""
    part = report.part
    return json_pieces(
        {
            "version": VERSION,
            "tool": {"name": TOOL, "version": __version__},
            "summary": _summary(report),
            "findings": map(_finding, report.findings),
            "suppressed": map(_suppressed, report.suppressed),
            "baseline": _baseline(report),
            "since": _since(report),
            "baselined": map(_suppressed, report.baselined),
            "unresolved": map(_unresolved, report.unresolved),
            "crashes": [
                {"rule": crash.rule.id, "path": crash.path, "message": visible(crash.message)}
                for crash in report.crashes
            ],
            "rules": [_rule(rule) for rule in rules_of(report)],
            "passed_over": list(report.passed_over),
        }
        | ({} if part is None else {"shard": plain(part)})
    )


def report_schema() -> Json:
    """The JSON Schema of this form."""
    text = Path(__file__).with_name("report.schema.json").read_text(encoding="utf-8")
    schema: Json = json.loads(text)
    return schema


def _summary(report: Report) -> Json:
    return {
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "notes": report.count(Severity.NOTE),
        "suppressed": len(report.suppressed),
        "baselined": len(report.baselined),
        "unresolved": report.unresolved_values,
        "crashes": len(report.crashes),
        "jobs": report.jobs,
        "rendered": report.rendered,
        "files": report.files,
        "fixed": report.fixed,
        "fixable": report.fixable,
        "by_rule": {rule.id: count for rule, count in report.by_rule()},
    }


def _finding(finding: Finding) -> Json:
    return {
        "rule": finding.rule.id,
        "family": finding.rule.family,
        "severity": finding.severity.value,
        "place": _place(finding.place),
        "field": finding.place.field,
        "message": visible(finding.message),
        "fix": _prose(finding.rule.fix),
        "fixes": [_fix(fix) for fix in finding.fixes],
        "mentions": [_mention(mention) for mention in finding.mentions],
        "fingerprint": finding.fingerprint,
    }


def _fix(fix: Fix) -> Json:
    return {
        "title": visible(fix.title),
        "safe": fix.is_safe,
        "edits": [{"place": _place(edit.place), "text": edit.text} for edit in fix.edits],
        "refusal": fix.refusal or None,
        "layer": fix.layer or None,
    }


def _baseline(report: Report) -> Json | None:
    if not report.baseline:
        return None
    return {"path": report.baseline, "stale": sum(count for _, count in report.stale)}


def _since(report: Report) -> Json | None:
    if not report.since:
        return None
    return {"ref": visible(report.since), "diff_only": report.only_new}


def _suppressed(finding: Finding) -> Json:
    return _finding(finding) | {"suppression": _suppression(finding)}


def _suppression(finding: Finding) -> Json | None:
    suppression = finding.suppression
    if suppression is None:
        return None
    return {
        "place": _place(suppression.place),
        "reason": visible(suppression.reason),
        "until": suppression.until.isoformat() if suppression.until else None,
        "since": suppression.since.isoformat() if suppression.since else None,
        "owner": visible(suppression.owner),
        "ticket": visible(suppression.ticket),
    }


def _mention(mention: Mention) -> Json:
    return {
        "place": _place(mention.place),
        "field": mention.place.field,
        "sentence": visible(mention.sentence),
    }


def _unresolved(question: UnresolvedValue) -> Json:
    return {
        "rule": question.rule.id,
        "family": question.rule.family,
        "place": _place(question.place),
        "field": question.place.field,
        "message": visible(question.message),
    }


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "family": rule.family,
        "severity": rule.severity.value,
        "summary": visible(rule.summary),
        "why": _prose(rule.why),
        "fix": _prose(rule.fix),
        "page": page_of(rule),
        "sources": [{"title": visible(source.title), "url": source.url} for source in rule.sources],
    }


def _place(place: Place) -> Json:
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _prose(text: str) -> str:
    """Paragraphs of a rule file, without what a terminal would obey."""
    return "\n".join(visible(line) for line in text.strip().split("\n"))
