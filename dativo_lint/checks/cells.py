"""The cells of a vendor's table: which values one field may have, and how that is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import gcd, isfinite
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from msgspec import Struct, field

from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.wording import shown
from dativo_lint.documents.document import ABSENT

if TYPE_CHECKING:
    # It takes 2 ms to import, and few jobs hold numbers that are not whole.
    from fractions import Fraction

Number: TypeAlias = "int | Fraction"
Value: TypeAlias = "Number | str"
"""What cells compare: exact numbers, and words."""
Ratio: TypeAlias = tuple[int, int]
"""A number of a table: numerator and denominator, in lowest terms."""


class Range(RuleParams, frozen=True):
    """A range of numbers, with or without a step."""

    low: Annotated[float | int | None, about("The least value.")] = field(default=None, name="from")
    high: Annotated[float | int | None, about("The greatest value; none without it.")] = field(
        default=None, name="to"
    )
    step: Annotated[
        float | int | str | None,
        about("The distance of values, from the least: 1024, 0.5 or 1/1024."),
    ] = None


CellParam: TypeAlias = str | float | int | tuple[str | float | int, ...] | Range
"""What a rule writes for a cell: a value, a list of values, or a range of numbers."""

_HUGE = 10**15
_MOST_DIGITS = 30
"""Digits on either side of the point of a text that is a number."""
_MOST_OF_SHARE = 9


class Cell(Struct, frozen=True, eq=False):
    """What one field may be: one of `choices`, or a number from `low` to `high` in steps.

    `said` is how a message tells it.
    """

    said: str
    choices: frozenset[Ratio | str] = frozenset()
    low: Ratio | None = None
    high: Ratio | None = None
    step: Ratio | None = None

    def allows(self, value: Value) -> bool:
        """Whether a value, as `comparable` gives it, is one of the cell's."""
        if isinstance(value, str):
            return value in self.choices
        over, under = value.numerator, value.denominator
        if self.choices:
            return (over, under) in self.choices
        low, high, step = self.low or (0, 1), self.high, self.step
        above = over * low[1] - low[0] * under
        if above < 0 or (high is not None and over * high[1] > high[0] * under):
            return False
        return step is None or above * step[1] % (under * low[1] * step[0]) == 0

    def around(self, value: Number) -> tuple[Number, ...]:
        """The allowed values just below and above one that lies between two steps."""
        if self.step is None or self.low is None or self.high is None:
            return ()
        from fractions import Fraction

        low, high, step = (Fraction(*it) for it in (self.low, self.high, self.step))
        if not low < value < high:
            return ()
        below = value - (value - low) % step
        return (below, below + step) if below + step <= high else (below,)

    def spellings(self) -> Iterator[str]:
        """The choices, each as it is written."""
        for it in self.choices:
            over, under = (it, 1) if isinstance(it, str) else it
            yield str(over) if under == 1 else f"{over}/{under}"


def read_cell(written: CellParam, *, ignores_case: bool = False) -> Cell:
    """The cell that a rule writes; raises ValueError for an unusable step or an empty list."""
    if isinstance(written, Range):
        return _range(written)
    values = written if isinstance(written, tuple) else (written,)
    if not values:
        raise ValueError("a cell is an empty list; expected at least one value")
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
        return int(value) if value.is_integer() else _exact(repr(value))
    if isinstance(value, str) and _is_numeral(value):
        return int(value) if value.isdigit() else _exact(value)
    return None


def numeral(number: Number) -> str:
    """A number in decimal digits, as people write it; rounded where it has many."""
    if number.denominator != 1 and number < _HUGE:
        return f"{float(number):.6g}"
    return shown(int(number))


def joined(cells: Iterable[Cell]) -> str:
    """What several cells allow together, each said once."""
    return ", ".join(dict.fromkeys(cell.said for cell in cells))


def _choice(value: Any, ignores_case: bool) -> Ratio | str:
    ratio = _ratio(value)
    if ratio is not None:
        return ratio
    return str(value).casefold() if ignores_case else str(value)


def _range(written: Range) -> Cell:
    low, high, step = written.low, written.high, written.step
    if low is None and high is None and step is None:
        raise ValueError("a cell is an empty range; expected from, to or step")
    if low is None:
        said = f"up to {high}"
    else:
        said = f"{low} or more" if high is None else f"{low} to {high}"
    if step is not None:
        said += f" in steps of {step}"
    return Cell(said, low=_ratio(low), high=_ratio(high), step=_step(step))


def _step(written: Any) -> Ratio | None:
    if written is None:
        return None
    over, slash, under = written.partition("/") if isinstance(written, str) else ("", "", "")
    if slash and all(_are_digits(it) and len(it) <= _MOST_OF_SHARE for it in (over, under)):
        step = _lowest(int(over), int(under)) if int(under) else None
    else:
        step = _ratio(written)
    if step is None or not step[0]:
        raise ValueError(f"step is {written}; expected a number above zero")
    return step


def _is_numeral(text: str) -> bool:
    """Whether a text is digits with a point somewhere, at most, and perhaps a plus before them."""
    whole, _, part = text.removeprefix("+").partition(".")
    is_short = len(whole) <= _MOST_DIGITS and len(part) <= _MOST_DIGITS
    return is_short and _are_digits(whole + part)


def _are_digits(text: str) -> bool:
    return text.isdigit() and text.isascii()


def _ratio(written: Any) -> Ratio | None:
    """A number as `number_of` reads it, of decimal digits without making it one."""
    told = repr(written) if isinstance(written, float) else written
    if isinstance(told, str) and _is_numeral(told):
        whole, _, part = told.partition(".")
        return _lowest(int(whole + part), 10 ** len(part))
    number = number_of(written)
    return None if number is None else (number.numerator, number.denominator)


def _lowest(over: int, under: int) -> Ratio:
    shared = gcd(over, under)
    return over // shared, under // shared


def _exact(written: str) -> Number:
    from fractions import Fraction

    number = Fraction(written)
    return number.numerator if number.denominator == 1 else number
