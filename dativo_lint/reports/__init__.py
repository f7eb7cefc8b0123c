"""The forms of a report; each is one function from a report to the pieces of a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final, Protocol

from dativo_lint.findings.report import Report
from dativo_lint.reports.style import PLAIN, Style


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


FOR_PEOPLE: Final = ("text", "concise", "table", "statistics")
"""Forms for a terminal."""
COMMANDS: Final = ("github", "azure", "teamcity")
"""Forms that are commands, which a build service finds among other output of a step."""
_NAMES = (
    *FOR_PEOPLE,
    *("json", "sarif", "rdjson", "github", "gitlab", "azure", "teamcity", "junit", "markdown"),
)

REPORTS: Final[Mapping[str, Form]] = {name: _form(name) for name in _NAMES}
"""Every form by the name that `--format` takes."""
