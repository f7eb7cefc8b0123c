"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from dativo_lint.errors import UsageError
from dativo_lint.settings import Settings
from dativo_lint.settings_file import find_settings, start_of_run, starts_of_run

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
    """The settings for a run on some paths, with what the command line says laid over.

    Raises UsageError for paths of several repositories.
    """
    if _root() is None:
        start_of_run(paths)
    return settings_by_root(config, isolated, over or {}, paths=paths)[0][0]


def settings_by_root(
    config: str | None, isolated: bool, over: Mapping[str, Any], *, paths: Sequence[str]
) -> list[tuple[Settings, list[str]]]:
    """The same for each repository in which some of the paths are, with these paths."""
    if config is not None and isolated:
        raise UsageError("--config names a settings file, and --isolated asks for none")
    root = _root()
    try:
        starts = starts_of_run(paths) if root is None else {os.getcwd(): [*paths]}
    except OSError as error:
        raise UsageError(f"the current folder cannot be read: {error.strerror}") from error
    return [
        (find_settings(start, root=root, file=config, isolated=isolated, over=over), own)
        for start, own in starts.items()
    ]


def _root() -> str | None:
    root: str | None = click.get_current_context().meta.get("root")
    return root


def names(written: tuple[str, ...]) -> tuple[str, ...]:
    """Names that were given one by one or with commas between them."""
    parts = (part.strip() for words in written for part in words.split(","))
    return tuple(part for part in parts if part)
