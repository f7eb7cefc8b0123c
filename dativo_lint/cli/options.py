"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from dativo_lint.settings import Settings, find_settings

Command = TypeVar("Command", bound=Callable[..., Any])


def settings_options(command: Command) -> Command:
    """`--config` and `--isolated`."""
    command = click.option(
        "--isolated", is_flag=True, help="Look for no settings file; everything is as by default."
    )(command)
    return click.option(
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path),
        envvar="DATIVO_LINT_CONFIG",
        help="The settings file, instead of the nearest .dativo-lint.yml or pyproject.toml.",
    )(command)


def settings_for(
    config: Path | None,
    isolated: bool,
    *,
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    preset: str | None = None,
) -> Settings:
    """The settings found from the current folder, with what the command line says laid over."""
    settings = find_settings(Path.cwd(), file=config, isolated=isolated, preset=preset)
    origins = dict(settings.origins)
    if select:
        settings = replace(settings, select=_names(select))
        origins["select"] = "command line"
    if ignore:
        settings = replace(settings, ignore=_names(ignore))
        origins["ignore"] = "command line"
    return replace(settings, origins=origins)


def _names(written: tuple[str, ...]) -> tuple[str, ...]:
    """Names that were given one by one or with commas between them."""
    parts = (part.strip() for words in written for part in words.split(","))
    return tuple(part for part in parts if part)
