from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from expression_corpus import made_up, written
from hcl_random import Writer
from hypothesis import given
from hypothesis import strategies as st
from plain_values import plain
from test_oracle_expressions import make_scope

from dativo_lint.terraform.evaluate import evaluate, evaluate_constant, evaluate_for
from dativo_lint.terraform.failures import EvaluationError
from dativo_lint.terraform.native import parse
from dativo_lint.terraform.plain_data import value_of
from dativo_lint.terraform.run import Scope
from dativo_lint.terraform.syntax import Expression
from dativo_lint.terraform.values import Unknown, Value, unknown
from dativo_lint.terraform.versions import EPOCHS, NEWEST, Semantics

OPEN = Unknown("it is open")
BEFORE_1_12, BEFORE_1_16 = EPOCHS[1], EPOCHS[2]


def read(text: str) -> Expression:
    argument = parse(f"x = {text}\n").arguments.get("x")
    assert argument is not None
    return argument.value


def scope_of(values: Mapping[str, Any], **locals_: str) -> Scope:
    return Scope(
        {name: value_of(data) for name, data in values.items()},
        {name: read(text) for name, text in locals_.items()},
    )


def known(text: str, scope: Scope | None = None, semantics: Semantics = NEWEST) -> Any:
    found = evaluate(read(text), scope or Scope(), semantics)
    assert isinstance(found, Value), found
    assert found.whole, found.reason
    return plain(found)


def reason(text: str, scope: Scope | None = None) -> str:
    found = evaluate(read(text), scope or Scope())
    assert isinstance(found, Value), found
    assert not found.whole
    return found.reason


def error(text: str, scope: Scope | None = None, semantics: Semantics = NEWEST) -> EvaluationError:
    found = evaluate(read(text), scope or Scope(), semantics)
    assert isinstance(found, EvaluationError), found
    return found


@pytest.mark.parametrize(
    "text",
    [
        *("var.o", "var.o.a", "var.o[0]", "var.o[*].a", "-var.o", "!var.o", "var.o + 1"),
        *("var.o == 1", "var.o ? 1 : 2", '"${var.o} "', "[for x in var.o : x]", "upper(var.o)"),
        *("{ (var.o) = 1 }", "[1, 2][var.o]", "max(var.o...)", "can(var.o.a)", "try(var.o, 1)"),
        *(
            "[for x in [1] : x if var.o]",
            "{ for x in [1] : var.o => x }",
            "[var.o]",
            "{ a = var.o }",
        ),
        *("jsonencode({ a = [var.o] })", "toset([var.o])", "contains([1, var.o], 2)"),
        *("alltrue([true, var.o])", "length(toset([var.o, 1]))", "flatten([var.o])"),
    ],
)
def test_what_hangs_on_the_unknown_is_unknown_for_its_reason(text: str) -> None:
    assert reason(text, scope_of({"o": OPEN})) in ("it is open", "something in it is unknown")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("length([var.o, 1])", 2),
        ("length({ a = var.o })", 1),
        ("keys({ a = var.o })", ["a"]),
        ("[var.o, 1][1]", 1),
        ("{ a = var.o, b = 2 }.b", 2),
        ("merge({ a = var.o }, { a = 1 })", {"a": 1}),
        ('lookup({ a = var.o, b = 1 }, "b", 2)', 1),
        ("contains([var.o, 1], 1)", True),
        ("anytrue([var.o, true])", True),
        ("concat([1], [var.o])[0]", 1),
        ("[for x in [var.o, 1] : 5]", [5, 5]),
        ("{ a = var.o } == null", False),
        ("true ? 1 : var.o", 1),
        ("false ? var.o : 1", 1),
        ("coalesce(1, var.o)", 1),
    ],
)
def test_what_does_not_hang_on_the_unknown_part_is_known(text: str, value: Any) -> None:
    assert value == known(text, scope_of({"o": OPEN}))


