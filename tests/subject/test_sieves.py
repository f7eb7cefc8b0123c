"""What lets the variables of a module pass at a glance answers as a closer look does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from subject_samples import VALUES

from dativo_lint.subject.sieves import epochs_of, sieves
from dativo_lint.subject.taking import in_terraform
from dativo_lint.terraform.conditions import test_of as _test_of
from dativo_lint.terraform.judge import judge_rules, surely_fits, take
from dativo_lint.terraform.module import Module, read_module
from dativo_lint.terraform.scope import Scope
from dativo_lint.terraform.types import NUMBER, STRING, Type, list_of
from dativo_lint.texts.folder import MemoryFolder

TYPES = (
    "string",
    "number",
    "bool",
    "any",
    "map(string)",
    "list(string)",
    "object({a = optional(string, 1), b = number})",
    "strin",
)
ATOMS = (
    'can(regex("^[a-z]+-[0-9]{2}$", var.x))',
    'can(regex("(a)(?P<b>b)", var.x))',
    'can(regex("(a|b)*c", var.x))',
    'can(regex("(", var.x))',
    'can(regex(".", var.x, 1))',
    'contains(["a", "b"], var.x)',
    'contains(["a", 1], var.x)',
    'contains(["a", null], var.x)',
    "contains([], var.x)",
    'var.x == "a"',
    '"a" != var.x',
    "var.x > 3",
    "3 >= var.x",
    "var.x == 3",
    "contains([1, 3, 1.0], var.x)",
    'contains(["3", 3, true], var.x)',
    'alltrue([for it in var.x : can(regex("^[a-z]+$", it))])',
    'alltrue([for it in var.x : it != "a" && var.x != []])',
    'anytrue([for var in var.x : contains(["a", "b"], var)])',
    'alltrue([for at, it in var.x : it == "a"])',
    'alltrue([for it in var.x : it == "a" if it != "b"])',
    "length(var.x) < 4",
    "var.y == 1",
    "null",
)
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        st.builds("!({})".format, inner),
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {} || {})".format, inner, inner, inner),
    ),
    max_leaves=5,
)
MESSAGES = st.sampled_from(('"Take another."', '"Not ${var.x}."', "null", '"${var.y}"'))
VERSIONS = st.sampled_from(("", 'terraform {\n required_version = ">= 0.13"\n}\n'))
TEXTS = st.one_of(
    st.sampled_from(("a", "b", "ab", "c", "", "ab-12", "${a}", "é", "e\u0301", "a\n", "3", "null")),
    st.text(max_size=6),
)


def module_of(type_: str, rest: str, version: str = "") -> Module:
    text = f'{version}variable "x" {{\n type = {type_}\n{rest}\n}}\nvariable "y" {{}}\n'
    return read_module(MemoryFolder({"m/main.tf": text}), "m")


def validated(condition: str, message: str) -> str:
    return f"validation {{\n condition = {condition}\n error_message = {message}\n}}\n"


def has_nothing_to_say(module: Module, data: Any, *, is_given: bool = True) -> bool:
    """The closer look, with nothing shared."""
    variable = module.variables["x"]
    found = take(variable, in_terraform(data) if is_given else None)
    fits = not is_given or surely_fits(variable, data)
    if not fits and (found.misfit is not None or found.dropped):
        return False
    if found.misfit is not None:
        return True
    scope = Scope({"x": found.value, "y": in_terraform(1)})
    verdicts = judge_rules(variable, scope, epochs_of(module))
    return all(answer.outcome == "holds" for it in verdicts for answer in it.answers)


@given(
    st.sampled_from(TYPES),
    st.sampled_from(("", "nullable = false", "default = null", 'default = "a"')),
    st.lists(st.builds(validated, CONDITIONS, MESSAGES), max_size=2),
    VERSIONS,
    st.one_of(TEXTS, VALUES),
)
def test_what_passes_a_sieve_gives_nothing_to_say(
    type_: str, more: str, blocks: list[str], version: str, data: Any
) -> None:
    module = module_of(type_, "\n".join((more, *blocks)), version)
    sieve = dict(sieves(module))["x"]
    if sieve.closed:
        assert not sieve.passes(data)
        assert not sieve.passes_alone
        return
    expected = has_nothing_to_say(module, data)
    assert expected is sieve.passes(data) is sieve.passes(data)
    assert sieve.passes_alone is has_nothing_to_say(module, None, is_given=False)


PLAIN_TEXTS = TEXTS.filter(str.isascii).filter(lambda it: "${" not in it)
TESTED: dict[str, tuple[Type, st.SearchStrategy[Any]]] = {
    "string": (STRING, PLAIN_TEXTS),
    "number": (NUMBER, st.one_of(st.integers(-2, 5), st.integers(-(10**9), 10**9))),
    "list(string)": (list_of(STRING), st.lists(PLAIN_TEXTS, max_size=8)),
}


@given(CONDITIONS, VERSIONS, st.sampled_from(sorted(TESTED)), st.data())
def test_a_test_of_plain_data_answers_as_the_evaluator_or_not_at_all(
    condition: str, version: str, spelled: str, drawn: st.DataObject
) -> None:
    type_, values = TESTED[spelled]
    module = module_of(spelled, validated(condition, '"No."'), version)
    variable = module.variables["x"]
    test = _test_of(variable.validations[0], "x", type_)
    data = drawn.draw(values)
    answer = None if test is None else test(data)
    if answer is not None:
        found = take(variable, in_terraform(data))
        (verdict,) = judge_rules(variable, Scope({"x": found.value}), epochs_of(module))
        assert ("holds" if answer else "fails") == verdict.outcome


@pytest.mark.parametrize(
    ("spelled", "condition", "data"),
    [
        ("string", ATOMS[0], "ab-12"),
        ("string", 'contains(["a", "b"], var.x)', "ab-12"),
        ("string", 'var.x == "a"', "ab-12"),
        ("string", f'{ATOMS[0]} || !("a" != var.x)', "ab-12"),
        ("number", "var.x >= 128 && var.x <= 1024", 512),
        ("number", "var.x > 0 && !(100 < var.x)", 5),
        ("number", "contains([1, 7, 30], var.x)", 7),
        ("list(string)", 'alltrue([for it in var.x : can(regex("^[a-z]+$", it))])', ["a", "b"]),
        ("list(string)", 'alltrue([for it in var.x : contains(["a", "b"], it)])', []),
    ],
)
def test_common_conditions_are_told_without_evaluating(
    spelled: str, condition: str, data: Any
) -> None:
    variable = module_of(spelled, validated(condition, '"No."')).variables["x"]
    test = _test_of(variable.validations[0], "x", TESTED[spelled][0])
    assert test is not None
    assert test(data) is not None


def test_variables_that_are_declared_alike_share_a_sieve() -> None:
    block = validated(ATOMS[0], '"No."')
    one, other = (module_of("string", f"{lines}{block}") for lines in ("", "\n\n# moved down\n"))
    assert sieves(one)[0][1] is sieves(other)[0][1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("default = 1", "default = true"),
        ('default = "1"', "default = 1"),
        ("nullable = false", "nullable = true"),
        (validated(ATOMS[0], '"A."'), validated(ATOMS[1], '"A."')),
        (validated("[var.x, 1] == []", '"A."'), validated("[var.x] == [1]", '"A."')),
    ],
)
def test_variables_that_are_declared_otherwise_share_none(one: str, other: str) -> None:
    found = [dict(sieves(module_of("any", rest)))["x"] for rest in (one, other)]
    assert found[0] is not found[1]
