"""Functions of points in time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from msgspec import Struct

from dativo_lint.terraform.failures import CallFailed, NotKnown
from dativo_lint.terraform.functions import plain_function
from dativo_lint.terraform.types import NUMBER, STRING, quoted

_TIMESTAMP: Final = (
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]+))?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))\Z"
)
_DURATION: Final = r"([0-9]{1,12}\.?[0-9]{0,12}|\.[0-9]{1,12})(ns|us|µs|μs|ms|s|m|h)"
_NANOSECONDS: Final = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9}
_LONGEST: Final = 1 << 63
_VERBS: Final = {
    "YYYY": "{0:%Y}",
    "YY": "{0:%y}",
    "MMMM": "{0:%B}",
    "MMM": "{0:%b}",
    "MM": "{0:%m}",
    "M": "{0.month}",
    "DD": "{0:%d}",
    "D": "{0.day}",
    "EEEE": "{0:%A}",
    "EEE": "{0:%a}",
    "hh": "{0:%H}",
    "h": "{0.hour}",
    "HH": "{1:02}",
    "H": "{1}",
    "AA": "{2}",
    "aa": "{3}",
    "mm": "{0:%M}",
    "m": "{0.minute}",
    "ss": "{0:%S}",
    "s": "{0.second}",
}


class _Timestamp(Struct, frozen=True):
    """A point in time as a clock on the spot shows it, to the nanosecond, and its `zone`."""

    local: datetime
    nanoseconds: int
    offset: timedelta
    zone: str

    @property
    def order(self) -> tuple[datetime, int]:
        """The key by which times are compared."""
        return self.local - self.offset, self.nanoseconds


def _timestamp(value: str, argument: int = -1) -> _Timestamp:
    """The point in time that a text spells. Raises CallFailed."""
    match = re.match(_TIMESTAMP, value)
    if match is None:
        raise CallFailed("not a valid RFC3339 timestamp", argument)
    *parts, fraction, sign, hours, minutes = match.groups()
    try:
        local = datetime(*map(int, parts))  # type: ignore[arg-type]
        if sign and (int(hours) > 24 or int(minutes) > 60):
            raise ValueError("offset out of range")
        offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        offset = -offset if sign == "-" else offset
        nanoseconds = int((fraction or "").ljust(9, "0")[:9])
        stamp = _Timestamp(local, nanoseconds, offset, f"{sign}{hours}:{minutes}")
        _ = stamp.order
    except (ValueError, OverflowError):
        raise CallFailed("not a valid RFC3339 timestamp: day out of range", argument) from None
    return stamp if offset else _Timestamp(local, nanoseconds, offset, "Z")


@plain_function("timecmp", timestamp_a=STRING, timestamp_b=STRING, returns=NUMBER)
def _timecmp(first: str, second: str) -> int:
    first_order, second_order = _timestamp(first, 0).order, _timestamp(second, 1).order
    return (first_order > second_order) - (first_order < second_order)


@plain_function("timeadd", timestamp=STRING, duration=STRING, returns=STRING)
def _timeadd(timestamp: str, duration: str) -> str:
    stamp = _timestamp(timestamp)
    sign = -1 if duration.startswith("-") else 1
    unsigned = duration[1:] if duration[:1] in ("+", "-") else duration
    parts = re.findall(_DURATION, unsigned)
    if unsigned != "0" and (not parts or "".join(map("".join, parts)) != unsigned):
        raise CallFailed(f"time: invalid duration {quoted(duration)}")
    units = {**_NANOSECONDS, "µs": 1_000, "μs": 1_000, "h": 3_600 * 10**9}
    added = sum(int(Fraction(f"0{number.rstrip('.')}") * units[unit]) for number, unit in parts)
    if added >= _LONGEST:
        raise CallFailed(f"time: invalid duration {quoted(duration)}")
    seconds = (stamp.nanoseconds + sign * added) // 10**9
    try:
        moved = stamp.local + timedelta(seconds=seconds)
    except OverflowError:
        raise NotKnown("timeadd() of a year beyond 9999 is not evaluated") from None
    return f"{moved:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + stamp.zone


@plain_function("formatdate", format=STRING, time=STRING, returns=STRING)
def _formatdate(template: str, time: str) -> str:
    stamp = _timestamp(time, 1)
    local, hour = stamp.local, stamp.local.hour % 12 or 12
    half = "AM" if stamp.local.hour < 12 else "PM"
    digits = stamp.zone.replace(":", "") if stamp.offset else "+0000"
    zones = {
        "Z": stamp.zone,
        "ZZZ": digits if stamp.offset else "UTC",
        "ZZZZ": digits,
        "ZZZZZ": f"{digits[:3]}:{digits[3:]}",
    }
    parts: list[str] = []
    for match in re.finditer(r"'((?:[^']|'')*)('?)|(([A-Za-z])\4*)|[^A-Za-z']+", template):
        literal, end, verb = match[1], match[2], match[3]
        if verb is not None and verb not in _VERBS and verb not in zones:
            raise CallFailed(f"invalid date format verb {quoted(verb)}", 0)
        if literal is not None and not end:
            raise CallFailed("unterminated literal '", 0)
        if verb is not None:
            shown = zones.get(verb) or _VERBS[verb].format(local, hour, half, half.lower())
            parts.append(shown.rjust(4, "0") if verb == "YYYY" else shown)
        else:
            parts.append(match[0] if literal is None else literal.replace("''", "'") or "'")
    return "".join(parts)
