"""Reads quoted templates and heredocs, with the expressions and directives inside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, TypeAlias

from dativo_lint.terraform import syntax
from dativo_lint.terraform.brackets import read_for_names
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.tokens import Broken, Scanner, unescaped

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
_MULTI_LINE: Final = 'a text of several lines uses \\n or a "heredoc", <<EOT'


class _Text(syntax.Node, frozen=True):
    """A stretch of text; of a heredoc, at most a line."""

    text: str


_NOTHING: Final = syntax.Literal(0, 0, None)


class _Directive(syntax.Node, frozen=True):
    """`if` and `for` with what they hold, and `else`, `endif`, `endfor`."""

    word: str
    value: Expression = _NOTHING
    key_name: str | None = None
    value_name: str = ""


_Part: TypeAlias = _Text | Expression | _Directive

_CLOSES: Final = {"endif": ("if", "else"), "else": ("if",), "endfor": ("for",)}


class _Parts:
    """The parts of one template as they are read; a `~` trims the text next to it."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.read: list[_Part] = []
        self.open: list[str] = []
        self.trim = False

    def text(self, start: int, end: int, text: str) -> None:
        """Take a stretch of text."""
        self.read.append(_Text(start, end, text.lstrip() if self.trim else text))
        self.trim = False

    def trim_before(self) -> None:
        """Take the blanks from the end of the text read last."""
        if self.read and isinstance(self.read[-1], _Text):
            last = self.read[-1]
            self.read[-1] = _Text(last.start, last.end, last.text.rstrip())

    def directive(self, directive: _Directive) -> None:
        """Take a directive, which has to fit those that are open."""
        word = directive.word
        self.read.append(directive)
        if word in _CLOSES:
            opened = self.open[-1] if self.open else ""
            if opened not in _CLOSES[word]:
                detail = f'"{opened}" is still open' if opened else "nothing is open here"
                summary = f"Unexpected {word} directive"
                raise self.scanner.fail(summary, detail, directive.start, directive.end)
            self.open.pop()
        if word in ("if", "for"):
            self.scanner.deepen()
        if word in ("endif", "endfor"):
            self.scanner.depth -= 1
        else:
            self.open.append(word)

    def take_indent(self) -> None:
        """Take the indentation that all lines share from each of them, as `<<-` asks."""
        lines: list[int] = []
        indents: list[int] = []
        fresh = True
        for number, part in enumerate(self.read):
            text = part.text if isinstance(part, _Text) else ""
            if fresh and (text.strip() or not text.endswith("\n")):
                lines.append(number)
                indents.append(len(text) - len(text.lstrip()))
            fresh = text.endswith("\n")
        shared = min(indents, default=0)
        for number in lines if shared else ():
            part = self.read[number]
            if isinstance(part, _Text):
                self.read[number] = _Text(part.start + shared, part.end, part.text[shared:])

    def tree(self, start: int, end: int, close: int) -> Expression:
        """The template as a node; `close` is where its closing mark begins."""
        if self.open:
            detail = f'the "{self.open[-1]}" directive has no end'
            raise self.scanner.fail("Unexpected end of template", detail, close, end)
        match [*_joined(self.read)]:
            case []:
                return syntax.Literal(start, end, "")
            case [_Text(text=text)]:
                return syntax.Literal(start, end, normal(text))
            case [value] if not isinstance(value, (_Text, _Directive)):
                return syntax.Wrapped(start, end, value)
            case parts:
                return syntax.Template(start, end, _nodes(iter(parts))[0])


def _joined(parts: Iterable[_Part]) -> Iterator[_Part]:
    """The parts with neighbouring texts joined into one."""
    for kind, run in groupby(parts, type):
        if kind is _Text:
            texts = [part for part in run if isinstance(part, _Text)]
            text = "".join(part.text for part in texts)
            yield _Text(texts[0].start, texts[-1].end, text)
        else:
            yield from run


def _nodes(parts: Iterator[_Part]) -> tuple[tuple[Expression, ...], _Directive]:
    """The parts as expressions, up to the directive that ends them or to the end of all."""
    nodes: list[Expression] = []
    for part in parts:
        if isinstance(part, _Text):
            nodes.append(syntax.Literal(part.start, part.end, normal(part.text)))
        elif not isinstance(part, _Directive):
            nodes.append(part)
        elif part.word in _CLOSES:
            return tuple(nodes), part
        else:
            nodes.append(_directed(part, parts))
    return tuple(nodes), _Directive(0, 0, "")


def _directed(opener: _Directive, parts: Iterator[_Part]) -> Expression:
    """What stands between `if` or `for` and the directive at its end, which is passed as well."""
    contents: list[tuple[Expression, ...]] = []
    end = opener
    while end.word not in ("endif", "endfor"):
        nodes, end = _nodes(parts)
        contents.append(nodes)
    content, *otherwise = (_template(opener.end, end.start, nodes) for nodes in contents)
    if opener.word == "for":
        each = syntax.ForTuple(
            opener.start, end.end, opener.key_name, opener.value_name, opener.value, content, None
        )
        return syntax.Joined(opener.start, end.end, each)
    otherwise = otherwise or [_template(end.start, end.start, ())]
    return syntax.Conditional(opener.start, end.end, opener.value, content, otherwise[0])


def _template(start: int, end: int, parts: tuple[Expression, ...]) -> syntax.Template:
    return syntax.Template(start, end, parts or (syntax.Literal(start, start, ""),))


def read_quoted(scanner: Scanner) -> Expression:
    """A quoted template; the scanner looks at the opening quote, and then behind the closing."""
    start, text = scanner.start, scanner.text
    outer, scanner.lines = scanner.lines, False
    parts = _Parts(scanner)
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
            written = unescaped(scanner, match[0], at)
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
    parts = _Parts(scanner)
    end = _read_unquoted(parts, scanner.end, introducer.strip()[3 if flush else 2 :])
    if flush:
        parts.take_indent()
    scanner.lines = outer
    scanner.go_to(end)
    return parts.tree(start, end, scanner.text.rfind("\n", start, end) + 1)


def read_bare(scanner: Scanner) -> Expression:
    """A template that fills the whole text, with neither quotes nor escapes."""
    scanner.lines = False
    parts = _Parts(scanner)
    end = _read_unquoted(parts, 0, None)
    return parts.tree(0, end, end)


def _read_unquoted(parts: _Parts, opened: int, marker: str | None) -> int:
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


def _read_sequence(parts: _Parts, start: int, inside: int, opened: int) -> int:
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
        parts.read.append(value)
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


def _read_directive(scanner: Scanner, start: int) -> _Directive:
    scanner.split_path()
    at = (scanner.start, scanner.end)
    word = scanner.take_name("Invalid template directive", 'expected "if" or "for" after %{')
    names: tuple[str | None, str] = None, ""
    value: Expression = _NOTHING
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
    return _Directive(start, scanner.end, word, value, *names)
