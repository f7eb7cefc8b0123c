"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from dativo_lint.errors import UsageError
from dativo_lint.settings import Settings
from dativo_lint.settings_file import find_settings, start_of_run

Command = TypeVar("Command", bound=Callable[..., Any])


def settings_options(command: Command) -> Command:
    """`--config`, `--isolated` and `--root`, of a function that becomes a command."""
    isolated = click.option("--isolated", is_flag=True, help="Ignore settings files.")
    config = click.option(
        "--config",
        metavar="FILE",
        type=click.Path(),
        help="The settings file, instead of the nearest .dativo-lint.yml or pyproject.toml.",
    )
    root = click.option(
        "--root",
        metavar="FOLDER",
        expose_value=False,
        callback=_keep_root,
        help="The root, instead of the nearest folder with .git or else with a settings file.",
    )
    return config(isolated(root(command)))


def _keep_root(context: click.Context, _: click.Parameter, root: str | None) -> None:
    context.meta["root"] = root


def settings_for(
    config: str | None,
    isolated: bool,
    over: Mapping[str, Any] | None = None,
    *,
    paths: Sequence[str] = (),
) -> Settings:
    """The settings for a run on some paths, with what the command line says laid over."""
    if config is not None and isolated:
        raise UsageError("--config names a settings file, and --isolated asks for none")
    root = click.get_current_context().meta.get("root")
    try:
        start = os.getcwd() if root is not None else start_of_run(paths)
    except OSError as error:
        raise UsageError(f"the current folder cannot be read: {error.strerror}") from error
    return find_settings(start, root=root, file=config, isolated=isolated, over=over)


def names(written: tuple[str, ...]) -> tuple[str, ...]:
    """Names that were given one by one or with commas between them."""
    parts = (part.strip() for words in written for part in words.split(","))
    return tuple(part for part in parts if part)
