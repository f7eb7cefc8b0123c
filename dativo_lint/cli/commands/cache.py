"""The command `cache`: show or remove the cache of this repository."""

from __future__ import annotations

from pathlib import Path

import click

from dativo_lint.cli.options import cache_option, color_option
from dativo_lint.cli.output import show
from dativo_lint.cli.runs import cache_folder
from dativo_lint.engine.cache import cache_file, clear_cache, entries_in, size_of
from dativo_lint.errors import UsageError
from dativo_lint.reports.escape import visible
from dativo_lint.settings.files import current_folder, find_root


@click.group()
@color_option
def cache() -> None:
    """Show or remove the cache."""


@cache.command()
@cache_option
@color_option
def info(cache_dir: str | None) -> None:
    """Show the cache of this repository."""
    file = _file(cache_dir)
    path = visible(str(file))
    show(f"file:    {path}\nresults: {entries_in(file)}\nbytes:   {size_of(file)}\n")


@cache.command()
@cache_option
@color_option
def clear(cache_dir: str | None) -> None:
    """Remove the cache of this repository."""
    file = _file(cache_dir)
    size = size_of(file)
    try:
        clear_cache(file)
    except OSError as error:
        raise UsageError(f"cannot remove {file}: {error.strerror or error}") from error
    show(f"removed {size} bytes: {visible(str(file))}\n")


def _file(cache_dir: str | None) -> Path:
    root = find_root(current_folder())
    folder = cache_folder(cache_dir, root)
    if folder is None:
        raise UsageError("there is no cache: the user's cache folder is inside the repository")
    return cache_file(folder, root)
