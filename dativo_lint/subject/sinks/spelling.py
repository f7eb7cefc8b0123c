"""Spelling: the texts that sinks make of scalars, which are not the same everywhere."""

from __future__ import annotations

from math import isfinite
from typing import Any


def in_terraform(value: Any) -> str | None:
    """The text that Terraform converts a scalar to; None for what it makes no text of.

    `1.0` becomes `1`, and true `true`:
    https://developer.hashicorp.com/terraform/language/expressions/types#type-conversion.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (isinstance(value, float) and isfinite(value)):
        # Of zero, Terraform keeps the sign.
        is_negative_zero = isinstance(value, float) and repr(value) == "-0.0"
        return "-0" if is_negative_zero else _number(value)
    return None


def _number(value: int | float) -> str | None:
    # Few jobs write numbers where text belongs.
    from dativo_lint.terraform.numbers import number, spell_number
    from dativo_lint.terraform.types import TooMuch

    try:
        return spell_number(number(value))
    except TooMuch:
        return None


def in_iceberg(value: Any) -> str | None:
    """The text that pyiceberg keeps of a property; None for what it refuses.

    Numbers and lists are spelled as Python spells them, so `1.0` stays `1.0`.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return None if value is None else str(value)
    except ValueError:
        return None  # Python refuses to write very large integers in decimal digits
