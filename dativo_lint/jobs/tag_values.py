"""Tag values: how the platform converts the values of tags."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dativo_lint.jobs.field_ref import is_open

Convert = Callable[[Any], str | None]
"""What a written value becomes as a tag; None where it sets none."""


def words(value: Any) -> tuple[str, ...]:
    """The items of a list, or of a string with commas, without duplicates, in order."""
    parts: Iterable[str]
    if isinstance(value, list):
        parts = (str(part).strip() for part in value if is_single(part))
    else:
        parts = (part.strip() for part in str(value).split(",") if is_single(value))
    return tuple(dict.fromkeys(part for part in parts if part))


def is_single(value: Any) -> bool:
    """Whether a value is a scalar, and not null."""
    return value is not None and not isinstance(value, (dict, list))


def as_text(value: Any) -> str | None:
    """As written; null, empty text, zero, false, lists and mappings set nothing."""
    return str(value) if value and is_single(value) else None


def as_days(value: Any) -> str | None:
    """As written; unlike elsewhere, 0 is a value."""
    return "0" if value == 0 and value is not False else as_text(value)


def as_lower(value: Any) -> str | None:
    """In lower case, unless it is known only when the job runs."""
    text = as_text(value)
    return text if text is None or is_open(text) else text.lower()


def as_column(value: Any) -> str | None:
    """In lower case; an empty one is an empty tag."""
    return "" if value == "" else as_lower(value)


def as_classification(value: Any) -> str | None:
    """In lower case; of a list the first entry only."""
    if isinstance(value, list):
        value = value[0] if value else None
    return as_lower(value)


def as_joined(value: Any) -> str | None:
    """The items of a list with commas between them."""
    if isinstance(value, list):
        return ",".join(str(part) for part in value if is_single(part)) or None
    return as_text(value)


def as_united(value: Any) -> str | None:
    """The items of a list or a string with commas, joined by commas, without duplicates."""
    return ",".join(words(value)) or None if value else None


def as_scalar(value: Any) -> str:
    """Any value as text; a tag of the infrastructure may be empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def as_memory(value: Any) -> str | None:
    """A size in MiB; the platform's model reads 2048.0 and "2048" as 2048."""
    number = as_number(value)
    if number is None:
        return as_text(value)
    if number == 0:
        return None
    return str(int(number)) if number == number // 1 else str(value)


def as_vcpu(value: Any) -> str | None:
    """A number of vCPU; the platform's model makes a float of it, so 1 becomes 1.0."""
    number = as_number(value)
    if number is None:
        return as_text(value)
    return None if number == 0 else str(number)


def as_number(value: Any) -> float | None:
    """A size as the platform's model reads it; None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None
