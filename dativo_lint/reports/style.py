"""How a reader wants a report shown: in colour or plain, how wide, and with what is open."""

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
    """How the forms for people look; the forms for machines take no notice of it.

    `width` is how many columns of a source line are shown. With `show_open` the open questions
    are listed, otherwise they are only counted.
    """

    colour: bool = False
    show_open: bool = False
    width: int = 100

    def paint(self, text: str, ink: str) -> str:
        """The text in this ink, or as it is where no colour is wanted."""
        return f"\x1b[{ink}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style()
