"""How a report is wanted: in colour or plain, how wide, with what is open, and for which run."""

from __future__ import annotations

from msgspec import Struct

from dativo_lint.rulebook.rule import Severity


class Ink:
    """Ways to set off a word on a terminal, as the parameters of the escape sequence."""

    BOLD = "1"
    DIM = "2"
    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "1;36"
    GOOD = "1;32"
    GUTTER = "34"


INK_OF = {Severity.ERROR: Ink.ERROR, Severity.WARNING: Ink.WARNING, Severity.NOTE: Ink.NOTE}


class Style(Struct, frozen=True):
    """How a report is wanted; the colour and the width are only for people.

    `width` is how many columns of a source line are shown. With `show_open` the open questions
    are listed, otherwise they are only counted. `fail_on` is the severity from which on findings
    fail the run; `category` tells the run from others of one commit, in SARIF.
    """

    colour: bool = False
    show_open: bool = False
    width: int = 100
    fail_on: Severity = Severity.ERROR
    category: str = ""

    def paint(self, text: str, ink: str) -> str:
        """The text in this ink, or as it is where no colour is wanted."""
        return f"\x1b[{ink}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style()
