"""Reads the steps of a traversal, and what stands in brackets and braces."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from dativo_lint.terraform import syntax
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.templates import read_for_names
from dativo_lint.terraform.tokens import LINES, NO_LINES, Broken, Match, Scanner

_EXACT_DIGITS: Final = 300
"""Longer whole numbers are kept as decimals: Python refuses to turn long texts into ints."""


def read_steps(scanner: Scanner) -> tuple[syntax.Step, ...]:
    """The steps that stand at the token, if any; the scanner looks behind them then."""
    steps: list[syntax.Step] = []
    depth = scanner.depth
    while True:
        start = scanner.start
        if scanner.kind == ".":
            scanner.advance()
            if scanner.kind == "*":
                inner = _read_attributes(scanner)
                steps.append(syntax.AttributeSplat(start, scanner.last, inner))
            else:
                steps.append(_read_attribute(scanner, start))
        elif scanner.kind == "[":
            steps.append(_read_bracket(scanner, start))
            if steps[-1].__class__ is syntax.FullSplat:
                scanner.deepen()
        else:
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
    if scanner.kind == "path":
        scanner.split_path()
    word = scanner.word
    if scanner.kind == "name":
        scanner.advance()
        return syntax.Attribute(start, scanner.last, word)
    if scanner.kind != "number":
        raise scanner.fail("Invalid attribute name", "expected a name after the dot", *blamed)
    if "." in word:
        first, _, second = word.partition(".")
        detail = f"two indexes in a row are written [{first}][{second}]"
        raise scanner.fail("Invalid legacy index syntax", detail, *blamed)
    return syntax.Index(start, scanner.end, read_number(scanner))


def _read_bracket(scanner: Scanner, start: int) -> syntax.Index | syntax.FullSplat:
    outer = scanner.match
    scanner.advance()
    if scanner.kind == "*":
        scanner.advance()
        if scanner.kind != "]":
            raise scanner.fail("Missing close bracket on splat index", 'expected "]" after "*"')
        scanner.advance()
        return syntax.FullSplat(start, scanner.last)
    scanner.match = NO_LINES
    if scanner.kind == "newline":
        scanner.advance()
    key = scanner.expression()
    if scanner.kind != "]":
        raise scanner.fail("Missing close bracket on index", 'expected "]" after the index')
    scanner.match = outer
    scanner.advance()
    return syntax.Index(start, scanner.last, key)


def exact_number(word: str) -> int | Decimal:
    """A number as it is written. Raises InvalidOperation for what is none."""
    is_short = word.lstrip("-").isdigit() and len(word) <= _EXACT_DIGITS
    return int(word) if is_short else Decimal(word)


def read_number(scanner: Scanner) -> syntax.Literal:
    """A number, exactly as it is written."""
    start, end, word = scanner.start, scanner.end, scanner.word
    try:
        value = exact_number(word)
    except InvalidOperation:
        raise scanner.fail("Invalid number literal", f"{word} is not a number") from None
    scanner.advance()
    return syntax.Literal(start, end, value)


def read_tuple(scanner: Scanner) -> Expression:
    """`[...]`, a row of items or a `for` expression; the scanner looks behind it then."""
    start, outer = scanner.start, scanner.match
    scanner.match = NO_LINES
    scanner.advance()
    if scanner.at_word("for"):
        return _read_for(scanner, start, outer, "]")
    items: list[Expression] = []
    while scanner.kind != "]":
        items.append(scanner.expression())
        if scanner.kind == ",":
            scanner.advance()
        elif scanner.kind == "end":
            summary = "Unterminated tuple constructor expression"
            raise scanner.fail(summary, 'missing "]"', start, start + 1)
        elif scanner.kind != "]":
            raise scanner.fail("Missing item separator", "expected a comma before the next item")
    scanner.match = outer
    scanner.advance()
    return syntax.TupleCons(start, scanner.last, tuple(items))


def read_object(scanner: Scanner) -> Expression:
    """`{...}`, a row of items or a `for` expression; the scanner looks behind it then."""
    start, outer = scanner.start, scanner.match
    scanner.match = LINES
    scanner.advance()
    if scanner.kind == "newline":
        scanner.advance()
    if scanner.at_word("for"):
        return _read_for(scanner, start, outer, "}")
    items: list[syntax.ObjectItem] = []
    while scanner.kind != "}":
        if scanner.kind == "newline":
            scanner.advance()
            continue
        key = _read_key(scanner, start)
        value = scanner.expression()
        items.append(syntax.ObjectItem(key.start, scanner.last, key, value))
        if scanner.kind in (",", "newline"):
            scanner.advance()
        elif scanner.kind == "end":
            raise _unterminated_object(scanner, start)
        elif scanner.kind != "}":
            raise scanner.fail("Missing attribute separator", "expected a newline or a comma")
    scanner.match = outer
    scanner.advance()
    return syntax.ObjectCons(start, scanner.last, tuple(items))


def _read_key(scanner: Scanner, opened: int) -> Expression:
    """A key of an object; the scanner looks at its value then."""
    key: Expression
    if scanner.kind == "name":
        start, word = scanner.start, scanner.word
        scanner.advance()
        if scanner.kind in ("=", ":"):
            scanner.advance()
            return syntax.Literal(start, start + len(word), normal(word))
        scanner.go_to(start)
    key = scanner.expression()
    if scanner.kind in ("=", ":"):
        scanner.advance()
        return key
    if scanner.kind == "end":
        raise _unterminated_object(scanner, opened)
    if scanner.kind in ("newline", ","):
        raise scanner.fail("Missing attribute value", 'expected "=" and a value after the key')
    raise scanner.fail("Missing key/value separator", 'expected "=" between key and value')


def _unterminated_object(scanner: Scanner, start: int) -> Broken:
    summary = "Unterminated object constructor expression"
    return scanner.fail(summary, 'missing "}"', start, start + 1)


def _read_for(scanner: Scanner, start: int, outer: Match, close: str) -> Expression:
    """What stands behind `for`; `outer` is how newlines counted before what opened at `start`."""
    summary = "Invalid 'for' expression"
    scanner.match = NO_LINES
    scanner.advance()
    key_name, value_name = read_for_names(scanner, summary)
    collection = scanner.expression()
    if scanner.kind != ":":
        raise scanner.fail(summary, "expected a colon after the collection")
    scanner.advance()
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
    if scanner.kind != close:
        raise scanner.fail(summary, f'expected "{close}" at its end')
    scanner.match = outer
    scanner.advance()
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
