"""Reads the expressions of native syntax: operators, names, calls and numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Final

from dativo_lint.terraform import syntax
from dativo_lint.terraform.brackets import read_object, read_row, read_tuple
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.templates import read_heredoc, read_quoted
from dativo_lint.terraform.tokens import Scanner

_ROWS: Final = ("||", "&&", "== !=", "> >= < <=", "+ -", "* / %")
_PRECEDENCE: Final = {sign: at for at, row in enumerate(_ROWS, 1) for sign in row.split()}
_KEYWORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_EXACT_DIGITS: Final = 300
"""Longer whole numbers are kept as decimals: Python refuses to turn long texts into ints."""


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
        scanner.take(":", "Missing false expression in conditional", "expected a colon")
        scanner.deepen()
        chain.append((start, condition, chosen))
        start = scanner.start
        condition = _read_operation(scanner)
    value, end = condition, scanner.last
    for start, condition, chosen in reversed(chain):
        value = syntax.Conditional(start, end, condition, chosen, value)
    return value


def _read_operation(scanner: Scanner, least: int = 1) -> Expression:
    """Operands with the operators between them that bind at least so tightly."""
    start = scanner.start
    value = _read_operand(scanner)
    while (power := _PRECEDENCE.get(scanner.kind, 0)) >= least:
        scanner.deepen()
        operands, operators = [value], []
        while _PRECEDENCE.get(scanner.kind) == power:
            operators.append(scanner.kind)
            scanner.advance()
            operands.append(_read_operation(scanner, power + 1))
        scanner.depth -= 1
        value = syntax.Operation(start, scanner.last, tuple(operands), tuple(operators))
    return value


def _read_operand(scanner: Scanner) -> Expression:
    value = _READERS.get(scanner.kind, _refuse)(scanner)
    if scanner.kind in (".", "["):
        steps = _read_steps(scanner)
        return syntax.Relative(value.start, scanner.last, value, steps)
    return value


def _refuse(scanner: Scanner) -> Expression:
    if scanner.kind == "end":
        raise scanner.fail("Missing expression", "expected an expression before the end")
    raise scanner.fail("Invalid expression", "expected the start of an expression")


def _read_name(scanner: Scanner) -> Expression:
    start, name = scanner.start, scanner.word
    scanner.advance()
    if scanner.kind in ("(", "::"):
        return _read_call(scanner, start, name)
    if name in _KEYWORDS:
        return syntax.Literal(start, scanner.last, _KEYWORDS[name])
    steps = _read_steps(scanner)
    return syntax.Reference(start, scanner.last, name, steps)


def _read_path(scanner: Scanner) -> Expression:
    start = scanner.start
    name, *attributes = scanner.word.split(".")
    if name in _KEYWORDS:
        scanner.split_path()
        return _read_name(scanner)
    at = start + len(name)
    steps: list[syntax.Step] = []
    for attribute in attributes:
        stop = at + len(attribute) + 1
        steps.append(syntax.Attribute(at, stop, attribute))
        at = stop
    scanner.advance()
    steps += _read_steps(scanner)
    return syntax.Reference(start, scanner.last, name, tuple(steps))


def _read_steps(scanner: Scanner) -> tuple[syntax.Step, ...]:
    """The steps that stand at the token, if any; the scanner looks behind them then."""
    steps: list[syntax.Step] = []
    depth = scanner.depth
    while scanner.kind in (".", "["):
        start, kind = scanner.start, scanner.kind
        if kind == "[":
            steps.append(_read_bracket(scanner))
            continue
        scanner.advance()
        if scanner.kind == "*":
            inner = _read_attributes(scanner)
            steps.append(syntax.AttributeSplat(start, scanner.last, inner))
        else:
            steps.append(_read_attribute(scanner, start))
    scanner.depth = depth
    return tuple(steps)


def _read_attributes(scanner: Scanner) -> tuple[syntax.Attribute | syntax.Index, ...]:
    """What follows `.*` and still belongs to it: names and old-style indexes."""
    inner: list[syntax.Attribute | syntax.Index] = []
    star = (scanner.start, scanner.end)
    scanner.advance()
    while scanner.kind == ".":
        start = scanner.start
        scanner.advance()
        if scanner.kind == "*":
            detail = 'one ".*" may not follow another'
            raise scanner.fail("Nested splat expression not allowed", detail)
        inner.append(_read_attribute(scanner, start, star))
    return tuple(inner)


def _read_attribute(
    scanner: Scanner, start: int, blamed: tuple[int, int] = (-1, -1)
) -> syntax.Attribute | syntax.Index:
    """A name or an old-style index after the dot at `start`; a mistake is reported at `blamed`."""
    if scanner.kind != "number":
        summary, detail = "Invalid attribute name", "expected a name after the dot"
        name = scanner.take_name(summary, detail, *blamed)
        return syntax.Attribute(start, scanner.last, name)
    if "." in scanner.word:
        first, _, second = scanner.word.partition(".")
        detail = f"two indexes in a row are written [{first}][{second}]"
        raise scanner.fail("Invalid legacy index syntax", detail, *blamed)
    return syntax.Index(start, scanner.end, _read_number(scanner))


def _read_bracket(scanner: Scanner) -> syntax.Index | syntax.FullSplat:
    start, outer = scanner.start, scanner.lines
    scanner.advance()
    if scanner.kind == "*":
        scanner.advance()
        scanner.take("]", "Missing close bracket on splat index", 'expected "]" after "*"')
        scanner.deepen()
        return syntax.FullSplat(start, scanner.last)
    scanner.lines = False
    if scanner.kind == "newline":
        scanner.advance()
    key = read_expression(scanner)
    scanner.close("]", outer, "Missing close bracket on index", 'expected "]" after the index')
    return syntax.Index(start, scanner.last, key)


def _read_text(scanner: Scanner) -> syntax.Literal:
    start, text = scanner.start, scanner.word
    scanner.advance()
    return syntax.Literal(start, scanner.last, normal(text[1:-1]))


def exact_number(word: str) -> int | Decimal:
    """A number as it is written. Raises InvalidOperation for what is none."""
    is_short = word.lstrip("-").isdigit() and len(word) <= _EXACT_DIGITS
    return int(word) if is_short else Decimal(word)


def _read_number(scanner: Scanner) -> syntax.Literal:
    start, word = scanner.start, scanner.word
    try:
        value = exact_number(word)
    except InvalidOperation:
        raise scanner.fail("Invalid number literal", f"{word} is not a number") from None
    scanner.advance()
    return syntax.Literal(start, scanner.last, value)


def _read_unary(scanner: Scanner) -> Expression:
    start, operator = scanner.start, scanner.kind
    scanner.advance()
    scanner.deepen()
    operand = _read_operand(scanner)
    scanner.depth -= 1
    return syntax.Unary(start, scanner.last, operator, operand)


def _read_parens(scanner: Scanner) -> Expression:
    start, outer = scanner.start, scanner.open(lines=False)
    value = read_expression(scanner)
    scanner.close(")", outer, "Unbalanced parentheses", 'expected ")" to close the expression')
    return syntax.Parens(start, scanner.last, value)


def _read_call(scanner: Scanner, start: int, name: str) -> syntax.Call:
    """A call; the scanner looks at what follows the first part of its name."""
    while scanner.kind == "::":
        scanner.advance()
        part = scanner.take_name("Missing function name", 'expected a name after "::"')
        name = f"{name}::{part}"
    if scanner.kind != "(":
        raise scanner.fail("Missing open parenthesis", 'expected "(" after the function\'s name')
    opened, outer = (start, scanner.end), scanner.open(lines=False)
    unclosed = ("Unterminated function call", 'missing ")"', *opened)
    missing = ("Missing argument separator", "expected a comma")
    arguments = read_row(scanner, ")", unclosed, missing)
    dots, expand = (scanner.start, scanner.end), scanner.kind == "..."
    if expand:
        scanner.advance()
        if scanner.kind != ")":
            raise scanner.fail("Missing closing parenthesis", 'expected ")" after "..."', *dots)
    scanner.close(")", outer, *missing)
    return syntax.Call(start, scanner.last, name, arguments, expand)


_READERS: Final[dict[str, Callable[[Scanner], Expression]]] = {
    "path": _read_path,
    "name": _read_name,
    "text": _read_text,
    "quote": read_quoted,
    "heredoc": read_heredoc,
    "number": _read_number,
    "[": read_tuple,
    "{": read_object,
    "(": _read_parens,
    "-": _read_unary,
    "!": _read_unary,
}
"""What reads an operand that begins with a token of this kind."""
