"""Functions of points in time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Final

from dativo_lint.terraform.failures import CallFailed
from dativo_lint.terraform.signature import Parameter, function
from dativo_lint.terraform.types import NUMBER, STRING
from dativo_lint.terraform.values import Value, numeric

_TIMESTAMP: Final = (
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))\Z"
)


@function(
    "timecmp", Parameter("timestamp_a", STRING), Parameter("timestamp_b", STRING), returns=NUMBER
)
def _timecmp(first: Value, second: Value) -> Value:
    one, other = _point_in_time(first, 0), _point_in_time(second, 1)
    return numeric((one > other) - (one < other))


def _point_in_time(value: Value, argument: int) -> tuple[datetime, str]:
    """A timestamp, to the second and with the digits behind it. Raises CallFailed."""
    found = re.match(_TIMESTAMP, value.data)
    if found is None:
        raise CallFailed("not a valid RFC3339 timestamp", argument)
    *parts, fraction, sign, hours, minutes = found.groups()
    try:
        point = datetime(*map(int, parts), tzinfo=timezone.utc)  # type: ignore[arg-type,misc]
        if sign:
            if int(hours) > 24 or int(minutes) > 60:
                raise ValueError("offset out of range")
            shift = timedelta(hours=int(hours), minutes=int(minutes))
            point = point - shift if sign == "+" else point + shift
    except (ValueError, OverflowError):
        raise CallFailed("not a valid RFC3339 timestamp: day out of range", argument) from None
    return point, (fraction or "").ljust(9, "0")[:9]
