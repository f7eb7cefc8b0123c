"""Parses native syntax: bodies, blocks and arguments, with recovery after a mistake."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from dativo_lint.documents.document import Limits
from dativo_lint.terraform import syntax
from dativo_lint.terraform.expressions import read_expression
from dativo_lint.terraform.syntax import Argument, Block, Body, Diagnostic, Expression, normal
from dativo_lint.terraform.templates import read_bare, read_quoted
from dativo_lint.terraform.tokens import Broken, Scanner

_Items = list[Argument | Block]
Parsed: TypeAlias = "tuple[Expression | None, tuple[Diagnostic, ...]]"
"""What a text is, or None, and what is wrong with it."""

# Compiled when one is first matched: only what is broken, and labels with odd signs, need them.
_TOP_LEVEL: Final = (
    r"(?m)^([ \t]*)(?:action|check|data|ephemeral|import|locals|module|moved|output|provider"
    r"|removed|resource|terraform|variable)\b[^\n{=]*\{"
)
"""A line that opens one of the blocks that Terraform knows at the top of a file."""

_PLAIN: Final = r'(?:[^"\\$%\r\n]|\\.|\$\$\{|%%\{|[$%](?!\{))*'
"""Quoted text up to its end or to a template in it."""

_RESCAN: Final = 2
"""How many times the length of the text may be read again after mistakes."""


def parse(text: str, limits: Limits = Limits()) -> Body:
    """The body of a file, and in its `errors` everything wrong with the syntax. Never raises.

    After a mistake reading goes on with the next block at the top of the file; the block with the
    mistake is kept as far as it was read, and is not `whole`.
    """
    if len(text) > limits.file_bytes:
        detail = f"more than {limits.file_bytes} bytes are not read"
        return Body(0, 0, (), (Diagnostic(0, 0, "File too large", detail),))
    scanner = Scanner(text, limits.nesting, read_expression)
    items: _Items = []
    try:
        _read_file(scanner, items)
    except RecursionError:
        # The caller may stand on a deep stack already, or have set a limit beyond Python's own.
        detail = "the levels are more than can be read"
        scanner.note(scanner.start, scanner.end, "Too deeply nested", detail)
    return Body(0, len(text), tuple(items), tuple(sorted(scanner.faults)))


def _read_file(scanner: Scanner, items: _Items) -> None:
    budget = _RESCAN * len(scanner.text) + 10_000
    at = scanner.end
    while True:
        begun = len(items)
        try:
            scanner.go_to(at)
            _read_items(scanner, items)
        except Broken as broken:
            scanner.faults.append(broken.fault)
        else:
            return
        seen, begin = scanner.end, items[-1].start if len(items) > begun else scanner.start
        at = _next_block(scanner.text, begin)
        if at < 0:
            return
        budget -= max(0, seen - at)
        if budget < 0:
            scanner.note(at, at, "Too many mistakes", "the file is not read from here on")
            return
        scanner.depth, scanner.lines = 0, True


def _next_block(text: str, begin: int) -> int:
    """Where the next block at the top of the file opens, indented as the broken item was."""
    line = text.rfind("\n", 0, begin) + 1
    indent = text[line:begin]
    if indent.strip(" \t"):
        indent = ""
    for match in re.compile(_TOP_LEVEL).finditer(text, begin + 1):
        if match[1] == indent:
            return match.start()
    return -1


def _read_items(scanner: Scanner, items: _Items, opened: int = -1) -> None:
    """Arguments and blocks, up to the closing brace of what opened there or the end of the file."""
    until = "end" if opened < 0 else "}"
    names: set[str] = set()
    while True:
        kind = scanner.kind
        if kind == "name":
            _read_item(scanner, items, names)
        elif kind == "newline":
            scanner.advance()
        elif kind == until:
            return
        elif kind == "path":
            scanner.split_path()
            raise _no_definition(scanner, scanner.start, scanner.end)
        elif kind == "end":
            raise _unclosed(scanner, opened)
        elif kind in ("quote", "text"):
            raise scanner.fail("Invalid argument name", "the name of an argument is not quoted")
        else:
            raise _no_item(scanner)


def _read_item(scanner: Scanner, items: _Items, names: set[str]) -> None:
    """An argument, or a block, with the newline behind it."""
    start, end, name = scanner.start, scanner.end, scanner.word
    scanner.advance()
    if scanner.kind != "=":
        _read_block(scanner, items, (start, end), name)
    else:
        scanner.advance()
        value = scanner.expression()
        items.append(Argument(start, scanner.last, name, value))
        if name in names:
            detail = f'the argument "{name}" is set already in this block'
            scanner.note(start, end, "Attribute redefined", detail)
        names.add(name)
    if scanner.kind == "newline":
        scanner.advance()
    elif scanner.kind != "end":
        what = "argument" if isinstance(items[-1], Argument) else "block definition"
        if scanner.kind == "," and what == "argument":
            raise scanner.fail("Unexpected comma after argument", "expected a newline")
        raise scanner.fail(f"Missing newline after {what}", "expected a newline after it")


def _no_item(scanner: Scanner) -> Broken:
    detail = "expected an argument or a block"
    return scanner.fail("Argument or block definition required", detail)


def _no_definition(scanner: Scanner, start: int, end: int) -> Broken:
    detail = 'expected "=" and a value, or a block'
    return scanner.fail("Argument or block definition required", detail, start, end)


def _read_block(scanner: Scanner, items: _Items, at: tuple[int, int], type_: str) -> None:
    start = at[0]
    if scanner.kind not in ("{", "text", "quote", "name", "path"):
        raise _no_definition(scanner, *at)
    labels = _read_labels(scanner)
    header_end, opened = scanner.last, scanner.start
    inner: _Items = []
    scanner.deepen()
    scanner.advance()
    whole = False
    try:
        if scanner.kind in ("newline", "}", "end"):
            _read_items(scanner, inner, opened)
        else:
            _read_line(scanner, inner, opened)
        scanner.depth -= 1
        scanner.advance()
        whole = True
    finally:
        body = Body(opened, scanner.last, tuple(inner))
        items.append(Block(start, scanner.last, header_end, type_, labels, body, whole))


def _read_labels(scanner: Scanner) -> tuple[syntax.Label, ...]:
    """The labels of a block; the scanner looks at its opening brace then."""
    labels: list[syntax.Label] = []
    while scanner.kind != "{":
        scanner.split_path()
        start, end, word = scanner.start, scanner.end, scanner.word
        if scanner.kind == "text":
            scanner.advance()
            labels.append(syntax.Label(start, end, normal(word[1:-1])))
        elif scanner.kind == "name":
            scanner.advance()
            labels.append(syntax.Label(start, end, word))
        elif scanner.kind == "quote":
            labels.append(_read_label(scanner))
        elif scanner.kind == "=":
            raise scanner.fail("Invalid block definition", 'a block is written without "="')
        else:
            raise scanner.fail("Invalid block definition", 'expected a quoted label or "{"')
    return tuple(labels)


def _read_label(scanner: Scanner) -> syntax.Label:
    """A label with escapes, which may hold no template."""
    start = scanner.start
    plain = re.compile(_PLAIN).match(scanner.text, start + 1)
    if plain and scanner.text[plain.end() : plain.end() + 2] in ("${", "%{"):
        at = plain.end()
        raise scanner.fail("Invalid string literal", "a label cannot hold a template", at, at + 2)
    value = read_quoted(scanner)
    text = value.value if isinstance(value, syntax.Literal) else ""
    return syntax.Label(start, scanner.last, str(text))


def _unclosed(scanner: Scanner, opened: int) -> Broken:
    return scanner.fail("Unclosed configuration block", "missing closing brace", opened, opened + 1)


def _read_line(scanner: Scanner, items: _Items, opened: int) -> None:
    """A block on one line, `a { b = 1 }`; the scanner looks at its closing brace then."""
    scanner.split_path()
    start, end, name = scanner.start, scanner.end, scanner.word
    if scanner.kind != "name":
        raise _no_item(scanner)
    scanner.advance()
    if scanner.kind in ("quote", "text", "{", "name", "path"):
        detail = "a block on one line holds one argument; an inner block stands on its own line"
        raise scanner.fail("Argument definition required", detail, start, scanner.end)
    if scanner.kind != "=":
        raise _no_definition(scanner, start, end)
    scanner.advance()
    value = scanner.expression()
    items.append(Argument(start, scanner.last, name, value))
    if scanner.kind == "end":
        raise _unclosed(scanner, opened)
    if scanner.kind != "}":
        detail = "expected a closing brace right behind the argument"
        raise scanner.fail("Invalid single-argument block definition", detail)


def parse_expression(text: str, limits: Limits = Limits()) -> Parsed:
    """The expression that a text is; newlines are blanks."""
    return _parse(text, limits, _read_whole)


def parse_template(text: str, limits: Limits = Limits()) -> Parsed:
    """The template that a text is; there are no escapes."""
    return _parse(text, limits, read_bare)


def _read_whole(scanner: Scanner) -> Expression:
    scanner.lines = False
    scanner.advance()
    value = scanner.expression()
    if scanner.kind != "end":
        raise scanner.fail("Extra characters after expression", "expected the end of the text")
    return value


def _parse(text: str, limits: Limits, read: Callable[[Scanner], Expression]) -> Parsed:
    scanner = Scanner(text, limits.nesting, read_expression)
    try:
        value = read(scanner)
    except Broken as broken:
        return None, (*scanner.faults, broken.fault)
    except RecursionError:
        fault = Diagnostic(0, 0, "Too deeply nested", "the levels are more than can be read")
        return None, (*scanner.faults, fault)
    return value, tuple(scanner.faults)
