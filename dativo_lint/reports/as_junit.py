"""The report as JUnit's XML: a suite a family, a failed case a finding, a passed case a rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dativo_lint.findings.finding import Crash, Finding, UnresolvedValue
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import shown_path, visible
from dativo_lint.reports.sentences import (
    TOOL,
    crash_sentence,
    in_full,
    printable,
    reason_of,
    rules_of,
    trail,
    where,
)
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.rulebook.rule import Rule, Severity

_Case = tuple[str, Callable[[Any], Element], Any]
"""What is counted of a test case (nothing, if it passes), what makes it, and of what."""
_COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def as_junit(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """What fails the run is a failure, another finding passes with its text as output; what is
    suppressed or unresolved is skipped; a crashed check is an error; a rule that found nothing
    passes.
    """
    suites: dict[str, list[_Case]] = {}
    for case in _cases(report, style.fail_on):
        rule = case[2] if isinstance(case[2], Rule) else case[2].rule
        suites.setdefault(rule.family, []).append(case)
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield _opened("testsuites", TOOL, [case for suite in suites.values() for case in suite])
    seen: Counter[str] = Counter()
    for family in sorted(suites):
        yield "  " + _opened("testsuite", visible(family), suites[family])
        for _, make, item in suites[family]:
            yield f"    {_written(make(item), seen)}\n"
        yield "  </testsuite>\n"
    yield "</testsuites>\n" if suites else ""


def _opened(tag: str, name: str, cases: list[_Case]) -> str:
    """The line that opens an element, with a count of its cases; of no cases it closes it too."""
    kinds = Counter(kind for kind, _, _ in cases)
    counts = {plural: str(kinds[kind]) for kind, plural in _COUNTED.items()}
    attributes = {"name": name, "tests": str(len(cases)), **counts}
    text = tostring(Element(tag, attributes), encoding="unicode")
    return f"{text}\n" if not cases else f"{text.removesuffix(' />')}>\n"


def _written(case: Element, seen: Counter[str]) -> str:
    """A case as text; cases of item name are numbered, for no name has a line, which may move."""
    name = case.attrib["name"]
    seen[name] += 1
    if seen[name] > 1:
        case.set("name", f"{name} ({seen[name]})")
    indent(case, level=2)
    return tostring(case, encoding="unicode")


def _cases(report: Report, fail_on: Severity) -> Iterator[_Case]:
    """Every case; they are made item by item, when they are written."""
    for finding in report.findings:
        is_failure = finding.severity.reaches(fail_on)
        yield ("failure", _failed, finding) if is_failure else ("", _noted, finding)
    accepted = (*report.suppressed, *report.baselined)
    yield from (("skipped", _suppressed, finding) for finding in accepted)
    yield from (("skipped", _unresolved, value) for value in report.unresolved)
    yield from (("error", _crash, crash) for crash in report.crashes)
    lists = (report.findings, accepted, report.unresolved, report.crashes)
    mentioned = {item.rule.id for items in lists for item in items}
    yield from (("", _passed, rule) for rule in rules_of(report) if rule.id not in mentioned)


def _passed(rule: Rule) -> Element:
    return Element("testcase", classname=visible(rule.family), name=visible(rule.id))


def _failed(finding: Finding) -> Element:
    case, message = _case(finding), printable(finding.message)
    return _with(case, "failure", message, _body(finding), type=finding.severity.value)


def _noted(finding: Finding) -> Element:
    case = _case(finding)
    SubElement(case, "system-out").text = f"{finding.severity.value}: {_body(finding)}"
    return case


def _body(finding: Finding) -> str:
    return "\n".join([f"{where(finding.place)}: {printable(finding.message)}", *trail(finding)])


def _suppressed(finding: Finding) -> Element:
    message = f"{reason_of(finding)}: {printable(finding.message)}"
    return _with(_case(finding), "skipped", message, _body(finding))


def _unresolved(value: UnresolvedValue) -> Element:
    message = f"unresolved: {printable(value.message)}"
    return _with(_case(value), "skipped", message, f"{where(value.place)}: {message}")


def _crash(crash: Crash) -> Element:
    name = f"{visible(crash.rule.id)} on {shown_path(crash.path)}"
    case = Element("testcase", classname=visible(crash.rule.family), name=name)
    return _with(case, "error", crash_sentence(crash), in_full(crash), type="internal error")


def _with(case: Element, tag: str, message: str, text: str, **attributes: str) -> Element:
    """A case with its outcome; readers show the message or the text, GitLab only the text."""
    SubElement(case, tag, {"message": message, **attributes}).text = text
    return case


def _case(item: Finding | UnresolvedValue) -> Element:
    field = f" {printable(item.place.field)}" if item.place.field else ""
    name = f"{visible(item.rule.id)} at {shown_path(item.place.path)}{field}"
    file, line = visible(item.place.path), str(item.place.line)
    return Element("testcase", classname=visible(item.rule.family), name=name, file=file, line=line)
