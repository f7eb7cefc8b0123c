"""Conditions of validation blocks as tests of plain texts, which answer at a fiftieth of the cost.

To evaluate `can(regex("^FIN-[0-9]{3}$", var.x))` takes 100 microseconds, to test it 2; and the jobs
of a shop give hundreds of values to a variable. A test answers as the evaluator does, for every
version of Terraform, or with None: then the evaluator has to be asked.
"""

from __future__ import annotations

from collections.abc import Callable

from dativo_lint.terraform.declarations import Validation
from dativo_lint.terraform.judge import reads_others
from dativo_lint.terraform.syntax import (
    Attribute,
    Call,
    Expression,
    Literal,
    Operation,
    Parens,
    Reference,
    TupleCons,
    Unary,
)
from dativo_lint.typed import Final, TypeAlias

Test: TypeAlias = Callable[[str], bool | None]
"""Whether a condition holds for a text; None for what the test cannot tell."""

LONGEST_TEXT: Final = 1_000
"""Characters of a text that is tested; so the evaluator could not run out of steps on it."""
_MOST_TESTS: Final = 100
"""Tests in one condition."""
_MOST_STEPS: Final = 1_000
"""What one search may cost by the count of the evaluator."""


def test_of(validation: Validation, name: str) -> Test | None:
    """A test of the texts that a variable of type string may be given; None where none can be made.

    It is of use for texts in ASCII only.
    """
    condition, message = validation.condition, validation.error_message
    if condition is None or message is None or reads_others(validation, name):
        return None
    if not isinstance(message.expression, Literal) or not isinstance(message.expression.value, str):
        return None
    left = [_MOST_TESTS]
    test = _test(condition.expression, left)
    return None if left[0] < 0 else test


def _test(node: Expression, left: list[int]) -> Test | None:
    """The test that an expression is; `left` counts the tests down. All references are to one."""
    left[0] -= 1
    if left[0] < 0:
        return None
    if isinstance(node, Parens):
        return _test(node.value, left)
    if isinstance(node, Unary):
        inner = _test(node.operand, left) if node.operator == "!" else None
        return None if inner is None else _denied(inner)
    if isinstance(node, Operation):
        return _compared(node) or _row(node, left)
    if isinstance(node, Call) and not node.expand:
        return _matched(node) or _listed(node)
    return None


def _denied(test: Test) -> Test:
    def denied(text: str) -> bool | None:
        found = test(text)
        return None if found is None else not found

    return denied


def _row(node: Operation, left: list[int]) -> Test | None:
    """`a && b && c`, or the same with `||`; every part has to be known."""
    if set(node.operators) not in ({"&&"}, {"||"}):
        return None
    parts = [_test(operand, left) for operand in node.operands]
    tests = [it for it in parts if it is not None]
    if len(tests) < len(parts):
        return None
    decide = all if node.operators[0] == "&&" else any

    def row(text: str) -> bool | None:
        found = [test(text) for test in tests]
        return None if None in found else decide(found)

    return row


def _compared(node: Operation) -> Test | None:
    """`var.x == "a"`, or `!=`."""
    if len(node.operands) != 2 or node.operators[0] not in ("==", "!="):
        return None
    one, other = node.operands
    if isinstance(one, Literal):
        one, other = other, one
    if not _is_it(one) or not isinstance(other, Literal) or not isinstance(other.value, str):
        return None
    wanted, is_equal = other.value, node.operators[0] == "=="
    return lambda text: (text == wanted) is is_equal


def _listed(node: Call) -> Test | None:
    """`contains(["a", "b"], var.x)`."""
    if node.name != "contains" or len(node.arguments) != 2 or not _is_it(node.arguments[1]):
        return None
    row = node.arguments[0]
    if not isinstance(row, TupleCons) or not 0 < len(row.items) <= _MOST_STEPS:
        return None
    items = [it.value for it in row.items if isinstance(it, Literal)]
    texts = frozenset(it for it in items if isinstance(it, str))
    return texts.__contains__ if len(items) == len(row.items) and None not in items else None


def _matched(node: Call) -> Test | None:
    """`can(regex("pattern", var.x))`."""
    inner = node.arguments[0] if node.name == "can" and len(node.arguments) == 1 else None
    if not isinstance(inner, Call) or inner.name != "regex" or len(inner.arguments) != 2:
        return None
    written, searched = inner.arguments
    if inner.expand or not isinstance(written, Literal) or not _is_it(searched):
        return None
    return _search(written.value) if isinstance(written.value, str) else None


def _search(written: str) -> Test | None:
    # Patterns are read by a few files of their own, and many modules have none.
    from dativo_lint.terraform.pattern_classes import PatternError, PatternLimit
    from dativo_lint.terraform.pattern_machine import Allowance
    from dativo_lint.terraform.patterns import compile_pattern

    try:
        pattern = compile_pattern(written)
    except (PatternError, PatternLimit):
        return None
    if any(pattern.names) and not all(pattern.names):
        return None

    def search(text: str) -> bool | None:
        allowance = Allowance()
        try:
            found = pattern.search(text, 0, allowance)
        except PatternLimit:
            return None
        return None if allowance.spent > _MOST_STEPS else found is not None

    return search


def _is_it(node: Expression) -> bool:
    """Whether an expression is the variable itself."""
    if not isinstance(node, Reference) or node.name != "var" or len(node.steps) != 1:
        return False
    return isinstance(node.steps[0], Attribute)
