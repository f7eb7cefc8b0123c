"""The sentences that several forms of a report share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dativo_lint.findings.finding import Crash, Finding, Mention, UnresolvedValue
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import shortened, visible
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.rulebook.rule import Rule, Severity, Source
from dativo_lint.version import HOME

_WEB = re.compile(r"https?://[!-;=?-~]+\Z")
TOOL = "dativo-lint"
SENTENCE = 1000
"""How many characters of a sentence are shown to people; its values may be of any length."""


def plural(count: int, noun: str) -> str:
    """A count with its noun: `1 job`, `1,000 jobs`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def printable(text: str, limit: int = SENTENCE) -> str:
    """A text in one line that is safe to print."""
    return shortened(visible(text), limit)


where = PLAIN.where


def fix_of(rule: Rule) -> str:
    """What to do, on one line."""
    return printable(" ".join(rule.fix.split()))


def is_web(address: str) -> bool:
    """Whether an address may safely be linked."""
    return _WEB.match(address) is not None


def web_sources(rule: Rule) -> list[Source]:
    """The sources of a rule that may safely be linked."""
    return [source for source in rule.sources if is_web(source.url)]


def page_of(rule: Rule) -> str:
    """The address of a rule's page; of a shop's own rule, of its first source."""
    return rule.page or next((source.url for source in web_sources(rule)), "")


def step(mention: Mention) -> str:
    """One step of a trail: a place, and its sentence."""
    return f"{where(mention.place)}: {printable(mention.sentence)}"


def trail(finding: Finding) -> list[str]:
    """The mentions of a finding in reading order, what to do, and where to read about it."""
    steps = [step(mention) for mention in finding.mentions]
    steps += [f"fix: {fix_of(finding.rule)}"] if finding.rule.fix else []
    page = page_of(finding.rule)
    return [*steps, f"see: {page}"] if page else steps


def reason_of(finding: Finding) -> str:
    """Why a finding is accepted, until when, and who is responsible."""
    suppression = finding.suppression
    if suppression is None:
        return "suppressed"
    because = f" because {printable(suppression.reason)}" if suppression.reason else ""
    since = suppression.since
    how = "suppressed" if since is None else f"in the baseline since {since.isoformat()}"
    until = suppression.until.isoformat() if suppression.until else ""
    details = (("until", until), ("owner", suppression.owner), ("ticket", suppression.ticket))
    more = ", ".join(f"{name} {printable(text)}" for name, text in details if text)
    return f"{how}{because} ({more})" if more else f"{how}{because}"


def crash_sentence(crash: Crash, style: Style = PLAIN) -> str:
    """That the tool itself failed, on which rule and job."""
    return (
        f"internal error: rule {visible(crash.rule.id)} failed on "
        f"{style.path(crash.path)}: {printable(crash.message)}"
    )


CRASH_ADVICE = (
    f"this is a defect of {TOOL}, not of your files: report it with the lines above at"
    f" {HOME}/issues; everything else was checked"
)


