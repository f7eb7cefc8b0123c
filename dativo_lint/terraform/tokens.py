"""Cuts native syntax into tokens, one at a time and only where the parser asks for one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from dativo_lint.terraform.syntax import Diagnostic, Expression

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
# A name that may hold letters beyond ASCII: all but ASCII's signs, which compiles much faster than
# a range up to the last code point.
_LATER = r"[^\x00-,./:-@\[-\^`{-\x7f]"
_WIDE = rf"[^\x00-@\[-\^`{{-\x7f]{_LATER}*"
_BLANKS = r"[ \t]*(?:/\*(?s:.*?)\*/[ \t]*)*"

# The catch-all at the end always matches, so that the blanks before a token are never cut twice.
# A dotted path is the most frequent token of all and is cut in one piece; where blanks or comments
# stand between its names they are tokens of their own, and the tree is the same.
_cut: Final = re.compile(
    rf"""{_BLANKS}(?:
  (?P<name>{_NAME})(?P<path>(?:\.{_NAME})+)?(?!{_LATER})
| (?P<newline>(?:(?:\r?\n|(?:\#|//)[^\n]*(?:\n|\Z)){_BLANKS})+)
| (?P<text>"[^"\\$%\r\n]*")
| (?P<heredoc><<-?{_WIDE}\r?\n)
| (?P<sign>[\[\](){{}},*/%+?-]|=[=>]?|[!<>]=?|::?|&&|\|\||\.(?:\.\.)?|~\}})
| (?P<quote>")
| (?P<number>[0-9](?:\.*(?:[0-9]|[eE][+-]?[0-9]))*)
| (?P<wide>{_WIDE})
| (?P<end>\Z)
| (?P<other>(?s:.))
)""",
    re.VERBOSE,
).match

_INVALID: Final = {
    "'": "single quotes are not used; a text stands in double quotes",
    "`": 'backquotes are not used; a text of several lines is a "heredoc", <<EOT',
    ";": "semicolons are not used; a newline ends an argument, a comma an item",
}
_ESCAPE: Final = r"\\(?:u[0-9A-Fa-f]{0,4}|U[0-9A-Fa-f]{0,8}|.)"
_ESCAPES: Final = {r"\n": "\n", r"\r": "\r", r"\t": "\t", r"\"": '"', r"\\": "\\"}
_BITWISE: Final = {"&": "&&", "|": "||", "~": "!", "^": ""}


class Broken(Exception):
    """Ends the reading of a block; never leaves the parser."""

    def __init__(self, fault: Diagnostic) -> None:
        super().__init__(fault.summary)
        self.fault = fault


class Scanner:
    """The text, and the token that the parser looks at.

    `kind` is the sign itself for signs, else the name of the group that matched. `start` and `end`
    bound the token, `last` is the end of the one before. `lines` says that newlines are tokens, as
    in bodies and objects; in other brackets they are blanks. `read` reads an expression.
    """

    def __init__(self, text: str, limit: int, read: Callable[[Scanner], Expression]) -> None:
        self.read = read
        self.text = text
        self.limit = limit
        self.depth = 0
        self.faults: list[Diagnostic] = []
        self.lines = True
        self.kind = ""
        self.start = self.last = 0
        self.end = 1 if text.startswith("\ufeff") else 0

    def expression(self) -> Expression:
        """The expression that begins at the token; the scanner looks behind it then."""
        return self.read(self)

    def advance(self) -> None:
        """Cut the next token."""
        text = self.text
        self.last = self.end
        # The pattern ends with groups for any character and for the end, so it always matches.
        match: re.Match[str] = _cut(text, self.end)  # type: ignore[assignment]
        kind: str = match.lastgroup  # type: ignore[assignment]
        if kind == "newline" and not self.lines:
            match = _cut(text, match.end())  # type: ignore[assignment]
            kind = match.lastgroup  # type: ignore[assignment]
        self.start, self.end = match.span(kind)
        if kind == "sign":
            kind = match[kind]
        elif kind == "path":
            # The group is what stands behind the first name.
            self.start = match.start("name")
        self.kind = kind
        if kind == "wide":
            self._trim()

    def go_to(self, offset: int) -> None:
        """Cut the token at an offset."""
        self.end = offset
        self.advance()

    def open(self, lines: bool) -> bool:
        """Pass an opening bracket, inside of which newlines count or do not; whether they did
        before."""
        outer, self.lines = self.lines, lines
        self.advance()
        return outer

    def close(self, kind: str, outer: bool, summary: str, detail: str) -> None:
        """Pass a closing bracket that has to be there; newlines count as they did before."""
        if self.kind != kind:
            raise self.fail(summary, detail)
        self.lines = outer
        self.advance()

    def take(self, kind: str, summary: str, detail: str) -> None:
        """Pass a token that has to be there."""
        if self.kind != kind:
            raise self.fail(summary, detail)
        self.advance()

    def take_name(self, summary: str, detail: str, start: int = -1, end: int = -1) -> str:
        """Pass a name that has to be there, of a dotted path the first."""
        self.split_path()
        if self.kind != "name":
            raise self.fail(summary, detail, start, end)
        name = self.word
        self.advance()
        return name

    @property
    def word(self) -> str:
        """The token as written."""
        return self.text[self.start : self.end]

    def split_path(self) -> None:
        """Look at the first name only, if the token is a dotted path."""
        if self.kind == "path":
            self.end = self.text.index(".", self.start)
            self.kind = "name"

    def at_word(self, word: str) -> bool:
        """Whether the token is this name; a path that begins with it is split."""
        if self.text.startswith(f"{word}.", self.start):
            self.split_path()
        return self.kind == "name" and self.word == word

    def deepen(self) -> None:
        """Count one more level of nesting."""
        self.depth += 1
        if self.depth > self.limit:
            raise self.fail("Too deeply nested", f"more than {self.limit} levels are not read")

    def fail(self, summary: str, detail: str, start: int = -1, end: int = -1) -> Broken:
        """What to raise about a stretch of the text, by default the token, which may be a character
        that the language does not know."""
        if start < 0:
            start, end = self.start, self.end
            if self.kind == "other":
                summary, detail = _invalid(self.word)
            elif self.text.startswith("/*", start):
                # Looking for the end of the comment has read all that is left.
                detail, self.end = "this comment has no end", len(self.text)
        return Broken(Diagnostic(start, end, summary, detail))

    def note(self, start: int, end: int, summary: str, detail: str) -> None:
        """Record a mistake after which reading goes on."""
        self.faults.append(Diagnostic(start, end, summary, detail))

    def _trim(self) -> None:
        """Settle a name with letters beyond ASCII, by the rule of Unicode's annex 31."""
        word = self.word
        if word[0] != "_" and not word[0].isidentifier():
            self.kind, self.end = "other", self.start + 1
            return
        for offset, char in enumerate(word):
            if char != "-" and not f"a{char}".isidentifier():
                self.end = self.start + offset
                break
        self.kind = "name"


def _invalid(char: str) -> tuple[str, str]:
    if char in _BITWISE:
        meant = _BITWISE[char]
        hint = f'; did you mean "{meant}"?' if meant else ""
        return "Unsupported operator", f"there are no bitwise operators{hint}"
    return "Invalid character", _INVALID.get(char, "the language does not use this character")


def unescaped(scanner: Scanner, written: str, offset: int) -> str:
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
