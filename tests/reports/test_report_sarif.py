"""SARIF that GitHub takes, that the official schema takes, and that other tools read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft4Validator
from msgspec.structs import replace
from report_samples import (
    ACCEPTED,
    BASELINED,
    CLEAN,
    EMPTY,
    FULL,
    HOSTILE_REPORTS,
    MALFORMED,
    TEXTS,
    TWO_WORDS,
    UNDECIDED,
    a_finding,
    a_place,
    a_rule,
)
from sarif import loader

from dativo_lint.edits.fix import Edit, Fix
from dativo_lint.findings.baseline import Entry
from dativo_lint.findings.finding import Mention, with_fingerprints
from dativo_lint.findings.report import Report
from dativo_lint.reports.style import Style
from dativo_lint.rulebook.load import builtin_rules
from dativo_lint.rulebook.rule import Source
from dativo_lint.version import HOME

REPOSITORY = Path(__file__).resolve().parents[2]
OFFICIAL = REPOSITORY.parent / "shared" / "data" / "sarif-schema-2.1.0.json"
SCHEMAS = [json.loads(OFFICIAL.read_text(encoding="utf-8"))] if OFFICIAL.is_file() else []
VALIDATORS = [Draft4Validator(schema) for schema in SCHEMAS]
LINK = re.compile(r"(?<!\\)(?:\\\\)*\[(?:[^\\\[\]]|\\.)*\]\((\d+)\)")


def run_of(report: Report) -> dict[str, Any]:
    """The one run of a log, after every check of ours and, where it is at hand, the official."""
    log = json.loads(TEXTS["sarif"](report))
    for validator in VALIDATORS:
        assert [error.message for error in validator.iter_errors(log)] == []
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert set(run) - {"taxonomies"} == {
        "tool",
        "originalUriBaseIds",
        "columnKind",
        "invocations",
        "results",
    }
    assert "" not in list(texts(log)), "GitHub takes an empty string for a missing one"
    for rule in run["tool"]["driver"]["rules"]:
        assert_is_rule(rule)
    for result in run["results"]:
        assert_is_result(result, run)
    for name in ("suppressions", "baselineState"):
        assert len({name in result for result in run["results"]}) <= 1, "sections 3.27.23 and 24"
    return dict(run)


def texts(value: object) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


def assert_is_rule(rule: dict[str, Any]) -> None:
    assert {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"} <= set(
        rule
    )
    assert len(rule["name"]) <= 255
    assert len(rule["shortDescription"]["text"]) <= 1024
    assert len(rule["fullDescription"]["text"]) <= 1024
    assert set(rule["help"]) == {"text", "markdown"}
    assert len(rule["properties"]["tags"]) <= 10
    assert "security-severity" not in rule["properties"]


def assert_is_result(result: dict[str, Any], run: dict[str, Any]) -> None:
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in {"error", "warning", "note"} or result["kind"] == "open"
    assert re.fullmatch("[0-9a-f]+", result["partialFingerprints"]["dativoLint/v1"])
    assert len(result["locations"]) == 1
    related = result.get("relatedLocations", [])
    assert [place["id"] for place in related] == list(range(1, len(related) + 1))
    assert all(place["message"]["text"] for place in related)
    assert {int(id) for id in LINK.findall(result["message"]["text"])} <= {*range(len(related) + 1)}
    for place in [*result["locations"], *related]:
        assert_is_place(place["physicalLocation"])


def assert_is_place(place: dict[str, Any]) -> None:
    address = place["artifactLocation"]
    assert re.fullmatch(r"(file://)?[A-Za-z0-9._~/%-]+", address["uri"])
    assert ("uriBaseId" in address) is not address["uri"].startswith("file:")
    region = place["region"]
    start = (region["startLine"], region["startColumn"])
    assert (1, 1) <= start <= (region["endLine"], region["endColumn"])


@pytest.mark.parametrize("report", [FULL, CLEAN, EMPTY])
def test_the_log_is_sarif(report: Report) -> None:
    found = run_of(report)["results"]
    asked = [*report.findings, *report.suppressed, *report.baselined, *report.unresolved]
    assert len(found) == len(asked)


@given(HOSTILE_REPORTS)
@settings(max_examples=60)
def test_a_log_of_anything_is_sarif(report: Report) -> None:
    run_of(report)


def test_the_trail_runs_from_the_weakest_word_to_the_finding() -> None:
    result = run_of(Report(findings=(TWO_WORDS,)))["results"][0]
    (flow,) = result["codeFlows"]
    (thread,) = flow["threadFlows"]
    steps = [step["location"] for step in thread["locations"]]
    assert [step["physicalLocation"]["region"]["startLine"] for step in steps] == [7, 4, 12]
    assert [step["message"]["text"] for step in steps[:-1]] == [
        mention.sentence for mention in TWO_WORDS.mentions
    ]
    assert steps[-1]["message"]["text"] == TWO_WORDS.message


def test_every_mention_is_linked_from_the_message() -> None:
    message = run_of(Report(findings=(TWO_WORDS,)))["results"][0]["message"]["text"]
    assert message.endswith("\n[asset says FIN-001](1)\n[finops.cost_center is FIN-002](2)")


def test_brackets_in_a_message_are_no_links() -> None:
    message = "schema[0].name is [x](1)"
    finding = a_finding(message=message, mentions=(Mention(a_place(), "list[1] says \\"),))
    text = run_of(Report(findings=(finding,)))["results"][0]["message"]["text"]
    assert LINK.findall(text) == ["1"]
    assert text == "schema\\[0\\].name is \\[x\\](1)\n[list\\[1\\] says \\\\](1)"


def test_a_finding_without_mentions_has_no_flow() -> None:
    result = run_of(Report(findings=(a_finding(),)))["results"][0]
    assert not {"codeFlows", "relatedLocations"} & set(result)


def test_every_rule_that_ran_is_described_with_help() -> None:
    rules = run_of(CLEAN)["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.id for rule in CLEAN.rules]
    divided = next(rule for rule in rules if rule["id"] == TWO_WORDS.rule.id)
    (source,) = TWO_WORDS.rule.sources
    assert divided["name"] == "ConflictingCostCenter"
    assert divided["helpUri"] == source.url
    assert f"[{source.title}](<{source.url}>)" in divided["help"]["markdown"]
    assert TWO_WORDS.rule.why in divided["help"]["text"]
    assert divided["properties"]["problem.severity"] == "error"


def test_help_leads_to_the_page_of_a_rule_in_the_documentation() -> None:
    for rule in builtin_rules():
        described = run_of(Report(rules=(rule,)))["tool"]["driver"]["rules"][0]
        path = described["helpUri"].removeprefix(f"{HOME}/blob/main/")
        assert (REPOSITORY / path).is_file()
        assert all(source.url in described["help"]["text"] for source in rule.sources)


def test_a_run_has_no_category_but_the_one_that_is_asked_for() -> None:
    def details(**style: str) -> Any:
        log = json.loads(TEXTS["sarif"](CLEAN, Style(**style)))
        return log["runs"][0].get("automationDetails")

    assert details() is None
    assert details(category="aws") == details(category="aws/") == {"id": "aws/"}


def test_a_source_that_is_no_web_page_is_not_linked() -> None:
    rule = a_rule(sources=(Source("here", "javascript:alert(1)"),))
    described = run_of(Report(rules=(rule,)))["tool"]["driver"]["rules"][0]
    assert "helpUri" not in described
    assert "javascript" not in described["help"]["markdown"]


def test_an_allowed_finding_is_suppressed_with_its_reason_and_place() -> None:
    (result,) = run_of(Report(suppressed=(ACCEPTED,)))["results"]
    (suppression,) = result["suppressions"]
    assert suppression["kind"] == "inSource"
    assert "the sandbox pays centrally" in suppression["justification"]
    assert suppression["properties"] == {"owner": "finance", "ticket": "FIN-7"}
    assert suppression["location"]["physicalLocation"]["region"]["startLine"] == 8


def test_a_suppression_outside_of_the_file_is_external() -> None:
    (result,) = run_of(replace(CLEAN, baselined=(BASELINED,), baseline="b.json"))["results"]
    (suppression,) = result["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert result["baselineState"] == "unchanged"


def test_a_finding_of_the_baseline_that_no_longer_occurs_is_absent() -> None:
    places = (a_place("old.yaml", line, field="owner") for line in (4, 9))
    fixed = with_fingerprints(a_finding(MALFORMED, place=place) for place in places)[1]
    entry = Entry("old.yaml", MALFORMED.id, "owner", date(2031, 1, 2), 2)
    unknown = Entry("old.yaml", "no-rule", "", date(2031, 1, 2))
    report = replace(CLEAN, findings=(TWO_WORDS,), stale=((entry, 1), (unknown, 1)), baseline="b")
    new, absent = run_of(report)["results"]
    assert (new["baselineState"], new["suppressions"]) == ("new", [])
    assert (absent["baselineState"], absent["ruleId"]) == ("absent", MALFORMED.id)
    assert absent["suppressions"][0]["kind"] == "external"
    assert absent["partialFingerprints"] == {"dativoLint/v1": fixed.fingerprint}


def test_alerts_only_are_findings_that_count() -> None:
    log = json.loads(TEXTS["sarif"](FULL, Style(alerts_only=True)))
    results = log["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == [
        finding.rule.id for finding in FULL.findings
    ]
    assert not any({"suppressions", "baselineState", "kind"} & set(result) for result in results)


def test_rules_name_the_sections_of_regulations_that_they_are_about() -> None:
    rules = [rule for rule in builtin_rules() if rule.regulations]
    run = run_of(Report(rules=tuple(rules)))
    taxonomies = run["taxonomies"]
    assert run["tool"]["driver"]["supportedTaxonomies"] == [
        {"name": taxonomy["name"], "index": index} for index, taxonomy in enumerate(taxonomies)
    ]
    named = set()
    for rule, described in zip(rules, run["tool"]["driver"]["rules"], strict=True):
        for section, relationship in zip(rule.regulations, described["relationships"], strict=True):
            target = relationship["target"]
            taxonomy = taxonomies[target["toolComponent"]["index"]]
            taxon = taxonomy["taxa"][target["index"]]
            assert (taxonomy["name"], taxon["id"]) == (section.name, section.section)
            assert target["id"] == taxon["id"]
            assert (taxon["shortDescription"]["text"], taxon["helpUri"]) == (
                section.title,
                section.url,
            )
            assert section.name in described["properties"]["tags"]
            named.add((section.name, section.section))
    assert named == {
        (taxonomy["name"], it["id"]) for taxonomy in taxonomies for it in taxonomy["taxa"]
    }


def test_a_line_is_hashed_where_its_file_is_known() -> None:
    content = {"jobs/stripe.yaml": b"\n" * 11 + b"infrastructure:\n  provider: aws\n"}.get
    log = json.loads(TEXTS["sarif"](FULL, Style(content=content)))
    prints = [result["partialFingerprints"] for result in log["runs"][0]["results"]]
    # Line 12 of one file; there is no line 20 in it, and nothing is known of the others.
    assert prints[0]["primaryLocationLineHash"] == "b326fc549d7470fa:1"
    assert prints[0]["dativoLint/v1"] == TWO_WORDS.fingerprint
    assert [set(each) for each in prints[1:]] == [{"dativoLint/v1"}] * 5


def test_a_file_is_hashed_once() -> None:
    asked = []

    def content(path: str) -> bytes:
        asked.append(path)
        return b"a: 1\n"

    findings = tuple(a_finding(place=a_place(line=1, column=n)) for n in range(1, 9))
    "".join(TEXTS["sarif"](Report(findings=findings), Style(content=content)))
    assert asked == ["jobs/stripe.yaml"]


def test_an_edit_that_only_deletes_inserts_nothing() -> None:
    fix = Fix("remove it", (Edit(a_place(), ""),))
    (result,) = run_of(Report(findings=(replace(a_finding(), fixes=(fix,)),)))["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert [set(each) for each in change["replacements"]] == [{"deletedRegion"}]


def test_an_open_question_is_open_and_of_no_level() -> None:
    (result,) = run_of(Report(unresolved=(UNDECIDED,)))["results"]
    assert (result["kind"], result["level"]) == ("open", "none")


def test_a_crash_is_a_notification_of_a_run_that_failed() -> None:
    (invocation,) = run_of(replace(CLEAN, crashes=FULL.crashes))["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["associatedRule"]["id"] == "invalid-aws-tag"
    assert run_of(CLEAN)["invocations"][0]["executionSuccessful"] is True


def test_of_too_many_mentions_the_first_are_linked_and_the_rest_counted() -> None:
    mentions = tuple(Mention(a_place(line=n), f"line {n}") for n in range(1, 1203))
    (result,) = run_of(Report(findings=(a_finding(mentions=mentions),)))["results"]
    assert len(result["relatedLocations"]) == 999  # with the place of the result, 1,000
    assert result["message"]["text"].endswith("[line 20](20)\nand 1,182 more places")


def test_a_path_is_a_uri_relative_to_the_root() -> None:
    place = a_place("jobs/my job#1.yaml", field="finops.cost_center")
    (result,) = run_of(Report(findings=(a_finding(place=place),)))["results"]
    (location,) = result["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {
        "uri": "jobs/my%20job%231.yaml",
        "uriBaseId": "%SRCROOT%",
    }
    assert location["logicalLocations"] == [{"fullyQualifiedName": "finops.cost_center"}]


def test_sarif_tools_reads_what_we_write(tmp_path: Path) -> None:
    path = tmp_path / "report.sarif"
    path.write_text(TEXTS["sarif"](FULL), encoding="utf-8")
    read = loader.load_sarif_file(str(path))
    assert read.get_distinct_tool_names() == ["dativo-lint"]
    assert read.get_result_count() == 6
    records = read.get_records()
    assert ("jobs/stripe.yaml", 12, "error") in {
        (record["Location"], record["Line"], record["Severity"]) for record in records
    }
