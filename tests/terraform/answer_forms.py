"""Values and types in the form in which Terraform's answers are recorded."""

from __future__ import annotations

from typing import Any

from dativo_lint.terraform.failures import EvaluationError
from dativo_lint.terraform.numbers import spell_number
from dativo_lint.terraform.types import (
    ANY,
    NUMBER,
    CollectionType,
    ObjectType,
    TupleType,
    Type,
)
from dativo_lint.terraform.values import Value


def as_answer(result: Value | EvaluationError) -> dict[str, Any]:
    """What an expression came to, as Terraform would have told it."""
    if isinstance(result, EvaluationError):
        return {"error": [result.summary, result.detail]}
    if not result.whole:
        return {"unknown": True}
    return {"value": as_text(result), "type": as_json(result.type)}


def as_text(value: Value) -> Any:
    """A value as plain data, its numbers as texts."""
    data = value.data
    if isinstance(data, tuple):
        return [as_text(part) for part in data]
    if isinstance(data, dict):
        return {name: as_text(part) for name, part in data.items()}
    return spell_number(data) if value.type is NUMBER and data is not None else data


def as_json(type_: Type) -> Any:
    """A type as Terraform writes it in JSON."""
    if isinstance(type_, CollectionType):
        return [type_.kind, as_json(type_.element)]
    if isinstance(type_, TupleType):
        return ["tuple", [as_json(it) for it in type_.parts]]
    if isinstance(type_, ObjectType):
        return ["object", {name: as_json(it) for name, it in type_.attributes.items()}]
    return "dynamic" if type_ is ANY else str(type_)
