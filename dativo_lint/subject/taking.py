"""Taking: what a variable makes of a job's plain data; jobs that say the same share the answer."""

from __future__ import annotations

import marshal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dativo_lint.subject.said import is_open
from dativo_lint.terraform.judge import Taken, take
from dativo_lint.terraform.types import TooMuch
from dativo_lint.terraform.values import NotAValue, Unknown, Value, unknown, value_of
from dativo_lint.texts.document import ABSENT

if TYPE_CHECKING:
    from dativo_lint.terraform.declarations import Variable

_PLAIN = frozenset({str, int, float, bool, type(None), type(ABSENT)})
_AT_RUN_TIME = "it is known at run time only"


def is_plain(data: Any) -> bool:
    """Whether data is a single value, or `ABSENT`."""
    return data.__class__ in _PLAIN


def fingerprint(data: Any) -> bytes | None:
    """A key to what cannot be hashed; None for a date, or a whole number beyond all measure."""
    try:
        return marshal.dumps(data, 2)  # the version without references in it
    except ValueError:
        return None


def taken(variable: Variable, data: Any) -> Taken:
    """What a variable takes of a job's data."""
    if is_plain(data):
        return _taken_plain(variable, data)
    key = fingerprint(data)
    return take(variable, in_terraform(data)) if key is None else _taken_collection(variable, key)


@lru_cache(maxsize=1_024, typed=True)
def _taken_plain(variable: Variable, data: Any) -> Taken:
    return take(variable, in_terraform(data))


@lru_cache(maxsize=256)
def _taken_collection(variable: Variable, data: bytes) -> Taken:
    return take(variable, in_terraform(marshal.loads(data)))  # noqa: S302 - it was made here


def in_terraform(data: Any) -> Value:
    """Plain data of a job as Terraform is given it; what is open in it is unknown."""
    if data is ABSENT:
        return unknown(_AT_RUN_TIME)
    try:
        return value_of(_with_unknown(data))
    except (NotAValue, TooMuch) as error:
        return unknown(str(error))


def _with_unknown(data: Any) -> Any:
    """Plain data with what is open in it marked; it nests no deeper than a document may."""
    if is_open(data):
        return Unknown(_AT_RUN_TIME)
    if isinstance(data, dict):
        if any(map(is_open, data)):
            return Unknown(_AT_RUN_TIME)
        return {key: _with_unknown(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_with_unknown(value) for value in data]
    return data
