"""The events of a YAML text: from libyaml where it agrees with PyYAML's own parser, else from that.

The platform loads with `yaml.safe_load`, whose parser is written in Python and takes ten times as
long as libyaml. The two differ on tabs, byte order marks, tags, question marks inside brackets,
and comments that touch a block scalar's header; a differential test knows of nothing else that
libyaml accepts and reads differently. What libyaml refuses is left to the other parser's word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from dativo_lint.texts.document import Fault, FaultKind
from dativo_lint.texts.place import start_of
from dativo_lint.texts.positions import Lines

LIBYAML: Callable[[str], Any] | None = getattr(yaml, "CSafeLoader", None)
"""The loader whose parser is libyaml; None where PyYAML was built without it."""

EXACT_CHARACTERS = 200_000
"""Texts longer than this, up to a second's work for PyYAML's own parser, are left to libyaml
alone, whatever they hold."""

TAG = re.compile(r"!(?<![^\s,\[\]{}:]!)")
"""An exclamation mark where a tag can stand."""
_DIRECTIVE = re.compile(r"%(?<![^\n\r\x85\u2028\u2029]%)")
_HEADER_COMMENT = re.compile(r"#(?<=[-+|>0-9]#)")
_PLAIN = r"""[^\[\]{}'"?#]*"""
_QUOTED = r"""(?:(?<=[\[{,])|(?<=[,:] ))(?:"[^"\\\[\]{}?\n]*"|'[^'\[\]{}?\n]*')"""
_BRACKET = re.compile(rf"[\[{{](?!{_PLAIN}(?:{_QUOTED}{_PLAIN})*[\]}}])")
"""A bracket that opens more than a list of simple words without a question mark."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPE_PROBLEM = "found invalid Unicode character escape code"
_TOKEN = re.compile(r"'?<([a-z]+(?: [a-z]+){0,2})>'?")
_TOKEN_WORDS = {
    "alias": "an alias",
    "anchor": "an anchor",
    "block end": "the end of the block",
    "block mapping start": "a mapping",
    "block sequence start": "a list",
    "directive": "a directive",
    "document end": "the end of the document",
    "document start": "the start of a document",
    "scalar": "a value",
    "stream end": "the end of the text",
    "tag": "a tag",
}
"""What PyYAML's names of tokens stand for."""

NextEvent = Callable[[], Any]
"""Gives the next event of a text; raises YAMLError."""


class Parser(Protocol):
    """A parser of one text."""

    def get_event(self) -> Any: ...


def events(text: str, *, exact: bool) -> NextEvent:
    """The events of a text, one a call; of PyYAML's own parser if `exact` is asked for."""
    parser: Parser = _ExactParser(text) if exact or LIBYAML is None else LIBYAML(text)
    if not text.isascii() and any(sign in text for sign in "\x85\u2028\u2029\ufeff"):
        return _Relined(parser, text).get_event
    return parser.get_event


def needs_exact(text: str, nesting: int) -> bool:
    """Whether libyaml may read a text otherwise than the platform's parser does."""
    return (
        "\t" in text
        or ("!" in text and TAG.search(text) is not None)
        or ("%" in text and _DIRECTIVE.search(text) is not None)
        or (("|" in text or ">" in text) and _HEADER_COMMENT.search(text) is not None)
        or "\ufeff" in text
        or ("?" in text and _BRACKET.search(text) is not None and _asks_in_brackets(text, nesting))
    )


def fault_of(error: yaml.YAMLError, path: str, text: str) -> Fault:
    """What a parser says against a text, in one sentence."""
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    problem = _TOKEN.sub(lambda found: _TOKEN_WORDS.get(found[1], found[0]), problem)
    context = getattr(error, "context", None)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    kind = FaultKind.CHARACTER if problem == _ESCAPE_PROBLEM else FaultKind.SYNTAX
    if mark is not None and not text.startswith("?", mark.index):
        # A key that is written without a question mark has one in the parser's eyes.
        problem = problem.replace("found '?'", "found a key")
    message = f"{problem} {context}" if context and context != problem else problem
    message = message[:1].lower() + message[1:].rstrip(".")
    if mark is None:
        return Fault(kind, message, start_of(path))
    lines = Lines(text)
    place = lines.place(path, mark.index, mark.index)
    started = getattr(error, "context_mark", None)
    if started is None or started.line == mark.line:
        return Fault(kind, message, place)
    return Fault(kind, message, place, lines.place(path, started.index, started.index))


class _ExactParser:
    """PyYAML's own parser, which also refuses escapes that spell half a character."""

    def __init__(self, text: str) -> None:
        self._loader: Any = yaml.SafeLoader(text)

    def get_event(self) -> Any:
        try:
            event = self._loader.get_event()
        except (ValueError, OverflowError):  # an escape beyond the last character
            mark = self._loader.get_mark()
            raise yaml.MarkedYAMLError(None, None, _ESCAPE_PROBLEM, mark) from None
        is_scalar = isinstance(event, ScalarEvent)
        if is_scalar and not event.value.isascii() and _SURROGATE.search(event.value):
            raise yaml.MarkedYAMLError(None, None, _ESCAPE_PROBLEM, event.start_mark)
        return event


class _Relined:
    """A parser whose marks count lines as editors do, who know only of line feeds and returns."""

    def __init__(self, parser: Parser, text: str) -> None:
        self._parser = parser
        self._lines = Lines(text)

    def get_event(self) -> Any:
        event = self._parser.get_event()
        event.start_mark = self._lines.position(event.start_mark.index)
        event.end_mark = self._lines.position(event.end_mark.index)
        return event


def _asks_in_brackets(text: str, nesting: int) -> bool:
    """Whether a question mark stands anywhere inside square or curly brackets."""
    if LIBYAML is None:
        return True
    next_event = LIBYAML(text).get_event
    depth, outermost = 0, 0
    flows: list[bool] = []
    try:
        while (event := next_event()) is not None and len(flows) <= nesting:
            kind = event.__class__
            if kind is MappingStartEvent or kind is SequenceStartEvent:
                flows.append(event.flow_style)
                depth += event.flow_style
                if depth == 1 and event.flow_style:
                    outermost = event.start_mark.index
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                was_flow = flows.pop()
                depth -= was_flow
                if was_flow and not depth and "?" in text[outermost : event.end_mark.index]:
                    return True
    except yaml.YAMLError:
        return False
    return False
