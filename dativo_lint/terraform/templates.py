"""Reads quoted templates and heredocs, with the expressions and directives inside them."""

from __future__ import annotations

import re
from typing import Final

from dativo_lint.terraform.syntax import Expression
from dativo_lint.terraform.template_parts import NOTHING, Directive, Parts, Value
from dativo_lint.terraform.tokens import Broken, Scanner

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
    outer, scanner.lines = scanner.lines, False
    parts = Parts(scanner)
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
        if kind == "open":
            end = _read_sequence(parts, at, end, start + 1)
        else:
            written = _unescape(scanner, match[0], at)
            parts.text(at, end, written[-2:] if kind == "doubled" else written)
        at = end
    scanner.lines = outer
    scanner.go_to(end)
    return parts.tree(start, end, at)


def read_heredoc(scanner: Scanner) -> Expression:
    """A heredoc; the scanner looks at its introducer, and then behind the closing marker."""
    start, introducer = scanner.start, scanner.word
    outer, scanner.lines = scanner.lines, False
    flush = introducer[2] == "-"
    parts = Parts(scanner)
    end = _read_unquoted(parts, scanner.end, introducer.strip()[3 if flush else 2 :])
    if flush:
        parts.take_indent()
    scanner.lines = outer
    scanner.go_to(end)
    return parts.tree(start, end, scanner.text.rfind("\n", start, end) + 1)


def read_bare(scanner: Scanner) -> Expression:
    """A template that fills the whole text, with neither quotes nor escapes."""
    scanner.lines = False
    parts = Parts(scanner)
    end = _read_unquoted(parts, 0, None)
    return parts.tree(0, end, end)


def _read_unquoted(parts: Parts, opened: int, marker: str | None) -> int:
    """The parts up to the line with the closing marker, or to the end of the text without one;
    where they end."""
    text, at, fresh = parts.scanner.text, opened, True
    match = re.compile(_HEREDOC).match
    while marker is not None or at < len(text):
        token = match(text, at)
        if token is None and marker is not None:
            raise _unreadable(parts.scanner, at)
        kind, end = (token.lastgroup, token.end()) if token else ("lone", at + 1)
        if kind == "line" and fresh and text[at:end].strip() == marker:
            return at + len(text[at:end].rstrip())
        if kind == "open":
            end = _read_sequence(parts, at, end, opened)
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


def _read_sequence(parts: Parts, start: int, inside: int, opened: int) -> int:
    """`${...}` or `%{...}` from its sign at `start` on, in a template whose content begins where it
    `opened`; where it ends."""
    scanner = parts.scanner
    if scanner.text[inside - 1] == "~":
        parts.trim_before()
    scanner.go_to(inside)
    if scanner.text[start] == "$":
        value = scanner.expression()
        if scanner.kind not in ("}", "~}"):
            raise _unclosed(scanner, opened)
        parts.read.append(Value(start, scanner.end, value))
    else:
        parts.directive(_read_directive(scanner, start))
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
    scanner.split_path()
    at = (scanner.start, scanner.end)
    word = scanner.take_name("Invalid template directive", 'expected "if" or "for" after %{')
    names: tuple[str | None, str] = None, ""
    value: Expression = NOTHING
    if word == "for":
        names = read_for_names(scanner, "Invalid 'for' directive")
    elif word not in ("if", "else", "endif", "endfor"):
        detail = f'"{word}" is none of if, else, endif, for, endfor'
        raise scanner.fail("Invalid template control keyword", detail, *at)
    if word in ("if", "for"):
        value = scanner.expression()
    if scanner.kind not in ("}", "~}"):
        summary = f"Extra characters in {word} marker"
        raise scanner.fail(summary, "expected a closing brace")
    return Directive(start, scanner.end, word, value, *names)


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
