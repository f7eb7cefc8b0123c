"""a suppression is allowed, complete and used, has not expired, and names known rules"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.violation import Violation
from dativo_lint.documents.place import Field
from dativo_lint.documents.quoting import shown
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.suppression_comment import SuppressionUse
from dativo_lint.names import nearest

if TYPE_CHECKING:
    from dativo_lint.edits.names import Meant

APPLIES_TO = ("suppression",)

_Defects = Iterator[tuple[str, tuple[Fix, ...]]]
"""Messages, each with its fixes."""


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

    def judge(self, use: SuppressionUse) -> Iterator[Violation]:
        """Look for one defect in the use of a suppression."""
        for message, fixes in _DEFECTS[self.defect](use, self):
            yield Violation(use.suppression.place, message, fixes=fixes)


def _unexplained(use: SuppressionUse, _: Check) -> _Defects:
    if use.suppression.fault:
        yield f"invalid suppression comment: {use.suppression.fault}", ()
    elif "reason" in use.missing and not _is_unused(use):
        add = _REASONS[use.suppression.kind]
        yield f"suppression of {_rules(use)} has no reason: add {add}", ()


_REASONS = {"comment": '"because ..."', "setting": 'reason: "..."', "baseline": '"reason": "..."'}
_PARTS = {"until": "last day", "owner": "owner", "ticket": "ticket"}


def _incomplete(use: SuppressionUse, _: Check) -> _Defects:
    parts = [name for part, name in _PARTS.items() if part in use.missing]
    if parts and not use.suppression.fault and not _is_unused(use):
        lacks = " and no ".join(parts)
        yield f"suppression of {_rules(use)} has no {lacks}, which the settings require", ()


def _forbidden(use: SuppressionUse, _: Check) -> _Defects:
    for rule in sorted(use.forbidden):
        yield f"{rule} may never be suppressed, see the settings", ()


def _expired(use: SuppressionUse, _: Check) -> _Defects:
    until, rules = use.suppression.until, _rules(use)
    if until is not None and rules and not use.absent and use.suppression.is_expired(use.today):
        message = f"suppression of {rules} expired on {until.isoformat()}"
        yield message, _removal(use, is_safe=False)


def _expiring(use: SuppressionUse, check: Check) -> _Defects:
    until, kind = use.suppression.until, use.suppression.kind
    if until is None or not use.alike or use.suppression.fault or _is_unused(use):
        return
    left = (until - (use.today or date.today())).days
    if 0 <= left <= check.days:
        what = f"suppression of {_rules(use)} expires"
        if kind == "baseline" and use.alike > 1:
            what = f"{use.alike:,} entries of the baseline expire"
        when = ("today", "tomorrow")[left] if left < 2 else f"in {left:,} days"
        yield f"{what} on {until.isoformat()} ({when})", ()


def _unused(use: SuppressionUse, _: Check) -> _Defects:
    if use.suppression.fault or use.suppression.is_expired(use.today):
        return
    for rule in use.suppression.rules:
        if rule in use.ran - use.accepted - use.forbidden:
            fixes = _removal(use) if _is_unused(use) else _renaming(use, rule)
            yield f"unused suppression: {rule} reports nothing here", fixes


def _absent(use: SuppressionUse, _: Check) -> _Defects:
    if use.absent:
        rule, path = ", ".join(use.suppression.rules), ", ".join(use.suppression.paths)
        times = "" if use.absent == 1 else f" ({use.absent:,} findings)"
        yield f"stale baseline entry: {rule} no longer occurs in {shown(path)}{times}", ()


def _unknown_rule(use: SuppressionUse, _: Check) -> _Defects:
    for rule in use.suppression.rules:
        if rule in use.known.values():
            message = f'"{rule}" is a family, which cannot be suppressed; expected the id of a rule'
            yield message, ()
        elif rule not in use.known:
            from dativo_lint.edits.names import meant  # only a violation needs it

            near = "" if "*" in rule else nearest(rule, use.known)
            name = meant(rule, use.known)
            fixes = _renaming(use, rule, name) if name is not None else ()
            yield f'unknown rule "{shown(rule)}"{near or _NO_ID}', fixes


_NO_ID = "; expected the id of a rule (families and globs are not allowed)"
_DEFECTS: dict[str, Callable[[SuppressionUse, Check], _Defects]] = {
    "unused": _unused,
    "unexplained": _unexplained,
    "incomplete": _incomplete,
    "forbidden": _forbidden,
    "expired": _expired,
    "expiring": _expiring,
    "unknown-rule": _unknown_rule,
    "absent": _absent,
}


def _rules(use: SuppressionUse) -> str:
    """The rules that it may suppress."""
    return ", ".join(rule for rule in use.suppression.rules if rule not in use.forbidden)


def _is_unused(use: SuppressionUse) -> bool:
    """Whether none of its rules reports anything that it may suppress, so that it is to be removed,
    not explained."""
    idle = use.ran - use.accepted | use.forbidden
    return idle.issuperset(use.suppression.rules)


def _removal(use: SuppressionUse, *, is_safe: bool = True) -> tuple[Fix, ...]:
    """The fix that removes a suppression."""
    title, entry = "Remove the suppression", use.entry
    if entry is not None:
        from dativo_lint.edits.removal import remove  # only a violation needs it

        is_only = len(entry.document.value(entry.route[:-1])) == 1
        edit = remove(entry.document, entry.route[:-1] if is_only else entry.route)
    elif use.line:
        from dativo_lint.edits.comments import remove_comment  # only a violation needs it

        edit = remove_comment(use.suppression.place, use.line)
    else:
        return ()
    return (fix(title, edit, is_safe=is_safe),)


def _renaming(use: SuppressionUse, rule: str, new: "Meant | None" = None) -> tuple[Fix, ...]:
    """The fix that writes another rule in place of one, or none."""
    name = "" if new is None else new.name
    title = f"Write {name}" if name else f"Remove {rule} from the suppression"
    if use.entry is not None:
        from dativo_lint.edits.fields import set_value  # only a violation needs it
        from dativo_lint.edits.removal import remove  # only a violation needs it

        document, route = use.entry.document, _named(use.entry, rule)
        edit = set_value(document, route, name) if name else remove(document, route)
    elif use.line:
        from dativo_lint.edits.comments import change_name  # only a violation needs it

        edit = change_name(use.suppression.place, use.line, rule, name)
    else:
        return ()
    return (fix(title, edit, is_safe=new is None or new.is_plain),)


def _named(entry: FieldRef, rule: str) -> Field:
    """Where an entry of the settings names a rule, alone or in a list."""
    rules = entry.child("rules")
    return rules.route if rules.value == rule else (*rules.route, rules.value.index(rule))
