"""The report as Markdown, for a merge request, a ticket or the summary page of a job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from msgspec.structs import replace

from dativo_lint.findings.finding import Finding, UnresolvedValue
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import code, html, markdown, markdown_table
from dativo_lint.reports.excerpt import excerpt
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
from dativo_lint.rulebook.rule import Rule, Severity

_SUMMARY_BYTES = 1_000_000
"""GitHub refuses a job summary of more than 1 MiB as a whole; a little is left to other writers.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""
_ROWS = 100
"""Rows of a table of a job summary, and internal errors."""
_WIDTH = 120


def as_markdown(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """A count for each rule, then the findings by file, errors first, each with its trail."""
    lead = ""
    for block in _blocks(report, style):
        yield lead + block
        lead = "\n\n"
    yield "\n"


def _blocks(report: Report, style: Style) -> Iterator[str]:
    yield from _overview(report, style)
    for path, findings in groupby(report.findings, key=lambda finding: finding.place.path):
        yield f"## {code(path)}"
        yield from map(_finding, worst_first(findings))
    for name, accepted in _accepted(report):
        yield f"## {markdown(name)}"
        yield from map(_suppressed, accepted)
    if style.show_unresolved and report.unresolved:
        yield "## Unresolved"
        yield from map(_unresolved, report.unresolved)
    yield from _crashes(report)


def job_summary(report: Report) -> str:
    """What GitHub shows on the page of a job, cut where GitHub would refuse the whole of it.

    Findings are folded by file, the worst files first, then what is accepted and unresolved.
    """
    shown = _overview(report, replace(PLAIN, show_unresolved=True))
    shown += [f"**warning** {markdown(printable(text))}" for text in report.warnings[:_ROWS]]
    shown += [_owners(report)] if any(owner != "" for owner in report.owners.values()) else []
    shown += _crashes(report)
    heading = f"New since {markdown(printable(report.since))}" if report.only_new else "Findings"
    shown += [f"## {heading}"] if report.findings else []
    room = _SUMMARY_BYTES - _bytes([*shown, _left_out(len(report.findings))])
    left = 0
    for title, form, items in _folds(report):
        fold = [f"<details><summary>{title}</summary>"]
        room -= _bytes([*fold, "</details>"])
        for item in items:
            block = "" if left else form(item)
            room -= _bytes([block])
            left += room < 0
            fold += [block] if room >= 0 else []
        shown += [*fold, "</details>"] if fold[1:] else []
    return "\n\n".join([*shown, *([_left_out(left)] if left else [])]) + "\n"


def _folds(report: Report) -> Iterator[tuple[str, Callable[[Any], str], Sequence[Any]]]:
    """The title of each fold, in HTML, and its items, with the form of one."""
    by_path = groupby(report.findings, key=lambda finding: finding.place.path)
    files = [(path, worst_first(findings)) for path, findings in by_path]
    for path, findings in sorted(files, key=lambda file: file[1][0].severity.rank):
        counts = Counter(finding.severity for finding in findings)
        numbers = (plural(counts[each], each.value) for each in Severity if counts[each])
        yield f"<code>{html(path)}</code>: {', '.join(numbers)}", _finding, findings
    for name, accepted in _accepted(report):
        yield f"{html(name)}: {plural(len(accepted), 'finding')}", _suppressed, accepted
    if report.unresolved:
        title = plural(report.unresolved_values, "unresolved value")
        yield title, _unresolved, report.unresolved


def _left_out(count: int) -> str:
    return f"{plural(count, 'more result')} left out for want of room"


def _bytes(blocks: Iterable[str]) -> int:
    return sum(len(block.encode(errors="backslashreplace")) + len("\n\n") for block in blocks)


def _overview(report: Report, style: Style) -> list[str]:
    line = markdown(summary(report, replace(style, show_suppressed=True)))
    rows = [
        (_rule(rule), markdown(printable(rule.summary)), f"{count:,}")
        for rule, count in report.by_rule()
    ]
    return [f"# {TOOL}", line, *_table(("rule", "defect", "findings"), rows)]


def _owners(report: Report) -> str:
    """How many findings are in the files of each owner, the most first."""
    counts: Counter[str] = Counter()
    for finding in report.findings:
        owner = report.owners.get(finding.place.path, "")
        name = "several owners" if owner is None else markdown(printable(owner))
        counts[name or "no owner"] += 1
    rows = [(owner, f"{count:,}") for owner, count in counts.most_common()]
    return "".join(_table(("owner", "findings"), rows))


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table, if there are rows; of very many, the first."""
    left = len(rows) - _ROWS
    more = [(f"and {left:,} more", *[""] * (len(headers) - 1))] if left > 0 else []
    return [markdown_table(headers, [*rows[:_ROWS], *more])] if rows else []


def _accepted(report: Report) -> list[tuple[str, tuple[Finding, ...]]]:
    """Findings that do not count, with what they are called."""
    kinds = (
        ("Suppressed", report.suppressed),
        ("In the baseline", report.in_baseline),
        (f"Already at {printable(report.since)}", report.unchanged),
    )
    return [(name, findings) for name, findings in kinds if findings]


def _finding(finding: Finding) -> str:
    place = finding.place
    at = code(f"{place.line}:{place.column}")
    message = markdown(printable(finding.message))
    steps = [
        f"{code(where(mention.place))} {markdown(printable(mention.sentence))}"
        for mention in finding.mentions
    ]
    if finding.source.strip():
        steps.insert(0, code(excerpt(finding.source, place, _WIDTH)[0].strip()))
    if finding.rule.fix:
        steps.append(f"**fix** {markdown(fix_of(finding.rule))}")
    heading = f"- **{finding.severity.value}** {at} {message} ({_rule(finding.rule)})"
    return "\n  - ".join([heading, *steps])


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
    crashes = [f"- {markdown(crash_sentence(crash))}" for crash in report.crashes[:_ROWS]]
    left = len(report.crashes) - len(crashes)
    more = [f"- and {left:,} more"] if left else []
    return ["## Internal errors", *crashes, *more, markdown(CRASH_ADVICE)]
