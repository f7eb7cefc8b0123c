"""The report as SARIF 2.1.0, within the limits of GitHub code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/code-security/reference/code-scanning/sarif-files/sarif-support
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice

from dativo_lint.documents.place import Place
from dativo_lint.edits.fix import Fix
from dativo_lint.findings.finding import Crash, Finding, Mention, UnresolvedValue
from dativo_lint.findings.report import Report
from dativo_lint.findings.shards import plain
from dativo_lint.reports.escape import (
    Json,
    json_pieces,
    markdown,
    sarif_message,
    shortened,
    uri,
    visible,
)
from dativo_lint.reports.sentences import (
    SENTENCE,
    TOOL,
    crash_sentence,
    page_of,
    plural,
    printable,
    reason_of,
    rules_of,
    web_sources,
    where,
    worst_first,
)
from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.rulebook.rule import Rule, Severity
from dativo_lint.version import HOME, __version__

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_FINGERPRINT = "dativoLint/v1"
SHARD = "dativoLint/shard"
"""The property of a run with what a shard hands over."""
_RESULTS = 25_000
_PLACES = 1_000
_LINKS = 20
_DESCRIPTION = 1_000
_HELP = 20_000
_NEW_AND_KNOWN: tuple[Json, Json] = {"baselineState": "new"}, {"baselineState": "unchanged"}
_PROBLEMS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "recommendation",
}


def as_sarif(report: Report, style: Style = PLAIN) -> Iterator[str]:
    """One run: the rules that ran, the findings worst first, the suppressed, the unresolved.

    Suppressed findings are suppressed results, unresolved values are results of kind `open`, and a
    crashed check is a notification of an execution that did not succeed. Against a baseline
    or a commit, what was there is `unchanged` and suppressed, and every other finding `new`.
    """
    rules = rules_of(report)
    index = {rule.id: number for number, rule in enumerate(rules)}
    notifications = [_crash(crash, index) for crash in report.crashes]
    lists = (report.findings, report.suppressed, report.baselined, report.unresolved)
    left = sum(map(len, lists)) - _RESULTS
    if left > 0:
        notifications.append(_cut(left))
    invocation = {
        "executionSuccessful": not report.crashes,
        "toolExecutionNotifications": notifications,
    }
    run: Json = {
        "tool": {"driver": _driver(rules)},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "the root of the repository"}}},
        "columnKind": "unicodeCodePoints",
        "invocations": [invocation],
        "results": islice(_results(report, index), _RESULTS),
    }
    if style.category:
        run["automationDetails"] = {"id": f"{style.category.rstrip('/')}/"}
    if report.part is not None:
        run["properties"] = {SHARD: plain(report.part)}
    # Indented, a long report is more than twice the size and takes eight times as long to write.
    return json_pieces({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=None)


def _results(report: Report, index: dict[str, int]) -> Iterator[Json]:
    new, known = _NEW_AND_KNOWN if report.baseline or report.only_new else ({}, {})
    for finding in worst_first(report.findings):
        yield _finding(finding, index) | new
    for finding in worst_first((*report.suppressed, *report.baselined)):
        yield _suppressed(finding, index) | known
    for value in report.unresolved:
        yield _unresolved(value, index) | known


def _driver(rules: list[Rule]) -> Json:
    return {
        "name": TOOL,
        "informationUri": HOME,
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules],
    }


def _rule(rule: Rule) -> Json:
    """A rule with its help; without `security-severity`, which would make it a security alert."""
    summary = printable(rule.summary) or visible(rule.id)
    descriptor: Json = {
        "id": visible(rule.id),
        "name": _pascal(visible(rule.id))[:255],
        "shortDescription": {"text": shortened(summary, _DESCRIPTION)},
        "fullDescription": {"text": shortened(_prose(rule.why) or summary, _DESCRIPTION)},
        "help": {
            "text": shortened(_help_text(rule), _HELP),
            "markdown": shortened(_help_markdown(rule), _HELP),
        },
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {
            "tags": [visible(rule.family)] if rule.family else [],
            "precision": "very-high" if rule.severity is Severity.ERROR else "high",
            "problem.severity": _PROBLEMS[rule.severity],
        },
    }
    page = page_of(rule)
    return descriptor | ({"helpUri": page} if page else {})


def _pascal(id: str) -> str:
    """An id in PascalCase; one that is all dashes as it is."""
    return "".join(part.capitalize() for part in id.split("-")) or id


def _help_text(rule: Rule) -> str:
    sources = [f"- {visible(source.title)}: {visible(source.url)}" for source in rule.sources]
    parts = [
        _prose(rule.why) or visible(rule.id),
        f"What to do: {_prose(rule.fix)}" if rule.fix else "",
        "\n".join(["Sources:", *sources]) if sources else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _help_markdown(rule: Rule) -> str:
    sources = [f"- [{markdown(source.title)}](<{source.url}>)" for source in web_sources(rule)]
    parts = [
        markdown(_prose(rule.why) or visible(rule.id)),
        f"**What to do:** {markdown(_prose(rule.fix))}" if rule.fix else "",
        "\n".join(["**Sources:**\n", *sources]) if sources else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _finding(finding: Finding, index: dict[str, int]) -> Json:
    message = sarif_message(printable(finding.message) or finding.rule.id)
    fingerprint = finding.fingerprint or _digest(finding.rule, finding.place)
    result: Json = {
        "ruleId": visible(finding.rule.id),
        "ruleIndex": index[finding.rule.id],
        "level": finding.severity.value,
        "message": {"text": "\n".join([message, *_links(finding.mentions)])},
        "locations": [_location(finding.place)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    if finding.mentions:
        steps = [
            _location(mention.place, _sentence(mention)) for mention in finding.mentions[:_PLACES]
        ]
        result["relatedLocations"] = [{"id": n} | step for n, step in enumerate(steps, 1)]
        last = _location(finding.place, message)
        flow = {"locations": [{"location": step} for step in [*steps, last]]}
        result["codeFlows"] = [{"threadFlows": [flow]}]
    if fixes := [_fix(fix) for fix in finding.fixes if fix.edits]:
        result["fixes"] = fixes
    return result


def _fix(fix: Fix) -> Json:
    """A fix with its replacements, file by file."""
    changes: dict[str, list[Json]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.place), "insertedContent": {"text": edit.text}}
        changes.setdefault(edit.place.path, []).append(replacement)
    title = printable(fix.title) if fix.is_safe else f"{printable(fix.title)} (unsafe)"
    return {
        "description": {"text": sarif_message(title)},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }


def _suppressed(finding: Finding, index: dict[str, int]) -> Json:
    is_setting = finding.suppression is not None and bool(finding.suppression.paths)
    suppression: Json = {
        "kind": "external" if is_setting else "inSource",
        "status": "accepted",
        "justification": reason_of(finding),
    }
    if finding.suppression is not None:
        suppression["location"] = _location(finding.suppression.place)
        details = {name: getattr(finding.suppression, name) for name in ("owner", "ticket")}
        properties = {name: visible(text) for name, text in details.items() if text}
        if properties:
            suppression["properties"] = properties
    return _finding(finding, index) | {"suppressions": [suppression]}


def _unresolved(value: UnresolvedValue, index: dict[str, int]) -> Json:
    return {
        "ruleId": visible(value.rule.id),
        "ruleIndex": index[value.rule.id],
        "kind": "open",
        "level": "none",
        "message": {"text": sarif_message(printable(value.message) or value.rule.id)},
        "locations": [_location(value.place)],
        "partialFingerprints": {_FINGERPRINT: _digest(value.rule, value.place)},
    }


def _crash(crash: Crash, index: dict[str, int]) -> Json:
    return {
        "level": "error",
        "message": {"text": sarif_message(crash_sentence(crash))},
        "associatedRule": {"id": visible(crash.rule.id), "index": index[crash.rule.id]},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(crash.path)}}],
    }


def _cut(count: int) -> Json:
    text = f"{plural(count, 'result')} left out, the least severe: a run may hold {_RESULTS:,}"
    return {"level": "warning", "message": {"text": text}}


def _links(mentions: tuple[Mention, ...]) -> list[str]:
    """Mentions as links to related places: GitHub only shows the places that are linked."""
    links = [
        f"[{_sentence(mention)}]({number})" for number, mention in enumerate(mentions[:_LINKS], 1)
    ]
    left = len(mentions) - len(links)
    return [*links, f"and {plural(left, 'more place')}"] if left else links


def _sentence(mention: Mention) -> str:
    return sarif_message(printable(mention.sentence) or where(mention.place))


def _location(place: Place, message: str = "") -> Json:
    """A place, with its name and a message if it has them."""
    location: Json = {
        "physicalLocation": {
            "artifactLocation": _artifact(place.path),
            "region": _region(place),
        }
    }
    if place.field:
        name = shortened(visible(place.field), SENTENCE)
        location["logicalLocations"] = [{"fullyQualifiedName": name}]
    return location | ({"message": {"text": message}} if message else {})


def _region(place: Place) -> Json:
    """A range; columns count code points, and the end stands after the last character."""
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _artifact(path: str) -> Json:
    address = uri(path)
    return {"uri": address} if address.startswith("file:") else {"uri": address, "uriBaseId": _ROOT}


def _prose(text: str) -> str:
    return visible(" ".join(text.split()))


def _digest(rule: Rule, place: Place) -> str:
    identity = "\0".join([rule.id, place.path, place.field])
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
