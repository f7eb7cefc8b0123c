"""The parts of a template as they are found, and the tree that they make."""

from __future__ import annotations

from itertools import groupby
from typing import TypeAlias

from msgspec import Struct

from dativo_lint.terraform import syntax
from dativo_lint.terraform.syntax import Expression, normal
from dativo_lint.terraform.tokens import Scanner


class Text(syntax.Node, frozen=True):
    text: str


class Value(syntax.Node, frozen=True):
    value: Expression


class Directive(syntax.Node, frozen=True):
    """`if` and `for` with what they hold, and `else`, `endif`, `endfor`."""

    word: str
    value: Expression | None = None
    key_name: str | None = None
    value_name: str = ""


Part: TypeAlias = Text | Value | Directive


class Parts:
    """The parts of one template as they are found; a `~` trims the text next to it."""

    __slots__ = ("found", "open", "trim")

    def __init__(self) -> None:
        self.found: list[Part] = []
        self.open: list[Directive] = []
        self.trim = False

    def text(self, start: int, end: int, text: str) -> None:
        self.found.append(Text(start, end, text.lstrip() if self.trim else text))
        self.trim = False

    def trim_before(self) -> None:
        if self.found and isinstance(self.found[-1], Text):
            last = self.found[-1]
            self.found[-1] = Text(last.start, last.end, last.text.rstrip())


def take_indent(parts: Parts) -> None:
    """Take the indentation that all lines share from each of them, as `<<-` asks."""
    shared: int | None = None
    lines: list[int] = []
    fresh = True
    for number, part in enumerate(parts.found):
        if fresh:
            if not isinstance(part, Text):
                shared = 0
            elif part.text.strip() or not part.text.endswith("\n"):
                indent = len(part.text) - len(part.text.lstrip())
                shared = indent if shared is None else min(shared, indent)
                lines.append(number)
        fresh = isinstance(part, Text) and part.text.endswith("\n")
    if not shared:
        return
    for number in lines:
        part = parts.found[number]
        if isinstance(part, Text):
            parts.found[number] = Text(part.start + shared, part.end, part.text[shared:])


def assemble(scanner: Scanner, parts: Parts, start: int, end: int, close: int) -> Expression:
    """The template as a node; `close` is where its closing mark begins."""
    if parts.open:
        raise scanner.fail(
            "Unexpected end of template",
            f'the "{parts.open[-1].word}" directive has no end',
            close,
            end,
        )
    melded = _meld(parts.found)
    if not melded:
        return syntax.Literal(start, end, "")
    if len(melded) == 1 and isinstance(melded[0], Text):
        return syntax.Literal(start, end, normal(melded[0].text))
    if len(melded) == 1 and isinstance(melded[0], Value):
        return syntax.Wrapped(start, end, melded[0].value)
    return syntax.Template(start, end, _nest(melded))


def _meld(parts: list[Part]) -> list[Part]:
    """The parts with neighbouring texts joined into one."""
    melded: list[Part] = []
    for is_text, group in groupby(parts, lambda part: isinstance(part, Text)):
        run = list(group)
        if is_text:
            text = "".join(part.text for part in run if isinstance(part, Text))
            run = [Text(run[0].start, run[-1].end, text)]
        melded += run
    return melded


class _Frame(Struct, frozen=True):
    """A directive that is open, and the parts found in it so far."""

    opener: Directive
    chosen: tuple[Expression, ...] | None
    parts: list[Expression]


def _nest(parts: list[Part]) -> tuple[Expression, ...]:
    """The parts as expressions, what stands between directives inside theirs."""
    outermost = Directive(0, 0, "")
    frames = [_Frame(outermost, None, [])]
    for part in parts:
        if isinstance(part, Text):
            frames[-1].parts.append(syntax.Literal(part.start, part.end, normal(part.text)))
        elif isinstance(part, Value):
            frames[-1].parts.append(part.value)
        elif part.word in ("if", "for"):
            frames.append(_Frame(part, None, []))
        elif part.word == "else":
            frame = frames.pop()
            frames.append(_Frame(frame.opener, tuple(frame.parts), []))
        else:
            frame = frames.pop()
            frames[-1].parts.append(_close(frame, part))
    return tuple(frames[0].parts)


def _close(frame: _Frame, end: Directive) -> Expression:
    opener = frame.opener
    value = opener.value
    assert value is not None  # noqa: S101 - an opener is only made with one
    content = _template(opener.end, end.start, tuple(frame.parts))
    if opener.word == "for":
        each = syntax.ForTuple(
            opener.start, end.end, opener.key_name, opener.value_name, value, content, None
        )
        return syntax.Joined(opener.start, end.end, each)
    results = content, _template(end.start, end.start, ())
    if frame.chosen is not None:
        results = _template(opener.end, end.start, frame.chosen), content
    return syntax.Conditional(opener.start, end.end, value, *results)


def _template(start: int, end: int, parts: tuple[Expression, ...]) -> syntax.Template:
    return syntax.Template(start, end, parts or (syntax.Literal(start, start, ""),))
