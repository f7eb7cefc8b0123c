"""Scalars: what a plain word of YAML 1.1 stands for, exactly as PyYAML's safe loader has it.

PyYAML takes 20 ms to import, as long as all that a run over one file may take beside it, so the
numbers, dates and texts that shops usually write are told without it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from datetime import date

_REMEMBERED_LENGTH = 64
_SURE_DIGITS: Final = 15
"""Digits of a number that is of no concern whatever reads it."""
_OF_TEXT: Final = frozenset("ghjklmopqrsuvwyGHJKLMOPQRSUVW/*@,%$()")
"""Characters that stand in no number and in no date."""


def number_or_text(spelled: str) -> Any:
    """The value of a plain scalar that begins with one of `NUMBER_STARTS`.

    Raises NotAValue for what looks like a number or a date and is none, as 2024-99-99.
    """
    if len(spelled) > _REMEMBERED_LENGTH:
        return _resolved(spelled)
    return _remembered(spelled)


def _resolved(spelled: str) -> Any:
    usual = usual_value(spelled)
    if usual is not None:
        return usual
    from dativo_lint.texts.yaml_scalars import resolved

    return resolved(spelled)


def usual_value(spelled: str) -> int | float | date | str | None:
    """The value of a plain scalar of a usual kind; None where PyYAML has to be asked."""
    if not _OF_TEXT.isdisjoint(spelled):
        return spelled
    if not spelled.isascii() or len(spelled) > _SURE_DIGITS:
        return None
    if spelled.isdigit():
        return int(spelled) if spelled[0] != "0" or spelled == "0" else None
    whole, dot, fraction = spelled.partition(".")
    if dot and whole.isdigit() and (not fraction or fraction.isdigit()):
        return float(spelled)
    return _day(spelled)


def _day(spelled: str) -> date | None:
    """The day that is spelled in full, if there is such a day."""
    if len(spelled) != len("2024-01-31") or spelled[4] != "-" or spelled[7] != "-":
        return None
    parts = spelled[:4], spelled[5:7], spelled[8:]
    if not all(map(str.isdigit, parts)):
        return None
    from datetime import date  # it takes 1 ms to import, and few files hold one

    try:
        return date(*map(int, parts))
    except ValueError:
        return None


_remembered = lru_cache(maxsize=8192)(_resolved)
