"""Reads type constraints, as `object({a = optional(string, "x")})`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from msgspec import Struct

from dativo_lint.terraform import syntax
from dativo_lint.terraform.convert import Unsuitable, convert
from dativo_lint.terraform.evaluate import evaluate_constant
from dativo_lint.terraform.failures import EvaluationError
from dativo_lint.terraform.syntax import Diagnostic, Expression, Node
from dativo_lint.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    CollectionType,
    ObjectType,
    TooMuch,
    TupleType,
    Type,
    list_of,
    map_of,
    set_of,
    spell_name,
)
from dativo_lint.terraform.values import Value, record, row, spell, spell_plain


class Defaults(Struct, frozen=True):
    """The defaults of optional attributes, at any depth of a constraint.

    `values` are those of the attributes of an object; `parts` hold those that lie deeper: by name
    in an object, by position in a tuple, under the empty name for the elements of a collection.
    """

    values: Mapping[str, Value]
    parts: Mapping[str, Defaults]

    def below(self, name: str) -> Defaults | None:
        """What holds of an attribute, or of the element at a position."""
        return self.parts.get(name) or self.parts.get("")


def spell_constraint(type_: Type, defaults: Defaults | None = None) -> str:
    """A constraint as it is written, with the defaults of optional attributes."""
    if defaults is None:
        return str(type_)
    if isinstance(type_, CollectionType):
        return f"{type_.kind}({spell_constraint(type_.element, defaults.below(''))})"
    if isinstance(type_, TupleType):
        parts = (spell_constraint(it, defaults.below(str(n))) for n, it in enumerate(type_.parts))
        return f"tuple([{','.join(parts)}])"
    assert isinstance(type_, ObjectType)  # noqa: S101 - nothing else has defaults
    named = (_spell_attribute(type_, name, defaults) for name in type_.attributes)
    return f"object({{{','.join(named)}}})"


def _spell_attribute(type_: ObjectType, name: str, defaults: Defaults) -> str:
    spelled = spell_constraint(type_.attributes[name], defaults.below(name))
    if name in type_.optional:
        default = defaults.values.get(name)
        spelled = f"optional({spelled}{'' if default is None else f',{spell(default)}'})"
    return f"{spell_name(name)}={spelled}"


def apply_defaults(value: Value, defaults: Defaults | None) -> Value:
    """A value, not yet converted, with defaults for the attributes that it lacks or has as null.
    Raises TooMuch."""
    if defaults is None or value.data is None or not value.is_known:
        return value
    data = value.data
    if isinstance(data, tuple):
        parts = [apply_defaults(part, defaults.below(str(at))) for at, part in enumerate(data)]
        return row(parts) if parts else value
    if not isinstance(data, dict):
        return value
    named = {name: apply_defaults(part, defaults.below(name)) for name, part in data.items()}
    for name, default in defaults.values.items():
        if name not in named or named[name].data is None:
            named[name] = apply_defaults(default, defaults.below(name))
    return record(named) if named else value


_SUMMARY: Final = "Invalid type specification"
_KEYWORDS: Final[dict[str, Type]] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_COLLECTIONS: Final = {"list": list_of, "set": set_of, "map": map_of}
_CONSTRUCTORS: Final = {
    **dict.fromkeys(_COLLECTIONS, "one argument specifying the element type"),
    "object": "one argument specifying the attribute types and values as a map",
    "tuple": "one argument specifying the element types as a list",
}


class Constraint(Struct, frozen=True):
    """A type, `any` where it cannot be read, its defaults, and what is wrong with its text."""

    type: Type
    defaults: Defaults | None = None
    faults: tuple[Diagnostic, ...] = ()

    def __str__(self) -> str:
        return spell_constraint(self.type, self.defaults)


ANYTHING: Final = Constraint(ANY)
"""The constraint of a variable that names none."""


def read_constraint(expression: Expression) -> Constraint:
    """The constraint that an expression spells. Never raises."""
    if isinstance(expression, syntax.Reference) and not expression.steps:
        # An old short form that stands for itself only, not inside another type.
        if expression.name in ("list", "map"):
            return Constraint(_COLLECTIONS[expression.name](ANY))
    reader = _Reader([])
    try:
        type_, defaults = reader.read(expression)
    except TooMuch as too_much:
        type_, defaults = reader.refuse(expression, str(too_much))
    return Constraint(type_, defaults, tuple(reader.faults))


_Read: TypeAlias = tuple[Type, Defaults | None]


class _Reader(Struct):
    """A constraint being read, with what is wrong with it so far."""

    faults: list[Diagnostic]

    def refuse(self, node: Node, detail: str, summary: str = _SUMMARY) -> _Read:
        """Take note of a mistake, and go on with `any`."""
        self.faults.append(Diagnostic(node.start, node.end, summary, detail))
        return ANY, None

    def read(self, expression: Expression) -> _Read:
        """The type that an expression spells, and the defaults in it."""
        if isinstance(expression, syntax.Call):
            return self._constructor(expression)
        word = _keyword(expression)
        if word in _KEYWORDS:
            return _KEYWORDS[word], None
        if word in _CONSTRUCTORS:
            detail = f"the {word} type constructor requires {_CONSTRUCTORS[word]}"
        elif word:
            detail = f'the keyword "{word}" is not a valid type specification'
        else:
            detail = (
                "a type specification is either a primitive type keyword (bool, number, string) "
                "or a complex type constructor call, like list(string)"
            )
        return self.refuse(expression, detail)

    def _constructor(self, call: syntax.Call) -> _Read:
        name, detail = call.name, ""
        if name in _KEYWORDS:
            kind = "type constraint" if name == "any" else "primitive type"
            detail = f'{kind} keyword "{name}" does not expect arguments'
        elif name == "optional":
            detail = 'keyword "optional" is valid only as a modifier for object type attributes'
        elif name not in _CONSTRUCTORS:
            detail = f'keyword "{name}" is not a valid type constructor'
        elif len(call.arguments) != 1:
            detail = f"the {name} type constructor requires {_CONSTRUCTORS[name]}"
        if detail:
            return self.refuse(call, detail)
        argument = call.arguments[0]
        if name == "object":
            return self._object(argument)
        if name == "tuple":
            return self._tuple(argument)
        element, defaults = self.read(argument)
        return _COLLECTIONS[name](element), Defaults({}, {"": defaults}) if defaults else None

    def _tuple(self, argument: Expression) -> _Read:
        if not isinstance(argument, syntax.TupleCons):
            return self.refuse(argument, "tuple type constructor requires a list of element types")
        elements = [self.read(item) for item in argument.items]
        parts = {str(at): defaults for at, (_, defaults) in enumerate(elements) if defaults}
        types = tuple(element for element, _ in elements)
        return TupleType(types), Defaults({}, parts) if parts else None

    def _object(self, argument: Expression) -> _Read:
        if not isinstance(argument, syntax.ObjectCons):
            detail = (
                "object type constructor requires a map whose keys are attribute names and whose "
                "values are the corresponding attribute types"
            )
            return self.refuse(argument, detail)
        attributes: dict[str, Type] = {}
        optional: set[str] = set()
        values: dict[str, Value] = {}
        parts: dict[str, Defaults] = {}
        for item in argument.items:
            name, written = _attribute_name(item), item.value
            if not name:
                self.refuse(item.key, "object constructor map keys must be attribute names")
                continue
            if isinstance(written, syntax.Call) and written.name == "optional":
                optional.add(name)
                attributes[name], defaults, default = self._optional(written)
                if default is not None:
                    values[name] = default
            else:
                attributes[name], defaults = self.read(written)
            if defaults is not None:
                parts[name] = defaults
        of_object = Defaults(values, parts) if values or parts else None
        return ObjectType(attributes, frozenset(optional)), of_object

    def _optional(self, call: syntax.Call) -> tuple[Type, Defaults | None, Value | None]:
        """What `optional(...)` holds: a type with the defaults in it, and a default of its own."""
        arguments = call.arguments
        if not 1 <= len(arguments) <= 2:
            few = "requires the attribute type as its argument"
            many = "expects at most two arguments: the attribute type, and a default value"
            self.refuse(call, f"optional attribute modifier {many if arguments else few}")
        type_, defaults = self.read(arguments[0]) if arguments else (ANY, None)
        if len(arguments) != 2:
            return type_, defaults, None
        default = evaluate_constant(arguments[1])
        if isinstance(default, EvaluationError):
            self.faults.append(default)
            return type_, defaults, None
        try:
            return type_, defaults, convert(default, type_)
        except Unsuitable as unsuitable:
            what = "this default value is not compatible with the attribute's type constraint"
            summary = "Invalid default value for optional attribute"
            self.refuse(arguments[1], f"{what}: {unsuitable.sentence}", summary)
            return type_, defaults, None


def _keyword(expression: Expression) -> str:
    """A single word, or nothing."""
    match expression:
        case syntax.Reference(name=name, steps=()):
            return name
        case syntax.Literal(value=None | bool() as value):
            return spell_plain(value)
    return ""


def _attribute_name(item: syntax.ObjectItem) -> str:
    """The name of an attribute, which is not quoted; nothing for any other key."""
    key = item.key
    if isinstance(key, syntax.Literal) and isinstance(key.value, str):
        return key.value if key.end - key.start == len(key.value) else ""
    return ""