def in_full(item: Finding | Crash) -> str:
    """A finding with its trail, or a crash with what to do, on several lines."""
    if isinstance(item, Crash):
        return f"{crash_sentence(item)}\n{CRASH_ADVICE}"
    return "\n".join([printable(item.message), *trail(item)])


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by severity, and within a severity in the order of the report."""
    return sorted(findings, key=lambda finding: finding.severity.rank)


def rules_of(report: Report) -> list[Rule]:
    """Every rule of a report, each id once: those that ran, then those of other results."""
    mentioned: list[Finding | UnresolvedValue | Crash] = [
        *report.findings,
        *report.suppressed,
        *report.baselined,
        *report.unresolved,
        *report.crashes,
    ]
    rules = {rule.id: rule for rule in report.rules}
    for item in mentioned:
        rules.setdefault(item.rule.id, item.rule)
    return list(rules.values())


def summary(report: Report, style: Style | None = None) -> str:
    """The whole run in one line; for a style, with the options that list what it hides."""
    parts = [_outcome(report)]
    if report.fixed:
        parts.append(f"fixed {report.fixed:,}")
    if report.fixable:
        parts.append(f"{report.fixable:,} with a safe fix (--fix)")
    stale = sum(count for _, count in report.stale)
    for count, noun, name in (
        (len(report.suppressed), "suppressed finding", "suppressed"),
        (report.unresolved_values, "unresolved value", "unresolved"),
    ):
        if count:
            is_listed = style is None or getattr(style, f"show_{name}")
            hint = "" if is_listed else f" (list with --show-{name})"
            parts.append(f"{plural(count, noun)}{hint}")
    if report.in_baseline:
        parts.append(f"{len(report.in_baseline):,} in the baseline")
    if report.unchanged:
        is_listed = style is None or style.show_suppressed
        parts.append(f"{_unchanged(report)}{'' if is_listed else ' (list with --show-suppressed)'}")
    if stale:
        parts.append(f"{stale:,} of the baseline fixed (dativo-lint baseline update)")
    if report.lone_sets:
        sets = plural(report.lone_sets, "rendered set")
        parts.append(f"{sets} not compared with a job (none is named)")
    if report.passed_over:
        files = plural(len(report.passed_over), "file")
        parts.append(f"skipped: no Dativo job affected ({files})")
    return "; ".join(filter(None, parts))


def frequent_rules(report: Report, style: Style) -> list[list[tuple[str, str]]]:
    """The rules with the most findings, with counts and pages.

    They are lines of words, each plain and as it is printed: one line for all rules if their names
    are links, otherwise one for each.
    """
    most = report.by_rule()[:_FREQUENT]
    counts = [(visible(rule.id), f"{count:,}", page_of(rule)) for rule, count in most]
    if style.links:
        counts = counts if len(counts) > 1 else []
        ends = ["," for _ in counts[1:]] + [""]
        words = [
            (f"{rule} {count}{end}", f"{style.link(rule, page)} {count}{end}")
            for (rule, count, page), end in zip(counts, ends, strict=False)
        ]
        return [[("most frequent:", "most frequent:"), *words]] if words else []
    width = max((len(count) for _, count, _ in counts), default=0)
    longest = max((len(rule) for rule, _, _ in counts), default=0)
    lines = [f"  {count:>{width}}  {rule:<{longest}}  {page}" for rule, count, page in counts]
    lines = ["most frequent rules:", *lines] if lines else []
    return [[(line.rstrip(), line.rstrip())] for line in lines]


def pages_of(rules: Iterable[Rule]) -> dict[str, str]:
    """The addresses of the pages of rules, by their ids as they are shown."""
    return {visible(rule.id): page_of(rule) for rule in rules}


_FREQUENT = 5


def _outcome(report: Report) -> str:
    numbers = [("internal error", len(report.crashes))]
    numbers += [(severity.value, report.count(severity)) for severity in Severity]
    counts = [plural(number, noun) for noun, number in numbers if number]
    scope = f"{_judged(report)} ({plural(report.files, 'file')})"
    if report.since:
        scope = f"{scope} affected since {printable(report.since)}"
    if report.part is not None:
        scope = f"{scope} of shard {report.part.shard}"
    if counts:
        return f"{', '.join(counts)} in {scope}"
    if not (report.jobs or report.files or report.part):
        if report.since:
            return f"No job is affected by the changes since {printable(report.since)}"
        return "" if report.passed_over else "nothing to check"
    return f"No {'new ' if report.baselined else ''}problems in {scope}"


def accepted(report: Report) -> list[str]:
    """How many findings a baseline accepts, and how many an earlier commit has."""
    baselined = f"{plural(len(report.in_baseline), 'finding')} in the baseline"
    return [
        *([baselined] if report.in_baseline else []),
        *([_unchanged(report)] if report.unchanged else []),
    ]


def _unchanged(report: Report) -> str:
    return f"{plural(len(report.unchanged), 'finding')} already at {printable(report.since)}"


def _judged(report: Report) -> str:
    """How many jobs were linted, and how many rendered sets, if any."""
    if not report.rendered:
        return plural(report.jobs, "job")
    sets = plural(report.rendered, "rendered set")
    return f"{plural(report.jobs, 'job')} and {sets}" if report.jobs else sets
