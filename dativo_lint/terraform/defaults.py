"""The defaults of optional attributes: how they fill in values, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from dativo_lint.terraform.types import CollectionType, ObjectType, TupleType, Type, spell_name
from dativo_lint.terraform.values import Value, record, row, spell


class Defaults(Struct, frozen=True):
    """What stands for optional attributes that are not given, at any depth of a constraint.

    `values` are those of the attributes of an object; `parts` hold what lies deeper: by name in an
    object, by position in a tuple, under the empty name for all elements of a collection.
    """

    values: Mapping[str, Value]
    parts: Mapping[str, Defaults]
    of_elements: bool = False


def spell_constraint(type_: Type, defaults: Defaults | None = None) -> str:
    """A constraint as it is written, with the defaults of optional attributes."""
    if defaults is None:
        return type_.spelling
    if isinstance(type_, CollectionType):
        return f"{type_.kind}({spell_constraint(type_.element, defaults.parts.get(''))})"
    if isinstance(type_, TupleType):
        parts = [
            spell_constraint(it, defaults.parts.get(str(at)))
            for at, it in enumerate(type_.elements)
        ]
        return f"tuple([{','.join(parts)}])"
    assert isinstance(type_, ObjectType)  # noqa: S101 - nothing else has defaults
    named = (_spell_attribute(type_, name, defaults) for name in type_.attributes)
    return f"object({{{','.join(named)}}})"


def _spell_attribute(type_: ObjectType, name: str, defaults: Defaults) -> str:
    spelled = spell_constraint(type_.attributes[name], defaults.parts.get(name))
    if name in type_.optional:
        default = defaults.values.get(name)
        spelled = f"optional({spelled}{'' if default is None else f',{spell(default)}'})"
    return f"{spell_name(name)}={spelled}"


def apply_defaults(value: Value, defaults: Defaults | None) -> Value:
    """A value with the defaults for the attributes that it lacks, or that are null in it.

    Terraform does this before it converts the value. Raises TooMuch.
    """
    if defaults is None or value.data is None or not value.is_known:
        return value
    data = value.data
    if isinstance(data, tuple):
        parts = [_with_defaults(part, defaults, str(at)) for at, part in enumerate(data)]
        return row(parts) if parts else value
    if not isinstance(data, dict):
        return value
    named = {name: _with_defaults(part, defaults, name) for name, part in data.items()}
    for name, default in defaults.values.items():
        if name not in named or named[name].is_null:
            named[name] = apply_defaults(default, defaults.parts.get(name))
    return record(named) if named else value


def _with_defaults(part: Value, defaults: Defaults, name: str) -> Value:
    return apply_defaults(part, defaults.parts.get("" if defaults.of_elements else name))
