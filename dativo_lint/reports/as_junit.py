"""The report as JUnit's XML: a suite a family, a failed case a finding, a passed case a rule."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dativo_lint.reports.escape import visible
from dativo_lint.reports.wording import (
    TOOL,
    crash_sentence,
    reason_of,
    rules_of,
    said,
    shown_path,
    trail,
    where,
)
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.verdict.finding import Crash, Finding, OpenQuestion
from dativo_lint.verdict.report import Report


def as_junit(report: Report) -> str:
    """Errors and warnings fail; notes pass with their text as output; the allowed and the open
    are skipped cases; a crashed check is an error; a rule that found nothing is a passed case.
    """
    suites = _suites(report)
    for suite in suites:
        _count(suite, list(suite))
    root = Element("testsuites", name=TOOL)
    _count(root, [case for suite in suites for case in suite])
    root.extend(suites)
    indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suites(report: Report) -> list[Element]:
    cases: dict[str, list[Element]] = {}
    spoken = set()
    for one, case in _cases(report):
        spoken.add(one.id)
        cases.setdefault(one.family, []).append(case)
    for rule in rules_of(report):
        if rule.id not in spoken:
            case = Element("testcase", classname=visible(rule.family), name=visible(rule.id))
            cases.setdefault(rule.family, []).append(case)
    suites = []
    for family in sorted(cases):
        suite = Element("testsuite", name=visible(family))
        suite.extend(cases[family])
        suites.append(suite)
    return suites


def _cases(report: Report) -> list[tuple[Rule, Element]]:
    return [
        *((one.rule, _finding(one)) for one in report.findings),
        *((one.rule, _allowed(one)) for one in report.allowed),
        *((one.rule, _open(one)) for one in report.open_questions),
        *((one.rule, _crash(one)) for one in report.crashes),
    ]


def _finding(finding: Finding) -> Element:
    case = _case(finding)
    body = "\n".join([f"{where(finding.place)}: {said(finding.message)}", *trail(finding)])
    if finding.severity is Severity.NOTE:
        SubElement(case, "system-out").text = body
    else:
        kind = finding.severity.value
        SubElement(case, "failure", message=said(finding.message), type=kind).text = body
    return case


def _allowed(finding: Finding) -> Element:
    case = _case(finding)
    SubElement(case, "skipped", message=f"{reason_of(finding)}: {said(finding.message)}")
    return case


def _open(question: OpenQuestion) -> Element:
    case = _case(question)
    SubElement(case, "skipped", message=f"open: {said(question.message)}")
    return case


def _crash(crash: Crash) -> Element:
    name = f"{visible(crash.rule.id)} on {shown_path(crash.path)}"
    case = Element("testcase", classname=visible(crash.rule.family), name=name)
    SubElement(case, "error", message=crash_sentence(crash), type="internal error")
    return case


def _case(one: Finding | OpenQuestion) -> Element:
    name = f"{visible(one.rule.id)} at {where(one.place)}"
    file, line = visible(one.place.path), str(one.place.line)
    return Element("testcase", classname=visible(one.rule.family), name=name, file=file, line=line)


def _count(element: Element, cases: list[Element]) -> None:
    element.set("tests", str(len(cases)))
    for total, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(total, str(sum(case.find(tag) is not None for case in cases)))
