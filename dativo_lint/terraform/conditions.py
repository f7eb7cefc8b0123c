"""Conditions of validation blocks as tests of plain data, which answer at a fiftieth of the cost.

To evaluate `can(regex("^FIN-[0-9]{3}$", var.x))` takes 100 microseconds, to test it 2; and the jobs
of a shop give hundreds of values to a variable. A run over one file need not even import the
evaluator, which takes 3 ms. A test answers as the evaluator does, for every version of Terraform,
or with None: then the evaluator has to be asked.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

from dativo_lint.terraform.declarations import Validation
from dativo_lint.terraform.judge import reads_others
from dativo_lint.terraform.syntax import (
    Attribute,
    Call,
    Expression,
    ForTuple,
    Literal,
    Operation,
    Parens,
    Reference,
    TupleCons,
    Unary,
)
from dativo_lint.terraform.types import NUMBER, STRING, Type, list_of

Test: TypeAlias = Callable[[Any], bool | None]
"""Whether a condition holds for some data; None for what the test cannot tell."""

LONGEST_TEXT: Final = 1_000
"""Characters of a text that is tested; so the evaluator could not run out of steps on it."""
MOST_ITEMS: Final = 8
"""Items of a list that is tested, for the same reason."""
LARGEST: Final = 10**9
"""The largest whole number that is tested, or tested against."""
_MOST_TESTS: Final = 100
"""Tests in one condition."""
_MOST_STEPS: Final = 1_000
"""What one search may cost by the count of the evaluator."""


class _It(NamedTuple):
    """What stands for the data in a condition: the variable or, inside of a `for`, another name."""

    is_number: bool
    name: str = ""


def test_of(validation: Validation, name: str, type_: Type) -> Test | None:
    """A test of what a variable may be given that takes texts, numbers or a list of texts; None
    where none can be made.

    It is of use for texts in ASCII, whole numbers, and lists of such texts.
    """
    condition, message = validation.condition, validation.error_message
    if condition is None or message is None or reads_others(validation, name):
        return None
    if not isinstance(message.expression, Literal) or not isinstance(message.expression.value, str):
        return None
    left = [_MOST_TESTS]
    if type_ is STRING or type_ is NUMBER:
        test = _test(condition.expression, _It(type_ is NUMBER), left)
    else:
        test = _of_each(condition.expression, left) if type_ == list_of(STRING) else None
    return None if left[0] < 0 else test


def _test(node: Expression, it: _It, left: list[int]) -> Test | None:
    """The test that an expression is; `left` counts the tests down. All references are to one."""
    left[0] -= 1
    if left[0] < 0:
        return None
    if isinstance(node, Parens):
        return _test(node.value, it, left)
    if isinstance(node, Unary):
        inner = _test(node.operand, it, left) if node.operator == "!" else None
        return None if inner is None else _denied(inner)
    if isinstance(node, Operation):
        return _compared(node, it) or _row(node, it, left)
    if isinstance(node, Call) and not node.expand:
        return _matched(node, it) or _listed(node, it)
    return None


def _of_each(node: Expression, left: list[int]) -> Test | None:
    """`alltrue([for it in var.x : condition])`, or `anytrue`."""
    if not isinstance(node, Call) or node.name not in ("alltrue", "anytrue") or node.expand:
        return None
    each = node.arguments[0] if len(node.arguments) == 1 else None
    if not isinstance(each, ForTuple) or not _is_it(each.collection, _It(False)):
        return None
    is_plain = each.key_name is None and each.condition is None
    test = _test(each.value, _It(False, each.value_name), left) if is_plain else None
    if test is None:
        return None
    decide = all if node.name == "alltrue" else any

    def of_each(texts: list[str]) -> bool | None:
        found = [test(text) for text in texts]
        return None if None in found else decide(found)

    return of_each


def _denied(test: Test) -> Test:
    def denied(data: Any) -> bool | None:
        found = test(data)
        return None if found is None else not found

    return denied


def _row(node: Operation, it: _It, left: list[int]) -> Test | None:
    """`a && b && c`, or the same with `||`; every part has to be known."""
    if set(node.operators) not in ({"&&"}, {"||"}):
        return None
    parts = [_test(operand, it, left) for operand in node.operands]
    tests = [test for test in parts if test is not None]
    if len(tests) < len(parts):
        return None
    decide = all if node.operators[0] == "&&" else any

    def row(data: Any) -> bool | None:
        found = [test(data) for test in tests]
        return None if None in found else decide(found)

    return row


_COMPARED: Final = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _compared(node: Operation, it: _It) -> Test | None:
    """`var.x == "a"`, or `!=`; numbers are compared in any way."""
    if len(node.operands) != 2 or node.operators[0] not in _COMPARED:
        return None
    one, other = node.operands
    sign = node.operators[0]
    if isinstance(one, Literal):
        one, other, sign = other, one, _TURNED.get(sign, sign)
    if not _is_it(one, it) or not isinstance(other, Literal):
        return None
    wanted: Any = other.value
    compare = _COMPARED[sign]
    if it.is_number:
        is_alike = wanted.__class__ is int and wanted <= LARGEST
    else:
        is_alike = isinstance(wanted, str) and sign in ("==", "!=")
    return (lambda data: compare(data, wanted)) if is_alike else None


def _listed(node: Call, it: _It) -> Test | None:
    """`contains(["a", "b"], var.x)`."""
    if node.name != "contains" or len(node.arguments) != 2 or not _is_it(node.arguments[1], it):
        return None
    row = node.arguments[0]
    if not isinstance(row, TupleCons) or not 0 < len(row.items) <= _MOST_STEPS:
        return None
    items = [item.value for item in row.items if isinstance(item, Literal)]
    if len(items) < len(row.items) or None in items:
        return None
    if not it.is_number:
        return frozenset(item for item in items if isinstance(item, str)).__contains__
    numbers = [item for item in items if not isinstance(item, (str, bool))]
    if any(item.__class__ is not int or item > LARGEST for item in numbers):
        return None
    return frozenset(numbers).__contains__


def _matched(node: Call, it: _It) -> Test | None:
    """`can(regex("pattern", var.x))`."""
    inner = node.arguments[0] if node.name == "can" and len(node.arguments) == 1 else None
    if it.is_number:
        return None
    if not isinstance(inner, Call) or inner.name != "regex" or len(inner.arguments) != 2:
        return None
    written, searched = inner.arguments
    if inner.expand or not isinstance(written, Literal) or not _is_it(searched, it):
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


def _is_it(node: Expression, it: _It) -> bool:
    """Whether an expression is the data itself."""
    if not isinstance(node, Reference):
        return False
    if it.name:
        return node.name == it.name and not node.steps
    return node.name == "var" and len(node.steps) == 1 and isinstance(node.steps[0], Attribute)
