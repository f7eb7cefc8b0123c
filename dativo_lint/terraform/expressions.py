"""Reads the expressions of native syntax."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dativo_lint.terraform import syntax
from dativo_lint.terraform.brackets import read_number, read_object, read_steps, read_tuple
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.templates import read_heredoc, read_quoted
from dativo_lint.terraform.tokens import NO_LINES, Scanner

_ROWS: Final = ("||", "&&", "== !=", "> >= < <=", "+ -", "* / %")
_PRECEDENCE: Final = {sign: at for at, row in enumerate(_ROWS, 1) for sign in row.split()}
_KEYWORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


def read_expression(scanner: Scanner) -> Expression:
    """The expression that begins at the token; the scanner looks behind it then."""
    depth = scanner.depth
    scanner.deepen()
    start = scanner.start
    value = _read_operation(scanner)
    if scanner.kind == "?":
        value = _read_conditional(scanner, start, value)
    scanner.depth = depth
    return value


def _read_conditional(scanner: Scanner, start: int, condition: Expression) -> Expression:
    """`? chosen : otherwise`; a chain of them is read in a loop and nested afterwards."""
    chain: list[tuple[int, Expression, Expression]] = []
    while scanner.kind == "?":
        scanner.advance()
        chosen = read_expression(scanner)
        if scanner.kind != ":":
            raise scanner.fail("Missing false expression in conditional", "expected a colon")
        scanner.advance()
        scanner.deepen()
        chain.append((start, condition, chosen))
        start = scanner.start
        condition = _read_operation(scanner)
    value, end = condition, scanner.last
    for start, condition, chosen in reversed(chain):
        value = syntax.Conditional(start, end, condition, chosen, value)
    return value


def _read_operation(scanner: Scanner) -> Expression:
    """Operands and operators by precedence, without a recursion for each level of it."""
    start = scanner.start
    operand = _READERS.get(scanner.kind, _refuse)(scanner)
    if scanner.kind not in _PRECEDENCE:
        return operand
    rows: list[tuple[int, int, list[Expression], list[str]]] = []
    while True:
        power = _PRECEDENCE.get(scanner.kind, 0)
        while rows and rows[-1][0] > power:
            _, start, operands, operators = rows.pop()
            operands.append(operand)
            scanner.depth -= 1
            operand = syntax.Operation(start, scanner.last, tuple(operands), tuple(operators))
        if not power:
            return operand
        if rows and rows[-1][0] == power:
            rows[-1][2].append(operand)
            rows[-1][3].append(scanner.kind)
        else:
            scanner.deepen()
            rows.append((power, start, [operand], [scanner.kind]))
        scanner.advance()
        start = scanner.start
        operand = _READERS.get(scanner.kind, _refuse)(scanner)


def _refuse(scanner: Scanner) -> Expression:
    if scanner.kind == "end":
        raise scanner.fail("Missing expression", "expected an expression before the end")
    raise scanner.fail("Invalid expression", "expected the start of an expression")


def _read_name(scanner: Scanner) -> Expression:
    start, name = scanner.start, scanner.word
    scanner.advance()
    if scanner.kind in ("(", "::"):
        return _with_steps(scanner, _read_call(scanner, start, name))
    if name in _KEYWORDS:
        return _with_steps(scanner, syntax.Literal(start, scanner.last, _KEYWORDS[name]))
    steps = read_steps(scanner)
    return syntax.Reference(start, scanner.last, name, steps)


def _read_path(scanner: Scanner) -> Expression:
    start, end = scanner.start, scanner.end
    name, *attributes = scanner.text[start:end].split(".")
    at = start + len(name)
    steps: list[syntax.Step] = []
    for attribute in attributes:
        stop = at + len(attribute) + 1
        steps.append(syntax.Attribute(at, stop, attribute))
        at = stop
    scanner.advance()
    steps += read_steps(scanner)
    if name in _KEYWORDS:
        source = syntax.Literal(start, start + len(name), _KEYWORDS[name])
        return syntax.Relative(start, scanner.last, source, tuple(steps))
    return syntax.Reference(start, scanner.last, name, tuple(steps))


def _with_steps(scanner: Scanner, source: Expression) -> Expression:
    if scanner.kind not in (".", "["):
        return source
    steps = read_steps(scanner)
    return syntax.Relative(source.start, scanner.last, source, steps)


def _read_text(scanner: Scanner) -> syntax.Literal:
    start, end = scanner.start, scanner.end
    scanner.advance()
    return syntax.Literal(start, end, normal(scanner.text[start + 1 : end - 1]))


def _read_unary(scanner: Scanner) -> Expression:
    start, operator = scanner.start, scanner.kind
    scanner.advance()
    scanner.deepen()
    operand = _READERS.get(scanner.kind, _refuse)(scanner)
    scanner.depth -= 1
    return syntax.Unary(start, scanner.last, operator, operand)


def _read_parens(scanner: Scanner) -> Expression:
    start, outer = scanner.start, scanner.match
    scanner.match = NO_LINES
    scanner.advance()
    value = read_expression(scanner)
    if scanner.kind != ")":
        raise scanner.fail("Unbalanced parentheses", 'expected ")" to close the expression')
    scanner.match = outer
    scanner.advance()
    return syntax.Parens(start, scanner.last, value)


def _read_call(scanner: Scanner, start: int, name: str) -> syntax.Call:
    """A call; the scanner looks at what follows the first part of its name."""
    while scanner.kind == "::":
        scanner.advance()
        if scanner.kind == "path":
            scanner.split_path()
        if scanner.kind != "name":
            raise scanner.fail("Missing function name", 'expected a name after "::"')
        name = f"{name}::{scanner.word}"
        scanner.advance()
    if scanner.kind != "(":
        raise scanner.fail("Missing open parenthesis", 'expected "(" after the function\'s name')
    opened = scanner.end
    outer, scanner.match = scanner.match, NO_LINES
    scanner.advance()
    arguments: list[Expression] = []
    expand = False
    while scanner.kind != ")":
        arguments.append(read_expression(scanner))
        if scanner.kind == ",":
            scanner.advance()
        elif scanner.kind == "...":
            dots = scanner.start, scanner.end
            expand = True
            scanner.advance()
            if scanner.kind != ")":
                raise scanner.fail("Missing closing parenthesis", 'expected ")" after "..."', *dots)
        elif scanner.kind == "end":
            raise scanner.fail("Unterminated function call", 'missing ")"', start, opened)
        elif scanner.kind != ")":
            raise scanner.fail("Missing argument separator", "expected a comma")
    scanner.match = outer
    scanner.advance()
    return syntax.Call(start, scanner.last, name, tuple(arguments), expand)


def _then_steps(read: Callable[[Scanner], Expression]) -> Callable[[Scanner], Expression]:
    return lambda scanner: _with_steps(scanner, read(scanner))


_READERS: Final[dict[str, Callable[[Scanner], Expression]]] = {
    "path": _read_path,
    "name": _read_name,
    "text": _then_steps(_read_text),
    "quote": _then_steps(read_quoted),
    "heredoc": _then_steps(read_heredoc),
    "number": _then_steps(read_number),
    "[": _then_steps(read_tuple),
    "{": _then_steps(read_object),
    "(": _then_steps(_read_parens),
    "-": _read_unary,
    "!": _read_unary,
}
"""What reads an operand that begins with a token of this kind."""
