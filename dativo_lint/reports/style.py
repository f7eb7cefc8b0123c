"""How a report is wanted: in colour or plain, how wide, with what is open, and for which run."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from posixpath import join, relpath

from msgspec import Struct

from dativo_lint.documents.place import Place
from dativo_lint.reports.escape import shown_path
from dativo_lint.rulebook.rule import Severity


class Reader(Enum):
    """Who reads a form of a report: a person at a terminal, a build service that finds its
    commands among other output of a step, or a program that takes nothing else."""

    PEOPLE = "people"
    BUILD_SERVICE = "build service"
    PROGRAM = "program"


class Ink:
    """Ways to set off a word on a terminal, as the parameters of the escape sequence."""

    BOLD = "1"
    DIM = "2"
    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "1;36"
    GOOD = "1;32"
    GUTTER = "34"


INKS = {
    "error": Ink.ERROR,
    "warning": Ink.WARNING,
    "note": Ink.NOTE,
    "unresolved": Ink.NOTE,
    "suppressed": Ink.DIM,
    "off": Ink.DIM,
    "ok": Ink.GOOD,
    "problem": Ink.ERROR,
    "not set": Ink.ERROR,
    "invalid": Ink.ERROR,
}
"""How words about a state are set off, the severities first."""


def unknown(_path: str) -> bytes | None:
    """Of no file the content is known."""
    return None


class Style(Struct, frozen=True):
    """How a report is wanted; the colour and the width are only for people.

    `width` is how many columns lines of files are clipped to; with `is_wrapped`, as on a terminal,
    sentences break there, and with `breaks_words` words that do not fit into a table, too, which
    grep could not find. With `show_unresolved` unresolved values are listed, with
    `show_suppressed` suppressed findings; otherwise they are only counted. With `links` the name of
    a rule leads to its page. `folder` is the current folder and `root` the root, both absolute;
    paths are shown from the folder, or from the root where it is not known. `fail_on` is the
    severity from which findings fail the run. In SARIF, `category` distinguishes the run from
    others of one commit, and with `alerts_only` there is nothing but findings that count. `content`
    reads a file of the report, and `warn` is told what a form had to leave out.
    """

    colour: bool = False
    show_unresolved: bool = False
    show_suppressed: bool = False
    width: int = 100
    is_wrapped: bool = False
    breaks_words: bool = False
    links: bool = False
    folder: str = ""
    root: str = "/"
    fail_on: Severity = Severity.ERROR
    category: str = ""
    alerts_only: bool = False
    content: Callable[[str], bytes | None] = unknown
    warn: Callable[[str], None] = lambda warning: None

    def paint(self, text: str, ink: str) -> str:
        """The text in this ink, or as it is where no colour is wanted."""
        return f"\x1b[{ink}m{text}\x1b[0m" if self.colour and text and ink else text

    def link(self, text: str, address: str) -> str:
        """The text as a link of the terminal (OSC 8), where it knows links."""
        is_link = self.links and address
        return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if is_link else text

    def path(self, path: str) -> str:
        """A path of the report, from the current folder."""
        if not self.folder or self.folder == self.root:
            return shown_path(path)
        return shown_path(relpath(join(self.root, path), self.folder))

    def where(self, place: Place) -> str:
        """A place as editors and terminals link it: `path:line:column`."""
        return f"{self.path(place.path)}:{place.line}:{place.column}"


PLAIN = Style()
