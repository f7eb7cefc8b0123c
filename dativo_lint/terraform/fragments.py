"""Parses a text that is one expression or one template, as JSON syntax holds them in its texts."""

from __future__ import annotations

from collections.abc import Callable

from dativo_lint.documents.document import Limits
from dativo_lint.terraform.expressions import read_expression
from dativo_lint.terraform.syntax import Expression, SyntaxFault
from dativo_lint.terraform.templates import read_bare
from dativo_lint.terraform.tokens import NO_LINES, Broken, Scanner


def parse_expression(
    text: str, limits: Limits = Limits()
) -> tuple[Expression | None, tuple[SyntaxFault, ...]]:
    """The expression that a text is, or None, and what is wrong with it; newlines are blanks."""
    return _parse(text, limits, _read_whole)


def parse_template(
    text: str, limits: Limits = Limits()
) -> tuple[Expression | None, tuple[SyntaxFault, ...]]:
    """The template that a text is, or None, and what is wrong with it; there are no escapes."""
    return _parse(text, limits, lambda scanner: read_bare(scanner, read_expression))


def _read_whole(scanner: Scanner) -> Expression:
    scanner.match = NO_LINES
    scanner.advance()
    value = read_expression(scanner)
    if scanner.kind != "end":
        raise scanner.fail("Extra characters after expression", "expected the end of the text")
    return value


def _parse(
    text: str, limits: Limits, read: Callable[[Scanner], Expression]
) -> tuple[Expression | None, tuple[SyntaxFault, ...]]:
    scanner = Scanner(text, limits.nesting)
    try:
        value = read(scanner)
    except Broken as broken:
        return None, (*scanner.faults, broken.fault)
    except RecursionError:
        fault = SyntaxFault(0, 0, "Too deeply nested", "the levels are more than can be read")
        return None, (*scanner.faults, fault)
    return value, tuple(scanner.faults)