@pytest.mark.parametrize(
    "text",
    [
        *('file("x")', 'templatefile("x", {})', "timestamp()", "uuid()", "provider::a::b(1)"),
        *("path.module", "terraform.workspace", "each.value", "count.index", "self.x"),
        *("aws_s3_bucket.x.arn", "data.aws_ami.x.id", "module.m.out", "nosuch(1)"),
    ],
)
def test_what_only_a_run_can_tell_is_unknown(text: str) -> None:
    assert text.split("(", maxsplit=1)[0].split(".", maxsplit=1)[0] in reason(text)


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("var.nope", "Reference to undeclared input variable"),
        ("local.nope", "Reference to undeclared local value"),
        ("var", "Invalid reference"),
        ('var["o"]', "Invalid reference"),
        ("nope", "Invalid reference"),
        ("{ a.b = 1 }", "Ambiguous attribute key"),
    ],
)
def test_a_wrong_reference_is_an_error(text: str, summary: str) -> None:
    assert summary == error(text).summary


def test_an_error_is_placed_at_the_part_at_fault() -> None:
    text = 'x = [1, "${upper([])}", 2]\n'
    found = error(text[4:-1])
    assert "upper([])" == text[found.start : found.end]
    assert found.message.startswith("invalid function argument: Invalid value")
    assert not found.message.endswith(".")


@pytest.mark.parametrize(
    ("text", "before", "since"),
    [
        ("var.n == null || length(var.n) > 3", "Invalid function argument", True),
        ("length(var.n) > 3 || var.n == null", "Invalid function argument", True),
        ("var.n != null && length(var.n) > 3", "Invalid function argument", False),
        ("false && null", "Operation failed", False),
        ("true && null", "Operation failed", "Operation failed"),
        ("false || length(var.n) > 3", "Invalid function argument", "Invalid function argument"),
        ("true || var.o", "unknown", True),
        ("var.o && false", "unknown", False),
        ("var.o || length(var.n) > 3", "Invalid function argument", "unknown"),
        ("length(var.n) > 3 || var.o", "Invalid function argument", "Invalid function argument"),
        ("true || []", "Invalid operand", "Invalid operand"),
        ("false || true || length(var.n) > 3", "Invalid function argument", True),
    ],
)
def test_one_operand_decides_from_1_12_on(text: str, before: Any, since: Any) -> None:
    scope = scope_of({"n": None, "o": OPEN})
    for semantics, expected in ((BEFORE_1_12, before), (NEWEST, since)):
        found = evaluate(read(text), scope, semantics)
        if isinstance(found, EvaluationError):
            assert expected == found.summary
        else:
            assert expected == (plain(found) if found.is_known else "unknown")


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ('contains(["a"], var.n)', False),
        ('contains(["a", null], var.n)', True),
        ("contains([], var.n)", False),
        ('try(contains(["a"], var.n), true)', False),
    ],
)
def test_null_can_be_searched_for_from_1_16_on(text: str, since: bool) -> None:
    scope = scope_of({"n": None})
    assert since == known(text, scope)
    guarded = text.startswith("try")
    found = evaluate(read(text), scope, BEFORE_1_16)
    assert (guarded and plain(found) is True) or isinstance(found, EvaluationError)  # type: ignore[arg-type]


def test_versions_are_told_apart_only_where_they_part_ways() -> None:
    scope = scope_of({"n": None, "s": "a"}, guarded="var.n == null || length(var.n) > 3")
    results = evaluate_for(read('var.s == "a" || false'), scope, EPOCHS)
    assert 1 == len({id(result) for result in results.values()})
    for _ in range(2):
        # The second time the local value is remembered, and so has to be what parted the ways.
        results = evaluate_for(read("local.guarded"), scope, EPOCHS)
        errors = [isinstance(results[epoch], EvaluationError) for epoch in EPOCHS]
        assert [True, True, False, False] == errors


def test_local_values_are_evaluated_through_each_other() -> None:
    scope = scope_of({"a": 1}, x="var.a + 1", y="[for v in [1] : local.x]", z='"${local.y[0]}!"')
    assert "2!" == known("local.z", scope)


def test_a_loop_variable_does_not_reach_into_local_values() -> None:
    scope = scope_of({}, x="[for a in [1] : a]")
    assert [[1]] == known("[for a in [5] : local.x]", scope)


