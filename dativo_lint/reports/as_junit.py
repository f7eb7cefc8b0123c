"""The report as JUnit's XML: a suite a family, a failed case a finding, a passed case a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dativo_lint.findings import Crash, Finding, UnresolvedValue
from dativo_lint.reports.escape import shown_path, visible
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.reports.wording import (
    TOOL,
    crash_sentence,
    reason_of,
    rules_of,
    said,
    trail,
    where,
)
from dativo_lint.results import Report
from dativo_lint.rulebook.rule import Rule, Severity

_Case = tuple[Callable[[Any], Element], Any]
"""What makes a test case, and of what."""


def as_junit(report: Report, _style: Style = PLAIN) -> Iterator[str]:
    """Errors and warnings fail; notes pass with their text as output; the allowed and the open
    are skipped cases; a crashed check is an error; a rule that found nothing is a passed case.
    """
    suites = _suites(report)
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield _opened("testsuites", TOOL, [case for suite in suites.values() for case in suite])
    for family in sorted(suites):
        yield "  " + _opened("testsuite", visible(family), suites[family])
        for make, one in suites[family]:
            case = make(one)
            indent(case, level=2)
            yield f"    {tostring(case, encoding='unicode')}\n"
        yield "  </testsuite>\n"
    yield "</testsuites>\n" if suites else ""


def _opened(tag: str, name: str, cases: list[_Case]) -> str:
    """The line that opens an element, with a count of its cases; of no cases it closes it too."""
    kinds = [_kind(*case) for case in cases]
    counts = {f"{it}s" if it != "skipped" else it: str(kinds.count(it)) for it in _KINDS}
    told = {"name": name, "tests": str(len(cases)), **counts}
    text = tostring(Element(tag, told), encoding="unicode")
    return f"{text}\n" if not cases else f"{text.removesuffix(' />')}>\n"


def _suites(report: Report) -> dict[str, list[_Case]]:
    """The cases of each family; they are made one by one, when they are written."""
    cases: dict[str, list[_Case]] = {}
    spoken = set()
    for made, ones in (
        (_finding, report.findings),
        (_allowed, report.allowed),
        (_open, report.open_questions),
        (_crash, report.crashes),
    ):
        for one in ones:
            spoken.add(one.rule.id)
            cases.setdefault(one.rule.family, []).append((made, one))
    for rule in rules_of(report):
        if rule.id not in spoken:
            cases.setdefault(rule.family, []).append((_passed, rule))
    return cases


_KINDS = ("failure", "error", "skipped")


def _kind(make: Callable[[Any], Element], one: Any) -> str:
    """What a case says that is counted; nothing of one that passes."""
    if make is _finding:
        return "" if one.severity is Severity.NOTE else "failure"
    return {_allowed: "skipped", _open: "skipped", _crash: "error"}.get(make, "")


def _passed(rule: Rule) -> Element:
    return Element("testcase", classname=visible(rule.family), name=visible(rule.id))


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


def _open(question: UnresolvedValue) -> Element:
    case = _case(question)
    SubElement(case, "skipped", message=f"open: {said(question.message)}")
    return case


def _crash(crash: Crash) -> Element:
    name = f"{visible(crash.rule.id)} on {shown_path(crash.path)}"
    case = Element("testcase", classname=visible(crash.rule.family), name=name)
    SubElement(case, "error", message=crash_sentence(crash), type="internal error")
    return case


def _case(one: Finding | UnresolvedValue) -> Element:
    name = f"{visible(one.rule.id)} at {where(one.place)}"
    file, line = visible(one.place.path), str(one.place.line)
    return Element("testcase", classname=visible(one.rule.family), name=name, file=file, line=line)
