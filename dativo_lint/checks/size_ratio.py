"""two sizes of the job stand in a proportion, and each within its limits"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from msgspec import Struct, field

from dativo_lint.checks.answers import Answers, Judge, Mention, Unresolved, Violation
from dativo_lint.checks.cells import Cell, Number, Range, comparable, number_of, numeral, read_cell
from dativo_lint.checks.declared import DeclarationParam, declares, read_declaration
from dativo_lint.checks.params import RuleParams, about
from dativo_lint.checks.wording import shown
from dativo_lint.jobs.field_ref import FieldRef, is_open
from dativo_lint.jobs.job import Job

APPLIES_TO = ("job",)


class Bounds(RuleParams, frozen=True):
    """The least and the greatest value of a field."""

    low: float | int = field(name="from")
    high: float | int = field(name="to")


class Params(RuleParams, frozen=True):
    amount: Annotated[str, about("The field that is divided.")]
    per: Annotated[str, about("The field that it is divided by.")]
    low: Annotated[float | int, about("The least ratio.")] = field(name="from")
    high: Annotated[float | int, about("The greatest ratio.")] = field(name="to")
    mend: Annotated[str, about("Which of the two fields is at fault.")]
    limits: Annotated[
        dict[str, Bounds], about("Of either field, the least (from) and the greatest (to) value.")
    ] = field(default_factory=dict)
    unless: DeclarationParam = field(default_factory=dict)


class _Proportion(Struct, frozen=True, eq=False):
    """`amount` divided by `per` lies between `low` and `high`; `mend` is the field at fault."""

    amount: tuple[str, ...]
    per: tuple[str, ...]
    low: Number
    high: Number
    mend: tuple[str, ...]


def prepare(params: Params) -> Judge:
    """Hold two fields against a proportion; raises ValueError where neither is to be mended."""
    amount, per, mend = (
        tuple(name.split(".")) for name in (params.amount, params.per, params.mend)
    )
    if mend not in (amount, per):
        raise ValueError(f"mend is {params.mend}; expected {params.amount} or {params.per}")
    low, high = (number_of(bound) or 0 for bound in (params.low, params.high))
    if not low or not high:
        raise ValueError(f"from is {params.low} and to is {params.high}; expected numbers above 0")
    proportion = _Proportion(amount, per, low, high, mend)
    limits = {
        tuple(name.split(".")): read_cell(Range(low=limit.low, high=limit.high))
        for name, limit in params.limits.items()
    }
    exempt = read_declaration(params.unless)

    def judge(subject: Job) -> Answers:
        found = list(_judge(proportion, limits, subject))
        if found and exempt:
            declared = declares(exempt, subject)
            if isinstance(declared, FieldRef):
                question = f"{declared.name} is {shown(declared.value)}, which decides on the sizes"
                found = [Unresolved(declared, question)]
            elif declared:
                found = []
        yield from found

    return judge


def _judge(
    proportion: _Proportion, limits: Mapping[tuple[str, ...], Cell], subject: Job
) -> Answers:
    numbers: dict[tuple[str, ...], Number] = {}
    is_outside = False
    for route in (proportion.amount, proportion.per):
        written = subject.value(*route)
        if is_open(written):
            yield Unresolved(subject.said(*route), f"{route[-1]} is {shown(written)}")
            continue
        number = comparable(written)
        if number is None or isinstance(number, str):
            continue
        numbers[route] = number
        limit = limits.get(route)
        if limit is not None and not limit.allows(number):
            is_outside = True
            message = f"{route[-1]} is {shown(written)}; allowed: {limit.said}"
            yield Violation(subject.said(*route), message)
    if len(numbers) == 2 and not is_outside:
        yield from _divide(proportion, numbers, subject)


def _divide(
    proportion: _Proportion, numbers: Mapping[tuple[str, ...], Number], subject: Job
) -> Iterator[Violation]:
    amount, per = numbers[proportion.amount], numbers[proportion.per]
    if per * proportion.low <= amount <= per * proportion.high:
        return
    from fractions import Fraction  # 2 ms to import, for what is found now and then

    if proportion.mend == proportion.amount:
        other, bounds = proportion.per, (per * proportion.low, per * proportion.high)
    else:
        exact = Fraction(amount)
        other, bounds = proportion.amount, (exact / proportion.high, exact / proportion.low)
    at, beside = subject.said(*proportion.mend), subject.said(*other)
    words = f"{at.route[-1]} is {shown(at.value)} with {other[-1]} {shown(beside.value)}"
    low, high = (numeral(round(Fraction(bound), 2)) for bound in bounds)
    mention = Mention(beside, f"{other[-1]} is {shown(beside.value)}")
    yield Violation(at, f"{words}; in proportion: {low} to {high}", (mention,))
