"""Reads what stands in brackets and braces: tuples, objects and `for` expressions."""

from __future__ import annotations

from msgspec import Struct

from dativo_lint.terraform import syntax
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.templates import read_for_names
from dativo_lint.terraform.tokens import LINES, NO_LINES, Broken, Match, ReadExpression, Scanner


def read_tuple(scanner: Scanner, expression: ReadExpression) -> Expression:
    """`[...]`, a row of items or a `for` expression; the scanner looks behind it then."""
    start, outer = scanner.start, scanner.match
    scanner.match = NO_LINES
    scanner.advance()
    if scanner.at_word("for"):
        return _read_for(scanner, _Opening(start, outer, "]"), expression)
    items: list[Expression] = []
    while scanner.kind != "]":
        items.append(expression(scanner))
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
    return syntax.TupleCons(start, scanner.last, tuple(items))


def read_object(scanner: Scanner, expression: ReadExpression) -> Expression:
    """`{...}`, a row of items or a `for` expression; the scanner looks behind it then."""
    start, outer = scanner.start, scanner.match
    scanner.match = LINES
    scanner.advance()
    if scanner.kind == "newline":
        scanner.advance()
    if scanner.at_word("for"):
        return _read_for(scanner, _Opening(start, outer, "}"), expression)
    items: list[syntax.ObjectItem] = []
    while scanner.kind != "}":
        if scanner.kind == "newline":
            scanner.advance()
            continue
        key = _read_key(scanner, start, expression)
        value = expression(scanner)
        items.append(syntax.ObjectItem(key.start, scanner.last, key, value))
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
    return syntax.ObjectCons(start, scanner.last, tuple(items))


def _read_key(scanner: Scanner, opened: int, expression: ReadExpression) -> Expression:
    """A key of an object; the scanner looks at its value then."""
    key: Expression
    if scanner.kind == "name":
        start, word = scanner.start, scanner.word
        scanner.advance()
        if scanner.kind in ("=", ":"):
            scanner.advance()
            return syntax.Literal(start, start + len(word), normal(word))
        scanner.go_to(start)
    key = expression(scanner)
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


class _Opening(Struct, frozen=True):
    """Where a bracket stands, how newlines counted before it, and what closes it."""

    start: int
    outer: Match
    close: str


def _read_for(scanner: Scanner, opening: _Opening, expression: ReadExpression) -> Expression:
    summary = "Invalid 'for' expression"
    scanner.match = NO_LINES
    scanner.advance()
    key_name, value_name = read_for_names(scanner, summary)
    collection = expression(scanner)
    if scanner.kind != ":":
        raise scanner.fail(summary, "expected a colon after the collection")
    scanner.advance()
    key: Expression | None = None
    value = expression(scanner)
    if scanner.kind == "=>":
        scanner.advance()
        key, value = value, expression(scanner)
    ellipsis = (scanner.start, scanner.end) if scanner.kind == "..." else None
    if ellipsis:
        scanner.advance()
    condition = None
    if scanner.at_word("if"):
        scanner.advance()
        condition = expression(scanner)
    if scanner.kind != opening.close:
        raise scanner.fail(summary, f'expected "{opening.close}" at its end')
    scanner.match = opening.outer
    scanner.advance()
    start, end = opening.start, scanner.last
    if opening.close == "]":
        if key:
            scanner.note(key.start, key.end, summary, "a tuple has no keys")
        if ellipsis:
            scanner.note(*ellipsis, summary, "only an object can group values with ...")
        return syntax.ForTuple(start, end, key_name, value_name, collection, value, condition)
    if key is None:
        scanner.note(value.start, value.end, summary, "an object needs a key, written key => value")
        key = value
    group = ellipsis is not None
    return syntax.ForObject(
        start, end, key_name, value_name, collection, key, value, group, condition
    )
