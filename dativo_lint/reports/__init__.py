"""The forms of a report; each is one function from a report to the pieces of a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from dativo_lint.reports.style import PLAIN, Style
from dativo_lint.results import Report


class Form(Protocol):
    """A pure function of a report; its text is empty or ends with a newline.

    It comes in pieces, so that no report takes more memory than a few of its findings.
    """

    def __call__(self, report: Report, style: Style = PLAIN, /) -> Iterator[str]: ...


# A run prints one or two forms, so each is loaded when it is asked for: tabulate, xml and urllib
# would cost every run more than linting a file does.


def _text(report: Report, style: Style = PLAIN, /) -> Iterator[str]:
    from dativo_lint.reports.as_text import as_text

    return as_text(report, style)


def _table(report: Report, style: Style = PLAIN, /) -> Iterator[str]:
    from dativo_lint.reports.as_table import as_table

    return as_table(report, style)


def _json(report: Report, _style: Style = PLAIN, /) -> Iterator[str]:
    from dativo_lint.reports.as_json import as_json

    return as_json(report)


def _sarif(report: Report, _style: Style = PLAIN, /) -> Iterator[str]:
    from dativo_lint.reports.as_sarif import as_sarif

    return as_sarif(report)


def _github(report: Report, _style: Style = PLAIN, /) -> Iterator[str]:
    from dativo_lint.reports.as_github import as_github

    return as_github(report)


def _gitlab(report: Report, _style: Style = PLAIN, /) -> Iterator[str]:
    from dativo_lint.reports.as_gitlab import as_gitlab

    return as_gitlab(report)


def _junit(report: Report, _style: Style = PLAIN, /) -> Iterator[str]:
    from dativo_lint.reports.as_junit import as_junit

    return as_junit(report)


def _markdown(report: Report, style: Style = PLAIN, /) -> Iterator[str]:
    from dativo_lint.reports.as_markdown import as_markdown

    return as_markdown(report, style)


REPORTS: Final[Mapping[str, Form]] = {
    "text": _text,
    "table": _table,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "gitlab": _gitlab,
    "junit": _junit,
    "markdown": _markdown,
}
"""Every form by the name that `--format` takes."""
