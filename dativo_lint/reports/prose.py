"""Markdown as people read it on a terminal: headings, paragraphs that fit, lists and code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dativo_lint.reports.columns import wrapped
from dativo_lint.reports.escape import visible
from dativo_lint.reports.style import Ink, Style

_WIDEST = 100
"""Columns of a line that is easy to read."""
_CODE_OR_LINK = re.compile(r"(?<!`)`([^`]{1,2000})`|\[([^\]]{1,200})\]\((\S{1,500})\)")
_KEPT, _OPEN, _CLOSE = "\N{NO-BREAK SPACE}", "\ue000", "\ue001"
"""Signs, none of them printable, that hold a span of code together while its line is broken."""
_UNBROKEN = 40
"""Characters of a span of code that stay on one line."""


def prose(markdown: str, style: Style) -> Iterator[str]:
    """The lines of a page; of Markdown, what pages of rules are made of."""
    fence = ""
    for line in map(visible, markdown.split("\n")):
        if fence:
            is_end = line == fence
            fence = "" if is_end else fence
            if not is_end:
                yield f"    {line}".rstrip()
        elif line.startswith("```"):
            fence = line.rstrip("abcdefghijklmnopqrstuvwxyz")
        elif line.startswith("#"):
            level, _, title = line.partition(" ")
            yield style.paint(title.upper() if level == "##" else title, Ink.BOLD)
        else:
            yield from _paragraph(line, style)


def _paragraph(line: str, style: Style) -> Iterator[str]:
    indent = "  " if line.startswith("- ") else ""
    text = _CODE_OR_LINK.sub(_plain, line)
    words = [(word.strip(_OPEN + _CLOSE), _linked(word, style)) for word in text.split(" ")]
    for piece in wrapped(words, min(style.width, _WIDEST), indent):
        whole = re.sub(
            f"{_OPEN}([^{_CLOSE}]*){_CLOSE}", lambda span: style.paint(span[1], Ink.NOTE), piece
        )
        yield whole.replace(_KEPT, " ").replace(_OPEN, "").replace(_CLOSE, "")


def _linked(word: str, style: Style) -> str:
    """A word as it is printed: an address leads there, without what follows it in a sentence."""
    if not word.startswith("https://"):
        return word
    address = word.rstrip(".,;:)")
    return style.link(address, address) + word[len(address) :]


def _plain(span: re.Match[str]) -> str:
    """A span of code held together, or a link with its address behind it."""
    code = span[1]
    if code is None:
        return f"{span[2]}: {span[3]}"
    held = code.replace(" ", _KEPT) if len(code) <= _UNBROKEN else code
    return f"{_OPEN}{held}{_CLOSE}"
