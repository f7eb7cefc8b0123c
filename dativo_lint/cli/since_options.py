"""The options `--since` and `--diff-only`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import click

from dativo_lint.cli.options import Command
from dativo_lint.errors import UsageError
from dativo_lint.findings.report import Report
from dativo_lint.settings.settings import Settings


def since_options(command: Command) -> Command:
    """Both options, of a function that becomes a command."""
    since = click.option(
        "--since",
        metavar="REF",
        help="Lint only the jobs that the changes since a commit can affect.",
    )
    only_new = click.option(
        "--diff-only", is_flag=True, help="With --since: report only findings that are new."
    )
    return since(only_new(command))


def since_of(
    ref: str | None,
    only_new: bool,
    find: Callable[..., Settings],
    config: str | None,
    others: Mapping[str, Any],
) -> Callable[..., Report] | None:
    """`lint_since` for a commit, if there is one; raises UsageError for options that do not go
    together."""
    if ref is None:
        if only_new:
            raise UsageError("--diff-only compares with a commit; expected --since REF")
        return None
    for option in filter(others.get, others):
        raise UsageError(f"--since asks git what to lint; it cannot be combined with {option}")
    from dativo_lint.changes.since import Since, lint_since  # most runs do without

    return partial(lint_since, since=Since(ref, find, config, only_new))
