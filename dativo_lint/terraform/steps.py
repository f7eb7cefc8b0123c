"""Reads the steps of a traversal, `.name`, `[key]`, `[*]` and `.*`, and the numbers among them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from dativo_lint.terraform import syntax
from dativo_lint.terraform.tokens import NO_LINES, ReadExpression, Scanner

_EXACT_DIGITS: Final = 300
"""Longer whole numbers are kept as decimals: Python refuses to turn long texts into ints."""


def read_steps(scanner: Scanner, steps: list[syntax.Step], expression: ReadExpression) -> None:
    """Add the steps that stand at the token; the scanner looks behind them then."""
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
            steps.append(_read_bracket(scanner, start, expression))
            if steps[-1].__class__ is syntax.FullSplat:
                scanner.deepen()
        else:
            scanner.depth = depth
            return


def _read_attributes(scanner: Scanner) -> tuple[syntax.Attribute | syntax.Index, ...]:
    """What follows `.*` and still belongs to it: names and old-style indexes."""
    inner: list[syntax.Attribute | syntax.Index] = []
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
) -> syntax.Attribute | syntax.Index:
    """A name or an old-style index, behind the dot that stands at `start`.

    A mistake is reported at `blamed`, by default where it stands.
    """
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


def _read_bracket(
    scanner: Scanner, start: int, expression: ReadExpression
) -> syntax.Index | syntax.FullSplat:
    outer = scanner.match
    scanner.advance()
    if scanner.kind == "*":
        scanner.advance()
        if scanner.kind != "]":
            raise scanner.fail(
                "Missing close bracket on splat index", 'expected "]" right behind the star'
            )
        scanner.advance()
        return syntax.FullSplat(start, scanner.last)
    scanner.match = NO_LINES
    if scanner.kind == "newline":
        scanner.advance()
    key = expression(scanner)
    if scanner.kind != "]":
        raise scanner.fail("Missing close bracket on index", 'expected "]" after the index')
    scanner.match = outer
    scanner.advance()
    return syntax.Index(start, scanner.last, key)


def read_number(scanner: Scanner) -> syntax.Literal:
    """A number, exactly as it is written."""
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
    return syntax.Literal(start, end, value)
