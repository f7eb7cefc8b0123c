"""an allowance is explained, in date, used, and names rules that there are"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct

from dativo_lint.checks.breach import Breach, Open
from dativo_lint.checks.wording import nearest, shown
from dativo_lint.subject.allowance import AllowanceUse

APPLIES_TO = ("allowance",)


class Params(Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule gives this check."""

    defect: Annotated[
        Literal["unused", "unexplained", "expired", "unknown-rule"],
        Meta(description="What is looked for in an allowance."),
    ]


def prepare(params: Params) -> Callable[[AllowanceUse], Iterator[Breach | Open]]:
    """Look for one defect in the use of an allowance."""
    return _LOOKS_FOR[params.defect]


def _unexplained(use: AllowanceUse) -> Iterator[Breach]:
    if use.allowance.fault:
        yield Breach(use.allowance.place, f"this allowance allows nothing: {use.allowance.fault}")
    elif not use.allowance.reason:
        rules = ", ".join(use.allowance.rules)
        yield Breach(use.allowance.place, f"{rules} is allowed without a reason; expected: because")


def _expired(use: AllowanceUse) -> Iterator[Breach]:
    until = use.allowance.until
    if until is not None and use.allowance.is_expired(use.today):
        rules = ", ".join(use.allowance.rules)
        yield Breach(use.allowance.place, f"{rules} was allowed until {until.isoformat()}")


def _unused(use: AllowanceUse) -> Iterator[Breach]:
    if use.allowance.fault or use.allowance.is_expired(use.today):
        return
    for rule in use.allowance.rules:
        if rule in use.ran and rule not in use.accepted:
            yield Breach(use.allowance.place, f"nothing here breaks {rule}")


def _unknown_rule(use: AllowanceUse) -> Iterator[Breach]:
    for rule in use.allowance.rules:
        if rule not in use.known:
            hint = nearest(rule, sorted(use.known))
            yield Breach(use.allowance.place, f"there is no rule {shown(rule)}{hint}")


_LOOKS_FOR: dict[str, Callable[[AllowanceUse], Iterator[Breach | Open]]] = {
    "unused": _unused,
    "unexplained": _unexplained,
    "expired": _expired,
    "unknown-rule": _unknown_rule,
}
