"""two sizes of the job have an allowed ratio, and each is within its limits"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from msgspec import field as parameter

from dativo_lint.checks.cells import Cell, Range, comparable, number_of, numeral, read_cell
from dativo_lint.checks.declared import DeclarationParam, declared_by, read_declaration
from dativo_lint.checks.params import RuleParams, about, route
from dativo_lint.checks.violation import Judge, Related, Results, Unresolved, Violation
from dativo_lint.documents.quoting import quoted
from dativo_lint.edits.fields import set_value
from dativo_lint.edits.fix import Fix, fix
from dativo_lint.jobs.field_ref import FieldRef
from dativo_lint.jobs.job import Job

APPLIES_TO = ("job",)


class Params(RuleParams, frozen=True):
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


def prepare(params: Params) -> Judge:
    """Hold two fields against a ratio; raises ValueError where neither is at fault."""
    amount, per, blamed = map(route, (params.amount, params.per, params.report_at))
    if blamed not in (amount, per):
        raise ValueError(
            f"report_at is {params.report_at}; expected {params.amount} or {params.per}"
        )
    low, high = map(number_of, (params.low, params.high))
    if not low or not high:
        raise ValueError(f"from is {params.low} and to is {params.high}; expected numbers above 0")
    least, most = low, high
    limits = {route(name): read_cell(limit) for name, limit in params.limits.items()}
    only = {route(name): read_cell(sizes) for name, sizes in params.only.items()}
    exempt = read_declaration(params.unless)

    def judge(job: Job) -> Results:
        answers = list(judge_sizes(job))
        by = declared_by(exempt, job) if answers else None
        if by is None:
            yield from answers
        elif by.is_open:
            yield Unresolved(by, f"{by.name} is {quoted(by.value)}; the limits depend on it")

    def judge_sizes(job: Job) -> Results:
        numbers: dict[tuple[str, ...], Fraction] = {}
        is_outside = False
        for field in (amount, per):
            at = job.field(*field)
            if at.is_open:
                yield Unresolved(at, f"{field[-1]} is {quoted(at.value)}")
                continue
            number = comparable(at.value)
            if number is None or isinstance(number, str):
                continue
            numbers[field] = number
            if field in only and not only[field].allows(number):
                return
            limit = limits.get(field)
            if limit is not None and not limit.allows(number):
                is_outside = True
                yield Violation(at, f"{field[-1]} is {quoted(at.value)}; expected {limit.label}")
        if len(numbers) == 2 and not is_outside:
            if not numbers[per] * least <= numbers[amount] <= numbers[per] * most:
                yield disproportion(job, numbers[amount], numbers[per])

    def disproportion(job: Job, over: Fraction, under: Fraction) -> Violation:
        if blamed == amount:
            other, bounds = per, (under * least, under * most)
        else:
            other, bounds = amount, (over / most, over / least)
        at, beside = job.field(*blamed), job.field(*other)
        sizes = " to ".join(numeral(round(bound, 2)) for bound in bounds)
        message = f"{blamed[-1]} {quoted(at.value)} with {other[-1]} {quoted(beside.value)} "
        message += params.says.replace("{}", sizes)
        mention = Related(beside, f"{other[-1]} is {quoted(beside.value)}")
        fixes = _nearest(at, over, bounds, limits.get(amount)) if blamed == amount else ()
        return Violation(at, message, (mention,), fixes)

    return judge


def _nearest(
    at: FieldRef, size: Fraction, bounds: tuple[Fraction, Fraction], limit: Cell | None
) -> tuple[Fix, ...]:
    """The fix that sets a size to the nearest one in the ratio, if that is a whole number."""
    nearest = min(bounds, key=lambda bound: abs(bound - size))
    if nearest.denominator != 1 or (limit is not None and not limit.allows(nearest)):
        return ()
    edit = set_value(at.document, at.route, int(nearest))
    return (fix(f"Set {at.route[-1]} to {nearest}", edit, is_safe=False),)