@pytest.mark.parametrize("start", ["local.a", "local.b", "[for x in [1] : local.a]"])
def test_local_values_in_a_circle_are_unknown(start: str) -> None:
    scope = scope_of({}, a="local.b", b="local.a")
    assert "depends on itself" in reason(start, scope)


def test_values_that_double_are_given_up_early() -> None:
    chain = {f"l{at}": f"[local.l{at - 1}, local.l{at - 1}]" for at in range(1, 60)}
    scope = scope_of({}, l0="[1, 2, 3]", **chain)
    assert "parts" in reason("local.l59 == local.l58", scope)


def test_texts_that_double_are_given_up_early() -> None:
    chain = {f"l{at}": f'"${{local.l{at - 1}}}${{local.l{at - 1}}}"' for at in range(1, 60)}
    assert reason("local.l59", scope_of({}, l0='"abcdefgh"', **chain))


def test_loops_in_loops_are_given_up_early() -> None:
    many = "[for a in local.m : [for b in local.m : [for c in local.m : [for d in local.m : 1]]]]"
    assert "steps" in reason(many, scope_of({}, m="range(1000)"))


def test_a_long_chain_of_local_values_is_followed_or_given_up() -> None:
    chain = {f"l{at}": f"local.l{at - 1} + 1" for at in range(1, 400)}
    scope = scope_of({}, l0="0", **chain)
    assert 20 == known("local.l20", scope)
    assert reason("local.l399", scope)
    # Once the lower ones are known the higher ones are near.
    for at in range(20, 400, 20):
        assert at == known(f"local.l{at}", scope)


def test_deep_values_are_given_up() -> None:
    chain = {f"l{at}": f"[local.l{at - 1}]" for at in range(1, 400)}
    scope = scope_of({}, l0="0", **chain)
    found = [evaluate(read(f"local.l{at}"), scope) for at in range(400)]
    assert any(isinstance(one, Value) and not one.is_known for one in found)


def test_a_constant_refers_to_nothing_and_calls_nothing() -> None:
    assert isinstance(evaluate_constant(read('{ a = [1, -2, "x"] }')), Value)
    for text in ("var.x", "upper(1)", '"${var.x}"', "[for x in var.y : x]"):
        assert isinstance(evaluate_constant(read(text)), EvaluationError)


def test_can_and_try_let_the_unknown_through() -> None:
    scope = scope_of({"o": OPEN, "half": {"a": OPEN, "b": 1}})
    assert reason("can(var.o)", scope)
    assert reason('try(upper(var.o), "x")', scope)
    assert reason("try(var.half, {})", scope)
    assert 1 == known("try(var.half.b, 2)", scope)
    assert "d" == known('try(var.half.c, "d")', scope)
    assert known("can(var.half.b)", scope)


@given(st.integers(0, 1 << 30))
def test_no_expression_raises(seed: int) -> None:
    text = Writer(seed).expression(4)
    argument = parse(f"x = {text}\n").arguments.get("x")
    scope = scope_of({"a": 1, "o": OPEN, "n": None, "x": [1, {"b": "c"}]}, y="var.x")
    if argument is not None:
        for epoch in EPOCHS:
            assert evaluate(argument.value, scope, epoch) is not None


@given(st.integers(0, 1 << 30), st.sets(st.sampled_from(["s", "n", "b", "ls", "ms", "o", "lo"])))
def test_what_is_known_stays_when_more_is_known(seed: int, hidden: set[str]) -> None:
    whole = make_scope()
    values = {
        name: unknown("it is hidden", value.type) if name in hidden else value
        for name, value in whole.variables.items()
    }
    expression = read(made_up(1, seed)[0])
    less, more = evaluate(expression, Scope(values)), evaluate(expression, whole)
    # What is not known yet may still fail, in Terraform too.
    if isinstance(less, Value) and less.whole and isinstance(more, Value):
        assert less == more


def test_every_written_expression_can_be_read() -> None:
    assert all(not parse(f"x = {text}\n").errors for text in written())
