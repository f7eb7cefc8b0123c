from __future__ import annotations

import pytest

from dativo_lint.terraform.constraints import Constraint, read_constraint
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.types import (
    ANY,
    DEEPEST,
    STRING,
    ObjectType,
    TooMuch,
    Type,
    list_of,
    without_optional,
)


def read(text: str) -> Constraint:
    argument = parse(f"x = {text}\n").arguments.get("x")
    assert argument is not None
    return read_constraint(argument.value)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("string", "string"),
        ("any", "any"),
        ("list(string)", "list(string)"),
        ("map( set ( number ) )", "map(set(number))"),
        ("tuple([string, bool])", "tuple([string,bool])"),
        ("object({ b = number, a = string })", "object({a=string,b=number})"),
        ("object({})", "object({})"),
        ("object({ a = optional(string) })", "object({a=optional(string)})"),
        ('object({ a = optional(string, "x${"") })', None),
        ('object({ a = optional(string, "$${x}") })', 'object({a=optional(string,"$${x}")})'),
        ("object({ a = optional(number, 5) })", "object({a=optional(number,5)})"),
        ("list(object({ a = optional(bool, true) }))", "list(object({a=optional(bool,true)}))"),
        (
            'object({ a = optional(object({ b = optional(string, "x") }), {}) })',
            'object({a=optional(object({b=optional(string,"x")}),{b = null})})',
        ),
        ("object({ a-b = string, für = string })", "object({a-b=string,für=string})"),
        ("list", "list(any)"),
        ("map", "map(any)"),
    ],
)
def test_a_constraint_is_spelled_as_terraform_prints_types(text: str, spelled: str | None) -> None:
    if spelled is not None:
        assert (spelled, ()) == (str(read(text)), read(text).faults)


@pytest.mark.parametrize(
    ("text", "fault", "at"),
    [
        ("strin", 'the keyword "strin" is not a valid type specification', "strin"),
        ("null", 'the keyword "null" is not a valid type specification', "null"),
        ("set", "the set type constructor requires one argument", "set"),
        ("object", "the object type constructor requires one argument", "object"),
        ("list()", "the list type constructor requires one argument", "list()"),
        ("map(string, string)", "the map type constructor requires one", "map(string, string)"),
        ("string()", 'primitive type keyword "string" does not expect arguments', "string()"),
        ("any()", 'type constraint keyword "any" does not expect arguments', "any()"),
        ("foo(string)", 'keyword "foo" is not a valid type constructor', "foo(string)"),
        ("optional(string)", "valid only as a modifier for object", "optional(string)"),
        ("list(list)", "the list type constructor requires one argument", "list"),
        ("object([string])", "object type constructor requires a map", "[string]"),
        ("tuple(string)", "tuple type constructor requires a list", "string"),
        ('object({ "a" = string })', "keys must be attribute names", '"a"'),
        ("object({ (a) = string })", "keys must be attribute names", "(a)"),
        ("object({ a = optional() })", "requires the attribute type", "optional()"),
        ("object({ a = optional(string, 1, 2) })", "at most two", "optional(string, 1, 2)"),
        ('object({ a = optional(number, "x") })', "a number is required", '"x"'),
        ("object({ a = optional(number, var.x) })", "Variables may not be used here.", "var.x"),
        ("object({ a = optional(string, upper(1)) })", "may not be called here.", "upper(1)"),
        ('"string"', "is either a primitive type keyword", '"string"'),
        ("[string]", "is either a primitive type keyword", "[string]"),
        ("var.type", "is either a primitive type keyword", "var.type"),
    ],
)
def test_a_mistake_is_told_where_it_stands(text: str, fault: str, at: str) -> None:
    written = f"x = {text}\n"
    found = read(text).faults
    assert 1 == len(found)
    assert fault in found[0].detail
    assert at == written[found[0].start : found[0].end]


def test_a_mistake_leaves_the_rest_readable() -> None:
    found = read("object({ a = strin, b = list(number) })")
    assert "object({a=any,b=list(number)})" == str(found.type)


def test_the_type_of_values_has_nothing_optional() -> None:
    found = read("list(object({ a = optional(set(object({ b = optional(string) })), []) }))").type
    assert "list(object({a=set(object({b=string}))}))" == str(without_optional(found))


def test_types_are_the_same_if_they_are_spelled_the_same() -> None:
    one, other = ObjectType({"a": STRING, "b": ANY}), ObjectType({"b": ANY, "a": STRING})
    assert one == other
    assert {one: 1}[other]
    assert one != ObjectType({"a": STRING})


def test_a_type_nests_so_deep_and_no_deeper() -> None:
    type_: Type = STRING
    for _ in range(DEEPEST):
        type_ = list_of(type_)
    with pytest.raises(TooMuch):
        list_of(type_)
