"""The forms that programs read: JSON, GitHub, GitLab and JUnit."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from junitparser import JUnitXml
from msgspec.structs import replace
from report_samples import (
    ACCEPTED,
    CLEAN,
    EMPTY,
    FULL,
    HOSTILE_REPORTS,
    SMALL,
    TEXTS,
    TWO_WORDS,
    UNDECIDED,
    a_finding,
    a_place,
    a_rule,
)

import dativo_lint.reports
from dativo_lint.documents.place import Place
from dativo_lint.findings.report import Report
from dativo_lint.reports.style import Style
from dativo_lint.rulebook.rule import Severity

as_json, as_github, as_gitlab, as_junit = (
    TEXTS[name] for name in ("json", "github", "gitlab", "junit")
)

SCHEMA = json.loads(
    Path(dativo_lint.reports.__file__).with_name("report.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)
COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::.*\Z")


def test_the_schema_of_the_json_form_is_itself_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", [FULL, CLEAN, EMPTY])
def test_json_agrees_with_its_schema(report: Report) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(as_json(report)))] == []


@given(HOSTILE_REPORTS)
@settings(max_examples=60)
def test_json_of_anything_agrees_with_its_schema(report: Report) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(as_json(report)))] == []


def test_the_schema_refuses_a_field_that_it_does_not_know() -> None:
    written = json.loads(as_json(FULL))
    written["findings"][0]["place"]["offset"] = 1
    assert not VALIDATOR.is_valid(written)


def test_json_tells_who_accepted_what_until_when() -> None:
    (allowed,) = json.loads(as_json(FULL))["suppressed"]
    assert allowed["rule"] == ACCEPTED.rule.id
    assert allowed["suppression"]["reason"] == "the sandbox pays centrally"
    assert allowed["suppression"]["until"] == "2031-03-31"
    assert (allowed["suppression"]["owner"], allowed["suppression"]["ticket"]) == (
        "finance",
        "FIN-7",
    )
    assert allowed["suppression"]["place"]["line"] == 8


@given(HOSTILE_REPORTS)
@settings(max_examples=60)
def test_every_line_for_github_is_a_command_of_ours(report: Report) -> None:
    lines = as_github(report).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(report.findings) + len(report.crashes)
    for line in lines:
        command = COMMAND.match(line)
        assert command is not None, line
        names = [one.partition("=")[0] for one in command[2].split(",")]
        assert set(names) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert len(names) == len(set(names))


def test_the_worst_comes_first_for_github() -> None:
    findings = tuple(
        a_finding(a_rule(severity=severity))
        for severity in (Severity.NOTE, Severity.ERROR, Severity.WARNING, Severity.ERROR)
    )
    commands = re.findall("^::([a-z]+)", as_github(Report(findings=findings)), re.MULTILINE)
    assert commands == ["error", "error", "warning", "notice"]


def test_github_gets_no_more_of_a_level_than_it_shows_and_is_told_of_the_others() -> None:
    errors, notes = (a_finding(),) * 14, (a_finding(a_rule(severity=Severity.NOTE)),) * 10
    lines = as_github(Report(findings=errors + notes)).splitlines()
    assert [10, 10] == [sum(line.startswith(f"::{it}") for line in lines) for it in ("e", "n")]
    rest = "::error title=dativo-lint::5 more errors; see the log or the summary of the job"
    assert rest == lines[9]


def test_columns_for_github_stand_only_where_the_place_is_on_one_line() -> None:
    one_line = as_github(Report(findings=(TWO_WORDS,)))
    more_lines = as_github(Report(findings=(SMALL,)))
    empty = as_github(Report(findings=(a_finding(place=Place("a", 1, 1, 1, 1)),)))
    assert "line=12,endLine=12,col=17,endColumn=24," in one_line
    assert "line=5,endLine=7,title" in more_lines
    assert "line=1,endLine=1,col=1,title" in empty


@given(HOSTILE_REPORTS)
@settings(max_examples=60)
def test_gitlab_gets_an_array_with_all_it_asks_for_and_no_fingerprint_twice(
    report: Report,
) -> None:
    issues = json.loads(as_gitlab(report))
    assert len(issues) == len(report.findings) + len(report.crashes)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


GITLAB = Draft202012Validator(
    {
        "type": "object",
        "required": ["description", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "check_name": {"type": "string"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\.?/)"},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer"}}},
                },
            },
        },
    }
)
"""What GitLab's reader asks for (app/validators/json_schemas/codeclimate.json), and its widget."""


