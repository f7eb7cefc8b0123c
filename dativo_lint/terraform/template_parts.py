"""The parts of a template as they are read, and the tree that they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, TypeAlias

from dativo_lint.terraform import syntax
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.tokens import Scanner


class Text(syntax.Node, frozen=True):
    """A stretch of text; of a heredoc, at most a line."""

    text: str


NOTHING: Final = syntax.Literal(0, 0, None)


class Directive(syntax.Node, frozen=True):
    """`if` and `for` with what they hold, and `else`, `endif`, `endfor`."""

    word: str
    value: Expression = NOTHING
    key_name: str | None = None
    value_name: str = ""


class Value(syntax.Node, frozen=True):
    """`${value}`."""

    value: Expression


Part: TypeAlias = Text | Value | Directive

_CLOSES: Final = {"endif": ("if", "else"), "else": ("if",), "endfor": ("for",)}


class Parts:
    """The parts of one template as they are read; a `~` trims the text next to it."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.read: list[Part] = []
        self.open: list[str] = []
        self.trim = False

    def text(self, start: int, end: int, text: str) -> None:
        """Take a stretch of text."""
        self.read.append(Text(start, end, text.lstrip() if self.trim else text))
        self.trim = False

    def trim_before(self) -> None:
        """Take the blanks from the end of the text read last."""
        if self.read and isinstance(self.read[-1], Text):
            last = self.read[-1]
            self.read[-1] = Text(last.start, last.end, last.text.rstrip())

    def directive(self, directive: Directive) -> None:
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
            text = part.text if isinstance(part, Text) else ""
            if fresh and (text.strip() or not text.endswith("\n")):
                lines.append(number)
                indents.append(len(text) - len(text.lstrip()))
            fresh = text.endswith("\n")
        shared = min(indents, default=0)
        for number in lines if shared else ():
            part = self.read[number]
            if isinstance(part, Text):
                self.read[number] = Text(part.start + shared, part.end, part.text[shared:])

    def tree(self, start: int, end: int, close: int) -> Expression:
        """The template as a node; `close` is where its closing mark begins."""
        if self.open:
            detail = f'the "{self.open[-1]}" directive has no end'
            raise self.scanner.fail("Unexpected end of template", detail, close, end)
        match [*_joined(self.read)]:
            case []:
                return syntax.Literal(start, end, "")
            case [Text(text=text)]:
                return syntax.Literal(start, end, normal(text))
            case [Value(value=value)]:
                return syntax.Wrapped(start, end, value)
            case parts:
                return syntax.Template(start, end, _nodes(iter(parts))[0])


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts with neighbouring texts joined into one."""
    for kind, run in groupby(parts, type):
        if kind is Text:
            texts = [part for part in run if isinstance(part, Text)]
            text = "".join(part.text for part in texts)
            yield Text(texts[0].start, texts[-1].end, text)
        else:
            yield from run


def _nodes(parts: Iterator[Part]) -> tuple[tuple[Expression, ...], Directive]:
    """The parts as expressions, up to the directive that ends them or to the end of all."""
    nodes: list[Expression] = []
    for part in parts:
        if isinstance(part, Text):
            nodes.append(syntax.Literal(part.start, part.end, normal(part.text)))
        elif isinstance(part, Value):
            nodes.append(part.value)
        elif part.word in _CLOSES:
            return tuple(nodes), part
        else:
            nodes.append(_directed(part, parts))
    return tuple(nodes), Directive(0, 0, "")


def _directed(opener: Directive, parts: Iterator[Part]) -> Expression:
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
