"""How messages show values and names."""

from __future__ import annotations

from typing import Any

LONGEST = 80
"""Characters of a value that a message shows."""
_DIGITS = 10**40


def quoted(value: Any) -> str:
    """A value as messages show it: strings in double quotes, numbers and booleans bare."""
    return f'"{shown(value)}"' if isinstance(value, str) and value else shown(value)


def shown(value: Any) -> str:
    """A name or a part of a message: as written, clipped where it is long, `""` where empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and not -_DIGITS < value < _DIGITS:
        # Python refuses to write very large integers in decimal digits.
        value = hex(value)
    elif value is None:
        return "null"
    elif isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = str(value)
    if len(text) > LONGEST:
        return f"{text[:LONGEST]}..."
    return text or '""'