@pytest.mark.parametrize("report", [FULL, CLEAN, EMPTY])
def test_gitlab_reads_every_issue_of_an_array_without_a_mark(report: Report) -> None:
    text = as_gitlab(report)
    assert text.startswith("[")
    issues = json.loads(text)
    # The reader stops at the first invalid issue, and keeps one of each fingerprint.
    assert [error.message for issue in issues for error in GITLAB.iter_errors(issue)] == []
    asked = (*report.findings, *report.baselined, *report.crashes)
    assert len({issue["fingerprint"] for issue in issues}) == len(asked)


def test_a_finding_keeps_its_fingerprint_for_gitlab() -> None:
    twice = Report(findings=(TWO_WORDS, replace(TWO_WORDS, place=a_place(line=40))))
    first, second = json.loads(as_gitlab(twice))
    assert first["fingerprint"] == TWO_WORDS.fingerprint
    assert second["fingerprint"] != TWO_WORDS.fingerprint


@given(HOSTILE_REPORTS)
@settings(max_examples=60)
def test_junit_is_xml_whose_counts_are_right(report: Report) -> None:
    root = ElementTree.fromstring(as_junit(report))
    for element in [root, *root]:
        cases = element.findall(".//testcase")
        assert element.get("tests") == str(len(cases))
        assert element.get("failures") == str(len(element.findall(".//failure")))
        assert element.get("errors") == str(len(element.findall(".//error")))
        assert element.get("skipped") == str(len(element.findall(".//skipped")))
    failing = sum(one.severity is Severity.ERROR for one in report.findings)
    assert root.get("failures") == str(failing)
    assert root.get("errors") == str(len(report.crashes))
    assert root.get("skipped") == str(len(report.suppressed) + len(report.unresolved))


def test_what_does_not_fail_the_run_is_the_output_of_a_case_that_passes() -> None:
    def failing(fail_on: Severity) -> list[int]:
        root = ElementTree.fromstring(as_junit(FULL, Style(fail_on=fail_on)))
        return [len(list(root.iter(tag))) for tag in ("failure", "system-out")]

    assert [[1, 2], [2, 1], [3, 0]] == [failing(severity) for severity in Severity]


def test_the_names_of_cases_do_not_change_when_lines_move_and_are_all_different() -> None:
    def names(first_line: int) -> list[str | None]:
        places = [a_place(line=first_line + n, field=field) for n, field in enumerate("aab")]
        report = Report(findings=tuple(a_finding(place=place) for place in places))
        return [
            case.get("name") for case in ElementTree.fromstring(as_junit(report)).iter("testcase")
        ]

    assert names(3) == names(30)
    assert 3 == len(set(names(3)))


def test_a_rule_that_found_nothing_is_a_passed_case() -> None:
    root = ElementTree.fromstring(as_junit(CLEAN))
    assert [case.get("name") for case in root.iter("testcase")] == sorted(
        (rule.id for rule in CLEAN.rules), key=lambda id: (_family(id), id)
    )
    assert root.get("failures") == "0"


def test_the_open_and_the_allowed_say_why_they_are_skipped() -> None:
    root = ElementTree.fromstring(as_junit(FULL))
    reasons = [str(skipped.get("message")) for skipped in root.iter("skipped")]
    assert any(
        "because the sandbox pays centrally (until 2031-03-31, owner finance, ticket FIN-7)" in one
        for one in reasons
    )
    assert f"unresolved: {UNDECIDED.message}" in reasons


@given(HOSTILE_REPORTS)
@settings(max_examples=20)
def test_a_reader_of_junit_counts_what_we_count_and_finds_a_text_in_every_outcome(
    report: Report,
) -> None:
    read, counted = (JUnitXml.fromroot(ElementTree.fromstring(as_junit(report))) for _ in range(2))
    counted.update_statistics()
    for name in ("tests", "failures", "errors", "skipped"):
        assert getattr(read, name) == getattr(counted, name)
    cases = [case for suite in read for case in suite]
    assert all(result.text for case in cases for result in case.result)
    assert len({(case.classname, case.name) for case in cases}) == len(cases)


def _family(id: str) -> str:
    return next(rule.family for rule in CLEAN.rules if rule.id == id)
