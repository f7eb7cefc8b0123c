"""Reads the expressions of native syntax."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from dativo_lint.terraform.syntax import (
    Attribute,
    AttributeSplat,
    Call,
    Conditional,
    Expression,
    ForObject,
    ForTuple,
    FullSplat,
    Index,
    Literal,
    ObjectCons,
    ObjectItem,
    Operation,
    Parens,
    Reference,
    Relative,
    Step,
    TupleCons,
    Unary,
)
from dativo_lint.terraform.templates import nfc, read_for_names, read_heredoc, read_quoted
from dativo_lint.terraform.tokens import LINES, NO_LINES, Broken, Scanner

_PRECEDENCE: Final = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    ">": 4,
    ">=": 4,
    "<": 4,
    "<=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
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
        if scanner.kind != ":":
            raise scanner.fail(
                "Missing false expression in conditional",
                "expected a colon and what holds otherwise",
            )
        scanner.advance()
        scanner.deepen()
        chain.append((start, condition, chosen))
        start = scanner.start
        condition = _read_operation(scanner)
    value, end = condition, scanner.last
    for start, condition, chosen in reversed(chain):  # noqa: PLR1704 - the same pair, unwound
        value = Conditional(start, end, condition, chosen, value)
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
            operand = Operation(start, scanner.last, tuple(operands), tuple(operators))
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
        raise scanner.fail(
            "Missing expression", "expected an expression, found the end of the file"
        )
    raise scanner.fail("Invalid expression", "expected the start of an expression")


def _read_name(scanner: Scanner) -> Expression:
    start, name = scanner.start, scanner.word
    scanner.advance()
    kind = scanner.kind
    if kind in ("(", "::"):
        return _with_steps(scanner, _read_call(scanner, start, name))
    if name in _KEYWORDS:
        return _with_steps(scanner, Literal(start, scanner.last, _KEYWORDS[name]))
    if kind in (".", "["):
        steps: list[Step] = []
        _read_steps(scanner, steps)
        return Reference(start, scanner.last, name, tuple(steps))
    return Reference(start, scanner.last, name, ())


def _read_path(scanner: Scanner) -> Expression:
    start, end = scanner.start, scanner.end
    name, *attributes = scanner.text[start:end].split(".")
    at = start + len(name)
    steps: list[Step] = []
    for attribute in attributes:
        stop = at + len(attribute) + 1
        steps.append(Attribute(at, stop, attribute))
        at = stop
    scanner.advance()
    if scanner.kind in (".", "["):
        _read_steps(scanner, steps)
    if name in _KEYWORDS:
        source = Literal(start, start + len(name), _KEYWORDS[name])
        return Relative(start, scanner.last, source, tuple(steps))
    return Reference(start, scanner.last, name, tuple(steps))


def _with_steps(scanner: Scanner, source: Expression) -> Expression:
    if scanner.kind not in (".", "["):
        return source
    steps: list[Step] = []
    _read_steps(scanner, steps)
    return Relative(source[0], scanner.last, source, tuple(steps))


def _read_steps(scanner: Scanner, steps: list[Step]) -> None:
    depth = scanner.depth
    while True:
        start = scanner.start
        if scanner.kind == ".":
            scanner.advance()
            if scanner.kind == "*":
                inner = _read_attributes(scanner)
                steps.append(AttributeSplat(start, scanner.last, inner))
            else:
                steps.append(_read_attribute(scanner, start))
        elif scanner.kind == "[":
            steps.append(_read_bracket(scanner, start))
            if steps[-1].__class__ is FullSplat:
                scanner.deepen()
        else:
            scanner.depth = depth
            return


def _read_attributes(scanner: Scanner) -> tuple[Attribute | Index, ...]:
    """What follows `.*` and still belongs to it: names and old-style indexes."""
    inner: list[Attribute | Index] = []
    star = (scanner.start, scanner.end)
    scanner.advance()
    while scanner.kind == ".":
        start = scanner.start
        scanner.advance()
        if scanner.kind == "*":
            raise scanner.fail(
                "Nested splat expression not allowed", 'one ".*" may not follow another'
            )
        inner.append(_read_attribute(scanner, start, star))
    return tuple(inner)


def _read_attribute(
    scanner: Scanner, start: int, blamed: tuple[int, int] = (-1, -1)
) -> Attribute | Index:
    """A name or an old-style index, behind the dot that stands at `start`.

    Two indexes in a row are reported at `blamed`, by default where they stand.
    """
    if scanner.kind == "path":
        scanner.split_path()
    word = scanner.word
    if scanner.kind == "name":
        scanner.advance()
        return Attribute(start, scanner.last, word)
    if scanner.kind != "number":
        raise scanner.fail("Invalid attribute name", "expected a name after the dot")
    if "." in word:
        first, _, second = word.partition(".")
        detail = f"two indexes in a row are written [{first}][{second}]"
        raise scanner.fail("Invalid legacy index syntax", detail, *blamed)
    return Index(start, scanner.end, _read_number(scanner))


def _read_bracket(scanner: Scanner, start: int) -> Index | FullSplat:
    outer = scanner.match
    scanner.advance()
    if scanner.kind == "*":
        scanner.advance()
        if scanner.kind != "]":
            raise scanner.fail(
                "Missing close bracket on splat index", 'expected "]" right behind the star'
            )
        scanner.advance()
        return FullSplat(start, scanner.last)
    scanner.match = NO_LINES
    if scanner.kind == "newline":
        scanner.advance()
    key = read_expression(scanner)
    if scanner.kind != "]":
        raise scanner.fail("Missing close bracket on index", 'expected "]" after the index')
    scanner.match = outer
    scanner.advance()
    return Index(start, scanner.last, key)


def _read_number(scanner: Scanner) -> Literal:
    start, end, word = scanner.start, scanner.end, scanner.word
    if word.isdigit() and len(word) <= _EXACT_DIGITS:
        value: int | Decimal = int(word)
    elif (
        word.count(".") > 1 or word.lower().count("e") > 1 or "." in word.lower().partition("e")[2]
    ):
        raise scanner.fail("Invalid number literal", f"{word} is not a number")
    else:
        value = Decimal(word)
    scanner.advance()
    return Literal(start, end, value)


def _read_text(scanner: Scanner) -> Literal:
    start, end = scanner.start, scanner.end
    scanner.advance()
    return Literal(start, end, nfc(scanner.text[start + 1 : end - 1]))


def _read_unary(scanner: Scanner) -> Expression:
    start, operator = scanner.start, scanner.kind
    scanner.advance()
    scanner.deepen()
    operand = _READERS.get(scanner.kind, _refuse)(scanner)
    scanner.depth -= 1
    return Unary(start, scanner.last, operator, operand)


def _read_parens(scanner: Scanner) -> Expression:
    start, outer = scanner.start, scanner.match
    scanner.match = NO_LINES
    scanner.advance()
    value = read_expression(scanner)
    if scanner.kind != ")":
        raise scanner.fail("Unbalanced parentheses", 'expected ")" to close the expression')
    scanner.match = outer
    scanner.advance()
    return Parens(start, scanner.last, value)


def _read_tuple(scanner: Scanner) -> Expression:
    start, outer = scanner.start, scanner.match
    scanner.match = NO_LINES
    scanner.advance()
    if scanner.at_word("for"):
        return _read_for(scanner, start, outer, "]")
    items: list[Expression] = []
    while scanner.kind != "]":
        items.append(read_expression(scanner))
        if scanner.kind == ",":
            scanner.advance()
        elif scanner.kind == "end":
            summary = "Unterminated tuple constructor expression"
            raise scanner.fail(
                summary, 'there is no "]" before the end of the file', start, start + 1
            )
        elif scanner.kind != "]":
            raise scanner.fail("Missing item separator", "expected a comma before the next item")
    scanner.match = outer
    scanner.advance()
    return TupleCons(start, scanner.last, tuple(items))


def _read_object(scanner: Scanner) -> Expression:
    start, outer = scanner.start, scanner.match
    scanner.match = LINES
    scanner.advance()
    if scanner.kind == "newline":
        scanner.advance()
    if scanner.at_word("for"):
        return _read_for(scanner, start, outer, "}")
    items: list[ObjectItem] = []
    while scanner.kind != "}":
        if scanner.kind == "newline":
            scanner.advance()
            continue
        key = _read_key(scanner, start)
        items.append(ObjectItem(key, read_expression(scanner)))
        if scanner.kind in (",", "newline"):
            scanner.advance()
        elif scanner.kind == "end":
            raise _unterminated_object(scanner, start)
        elif scanner.kind != "}":
            raise scanner.fail(
                "Missing attribute separator", "expected a newline or a comma before the next item"
            )
    scanner.match = outer
    scanner.advance()
    return ObjectCons(start, scanner.last, tuple(items))


def _read_key(scanner: Scanner, opened: int) -> Expression:
    """A key of an object; the scanner looks at its value then."""
    key: Expression
    if scanner.kind == "name":
        start, word = scanner.start, scanner.word
        scanner.advance()
        if scanner.kind in ("=", ":"):
            scanner.advance()
            return Literal(start, start + len(word), nfc(word))
        scanner.go_to(start)
    key = read_expression(scanner)
    if scanner.kind in ("=", ":"):
        scanner.advance()
        return key
    if scanner.kind == "end":
        raise _unterminated_object(scanner, opened)
    if scanner.kind in ("newline", ","):
        raise scanner.fail("Missing attribute value", 'expected "=" and a value after the key')
    raise scanner.fail("Missing key/value separator", 'expected "=" between key and value')


def _unterminated_object(scanner: Scanner, start: int) -> Broken:
    return scanner.fail(
        "Unterminated object constructor expression",
        'there is no "}" before the end of the file',
        start,
        start + 1,
    )


def _read_for(scanner: Scanner, start: int, outer: Callable[..., object], close: str) -> Expression:
    summary = "Invalid 'for' expression"
    scanner.match = NO_LINES
    scanner.advance()
    key_name, value_name = read_for_names(scanner, summary)
    collection = read_expression(scanner)
    if scanner.kind != ":":
        raise scanner.fail(summary, "expected a colon after the collection")
    scanner.advance()
    key: Expression | None = None
    value = read_expression(scanner)
    if scanner.kind == "=>":
        scanner.advance()
        key, value = value, read_expression(scanner)
    ellipsis = (scanner.start, scanner.end) if scanner.kind == "..." else None
    if ellipsis:
        scanner.advance()
    condition = None
    if scanner.at_word("if"):
        scanner.advance()
        condition = read_expression(scanner)
    if scanner.kind != close:
        raise scanner.fail(summary, f'expected "{close}" at its end')
    scanner.match = outer  # type: ignore[assignment]
    scanner.advance()
    end = scanner.last
    if close == "]":
        if key:
            scanner.note(key[0], key[1], summary, "a tuple has no keys")
        if ellipsis:
            scanner.note(*ellipsis, summary, "only an object can group values with ...")
        return ForTuple(start, end, key_name, value_name, collection, value, condition)
    if key is None:
        scanner.note(value[0], value[1], summary, "an object needs a key, written key => value")
        key = value
    group = ellipsis is not None
    return ForObject(start, end, key_name, value_name, collection, key, value, group, condition)


def _read_call(scanner: Scanner, start: int, name: str) -> Call:
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
            expand = True
            _expect_end_of_call(scanner)
        elif scanner.kind == "end":
            detail = 'there is no ")" before the end of the file'
            raise scanner.fail("Unterminated function call", detail, start, opened)
        elif scanner.kind != ")":
            raise scanner.fail(
                "Missing argument separator", "expected a comma before the next argument"
            )
    scanner.match = outer
    scanner.advance()
    return Call(start, scanner.last, name, tuple(arguments), expand)


def _expect_end_of_call(scanner: Scanner) -> None:
    start, end = scanner.start, scanner.end
    scanner.advance()
    if scanner.kind != ")":
        detail = 'expected ")" right behind "..."'
        raise scanner.fail("Missing closing parenthesis", detail, start, end)


def _then_steps(read: Callable[[Scanner], Expression]) -> Callable[[Scanner], Expression]:
    def reader(scanner: Scanner) -> Expression:
        value = read(scanner)
        return value if scanner.kind not in (".", "[") else _with_steps(scanner, value)

    return reader


_READERS: Final[dict[str, Callable[[Scanner], Expression]]] = {
    "path": _read_path,
    "name": _read_name,
    "text": _then_steps(_read_text),
    "quote": _then_steps(lambda scanner: read_quoted(scanner, read_expression)),
    "heredoc": _then_steps(lambda scanner: read_heredoc(scanner, read_expression)),
    "number": _then_steps(_read_number),
    "[": _then_steps(_read_tuple),
    "{": _then_steps(_read_object),
    "(": _then_steps(_read_parens),
    "-": _read_unary,
    "!": _read_unary,
}
"""What reads an operand that begins with a token of this kind."""
