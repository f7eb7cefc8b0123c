"""Reads what stands in brackets and braces: tuples, objects and `for` expressions."""

from __future__ import annotations

from typing import TypeAlias

from dativo_lint.terraform import syntax
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.tokens import Scanner

_Fault: TypeAlias = tuple[str, str] | tuple[str, str, int, int]
"""Summary and detail of a mistake, and where it stands if not at the token."""


def read_row(
    scanner: Scanner, close: str, unclosed: _Fault, missing: _Fault
) -> tuple[Expression, ...]:
    """Expressions with commas between them, up to what closes them, or in a call an ellipsis."""
    items: list[Expression] = []
    while scanner.kind != close:
        items.append(scanner.expression())
        if scanner.kind == ",":
            scanner.advance()
        elif scanner.kind == "..." and close == ")":
            break
        elif scanner.kind != close:
            raise scanner.fail(*(unclosed if scanner.kind == "end" else missing))
    return tuple(items)


def read_tuple(scanner: Scanner) -> Expression:
    """`[...]`, a row of items or a `for` expression; the scanner looks behind it then."""
    start, outer = scanner.start, scanner.open(lines=False)
    if scanner.at_word("for"):
        return _read_for(scanner, start, outer, "]")
    unclosed = ("Unterminated tuple constructor expression", 'missing "]"', start, start + 1)
    missing = ("Missing item separator", "expected a comma before the next item")
    items = read_row(scanner, "]", unclosed, missing)
    scanner.close("]", outer, *missing)
    return syntax.TupleCons(start, scanner.last, items)


def read_object(scanner: Scanner) -> Expression:
    """`{...}`, a row of items or a `for` expression; the scanner looks behind it then."""
    start, outer = scanner.start, scanner.open(lines=True)
    if scanner.kind == "newline":
        scanner.advance()
    if scanner.at_word("for"):
        return _read_for(scanner, start, outer, "}")
    unclosed = ("Unterminated object constructor expression", 'missing "}"', start, start + 1)
    missing = ("Missing attribute separator", "expected a newline or a comma")
    items: list[syntax.ObjectItem] = []
    while scanner.kind != "}":
        if scanner.kind == "newline":
            scanner.advance()
            continue
        key = _read_key(scanner, unclosed)
        value = scanner.expression()
        items.append(syntax.ObjectItem(key.start, scanner.last, key, value))
        if scanner.kind in (",", "newline"):
            scanner.advance()
        elif scanner.kind != "}":
            raise scanner.fail(*(unclosed if scanner.kind == "end" else missing))
    scanner.close("}", outer, *missing)
    return syntax.ObjectCons(start, scanner.last, tuple(items))


def _read_key(scanner: Scanner, unclosed: _Fault) -> Expression:
    """A key of an object; the scanner looks at its value then."""
    key: Expression | None = None
    if scanner.kind == "name":
        start, end, name = scanner.start, scanner.end, scanner.word
        scanner.advance()
        if scanner.kind in ("=", ":"):
            key = syntax.Literal(start, end, normal(name))
        else:
            scanner.go_to(start)
    key = key or scanner.expression()
    if scanner.kind in ("=", ":"):
        scanner.advance()
        return key
    if scanner.kind == "end":
        raise scanner.fail(*unclosed)
    if scanner.kind in ("newline", ","):
        raise scanner.fail("Missing attribute value", 'expected "=" and a value after the key')
    raise scanner.fail("Missing key/value separator", 'expected "=" between key and value')


def _read_for(scanner: Scanner, start: int, outer: bool, close: str) -> Expression:
    """What stands behind `for`; `outer` is how newlines counted before what opened at `start`."""
    summary = "Invalid 'for' expression"
    scanner.open(lines=False)
    key_name, value_name = read_for_names(scanner, summary)
    collection = scanner.expression()
    scanner.take(":", summary, "expected a colon after the collection")
    key: Expression | None = None
    value = scanner.expression()
    if scanner.kind == "=>":
        scanner.advance()
        key, value = value, scanner.expression()
    ellipsis = (scanner.start, scanner.end) if scanner.kind == "..." else None
    if ellipsis:
        scanner.advance()
    condition = None
    if scanner.at_word("if"):
        scanner.advance()
        condition = scanner.expression()
    scanner.close(close, outer, summary, f'expected "{close}" at its end')
    end = scanner.last
    if close == "]":
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


def read_for_names(scanner: Scanner, summary: str) -> tuple[str | None, str]:
    """`key, value in`, or `value in`; the scanner looks behind the word `in` then."""
    key, value = None, scanner.take_name(summary, "expected a name after for")
    if scanner.kind == ",":
        scanner.advance()
        key, value = value, scanner.take_name(summary, "expected a name after ,")
    if not scanner.at_word("in"):
        raise scanner.fail(summary, 'expected "in" after the names')
    scanner.advance()
    return key, value
