"""a suppression is allowed, complete and used, has not expired, and names known rules"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Violation
from dativo_lint.documents.place import Field
from dativo_lint.documents.quoting import shown
from dativo_lint.edits.comments import change_name, remove_comment
from dativo_lint.edits.fields import set_value
from dativo_lint.edits.fix import Edit, Fix, NotExact, fix
from dativo_lint.edits.names import meant
from dativo_lint.edits.removal import remove
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.suppression_comment import SuppressionUse
from dativo_lint.names import nearest

APPLIES_TO = ("suppression",)


class Check(RuleParams, frozen=True):
    defect: Annotated[
        Literal[
            "unused",
            "unexplained",
            "incomplete",
            "forbidden",
            "expired",
            "expiring",
            "unknown-rule",
            "absent",
        ],
        about("What is reported about a suppression."),
    ]
    days: Annotated[
        int, Meta(ge=0, description="How many days before its end an expiring one is reported.")
    ] = 14

    def judge(self, use: SuppressionUse) -> Iterable[Violation]:
        """Look for one defect in the use of a suppression."""
        if self.defect == "expiring":
            return _expiring(use, self.days)
        return _LOOKS_FOR[self.defect](use)


def _unexplained(use: SuppressionUse) -> Iterator[Violation]:
    if use.suppression.fault:
        yield Violation(
            use.suppression.place, f"invalid suppression comment: {use.suppression.fault}"
        )
    elif "reason" in use.missing and not _is_unused(use):
        message = (
            f"suppression of {_rules(use)} has no reason: add {_REASONS[use.suppression.kind]}"
        )
        yield Violation(use.suppression.place, message)


_REASONS = {"comment": '"because ..."', "setting": 'reason: "..."', "baseline": '"reason": "..."'}
_PARTS = {"until": "last day", "owner": "owner", "ticket": "ticket"}


def _incomplete(use: SuppressionUse) -> Iterator[Violation]:
    parts = [name for part, name in _PARTS.items() if part in use.missing]
    if parts and not use.suppression.fault and not _is_unused(use):
        message = f"suppression of {_rules(use)} has no {' and no '.join(parts)}"
        yield Violation(use.suppression.place, f"{message}, which the settings require")


def _forbidden(use: SuppressionUse) -> Iterator[Violation]:
    for rule in sorted(use.forbidden):
        yield Violation(use.suppression.place, f"{rule} may never be suppressed, see the settings")


def _expired(use: SuppressionUse) -> Iterator[Violation]:
    until = use.suppression.until
    if (
        until is not None
        and _rules(use)
        and not use.absent
        and use.suppression.is_expired(use.today)
    ):
        message = f"suppression of {_rules(use)} expired on {until.isoformat()}"
        yield Violation(use.suppression.place, message, fixes=_removal(use, is_safe=False))


def _expiring(use: SuppressionUse, days: int) -> Iterator[Violation]:
    until, kind = use.suppression.until, use.suppression.kind
    if until is None or not use.alike or use.suppression.fault or _is_unused(use):
        return
    left = (until - (use.today or date.today())).days
    if 0 <= left <= days:
        what = f"suppression of {_rules(use)} expires"
        if kind == "baseline" and use.alike > 1:
            what = f"{use.alike:,} entries of the baseline expire"
        when = ("today", "tomorrow")[left] if left < 2 else f"in {left:,} days"
        yield Violation(use.suppression.place, f"{what} on {until.isoformat()} ({when})")


def _rules(use: SuppressionUse) -> str:
    """The rules that it may suppress."""
    return ", ".join(rule for rule in use.suppression.rules if rule not in use.forbidden)


def _is_unused(use: SuppressionUse) -> bool:
    """Whether none of its rules reports anything that it may suppress, so that it is to be removed,
    not explained."""
    idle = use.ran - use.accepted | use.forbidden
    return idle.issuperset(use.suppression.rules)


def _unused(use: SuppressionUse) -> Iterator[Violation]:
    if use.suppression.fault or use.suppression.is_expired(use.today):
        return
    for rule in use.suppression.rules:
        if rule in use.ran - use.accepted - use.forbidden:
            message = f"unused suppression: {rule} reports nothing here"
            fixes = _removal(use) if _is_unused(use) else _shortening(use, rule)
            yield Violation(use.suppression.place, message, fixes=fixes)


def _removal(use: SuppressionUse, *, is_safe: bool = True) -> tuple[Fix, ...]:
    """The fix that removes a suppression."""
    title, entry = "Remove the suppression", use.entry
    if entry is not None:
        is_only = len(entry.document.value(entry.route[:-1])) == 1
        edit = remove(entry.document, entry.route[:-1] if is_only else entry.route)
    elif use.line:
        edit = remove_comment(use.suppression.place, use.line)
    else:
        return ()
    return (fix(title, edit, is_safe=is_safe),)


def _renaming(use: SuppressionUse, rule: str, new: str = "") -> Edit | NotExact | None:
    """Another rule in place of one, or none; None where the suppression is not written anywhere."""
    if use.entry is not None:
        document, route = use.entry.document, _named(use.entry, rule)
        return set_value(document, route, new) if new else remove(document, route)
    return change_name(use.suppression.place, use.line, rule, new) if use.line else None


def _shortening(use: SuppressionUse, rule: str) -> tuple[Fix, ...]:
    """The fix that removes a rule from a suppression."""
    edit = _renaming(use, rule)
    return () if edit is None else (fix(f"Remove {rule} from the suppression", edit),)


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
            near = "" if "*" in rule else nearest(rule, sorted(use.known))
            message = f'unknown rule "{shown(rule)}"{near or _NO_ID}'
            yield Violation(use.suppression.place, message, fixes=_respelling(use, rule))


def _named(entry: FieldRef, rule: str) -> Field:
    """Where an entry of the settings names a rule, alone or in a list."""
    rules = entry.child("rules")
    return rules.route if rules.value == rule else (*rules.route, rules.value.index(rule))


def _respelling(use: SuppressionUse, rule: str) -> tuple[Fix, ...]:
    """The fix that writes the rule that was meant."""
    name = meant(rule, use.known)
    edit = _renaming(use, rule, name.name) if name is not None else None
    if name is None or edit is None:
        return ()
    return (fix(f"Write {name.name}", edit, is_safe=name.is_plain),)


_NO_ID = "; expected the id of a rule (families and globs are not allowed)"

_LOOKS_FOR: dict[str, Callable[[SuppressionUse], Iterator[Violation]]] = {
    "unused": _unused,
    "unexplained": _unexplained,
    "incomplete": _incomplete,
    "forbidden": _forbidden,
    "expired": _expired,
    "unknown-rule": _unknown_rule,
    "absent": _absent,
}
