"""Where libyaml and PyYAML's own parser differ, and their error messages.

The platform loads with `yaml.safe_load`, whose parser is written in Python and takes ten times as
long as libyaml. The two differ on tabs, byte order marks, tags, question marks inside brackets, and
comments next to a block scalar's header; a differential test finds nothing else that libyaml
accepts and reads differently. Texts that libyaml rejects are read by the other parser.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from dativo_lint.documents.document import Fault, FaultKind
from dativo_lint.documents.source import Source

CParser: Any = getattr(getattr(yaml, "cyaml", None), "CParser", None)
"""libyaml; None where PyYAML was built without it."""

_TAG = re.compile(r"!(?<![^\s,\[\]{}:]!)")
"""An exclamation mark that may start a tag."""
_DIRECTIVE = r"%(?<![^\n\r\x85\u2028\u2029]%)(?!(?<=\A%)YAML 1\.1\n---\n)"
"""A directive, but for the one that some begin their files with."""
_HEADER_COMMENT = re.compile(r"#(?<=[-+|>0-9]#)")
_PLAIN = r"""[^\[\]{}'"?#]*"""
_QUOTED = r"""(?:(?<=[\[{,])|(?<=[,:] ))(?:"[^"\\\[\]{}?\n]*"|'[^'\[\]{}?\n]*')"""
_BRACKET = rf"[\[{{](?!{_PLAIN}(?:{_QUOTED}{_PLAIN})*[\]}}])"
"""A bracket that opens more than a list of simple words without a question mark."""
_SURROGATE = "[\ud800-\udfff]"
_ESCAPE_PROBLEM = "found invalid Unicode character escape code"
_THING = r"'?<([a-z]+(?: [a-z]+){0,2})>'?"
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
    "stream end": "the end of the file",
    "tag": "a tag",
}
"""Readable names of PyYAML's tokens."""


def needs_exact(text: str, nesting: int) -> bool:
    """Whether libyaml may read a text otherwise than the platform's parser does."""
    return (
        "\t" in text
        or ("!" in text and _TAG.search(text) is not None)
        or ("%" in text and re.search(_DIRECTIVE, text) is not None)
        or (("|" in text or ">" in text) and _HEADER_COMMENT.search(text) is not None)
        or "\ufeff" in text
        or ("?" in text and bool(re.search(_BRACKET, text)) and _asks_in_brackets(text, nesting))
    )


def _asks_in_brackets(text: str, nesting: int) -> bool:
    """Whether there is a question mark inside square or curly brackets."""
    if CParser is None:
        return True
    next_event = CParser(text).get_event
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


class ExactParser:
    """PyYAML's own parser, which also rejects escapes that are half of a surrogate pair."""

    def __init__(self, text: str) -> None:
        self._loader: Any = yaml.SafeLoader(text)

    def get_event(self) -> Any:
        """The next event of the text; raises YAMLError."""
        try:
            event = self._loader.get_event()
        except (ValueError, OverflowError):  # an escape beyond the last character
            mark = self._loader.get_mark()
            raise yaml.MarkedYAMLError(None, None, _ESCAPE_PROBLEM, mark) from None
        is_scalar = isinstance(event, ScalarEvent)
        if is_scalar and not event.value.isascii() and re.search(_SURROGATE, event.value):
            raise yaml.MarkedYAMLError(None, None, _ESCAPE_PROBLEM, event.start_mark)
        return event


_ADVICE = {
    "mapping values are not allowed": 'check the indentation, or quote a value with ": " in it',
    "'\\t' that cannot start": "indent with spaces, not tabs",
    "that cannot start any token": "quote the value",
    "unexpected end of stream while scanning a quoted scalar": "add the closing quote",
    "expected the end of the block": "check the indentation",
}
"""What to look for, by a part of a message."""


def syntax_fault(error: yaml.YAMLError, source: Source) -> Fault:
    """The error of a parser, as one sentence."""
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    problem = re.sub(_THING, lambda token: _TOKEN_WORDS.get(token[1], token[0]), problem)
    context = getattr(error, "context", None)
    started = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or started
    kind = FaultKind.CHARACTER if problem == _ESCAPE_PROBLEM else FaultKind.SYNTAX
    if mark is not None and not source.text.startswith("?", mark.index):
        # The parser reports a key as '?', which is how YAML can also write one.
        problem = problem.replace("found '?'", "found a key")
    message = f"{problem} {context}" if context and context != problem else problem
    message = message[:1].lower() + message[1:].rstrip(".")
    message += next((f"; {advice}" for part, advice in _ADVICE.items() if part in message), "")
    index = mark.index if mark is not None else 0
    place = source.place(index, index)
    if started is None or mark is None or started.line == mark.line:
        return Fault(kind, message, place)
    return Fault(kind, message, place, source.place(started.index, started.index))
