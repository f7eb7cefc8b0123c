"""The report as Markdown, for a merge request, a ticket or the summary page of a job."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, groupby

from msgspec.structs import replace

from dativo_lint.findings.finding import Finding, UnresolvedValue
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import cell, code, markdown
from dativo_lint.reports.sentences import (
    CRASH_ADVICE,
    TOOL,
    crash_sentence,
    fix_of,
    page_of,
    plural,
    printable,
    reason_of,
    summary,
    where,
    worst_first,
)
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.rulebook.rule import Rule

_SUMMARY_BYTES = 1_000_000
"""GitHub refuses a job summary of more than 1 MiB as a whole; a little is left to other writers.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

_HEADER = "| rule | defect | findings |\n| --- | --- | ---: |"


def as_markdown(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """A count for each rule, then the findings by file, errors first, each with its trail."""
    findings = (block for _, block in _findings(report))
    lead = ""
    for block in chain(_overview(report, style), findings, _rest(report, style)):
        yield lead + block
        lead = "\n\n"
    yield "\n"


def job_summary(report: Report) -> str:
    """What GitHub shows on the page of a job, cut where GitHub would refuse the whole of it."""
    head, crashes = _overview(report, PLAIN), _crashes(report)
    room = _SUMMARY_BYTES - _bytes([*head, _left_out(len(report.findings)), *crashes])
    blocks = []
    left = len(report.findings)
    for count, block in _findings(report):
        room -= _bytes([block])
        if room < 0:
            blocks.append(_left_out(left))
            break
        blocks.append(block)
        left -= count
    return _joined([*head, *blocks, *crashes])


def _left_out(count: int) -> str:
    return f"{plural(count, 'more finding')} left out for want of room"


def _overview(report: Report, style: Style) -> list[str]:
    line = markdown(summary(report, replace(style, show_suppressed=True)))
    rows = [
        f"| {cell(_rule(rule))} | {cell(markdown(printable(rule.summary)))} | {count:,} |"
        for rule, count in report.by_rule()
    ]
    head = [f"# {TOOL}", line]
    return [*head, "\n".join([_HEADER, *rows])] if rows else head


def _findings(report: Report) -> Iterator[tuple[int, str]]:
    """Headings of files and findings, each with the number of its findings."""
    for path, findings in groupby(report.findings, key=lambda finding: finding.place.path):
        yield 0, f"## {code(path)}"
        for finding in worst_first(findings):
            yield 1, _finding(finding)


def _rest(report: Report, style: Style) -> Iterator[str]:
    if report.suppressed:
        yield "## Suppressed"
        yield from map(_suppressed, report.suppressed)
    if report.in_baseline:
        yield "## In the baseline"
        yield from map(_suppressed, report.in_baseline)
    if report.unchanged:
        yield f"## Already at {markdown(printable(report.since))}"
        yield from map(_suppressed, report.unchanged)
    if style.show_unresolved and report.unresolved:
        yield "## Unresolved"
        yield from map(_unresolved, report.unresolved)
    yield from _crashes(report)


def _finding(finding: Finding) -> str:
    at = code(f"{finding.place.line}:{finding.place.column}")
    message = markdown(printable(finding.message))
    heading = f"- **{finding.severity.value}** {at} {message} ({_rule(finding.rule)})"
    steps = [
        f"  - {code(where(mention.place))} {markdown(printable(mention.sentence))}"
        for mention in finding.mentions
    ]
    fix = [f"  - **fix** {markdown(fix_of(finding.rule))}"] if finding.rule.fix else []
    return "\n".join([heading, *steps, *fix])


def _rule(rule: Rule) -> str:
    """A rule, with a link to its page."""
    page = page_of(rule)
    return f"[{code(rule.id)}](<{page}>)" if page else code(rule.id)


def _suppressed(finding: Finding) -> str:
    reason = markdown(reason_of(finding))
    message = markdown(printable(finding.message))
    return f"- {code(where(finding.place))} {message} ({code(finding.rule.id)})\n  - {reason}"


def _unresolved(value: UnresolvedValue) -> str:
    message = markdown(printable(value.message))
    return f"- {code(where(value.place))} {message} ({code(value.rule.id)})"


def _crashes(report: Report) -> list[str]:
    if not report.crashes:
        return []
    crashes = (f"- {markdown(crash_sentence(crash))}" for crash in report.crashes)
    return ["## Internal errors", *crashes, markdown(CRASH_ADVICE)]


def _joined(blocks: list[str]) -> str:
    return "\n\n".join(blocks) + "\n"


def _bytes(blocks: list[str]) -> int:
    return sum(len(block.encode()) + len("\n\n") for block in blocks)
