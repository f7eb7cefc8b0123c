"""Fixing repositories in all styles: exact, complete, and only once."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st
from memory_folder import MemoryFolder
from styled import repository

from dativo_lint.api import lint_folder
from dativo_lint.engine.selection import Given
from dativo_lint.findings.finding import Finding
from dativo_lint.findings.report import Report
from dativo_lint.fixes.choosing import Wanted, key_of
from dativo_lint.fixes.rounds import Fixed, fix_all
from dativo_lint.reports import REPORTS
from dativo_lint.reports.style import PLAIN
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.settings.settings import settings_from

Files = Mapping[str, bytes]
SETTINGS = settings_from({}, Path("/"))
OTHERS = ("unreadable-file",)
"""Rules without fixes, which fixes may break."""
FIXED_RULES = ("yaml-implicit-type", "unknown-field", "unknown-compute-type")


RULES = tuple(rule for rule in builtin_rules() if rule.fixable or rule.id in OTHERS)


def judged(files: Files) -> Report:
    """The report of all jobs."""
    jobs = tuple(sorted(path for path in files if path.startswith("jobs/")))
    report = lint_folder(MemoryFolder(files), Given(jobs), SETTINGS, RULES)
    assert not report.crashes
    return report


def fixed(files: Files, wanted: Wanted) -> Fixed:
    """What fixing makes of the files."""
    return fix_all(lambda edited: judged({**files, **edited}), files.__getitem__, str, wanted)


def identities(findings: Iterable[Finding]) -> Counter[tuple[str, str, str]]:
    """The findings by rule, file, and field or message."""
    return Counter((it.rule.id, it.place.path, it.place.field or it.message) for it in findings)


repositories = st.integers(0, 1_000_000).map(repository)
wanted = st.builds(
    Wanted, st.booleans(), st.lists(st.sampled_from(FIXED_RULES), max_size=2).map(tuple)
)


@given(repositories, wanted)
@settings(max_examples=8, phases=[Phase.generate])
def test_findings_after_are_those_before_without_the_fixed_ones(
    files: dict[str, bytes], wanted: Wanted
) -> None:
    before, result = judged(files), fixed(files, wanted)
    after = judged({**files, **result.after})
    assert identities(after.findings) == identities(result.report.findings)
    gone = identities(before.findings) - identities(after.findings)
    event(f"fixed {bool(result.fixed)}, refused {bool(result.refused)}")
    assert not identities(after.findings) - identities(before.findings)
    # A comment with a misspelled rule is mended first, and then removed.
    extra = identities(result.fixed) - gone
    assert {rule for rule, *_ in extra} <= {"unused-suppression"}
    if wanted.rules:
        assert {it.rule.id for it in result.fixed} <= {*wanted.rules}
    again = fixed({**files, **result.after}, wanted)
    assert (again.after, again.fixed) == ({}, ())


MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


def applied(content: bytes, edits: Iterable[tuple[int, int, int, int, str]]) -> bytes:
    """A content with edits: lines and columns from where to where, and the new text."""
    mark = next((mark for mark in MARKS if content.startswith(mark)), b"")
    text = content[len(mark) :].decode(MARKS.get(mark, "utf-8"))
    starts = [0, *(end.end() for end in re.finditer(r"\r\n|\r|\n", text))]
    for line, column, end_line, end_column, new in sorted(edits, reverse=True):
        end = starts[end_line - 1] + end_column - 1 if end_line <= len(starts) else len(text)
        text = text[: starts[line - 1] + column - 1] + new + text[end:]
    return mark + text.encode(MARKS.get(mark, "utf-8"))


_Edit = tuple[str, tuple[int, int, int, int, str]]
"""A path, and an edit of the file there."""


def with_edits(files: Files, edits: Iterable[_Edit]) -> dict[str, bytes]:
    """Files with edits of some of them."""
    by_path: dict[str, set[tuple[int, int, int, int, str]]] = {}
    for path, edit in edits:
        by_path.setdefault(path, set()).add(edit)
    return {**files, **{path: applied(files[path], each) for path, each in by_path.items()}}


def in_json(report: Report) -> Any:
    return json.loads("".join(REPORTS["json"](report, PLAIN)))["findings"]


def edit_in_json(edit: Any) -> _Edit:
    place = edit["place"]
    span = (place[name] for name in ("line", "column", "end_line", "end_column"))
    return place["path"], (*span, edit["text"])


def json_edits(report: Report) -> dict[tuple[str, str, str], list[_Edit]]:
    """The edits of the first safe fix of each finding, by rule and field, as JSON has them."""
    return {
        (told["rule"], told["place"]["path"], told["field"]): [*map(edit_in_json, fix["edits"])]
        for told in in_json(report)
        for fix in told["fixes"][:1]
    }


def sarif_edits(report: Report) -> dict[tuple[str, str, str], list[_Edit]]:
    """The same, as SARIF has them."""
    found = {}
    results = json.loads("".join(REPORTS["sarif"](report, PLAIN)))["runs"][0]["results"]
    for finding, result in zip(report.findings, results, strict=True):
        for fix in result.get("fixes", [])[:1]:
            names = ("startLine", "startColumn", "endLine", "endColumn")
            found[finding.rule.id, finding.place.path, finding.place.field] = [
                (
                    change["artifactLocation"]["uri"],
                    (*(each["deletedRegion"][it] for it in names), each["insertedContent"]["text"]),
                )
                for change in fix["artifactChanges"]
                for each in change["replacements"]
            ]
    return found


def fixed_one_by_one(files: Files, wanted: Wanted) -> Files:
    """What becomes of files if the first edits that JSON has and that do no harm are applied, until
    none are left."""
    files, refused = dict(files), set[tuple[str, ...]]()
    report = judged(files)
    while True:
        for finding, told in zip(report.findings, in_json(report), strict=True):
            for fix, edits in zip(finding.fixes, told["fixes"], strict=True):
                key = key_of(finding, fix)
                if fix not in wanted.fixes_of(finding) or not edits["edits"] or key in refused:
                    continue
                after = with_edits(files, map(edit_in_json, edits["edits"]))
                report_after = judged(after)
                before = identities(report.findings)
                if identities(report_after.findings) - before or not (
                    before - identities(report_after.findings)
                ):
                    refused.add(key)
                    continue
                break
            else:
                continue
            break
        else:
            return files
        files, report = after, report_after


@given(repositories)
@settings(max_examples=5, phases=[Phase.generate])
def test_rounds_make_of_files_what_one_fix_after_the_other_does(files: dict[str, bytes]) -> None:
    # A comment with a misspelled rule may be mended if another one is removed at the same time.
    rules = tuple(it.id for it in RULES if it.fixable and it.id != "unknown-rule-in-suppression")
    wanted = Wanted(layer="job", rules=rules)
    assert {**files, **fixed(files, wanted).after} == fixed_one_by_one(files, wanted)


@given(repositories)
@settings(max_examples=8, phases=[Phase.generate])
def test_edits_of_reports_applied_by_others_give_the_same_bytes(files: dict[str, bytes]) -> None:
    wanted = Wanted(unsafe=True)
    before, result = judged(files), fixed(files, wanted)
    first = [it for it in result.fixed if it in before.findings]
    event(f"one round {len(first) == len(result.fixed)}")
    if len(first) < len(result.fixed):
        return
    for read in (json_edits, sarif_edits):
        edits = read(before)
        together = [edit for key in identities(first) for edit in edits[key]]
        assert with_edits(files, together) == {**files, **result.after}
