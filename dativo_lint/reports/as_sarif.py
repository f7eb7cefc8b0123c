"""The report as SARIF 2.1.0, within the limits of GitHub code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from msgspec import Raw

from dativo_lint.documents.place import Place
from dativo_lint.findings.finding import Finding, fingerprint_of
from dativo_lint.findings.report import Report
from dativo_lint.findings.shards import plain
from dativo_lint.reports.escape import Json, json_pieces
from dativo_lint.reports.sarif_limits import GZIP, RESULTS, RULES, Compressed
from dativo_lint.reports.sarif_results import ROOT, Group, crash_notification, results
from dativo_lint.reports.sarif_rules import Taxonomies, driver
from dativo_lint.reports.sentences import plural, rules_of, worst_first
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.rulebook.rule import Rule

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
SHARD = "dativoLint/shard"
"""The property of a run with what a shard hands over."""


def as_sarif(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """One run: the rules that ran, the findings worst first, the suppressed, the unresolved.

    Suppressed findings are suppressed results, unresolved values are results of kind `open`, and a
    crashed check is a notification of an execution that did not succeed. Against a baseline or a
    commit, what was there is `unchanged` and suppressed, what is no more is `absent`, and every
    other finding is `new`. What is over a limit is left out from the end.
    """
    groups = _groups(report, style)
    cuts: list[str] = []
    rules = _rules(report, groups, cuts)
    index = {rule.id: number for number, rule in enumerate(rules)}
    taxonomies = Taxonomies(rules)
    run: Json = {
        "tool": {"driver": driver(rules, taxonomies)},
        "originalUriBaseIds": {ROOT: {"description": {"text": "the root of the repository"}}},
        "columnKind": "unicodeCodePoints",
    }
    if described := taxonomies.described():
        run["taxonomies"] = described
    if style.category:
        run["automationDetails"] = {"id": f"{style.category.rstrip('/')}/"}
    crashes = [crash_notification(crash, index) for crash in report.crashes]
    head = run | {"invocations": crashes}
    if report.part is not None:
        run["properties"] = {SHARD: plain(report.part)}
    count = sum(len(answers) for _, answers in groups)
    run["results"] = _fitting(head, results(report, groups, index, style), count, cuts)
    # Written after the results, when it is known what had to be left out.
    invocation = {
        "executionSuccessful": not report.crashes,
        "toolExecutionNotifications": chain(crashes, _warnings(cuts, style)),
    }
    run["invocations"] = [invocation]
    # Indented, a long report is more than twice the size and takes eight times as long to write.
    return json_pieces({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=None)


def _groups(report: Report, style: Style) -> list[Group]:
    """What the results are, in their order."""
    groups: list[Group] = [("new", worst_first(report.findings))]
    if not style.alerts_only:
        known = worst_first((*report.suppressed, *report.baselined))
        groups += [("unchanged", known), ("unchanged", report.unresolved)]
        groups += [("absent", [*_absent(report)])]
    return groups


def _absent(report: Report) -> Iterator[Finding]:
    """The findings of the baseline that no longer occur, one an entry."""
    rules = {rule.id: rule for rule in report.rules}
    for entry, missing in report.stale:
        if entry.rule in rules:
            rule = rules[entry.rule]
            place = Place(entry.path, 1, 1, 1, 1, entry.field)
            message = f"no longer occurs: {rule.summary}"
            number = entry.count - missing + 1
            fingerprint = fingerprint_of(rule.id, entry.path, entry.field, number)
            yield Finding(
                rule,
                rule.severity,
                place,
                message,
                fingerprint=fingerprint,
                suppression=entry.suppression,
            )


def _rules(report: Report, groups: Iterable[Group], cuts: list[str]) -> list[Rule]:
    """The rules of the report; of too many, those with results first."""
    rules = rules_of(report)
    if len(rules) > RULES:
        answers = chain.from_iterable(answers for _, answers in groups)
        used = {answer.rule.id for answer in islice(answers, RESULTS)}
        rules.sort(key=lambda rule: rule.id not in used)
        cuts.append(f"{plural(len(rules) - RULES, 'rule')} left out; the limit is {RULES:,}")
    return rules[:RULES]


def _fitting(head: Json, rows: Iterator[Json], total: int, cuts: list[str]) -> Iterator[Raw]:
    """The results up to the first for which there is no room; `head` is what else there is.

    What a shard hands over is for `merge`, and is not measured.
    """
    compressed = Compressed(GZIP)
    has_room = compressed.take(head) is not None
    count = 0
    for row in islice(rows, RESULTS if has_room else 0):
        written = compressed.take(row)
        if written is None:
            break
        count += 1
        yield written
    if left := total - count:
        limit = f"{RESULTS:,} results" if count == RESULTS else "10 MB when compressed"
        cuts.append(f"{plural(left, 'result')} left out, the least severe; the limit is {limit}")


def _warnings(cuts: list[str], style: Style) -> Iterator[Json]:
    for cut in cuts:
        style.warn(f"SARIF: {cut}")
        yield {"level": "warning", "message": {"text": cut}}
