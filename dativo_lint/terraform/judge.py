"""Judges what the variables of a module are given: types, null, and validation blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.terraform.constraints import ANYTHING, Constraint, apply_defaults, read_constraint
from dativo_lint.terraform.convert import Path, Unsuitable, convert
from dativo_lint.terraform.declarations import Validation, Variable
from dativo_lint.terraform.evaluate import evaluate_constant, evaluate_for
from dativo_lint.terraform.failures import HIDDEN_MESSAGE, EvaluationError
from dativo_lint.terraform.run import Scope
from dativo_lint.terraform.source import target
from dativo_lint.terraform.types import (
    BOOL,
    STRING,
    CollectionType,
    ObjectType,
    TooMuch,
    Type,
    part_of,
)
from dativo_lint.terraform.values import Value, marked, unknown
from dativo_lint.terraform.versions import Semantics

Refusal: TypeAlias = Literal["missing", "null", "type", "default"]
Outcome: TypeAlias = Literal["holds", "fails", "error", "unknown"]


class TypeMismatch(Struct, frozen=True):
    """Why a variable cannot take a value.

    `kind` is `missing` (required and not given), `null` (not nullable, and without a default),
    `type` (it does not convert) or `default` (its default does not). `path` leads to the part that
    does not fit; `sentence` is Terraform's own, without its full stop.
    """

    kind: Refusal
    sentence: str
    path: Path = ()


class Converted(Struct, frozen=True, eq=False):
    """The value of a variable that its module sees; unknown with a `mismatch`, and without the
    attributes `dropped` that its type has no place for."""

    variable: Variable
    value: Value
    mismatch: TypeMismatch | None = None
    dropped: tuple[Path, ...] = ()


@lru_cache(maxsize=1_024)
def constraint_of(variable: Variable) -> Constraint:
    """The type constraint of a variable; `any` where it names none."""
    written = variable.type_expr
    return ANYTHING if written is None else read_constraint(written.expression)


def convert_input(variable: Variable, value: Value | None) -> Converted:
    """What a variable makes of a value, or of nothing (None). Never raises."""
    if not variable.whole or constraint_of(variable).faults:
        reason = f"var.{variable.name} cannot be read"
        result = Converted(variable, unknown(reason))
    else:
        result = _default(variable) if value is None else _converted(variable, value)
    is_secret = variable.is_secret or (value is not None and value.secret)
    return replace(result, value=marked(result.value)) if is_secret else result


def _converted(variable: Variable, value: Value, is_default: bool = False) -> Converted:
    constraint = constraint_of(variable)
    try:
        result = convert(apply_defaults(value, constraint.defaults), constraint.type)
    except Unsuitable as unsuitable:
        kind: Refusal = "default" if is_default else "type"
        mismatch = TypeMismatch(kind, unsuitable.sentence, unsuitable.path)
        return Converted(variable, unknown("its value does not fit"), mismatch)
    except (TooMuch, RecursionError) as too_much:
        reason = str(too_much) if isinstance(too_much, TooMuch) else "it nests too deeply"
        return Converted(variable, unknown(reason))
    if is_default:
        return Converted(variable, result)
    if result.data is None and not variable.nullable:
        default = _default(variable)
        if default.mismatch is None or default.mismatch.kind != "missing":
            return default
        mismatch = TypeMismatch("null", "required variable may not be set to null")
        return Converted(variable, default.value, mismatch)
    return Converted(variable, result, dropped=tuple(_dropped(value, constraint.type, ())))


@lru_cache(maxsize=1_024)
def _default(variable: Variable) -> Converted:
    """What a variable is that no value is given."""
    if variable.default_expr is None:
        mismatch = TypeMismatch("missing", f'required variable "{variable.name}" is not set')
        return Converted(variable, unknown(f"var.{variable.name} is not given"), mismatch)
    value = evaluate_constant(variable.default_expr.expression)
    if isinstance(value, EvaluationError):
        mismatch = TypeMismatch("default", value.message)
        return Converted(variable, unknown("its default cannot be evaluated"), mismatch)
    return _converted(variable, value, is_default=True)


def _dropped(value: Value, type_: Type, path: Path) -> Iterator[Path]:
    """The attributes of a value that a type has no place for."""
    inner = type_.element if isinstance(type_, CollectionType) else type_
    if not (inner.parts or isinstance(inner, ObjectType)):
        return
    data = value.data
    pairs = enumerate(data) if isinstance(data, tuple) else ()
    for step, part in data.items() if isinstance(data, dict) else pairs:
        below = part_of(type_, step)
        if below is not None:
            yield from _dropped(part, below, (*path, step))
        elif isinstance(type_, ObjectType) and isinstance(data, dict):
            yield (*path, step)


class RuleAnswer(Struct, frozen=True):
    """The result of a validation block in some versions of Terraform. `message` is the module's own
    for a condition that fails, else why it is an error or unknown, or `HIDDEN_MESSAGE`."""

    epochs: tuple[Semantics, ...]
    outcome: Outcome
    message: str = ""


class RuleVerdict(Struct, frozen=True, eq=False):
    """The results of a validation block, oldest version first; neighbours differ."""

    validation: Validation
    answers: tuple[RuleAnswer, ...]

    @property
    def outcome(self) -> Outcome | None:
        """The result in all allowed versions; None if they differ."""
        outcomes = {answer.outcome for answer in self.answers}
        return outcomes.pop() if len(outcomes) == 1 else None


_READS_OTHERS: Final = "it may refer to var.{} only, up to Terraform 1.8"


def judge_rules(
    variable: Variable, scope: Scope, epochs: Sequence[Semantics]
) -> tuple[RuleVerdict, ...]:
    """The results of a variable's validation blocks for the values in scope. Never raises; a block
    without a condition or a message, which is an error of the module, has none."""
    verdicts: list[RuleVerdict] = []
    for validation in variable.validations:
        condition, message = validation.condition, validation.error_message
        if condition is not None and message is not None:
            results = evaluate_for(condition.expression, scope, epochs)
            messages = evaluate_for(message.expression, scope, epochs)
            outcomes = {epoch: _outcome(results[epoch], messages[epoch]) for epoch in epochs}
            if not epochs[0].reads_others and reads_others(validation, variable.name):
                early = _READS_OTHERS.format(variable.name)
                outcomes |= {epoch: ("error", early) for epoch in epochs if not epoch.reads_others}
            groups = groupby(epochs, outcomes.__getitem__)
            answers = [RuleAnswer(tuple(group), *outcome) for outcome, group in groups]
            verdicts.append(RuleVerdict(validation, tuple(answers)))
    return tuple(verdicts)


@lru_cache(maxsize=1_024)
def reads_others(validation: Validation, name: str) -> bool:
    """Whether a block refers to anything but the variable of this name."""
    for written in validation.expressions:
        for reference in written.references:
            meant = target(reference)
            if meant is None or (meant.kind, meant.name) != ("var", name):
                return True
    return False


def _outcome(
    result: Value | EvaluationError, message: Value | EvaluationError
) -> tuple[Outcome, str]:
    """What comes of a condition; Terraform evaluates the message in any case."""
    if isinstance(result, EvaluationError):
        return "error", result.message
    if isinstance(message, EvaluationError):
        return "error", f"the error message cannot be evaluated: {message.message}"
    if not result.is_known:
        return "unknown", result.reason
    if result.data is None:
        return "error", "the condition must be either true or false, not null"
    try:
        holds = convert(result, BOOL)
    except Unsuitable as unsuitable:
        return "error", f"invalid validation condition result value: {unsuitable.sentence}"
    if holds.data:
        return "holds", ""
    try:
        text = convert(message, STRING)
    except Unsuitable:
        return "fails", ""
    if text.secret:
        return "fails", HIDDEN_MESSAGE
    return "fails", text.data.strip() if isinstance(text.data, str) else ""


class Verdict(Struct, frozen=True):
    """What Terraform would make of the value of a variable."""

    converted: Converted
    rules: tuple[RuleVerdict, ...] = ()

    @property
    def outcome(self) -> Literal["accepted", "refused", "unknown", "differs"]:
        """Accepted or refused by all versions that are admitted, or not known."""
        if self.converted.mismatch is not None:
            return "refused"
        outcomes = [rule.outcome for rule in self.rules]
        if "fails" in outcomes or "error" in outcomes:
            return "refused"
        if None in outcomes:
            return "differs"
        is_known = self.converted.value.is_known and "unknown" not in outcomes
        return "accepted" if is_known else "unknown"
