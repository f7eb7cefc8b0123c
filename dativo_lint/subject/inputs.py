"""Inputs: what a job gives to variables, as the plain texts and maps of texts that recipes take."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dativo_lint.subject.fitting import NOT_GIVEN
from dativo_lint.terraform.judge import take
from dativo_lint.terraform.recipes import LONGEST_TEXT, MOST_CHARACTERS, MOST_ENTRIES, Need
from dativo_lint.terraform.values import plain

if TYPE_CHECKING:
    from dativo_lint.subject.handover import Handover
    from dativo_lint.terraform.declarations import Variable


def inputs_for(needs: Sequence[Need], handover: Handover) -> dict[str, Any] | None:
    """What some variables are given, by name.

    None where that is not known, or where one is given what Terraform might make something else of.
    """
    if handover.all_open or handover.asset_is_unknown:
        return None
    found: dict[str, Any] = {}
    given = handover.data([variable.name for variable, _ in needs])
    for (variable, kind), handed in zip(needs, given, strict=True):
        data = _default(variable) if handed is NOT_GIVEN else handed
        if not (_is_text(data) if kind == "text" else _is_map(data)):
            return None
        found[variable.name] = data
    return found


def _is_text(data: Any) -> bool:
    if data.__class__ is not str or len(data) > LONGEST_TEXT:
        return False
    return data.isascii() and "${" not in data


def _is_map(data: Any) -> bool:
    if data.__class__ is not dict or len(data) > MOST_ENTRIES:
        return False
    try:
        whole = "".join((*data, *data.values()))
    except TypeError:  # there is something else than texts in it
        return False
    return len(whole) <= MOST_CHARACTERS and whole.isascii() and "${" not in whole


@lru_cache(maxsize=1_024)
def _default(variable: Variable) -> Any:
    """What a variable is that is given nothing; None for what would not be taken as it is."""
    value = take(variable, None).value
    return plain(value) if value.whole else None
