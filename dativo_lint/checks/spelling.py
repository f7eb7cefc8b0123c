"""Spellings: plain scalars as written in a file, and how YAML 1.1 reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from dativo_lint.documents.document import Document
from dativo_lint.documents.place import Field
from dativo_lint.documents.quoting import shown
from dativo_lint.documents.yaml_values import reads_as_written

_NOT_PLAIN = ("'", '"', "|", ">", "[", "{")
_LONGEST = 200


def plain_spelling(document: Document, route: Field) -> str | None:
    """A plain scalar as written; None for what is quoted or a block, and in JSON."""
    if document.path.lower().endswith(".json"):
        return None
    raw = document.raw(route)
    if raw is None or len(raw) > _LONGEST or raw.startswith(_NOT_PLAIN):
        return None
    return raw


def made_of(value: Any) -> str:
    """How YAML reads a scalar, as messages write it."""
    from datetime import date  # for messages

    return "a date" if isinstance(value, date) else shown(value)


def oddity(spelled: str, value: Any) -> str | None:
    """Why a plain scalar does not read as what it looks like: a key of `ODDITIES`, or None."""
    if reads_as_written(spelled, value):
        return None
    if isinstance(value, bool):
        return "boolean-word"
    if not isinstance(value, (int, float)):
        from datetime import date  # then it is there already

        return "date" if isinstance(value, date) else None
    for name, pattern in _NUMBERS.items():
        if re.fullmatch(pattern, spelled):
            return name
    return "rewritten-number"


ODDITIES: Mapping[str, str] = {
    "boolean-word": "yes, no, on and off, which become true and false",
    "date": "2026-01-01, which becomes a date",
    "octal": "0123, which becomes 83",
    "base-60": "1:30, which becomes 90",
    "hexadecimal": "0x10, which becomes 16",
    "binary": "0b11, which becomes 3",
    "underscores": "1_000, which becomes 1000",
    "plus-sign": "+49, which becomes 49",
    "trailing-zero": "1.10, which becomes 1.1",
    "rewritten-number": "any other number that is not written back as it was",
}
"""Every way in which a plain scalar can be another value than it looks, with an example."""

# Compiled for the first number that YAML would write differently.
_NUMBERS = {
    "base-60": r"[-+]?[0-9_]+(?::[0-9]+)+(?:\.[0-9_]*)?",
    "hexadecimal": r"[-+]?0x[0-9a-fA-F_]+",
    "binary": r"[-+]?0b[01_]+",
    "octal": r"[-+]?0[0-7_]+",
    "underscores": r"(?i)[-+]?[0-9_.]*_[0-9_.]*(?:e[-+][0-9]+)?",
    "plus-sign": r"\+.*",
    "trailing-zero": r"-?[0-9]*\.[0-9]+0",
}
