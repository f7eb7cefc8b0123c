"""a suppression has a reason, has not expired, is used, and names known rules"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from dativo_lint.checks.messages import nearest
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Judge, Violation
from dativo_lint.documents.quoting import shown
from dativo_lint.jobs.suppression_comment import SuppressionUse

APPLIES_TO = ("suppression",)


class Params(RuleParams, frozen=True):
    defect: Annotated[
        Literal["unused", "unexplained", "expired", "unknown-rule", "absent"],
        about("What is reported about a suppression."),
    ]


def prepare(params: Params) -> Judge:
    """Look for one defect in the use of a suppression."""
    return _LOOKS_FOR[params.defect]


def _unexplained(use: SuppressionUse) -> Iterator[Violation]:
    if use.suppression.fault:
        yield Violation(
            use.suppression.place, f"invalid suppression comment: {use.suppression.fault}"
        )
    elif not use.suppression.reason and use.suppression.since is None and not _is_unused(use):
        rules = ", ".join(use.suppression.rules)
        # One of the settings has paths, and a field for the reason.
        form = 'reason: "..."' if use.suppression.paths else '"because ..."'
        yield Violation(use.suppression.place, f"suppression of {rules} has no reason: add {form}")


def _expired(use: SuppressionUse) -> Iterator[Violation]:
    until = use.suppression.until
    if until is not None and use.suppression.is_expired(use.today):
        rules = ", ".join(use.suppression.rules)
        yield Violation(
            use.suppression.place, f"suppression of {rules} expired on {until.isoformat()}"
        )


def _is_unused(use: SuppressionUse) -> bool:
    """Whether none of its rules reports anything, so that it is to be removed, not explained."""
    return all(rule in use.ran and rule not in use.accepted for rule in use.suppression.rules)


def _unused(use: SuppressionUse) -> Iterator[Violation]:
    is_baseline = use.suppression.since is not None
    if is_baseline or use.suppression.fault or use.suppression.is_expired(use.today):
        return
    for rule in use.suppression.rules:
        if rule in use.ran and rule not in use.accepted:
            yield Violation(
                use.suppression.place, f"unused suppression: {rule} reports nothing here"
            )


def _absent(use: SuppressionUse) -> Iterator[Violation]:
    if use.absent:
        rule, path = ", ".join(use.suppression.rules), ", ".join(use.suppression.paths)
        times = "" if use.absent == 1 else f" ({use.absent:,} findings)"
        message = f"stale baseline entry: {rule} no longer occurs in {shown(path)}{times}"
        yield Violation(use.suppression.place, message)


def _unknown_rule(use: SuppressionUse) -> Iterator[Violation]:
    for rule in use.suppression.rules:
        if rule in use.known.values():
            message = f'"{rule}" is a family, which cannot be suppressed; expected the id of a rule'
            yield Violation(use.suppression.place, message)
        elif rule not in use.known:
            near = "" if "*" in rule else nearest(rule.lower(), sorted(use.known))
            yield Violation(use.suppression.place, f'unknown rule "{shown(rule)}"{near or _NO_ID}')


_NO_ID = "; expected the id of a rule (families and globs are not allowed)"

_LOOKS_FOR: dict[str, Judge] = {
    "unused": _unused,
    "unexplained": _unexplained,
    "expired": _expired,
    "unknown-rule": _unknown_rule,
    "absent": _absent,
}
