"""two sizes of the job have an allowed ratio, and each is within its limits"""

from fractions import Fraction
from functools import cached_property
from typing import Annotated

from msgspec import field as parameter

from dativo_lint.checks.params import RuleParams, about, route
from dativo_lint.checks.tables import (
    Cell,
    Declaration,
    DeclarationParam,
    Range,
    comparable,
    declared_by,
    limits_depend_on,
    mentions_of,
    name_of,
    number_of,
    numeral,
    read_cell,
    read_declaration,
    stated,
)
from dativo_lint.checks.violation import Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job

APPLIES_TO = ("job",)


class Check(RuleParams, frozen=True):
    amount: Annotated[str, about("The field that is divided.")]
    per: Annotated[str, about("The field that it is divided by.")]
    low: Annotated[float | int, about("Minimum ratio.")] = parameter(name="from")
    high: Annotated[float | int, about("Maximum ratio.")] = parameter(name="to")
    report_at: Annotated[str, about("The field that is reported.")]
    says: Annotated[str, about("The end of messages; {} stands for the sizes in the ratio.")]
    limits: Annotated[
        dict[str, Range], about("Minimum (from) and maximum (to) value of either field.")
    ] = parameter(default_factory=dict)
    only: Annotated[
        dict[str, Range], about("Sizes for which the ratio applies; other sizes are not checked.")
    ] = parameter(default_factory=dict)
    unless: Annotated[
        DeclarationParam,
        about("The rule is skipped if one of these fields has a listed value (empty list: any)."),
    ] = parameter(default_factory=dict)

    @cached_property
    def _ratio(self) -> tuple[Fraction, Fraction]:
        """The least and the greatest ratio; raises ValueError where neither size is at fault."""
        if self.report_at not in (self.amount, self.per):
            raise ValueError(f"report_at is {self.report_at}; expected {self.amount} or {self.per}")
        low, high = number_of(self.low), number_of(self.high)
        if not low or not high:
            raise ValueError(f"from is {self.low} and to is {self.high}; expected numbers above 0")
        return low, high

    @cached_property
    def _limits(self) -> dict[str, Cell]:
        return {name: read_cell(limit) for name, limit in self.limits.items()}

    @cached_property
    def _only(self) -> dict[str, Cell]:
        return {name: read_cell(sizes) for name, sizes in self.only.items()}

    @cached_property
    def _exempt(self) -> Declaration:
        return read_declaration(self.unless)

    def judge(self, job: Job) -> Results:
        """Hold two fields against a ratio."""
        answers = list(self._judge_sizes(job))
        by = declared_by(self._exempt, job) if answers else None
        if by is None:
            yield from answers
        elif by.is_open:
            yield limits_depend_on(by)

    def _judge_sizes(self, job: Job) -> Results:
        numbers: dict[str, Fraction] = {}
        is_outside = False
        for name in (self.amount, self.per):
            at = job.field(*route(name))
            if at.is_open:
                yield Unresolved(at, stated(at))
                continue
            number = comparable(at.value)
            if number is None or isinstance(number, str):
                continue
            numbers[name] = number
            if name in self._only and not self._only[name].allows(number):
                return
            limit = self._limits.get(name)
            if limit is not None and not limit.allows(number):
                is_outside = True
                yield Violation(at, f"{stated(at)}; expected {limit.label}")
        if len(numbers) == 2 and not is_outside:
            amount, per = numbers[self.amount], numbers[self.per]
            least, most = self._ratio
            if not per * least <= amount <= per * most:
                yield self._disproportion(job, amount, per)

    def _disproportion(self, job: Job, amount: Fraction, per: Fraction) -> Violation:
        least, most = self._ratio
        other, bounds = self.amount, (amount / most, amount / least)
        if self.report_at == self.amount:
            other, bounds = self.per, (per * least, per * most)
        at, beside = job.field(*route(self.report_at)), job.field(*route(other))
        sizes = " to ".join(numeral(round(bound, 2)) for bound in bounds)
        message = f"{name_of(at)} {quoted(at.value)} with "
        message += f"{name_of(beside)} {quoted(beside.value)} "
        message += self.says.replace("{}", sizes)
        is_amount = self.report_at == self.amount
        fixes = _nearest(at, amount, bounds, self._limits.get(self.amount)) if is_amount else ()
        return Violation(at, message, mentions_of([beside]), fixes)


def _nearest(
    at: FieldRef, size: Fraction, bounds: tuple[Fraction, Fraction], limit: Cell | None
) -> tuple[Fix, ...]:
    """The fix that sets a size to the nearest one in the ratio, if that is a whole number."""
    from dativo_lint.edits.fields import set_value  # only a violation needs it

    nearest = min(bounds, key=lambda bound: abs(bound - size))
    if nearest.denominator != 1 or (limit is not None and not limit.allows(nearest)):
        return ()
    edit = set_value(at.document, at.route, int(nearest))
    return (fix(f"Set {name_of(at)} to {nearest}", edit, is_safe=False),)
