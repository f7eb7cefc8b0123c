"""The cells of a vendor's table: which values one field may have, and how that is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import isfinite

from dativo_lint.checks.wording import shown
from dativo_lint.records import dataclass
from dativo_lint.texts.document import ABSENT
from dativo_lint.typed import Any

Number = int | Fraction
Value = Number | str
"""What cells compare: exact numbers, and words."""

CELL: Mapping[str, Any] = {
    "description": "A value, a list of values, or a range of numbers with or without a step.",
    "anyOf": [
        {"type": ["string", "number"]},
        {"type": "array", "items": {"type": ["string", "number"]}, "minItems": 1},
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "from": {"type": "number", "description": "The least value."},
                "to": {"type": "number", "description": "The greatest value; none without it."},
                "step": {
                    "type": ["number", "string"],
                    "description": "Values are so far apart, from the least: 1024, 0.5 or 1/1024.",
                },
            },
        },
    ],
}
"""The JSON Schema of a cell as a rule writes it."""

_HUGE = 10**15
_NUMERAL = re.compile(r"\+?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})")
_SHARE = re.compile(r"[0-9]{1,9}/[0-9]{1,9}")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """What one field may be: one of `choices`, or a number from `low` to `high` in steps.

    `said` is how a message tells it.
    """

    said: str
    choices: frozenset[Value] = frozenset()
    low: Number | None = None
    high: Number | None = None
    step: Number | None = None

    def allows(self, value: Value) -> bool:
        """Whether a value, as `comparable` gives it, is one of the cell's."""
        if self.choices:
            return value in self.choices
        if isinstance(value, str):
            return False
        low, high, step = self.low, self.high, self.step
        if (low is not None and value < low) or (high is not None and value > high):
            return False
        return step is None or (value - (low or 0)) % step == 0

    def around(self, value: Number) -> tuple[Number, ...]:
        """The allowed values just below and above one that lies between two steps."""
        low, high, step = self.low, self.high, self.step
        if step is None or low is None or high is None:
            return ()
        if not low < value < high:
            return ()
        below = value - (value - low) % step
        return (below, below + step) if below + step <= high else (below,)


def read_cell(written: Any, *, ignores_case: bool = False) -> Cell:
    """The cell that a rule writes, as `CELL` describes; raises ValueError for an unusable step."""
    if isinstance(written, Mapping):
        return _range(written)
    values = (
        written if isinstance(written, Sequence) and not isinstance(written, str) else [written]
    )
    said = ", ".join(map(str, values))
    return Cell(said, frozenset(_choice(value, ignores_case) for value in values))


def comparable(value: Any, *, ignores_case: bool = False) -> Value | None:
    """A value of a job as cells compare it; None where there is nothing to judge.

    Absent, null, truth values and collections are nothing; so are zero, which counts as absent,
    and numbers below it, which no schema of a job takes. A text that spells a number is one, as
    the platform reads it.
    """
    if value is ABSENT or isinstance(value, bool):
        return None
    if isinstance(value, str):
        number = number_of(value)
        if number is None:
            return value.casefold() if ignores_case else value
        return number or None
    return number_of(value) or None


def number_of(value: Any) -> Number | None:
    """A number from zero up, exactly as its decimal digits say; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    if isinstance(value, float):
        if not isfinite(value) or value < 0:
            return None
        return int(value) if value.is_integer() else Fraction(repr(value))
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        return _whole_if_whole(Fraction(value))
    return None


def numeral(number: Number) -> str:
    """A number in decimal digits, as people write it; rounded where it has many."""
    if isinstance(number, Fraction) and number.denominator != 1 and number < _HUGE:
        return f"{float(number):.6g}"
    return shown(int(number))


def joined(cells: Iterable[Cell]) -> str:
    """What several cells allow together, each said once."""
    return ", ".join(dict.fromkeys(cell.said for cell in cells))


def _choice(value: Any, ignores_case: bool) -> Value:
    number = number_of(value)
    if number is not None:
        return number
    return str(value).casefold() if ignores_case else str(value)


def _range(written: Mapping[str, Any]) -> Cell:
    low, high, step = (written.get(name) for name in ("from", "to", "step"))
    if low is None:
        said = f"up to {high}"
    else:
        said = f"{low} or more" if high is None else f"{low} to {high}"
    if step is not None:
        said += f" in steps of {step}"
    return Cell(said, low=number_of(low), high=number_of(high), step=_step(step))


def _step(written: Any) -> Number | None:
    if written is None:
        return None
    if isinstance(written, str) and _SHARE.fullmatch(written) and not written.endswith("/0"):
        return Fraction(written)
    step = number_of(written)
    if not step:
        raise ValueError(f"step is {written}; expected a number above zero")
    return step


def _whole_if_whole(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number
