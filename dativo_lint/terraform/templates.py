"""Reads quoted templates and heredocs, with the expressions and directives inside them."""

from __future__ import annotations

import re
from typing import Final

from msgspec.structs import replace

from dativo_lint.terraform.syntax import Expression
from dativo_lint.terraform.template_parts import Directive, Parts, Value, assemble, take_indent
from dativo_lint.terraform.tokens import NO_LINES, Broken, Scanner

_SEQUENCES = r"""
  (?P<doubled>\$\$\{|%%\{)
| (?P<open>[$%]\{~?)
| (?P<lone>[$%](?!\{)(?=(?s:.)))
"""
_QUOTED: Final = re.compile(
    rf"""(?P<literal>(?:[^"\\$%\r\n]+|\\[^\r\n])+) | {_SEQUENCES}
    | (?P<close>") | (?P<newline>[\r\n]+)""",
    re.VERBOSE,
).match
# Compiled when one is first matched: few modules hold heredocs or escapes.
_HEREDOC: Final = rf"(?x)(?P<line>[^$%\r\n]*\r?\n) | (?P<literal>[^$%\r\n]+) | {_SEQUENCES}"
_ESCAPE: Final = r"\\(?:u[0-9A-Fa-f]{0,4}|U[0-9A-Fa-f]{0,8}|.)"
_ESCAPES: Final = {r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\"": '"', r"\\": "\\"}

_MULTI_LINE: Final = 'a text of several lines uses \\n or a "heredoc", <<EOT'


def read_quoted(scanner: Scanner) -> Expression:
    """A quoted template; the scanner looks at the opening quote, and then behind the closing."""
    start, text = scanner.start, scanner.text
    outer, scanner.match = scanner.match, NO_LINES
    parts = Parts()
    at = scanner.end
    while True:
        match = _QUOTED(text, at)
        if match is None:
            raise _unreadable(scanner, at)
        kind, end = match.lastgroup, match.end()
        if kind == "close":
            break
        if kind == "newline":
            scanner.end = end
            raise scanner.fail("Invalid multi-line string", _MULTI_LINE, at, end)
        if kind == "literal":
            parts.text(at, end, _unescape(scanner, match[0], at))
        elif kind == "open":
            end = _read_sequence(scanner, parts, (at, end), start + 1)
        else:
            parts.text(at, end, match[0][-2:] if kind == "doubled" else match[0])
        at = end
    scanner.match = outer
    scanner.go_to(end)
    return assemble(scanner, parts, start, end, at)


def read_heredoc(scanner: Scanner) -> Expression:
    """A heredoc; the scanner looks at its introducer, and then behind the closing marker."""
    start, introducer = scanner.start, scanner.word
    outer, scanner.match = scanner.match, NO_LINES
    flush = introducer[2] == "-"
    marker = introducer.strip()[3 if flush else 2 :]
    parts = Parts()
    end = _read_unquoted(scanner, parts, scanner.end, marker)
    if flush:
        take_indent(parts)
    scanner.match = outer
    scanner.go_to(end)
    return assemble(scanner, parts, start, end, scanner.text.rfind("\n", start, end) + 1)


def read_bare(scanner: Scanner) -> Expression:
    """A template that fills the whole text, with neither quotes nor escapes."""
    scanner.match = NO_LINES
    parts = Parts()
    end = _read_unquoted(scanner, parts, 0, None)
    return assemble(scanner, parts, 0, end, end)


def _read_unquoted(scanner: Scanner, parts: Parts, opened: int, marker: str | None) -> int:
    """The parts up to the line with the closing marker, or to the end of the text without one;
    where they end."""
    text, at, fresh = scanner.text, opened, True
    match = re.compile(_HEREDOC).match
    while marker is not None or at < len(text):
        token = match(text, at)
        if token is None and marker is not None:
            raise _unreadable(scanner, at)
        kind, end = (token.lastgroup, token.end()) if token else ("lone", at + 1)
        if kind == "line" and fresh and text[at:end].strip() == marker:
            return at + len(text[at:end].rstrip())
        if kind == "open":
            end = _read_sequence(scanner, parts, (at, end), opened)
        else:
            parts.text(at, end, text[end - 2 : end] if kind == "doubled" else text[at:end])
        fresh = kind == "line"
        at = end
    return at


def _unreadable(scanner: Scanner, at: int) -> Broken:
    scanner.end = max(scanner.end, at)
    if at >= len(scanner.text):
        return scanner.fail("Unterminated template string", "the text has no end", at, at)
    return scanner.fail("Invalid character", "it is not used here", at, at + 1)


