"""Cuts native syntax into tokens, one at a time and only where the parser asks for one."""

from __future__ import annotations

import re
from typing import Final

from dativo_lint.terraform.syntax import SyntaxFault

_IDENT = r"[A-Za-z_][A-Za-z0-9_-]*"
_COMMENT = r"/\*(?s:.*?)\*/"
_LINE_COMMENT = r"(?:\#|//)[^\n]*(?:\n|\Z)"
_NEWLINE = rf"(?:\r?\n|{_LINE_COMMENT})"

# A path is the most frequent token of all, so it is cut in one piece; whatever else may stand
# between a name and its attributes (blanks, comments) leaves three tokens, with the same result.
# The catch-all at the end always matches: the blanks before a token are never cut twice.
_TOKEN = rf"""
(?P<path>{_IDENT}(?:\.{_IDENT})+(?![^\x00-\x7f]|[A-Za-z0-9_-]))
| (?P<name>{_IDENT}(?![^\x00-\x7f]|[A-Za-z0-9_-]))
| (?P<op>==|=>|!=|>=|<=|&&|\|\||::|\.\.\.|~\}}|[\[\](){{}},.:=*/%+<>!?-])
| (?P<text>"[^"\\$%\r\n]*")
| (?P<quote>")
| (?P<number>[0-9](?:\.*(?:[0-9]|[eE][+-]?[0-9]))*)
| (?P<heredoc><<-?{_IDENT}\r?\n)
| (?P<wide>[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\-\x80-\U0010ffff]*)
| (?P<end>\Z)
| (?P<other>(?s:.))
"""
_LINES: Final = re.compile(
    rf"(?:[ \t]+|{_COMMENT})* (?: (?P<newline>{_NEWLINE}(?:[ \t]+|{_NEWLINE}|{_COMMENT})*) | {_TOKEN})",
    re.VERBOSE,
)
"""Tokens where a newline is one of them."""
_NO_LINES: Final = re.compile(rf"(?:[ \t]+|{_NEWLINE}|{_COMMENT})* (?:{_TOKEN})", re.VERBOSE)
"""Tokens where newlines are blanks: inside brackets, calls and interpolations."""
