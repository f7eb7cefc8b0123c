"""Versions of Terraform: which ones a module admits, and where their semantics part ways."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeAlias

from msgspec import Struct

Version: TypeAlias = tuple[int, int, int]

_CONSTRAINT: Final = (
    r"\s*([!<>]?=|[<>]|~>|)\s*v?([0-9]+(?:\.[0-9]+)*)"
    r"(?:-[0-9A-Za-z.~-]+)?(?:\+[0-9A-Za-z.~-]+)?\s*\Z"
)
_ENDLESS: Final[Version] = (1 << 30, 0, 0)


class Semantics(Struct, frozen=True, eq=False):
    """What expressions mean to the versions of Terraform from `since` up to the next epoch.

    `short_circuits`: `&&` and `||` are decided by one operand where that is enough
    (https://github.com/hashicorp/terraform/pull/36224). `searches_null`: `contains` looks for null
    instead of refusing it (https://github.com/hashicorp/terraform/pull/38792). `reads_others`: the
    condition of a variable may refer to more than the variable
    (https://github.com/hashicorp/terraform/blob/v1.9/CHANGELOG.md).
    """

    since: Version
    short_circuits: bool
    searches_null: bool
    reads_others: bool

    def __str__(self) -> str:
        return ".".join(map(str, self.since[: 3 if self.since[2] else 2]))


EPOCHS: Final = (
    Semantics((0, 13, 0), short_circuits=False, searches_null=False, reads_others=False),
    Semantics((1, 9, 0), short_circuits=False, searches_null=False, reads_others=True),
    Semantics((1, 12, 0), short_circuits=True, searches_null=False, reads_others=True),
    Semantics((1, 16, 0), short_circuits=True, searches_null=True, reads_others=True),
)
"""Oldest first; conditions of variables exist from 0.13."""
NEWEST: Final = EPOCHS[-1]


def read_constraint(text: str) -> re.Match[str] | None:
    """One constraint in its parts, operator and numbers; None for what is none."""
    return re.match(_CONSTRAINT, text)


def admitted(constraints: Iterable[str]) -> tuple[Semantics, ...]:
    """The epochs of which the `required_version` settings of a module allow a version; all where
    one cannot be read, or no version meets them."""
    spans = [((0, 0, 0), _ENDLESS)]
    for constraint in constraints:
        for part in constraint.split(","):
            allowed = _spans(part)
            if allowed is None:
                return EPOCHS
            spans = [both for left in spans for right in allowed if (both := _both(left, right))]
    ends = [epoch.since for epoch in EPOCHS[1:]] + [_ENDLESS]
    match = tuple(
        epoch
        for epoch, end in zip(EPOCHS, ends, strict=True)
        if any(_both(span, (epoch.since, end)) for span in spans)
    )
    return match or EPOCHS


_Span: TypeAlias = tuple[Version, Version]
"""From a version, included, up to another, excluded."""


def _both(left: _Span, right: _Span) -> _Span | None:
    start, end = max(left[0], right[0]), min(left[1], right[1])
    return (start, end) if start < end else None


def _spans(constraint: str) -> list[_Span] | None:
    """The versions that one constraint admits, or None for what is no constraint."""
    match = read_constraint(constraint)
    if match is None or len(match[2]) > 40:
        return None
    operator, numbers = match[1], [int(number) for number in match[2].split(".")]
    version = _version(numbers)
    after = _version([*version[:2], version[2] + 1])
    start: Version = (0, 0, 0)
    if operator == "~>":
        # Only the last number that is written may grow; with a single one there is no end.
        end = _version([*numbers[:-2], numbers[-2] + 1]) if len(numbers) > 1 else _ENDLESS
        return [(version, end)]
    return {
        "": [(version, after)],
        "=": [(version, after)],
        "!=": [(start, version), (after, _ENDLESS)],
        ">=": [(version, _ENDLESS)],
        ">": [(after, _ENDLESS)],
        "<": [(start, version)],
        "<=": [(start, after)],
    }[operator]


def _version(numbers: list[int]) -> Version:
    major, minor, patch = [*numbers, 0, 0, 0][:3]
    return major, minor, patch