def _read_sequence(scanner: Scanner, parts: Parts, sign: tuple[int, int], opened: int) -> int:
    """`${...}` or `%{...}`, whose sign stands at these offsets, in a template whose content begins
    where it `opened`; where it ends."""
    start, end = sign
    if scanner.text[end - 1] == "~":
        parts.trim_before()
    parts.trim = False
    scanner.go_to(end)
    if scanner.text[start] == "$":
        value = scanner.expression()
        if scanner.kind not in ("}", "~}"):
            raise _unclosed(scanner, opened)
        parts.found.append(Value(start, scanner.end, value))
    else:
        directive = _read_directive(scanner, start)
        if scanner.kind not in ("}", "~}"):
            summary = f"Extra characters in {directive.word} marker"
            raise scanner.fail(summary, "expected a closing brace")
        _balance(scanner, parts, replace(directive, end=scanner.end))
    parts.trim = scanner.kind == "~}"
    return scanner.end


def _unclosed(scanner: Scanner, opened: int) -> Broken:
    in_quotes = scanner.kind in ("quote", "text") and scanner.text[opened - 1] == '"'
    if in_quotes or scanner.kind == "end":
        summary = "Unclosed template interpolation sequence"
        return scanner.fail(summary, "missing closing brace", opened, opened + 1)
    detail = 'expected a closing brace; a literal "${" is written "$${"'
    return scanner.fail("Extra characters after interpolation expression", detail)


def _read_directive(scanner: Scanner, start: int) -> Directive:
    if scanner.kind == "path":
        scanner.split_path()
    if scanner.kind != "name":
        raise scanner.fail("Invalid template directive", 'expected "if" or "for" after %{')
    word, at = scanner.word, (scanner.start, scanner.end)
    scanner.advance()
    if word == "if":
        return Directive(start, start, word, scanner.expression())
    if word == "for":
        key_name, value_name = read_for_names(scanner, "Invalid 'for' directive")
        return Directive(start, start, word, scanner.expression(), key_name, value_name)
    if word in ("else", "endif", "endfor"):
        return Directive(start, start, word)
    detail = f'"{word}" is none of if, else, endif, for, endfor'
    raise scanner.fail("Invalid template control keyword", detail, *at)


def read_for_names(scanner: Scanner, summary: str) -> tuple[str | None, str]:
    """`key, value in`, or `value in`; the scanner looks behind the word `in` then."""
    names: list[str] = []
    while True:
        if scanner.kind == "path":
            scanner.split_path()
        if scanner.kind != "name":
            raise scanner.fail(summary, f"expected a name after {',' if names else 'for'}")
        names.append(scanner.word)
        scanner.advance()
        if scanner.kind != "," or len(names) > 1:
            break
        scanner.advance()
    if not scanner.at_word("in"):
        raise scanner.fail(summary, 'expected "in" after the names')
    scanner.advance()
    return (names[0], names[1]) if len(names) > 1 else (None, names[0])


def _balance(scanner: Scanner, parts: Parts, directive: Directive) -> None:
    """Hold a directive against those that are open, and keep it."""
    word, opened = directive.word, parts.open
    parts.found.append(directive)
    if word in ("if", "for"):
        opened.append(directive)
        scanner.deepen()
        return
    closes = {"endif": ("if", "else"), "else": ("if",), "endfor": ("for",)}[word]
    if not opened or opened[-1].word not in closes:
        detail = f'"{opened[-1].word}" is still open' if opened else "nothing is open here"
        raise scanner.fail(f"Unexpected {word} directive", detail, directive.start, directive.end)
    opened.pop()
    if word == "else":
        opened.append(directive)
    else:
        scanner.depth -= 1


def _unescape(scanner: Scanner, written: str, offset: int) -> str:
    """The meaning of a stretch of quoted text; a wrong escape is noted and left out."""

    def meaning(match: re.Match[str]) -> str:
        if match[0] in _ESCAPES:
            return _ESCAPES[match[0]]
        value, detail = _code_point(match[0])
        if detail:
            start, end = match.span()
            scanner.note(offset + start, offset + end, "Invalid escape sequence", detail)
        return value

    return re.sub(_ESCAPE, meaning, written) if "\\" in written else written


def _code_point(escape: str) -> tuple[str, str]:
    """The character of `\\uXXXX` or `\\UXXXXXXXX`, or what is wrong with the escape."""
    digits = {"u": 4, "U": 8}.get(escape[1])
    if digits is None:
        return escape[1:], f'there is no escape "{escape}"'
    if len(escape) != digits + 2:
        return "", f"{escape[:2]} needs {digits} hexadecimal digits"
    code = int(escape[2:], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return "", f"{escape} is no character"
    return chr(code), ""
