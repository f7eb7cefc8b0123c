"""The results of a SARIF report: findings, unresolved values, and what no longer occurs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from dativo_lint.documents.place import Place
from dativo_lint.edits.fix import Fix
from dativo_lint.findings.finding import Crash, Finding, Mention, UnresolvedValue
from dativo_lint.findings.report import Report
from dativo_lint.reports.escape import Json, sarif_message, shortened, uri, visible
from dativo_lint.reports.line_hashes import LineHashes
from dativo_lint.reports.sarif_limits import PLACES
from dativo_lint.reports.sentences import (
    SENTENCE,
    crash_sentence,
    plural,
    printable,
    reason_of,
    where,
)
from dativo_lint.reports.style import Style

ROOT = "%SRCROOT%"
_LINE_HASH = "primaryLocationLineHash"
_FINGERPRINT = "dativoLint/v1"
_LINKS = 20

_Answer = Finding | UnresolvedValue
Group = tuple[str, Sequence[_Answer]]
"""Answers with their state against a baseline."""


def results(
    report: Report, groups: Sequence[Group], index: Mapping[str, int], style: Style
) -> Iterator[Json]:
    """The results of a run, in their order; `index` has the numbers of rules."""
    has_states = not style.alerts_only and bool(report.baseline or report.only_new)
    has_suppressions = any(map(_is_suppressed, chain.from_iterable(each for _, each in groups)))
    present = (answer.place for state, each in groups if state != "absent" for answer in each)
    hashes = LineHashes(present, style.content)
    for state, answer in ((state, answer) for state, answers in groups for answer in answers):
        fingerprints = {_FINGERPRINT: _fingerprint(answer)}
        if state != "absent" and (line_hash := hashes.at(answer.place)):
            fingerprints = {_LINE_HASH: line_hash, **fingerprints}
        result = {
            "ruleId": visible(answer.rule.id),
            "ruleIndex": index[answer.rule.id],
            "locations": [_location(answer.place)],
            "partialFingerprints": fingerprints,
            **(_finding(answer) if isinstance(answer, Finding) else _unresolved(answer)),
        }
        if has_states:
            result["baselineState"] = state
        # All results of a run have them, or none.
        if has_suppressions:
            result["suppressions"] = _suppressions(answer)
        yield result


def _is_suppressed(answer: _Answer) -> bool:
    return isinstance(answer, Finding) and answer.suppression is not None


def _finding(finding: Finding) -> Json:
    message = _message(finding)
    result: Json = {
        "level": finding.severity.value,
        "message": {"text": "\n".join([message, *_links(finding.mentions)])},
    }
    if finding.mentions:
        steps = [
            _location(mention.place, _sentence(mention)) for mention in finding.mentions[:PLACES]
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
        replacement: Json = {"deletedRegion": _region(edit.place)}
        if edit.text:
            replacement["insertedContent"] = {"text": edit.text}
        changes.setdefault(edit.place.path, []).append(replacement)
    title = printable(fix.title) if fix.is_safe else f"{printable(fix.title)} (unsafe)"
    return {
        "description": {"text": sarif_message(title)},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }


def _suppressions(answer: _Answer) -> list[Json]:
    if not isinstance(answer, Finding) or answer.suppression is None:
        return []
    by = answer.suppression
    suppression: Json = {
        "kind": "external" if by.paths else "inSource",
        "status": "accepted",
        "justification": reason_of(answer),
        "location": _location(by.place),
    }
    details = {name: getattr(by, name) for name in ("owner", "ticket")}
    if properties := {name: visible(text) for name, text in details.items() if text}:
        suppression["properties"] = properties
    return [suppression]


def _unresolved(value: UnresolvedValue) -> Json:
    return {
        "kind": "open",
        "level": "none",
        "message": {"text": _message(value)},
    }


def _message(answer: _Answer) -> str:
    return sarif_message(printable(answer.message.strip()) or answer.rule.id)


def _fingerprint(answer: _Answer) -> str:
    """The identity of an answer, which does not depend on lines."""
    if isinstance(answer, Finding) and answer.fingerprint:
        return answer.fingerprint
    identity = "\0".join([answer.rule.id, answer.place.path, answer.place.field])
    return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()


def crash_notification(crash: Crash, index: Mapping[str, int]) -> Json:
    """A crash as a notification of the run."""
    rule: Json = {"id": visible(crash.rule.id)}
    if crash.rule.id in index:
        rule["index"] = index[crash.rule.id]
    return {
        "level": "error",
        "message": {"text": sarif_message(crash_sentence(crash))},
        "associatedRule": rule,
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(crash.path)}}],
    }


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
    return {"uri": address} if address.startswith("file:") else {"uri": address, "uriBaseId": ROOT}
