"""The forms of a report; each is one function from a report to the pieces of a text.

The form NAME is the function `as_NAME` in the module of that name; `READER` there says who
reads it, if not a program.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final, Protocol

from dativo_lint.findings.report import Report
from dativo_lint.reports.style import PLAIN, Reader, Style


class Form(Protocol):
    """A pure function of a report; its text is empty or ends with a newline.

    It comes in pieces, so that no report takes more memory than a few of its findings.
    """

    def __call__(self, report: Report, style: Style = PLAIN, /) -> Iterator[str]: ...


def _form(name: str) -> Form:
    """The function `as_NAME` in the module of that name.

    It is imported when a report is made: a run makes one or two of the forms, and some need
    tabulate or an XML library, which take longer to import than a file to lint.
    """

    def form(report: Report, style: Style = PLAIN, /) -> Iterator[str]:
        module = import_module(f"{__name__}.as_{name}")
        pieces: Iterator[str] = getattr(module, f"as_{name}")(report, style)
        return pieces

    return form


DEFAULT: Final = "text"
_FILES = {name[3:-3] for name in os.listdir(os.path.dirname(__file__)) if name.startswith("as_")}
_NAMES = (DEFAULT, *sorted(_FILES - {DEFAULT}))

REPORTS: Final[Mapping[str, Form]] = {name: _form(name) for name in _NAMES}
"""Every form by the name that `--format` takes, the default one first."""


def reader_of(name: str) -> Reader:
    """Who reads a form; a name that is no form of a report is read by programs."""
    if name not in REPORTS:
        return Reader.PROGRAM
    reader: Reader = getattr(import_module(f"{__name__}.as_{name}"), "READER", Reader.PROGRAM)
    return reader
