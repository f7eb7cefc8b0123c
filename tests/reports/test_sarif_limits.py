"""A report over a limit of code scanning is cut from the end, which is said twice."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from report_samples import FAILED, TEXTS, UNDECIDED, a_finding, a_place, a_rule

from dativo_lint.findings.finding import Finding
from dativo_lint.findings.report import Report
from dativo_lint.reports import as_sarif
from dativo_lint.reports.style import Style
from dativo_lint.rulebook.rule import Regulation, Rule, Severity


def run_of(report: Report) -> tuple[dict[str, Any], list[str], int]:
    """The run, the warnings, and the compressed size."""
    warnings: list[str] = []
    text = TEXTS["sarif"](report, Style(warn=warnings.append))
    return json.loads(text)["runs"][0], warnings, len(gzip.compress(text.encode(), 6))


def notified(run: dict[str, Any]) -> list[str]:
    (invocation,) = run["invocations"]
    return [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]


def noisy(count: int, size: int = 900) -> tuple[Finding, ...]:
    """Findings whose messages hardly compress, the worst last."""
    dice = random.Random(7)
    severities: Sequence[Severity] = (*Severity,)[::-1]
    rules = [a_rule(severity.value, severity=severity) for severity in severities]
    return tuple(
        a_finding(
            rules[3 * number // count],
            dice.randbytes(size // 2).hex(),
            a_place(line=number + 1),
            fingerprint=f"{number:x}",
        )
        for number in range(count)
    )


def test_of_too_many_results_the_worst_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_sarif, "RESULTS", 2)
    report = Report(findings=noisy(3), unresolved=(UNDECIDED,))
    run, warnings, _ = run_of(report)
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
    assert notified(run) == ["2 results left out, the least severe; the limit is 2 results"]
    assert warnings == [f"SARIF: {text}" for text in notified(run)]


def test_of_a_report_that_is_too_large_when_compressed_the_worst_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(as_sarif, "GZIP", 400_000)
    report = Report(findings=noisy(1_500), crashes=(FAILED,))
    run, warnings, size = run_of(report)
    assert 396_000 < size < 402_000  # the end of the file is not measured
    kept = [result["level"] for result in run["results"]]
    assert kept == sorted(kept)[: len(kept)]
    assert 500 < len(kept) < 1_000
    left = 1_500 - len(kept)
    text = f"{left} results left out, the least severe; the limit is 10 MB when compressed"
    assert notified(run)[1:] == [text]
    assert len(warnings) == 1
    assert run_of(report)[0] == run


def test_a_report_whose_rules_are_too_large_has_no_results(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_sarif, "GZIP", 100)
    run, warnings, _ = run_of(Report(findings=noisy(3)))
    assert run["results"] == []
    assert warnings[0].startswith("SARIF: 3 results left out")


def test_of_too_many_rules_those_with_results_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(as_sarif, "RULES", 2)
    rules = tuple(a_rule(name) for name in "abcd")
    report = Report(findings=(a_finding(rules[2]),), rules=rules, crashes=(FAILED,))
    run, warnings, _ = run_of(report)
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["c", "a"]
    assert run["results"][0]["ruleIndex"] == 0
    assert warnings == ["SARIF: 3 rules left out; the limit is 2"]


def test_a_report_within_the_limits_is_whole_and_says_nothing() -> None:
    run, warnings, _ = run_of(Report(findings=noisy(40)))
    assert (len(run["results"]), notified(run), warnings) == (40, [], [])


def long_rule() -> Rule:
    """A rule that is over all limits of a rule."""
    regulations = tuple(Regulation(f"law {n}", "1", "t" * 3000, "") for n in range(30))
    text = "word " * 500
    rule = a_rule("x-" * 300, "f" * 300, summary=text, why=text, fix=text)
    return replace(rule, regulations=regulations)


@pytest.mark.parametrize("rule", [long_rule(), a_rule("-", "", summary=" ", why=" ", fix=" ")])
def test_a_rule_of_any_length_is_within_the_limits(rule: Rule) -> None:
    (described,) = run_of(Report(rules=(rule,)))[0]["tool"]["driver"]["rules"]
    assert 0 < len(described["name"]) <= 255
    for name in ("shortDescription", "fullDescription"):
        assert 0 < len(described[name]["text"].strip()) <= 1024
    assert described["help"]["text"].strip()
    assert described["help"]["markdown"].strip()
    assert len(described["properties"]["tags"]) <= 10
