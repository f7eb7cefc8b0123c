"""What the readers of usual YAML share: their plain scalars, and how they say that it is none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from dativo_lint.texts.scalars import number_or_text
from dativo_lint.texts.words import MERGE_KEY, VALUE_KEY, WORDS, is_literal


class Unusual(Exception):
    """The text holds something that is left to a parser which knows more of YAML."""


_REMEMBERED_LENGTH: Final = 64
_MOST_REMEMBERED: Final = 2048
REMEMBERED: Final[dict[str, tuple[Any, bool]]] = {}
"""What `plain` has answered."""

SPECIAL: Final = frozenset({*WORDS, MERGE_KEY, VALUE_KEY})
"""Plain scalars that are no text, though they do not begin like numbers."""


class Values(NamedTuple):
    """The data of each document of a text; `is_literal` as of documents."""

    data: Sequence[Any]
    is_literal: bool


def plain(spelled: str) -> tuple[Any, bool]:
    """The value of a plain scalar that may be no text, and whether it is spelled like that.

    Raises Unusual, and NotAValue.
    """
    if spelled in (MERGE_KEY, VALUE_KEY):
        raise Unusual
    value = WORDS[spelled] if spelled in WORDS else number_or_text(spelled)
    found = value, is_literal(spelled, value)
    if len(spelled) <= _REMEMBERED_LENGTH and len(REMEMBERED) < _MOST_REMEMBERED:
        REMEMBERED[spelled] = found
    return found
