"""The tables of vendors: their cells, and what a job declares where there are several tables."""

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import isfinite
from typing import Annotated, Any, TypeAlias

from msgspec import Struct, field

from dativo_lint.checks.params import RuleParams, about, route
from dativo_lint.checks.violation import Related, Unresolved
from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.quoting import quoted, shown
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job

Value: TypeAlias = Fraction | str
"""What cells compare: exact numbers, and strings."""


class Range(RuleParams, frozen=True):
    """A range of numbers, with or without a step."""

    low: Annotated[float | int | None, about("Minimum value.")] = field(default=None, name="from")
    high: Annotated[float | int | None, about("Maximum value; no limit by default.")] = field(
        default=None, name="to"
    )
    step: Annotated[
        float | int | str | None,
        about("Step between values, from the minimum: 1024, 0.5 or 1/1024."),
    ] = None


CellParam: TypeAlias = str | float | int | tuple[str | float | int, ...] | Range
"""What a rule writes for a cell: a value, a list of values, or a range of numbers."""

_HUGE = 10**15
_NUMERAL = re.compile(r"\+?(?=\.?[0-9])[0-9]{0,30}(?:\.[0-9]{0,30})?")
_SHARE = re.compile(r"[0-9]{1,9}/[0-9]{0,8}[1-9][0-9]{0,8}")


class Cell(Struct, frozen=True, eq=False):
    """The values of one field: one of `choices`, or a number from `low` to `high` in steps.

    `label` is how messages write it.
    """

    label: str
    choices: frozenset[Value] = frozenset()
    low: Fraction | None = None
    high: Fraction | None = None
    step: Fraction | None = None

    def allows(self, value: Value) -> bool:
        """Whether a value, as `comparable` gives it, is one of the cell's."""
        if isinstance(value, str) or self.choices:
            return value in self.choices
        low = self.low or 0
        if value < low or (self.high is not None and value > self.high):
            return False
        return self.step is None or (value - low) % self.step == 0

    def around(self, value: Fraction) -> tuple[Fraction, ...]:
        """The allowed values just below and above a value between two steps."""
        low, high, step = self.low, self.high, self.step
        if step is None or low is None or high is None or not low < value < high:
            return ()
        below = value - (value - low) % step
        return (below, below + step) if below + step <= high else (below,)

    def bounds(self, value: Fraction) -> tuple[Fraction, ...]:
        """Allowed numbers, among them the nearest on either side of a value that is not one."""
        numbers = (*self.around(value), *filter(None, (self.low, self.high)))
        return (*numbers, *(choice for choice in self.choices if not isinstance(choice, str)))


def read_cell(written: CellParam, *, ignores_case: bool = False) -> Cell:
    """The cell of a rule; raises ValueError for an unusable step or an empty list."""
    if isinstance(written, Range):
        return _range(written)
    values = written if isinstance(written, tuple) else (written,)
    if not values:
        raise ValueError("a cell is an empty list; expected at least one value")
    words = (str(value).casefold() if ignores_case else str(value) for value in values)
    numbers = map(number_of, values)
    choices = (
        word if number is None else number for word, number in zip(words, numbers, strict=True)
    )
    return Cell(", ".join(map(str, values)), frozenset(choices))


def comparable(value: Any, *, ignores_case: bool = False) -> Value | None:
    """A value of a job as cells compare it; None where there is nothing to judge.

    Absent, null, booleans and collections are not judged; nor are zero, which counts as absent,
    and negative numbers, which the schema rejects. A string with a number in it is a number, as
    the platform reads it.
    """
    number = None if value is ABSENT else number_of(value)
    if number is None and isinstance(value, str):
        return value.casefold() if ignores_case else value
    return number or None


def number_of(value: Any) -> Fraction | None:
    """A number from zero up, exactly as its decimal digits; None for anything else."""
    if isinstance(value, str):
        return _exactly(value) if _NUMERAL.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value >= 0:
        return None
    if isinstance(value, int):
        return Fraction(value)
    return _exactly(repr(value)) if isfinite(value) else None


_exactly = lru_cache(maxsize=1_024)(Fraction)
"""The number that some digits spell."""


def numeral(number: Fraction) -> str:
    """A number in decimal digits, as people write it; rounded where it has many."""
    if number.denominator != 1 and number < _HUGE:
        return f"{float(number):.6g}"
    return shown(int(number))


def name_of(field: FieldRef) -> str:
    """What messages call a size."""
    return str(field.route[-1])


def stated(field: FieldRef) -> str:
    """A size and its value."""
    return f"{name_of(field)} is {quoted(field.value)}"


def mentions_of(fields: Iterable[FieldRef]) -> tuple[Related, ...]:
    """Other sizes and their values."""
    return tuple(Related(field, stated(field)) for field in fields)


def joined(cells: Iterable[Cell]) -> str:
    """What several cells allow together: `128 to 4096`, or `one of: aws, gcp`."""
    text = ", ".join(dict.fromkeys(cell.label for cell in cells))
    return f"one of: {text}" if "," in text else text


def _range(written: Range) -> Cell:
    low, high, step = written.low, written.high, written.step
    if low is None and high is None and step is None:
        raise ValueError("a cell is an empty range; expected from, to or step")
    if low is None:
        label = f"up to {high}"
    else:
        label = f"{low} or more" if high is None else f"{low} to {high}"
    if step is not None:
        label += f" in steps of {step}"
    return Cell(label, low=number_of(low), high=number_of(high), step=_step(step))


def _step(written: float | str | None) -> Fraction | None:
    if written is None:
        return None
    is_share = isinstance(written, str) and _SHARE.fullmatch(written)
    step = Fraction(written) if is_share else number_of(written)
    if not step:
        raise ValueError(f"step is {written}; expected a number above zero")
    return step


DeclarationParam: TypeAlias = Annotated[
    dict[str, tuple[str | float | int, ...]],
    about("Condition: one of these fields has a listed value (empty list: any value)."),
]
"""A declaration as a rule writes it."""

Declaration = Mapping[tuple[str, ...], frozenset[str]]
"""Of each field: the values that declare it."""


def read_declaration(written: Mapping[str, Sequence[Any]]) -> Declaration:
    """Make ready a declaration that a rule writes."""
    return {route(field): frozenset(map(_folded, values)) for field, values in written.items()}


def declared_by(declaration: Declaration, job: Job) -> FieldRef | None:
    """The first field of a job that declares it, or else an unresolved one that this depends on."""
    for steps, values in declaration.items():
        at = job.field(*steps)
        if at.is_there and not at.is_open and _is_meant(at.value, values):
            return at
    blocks = (job.field(*steps[:end]) for steps in declaration for end in (-1, len(steps)))
    return next((at for at in blocks if at.is_open), None)


def limits_depend_on(by: FieldRef) -> Unresolved:
    """A field that decides which limits apply, and is known only at run time."""
    return Unresolved(by, f"{by.name} is {quoted(by.value)}; the limits depend on it")


def _is_meant(value: Any, values: frozenset[str]) -> bool:
    return _folded(value) in values if values else bool(value)


def _folded(value: Any) -> str:
    return shown(value).casefold() if isinstance(value, (str, int, float)) else ""
