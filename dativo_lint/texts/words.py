"""Words of YAML 1.1: the plain scalars that are no text, and how those begin that may be none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

TAG_PREFIX: Final = "tag:yaml.org,2002:"
STRING_TAG: Final = TAG_PREFIX + "str"

MERGE_KEY: Final = "<<"
VALUE_KEY: Final = "="

WORDS: Final[Mapping[str, bool | None]] = {
    spelled: value
    for word, value in {"yes": True, "no": False, "true": True, "false": False, "on": True,
                        "off": False, "null": None}.items()
    for spelled in (word, word.capitalize(), word.upper())
} | {"~": None, "": None}  # fmt: skip
"""Plain words that stand for a boolean or null; all that are neither start like a number."""

NUMBER_STARTS: Final = frozenset("-+.0123456789")
"""First characters of plain scalars that may stand for a number or a date."""


class NotAValue(ValueError):
    """A scalar that looks like, or is tagged as, something that it cannot be read as."""


def is_literal(spelled: str, value: Any) -> bool:
    """Whether a plain scalar is spelled as its value is written; null is, however it is spelled."""
    if value.__class__ is bool:
        return spelled.lower() in ("true", "false")
    # A date is not, though it looks the same.
    return value is None or (isinstance(value, (int, float, str)) and spelled == str(value))
