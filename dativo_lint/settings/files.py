"""Settings files: those that a run is under are found."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dativo_lint.documents.discovery import files_called, is_within, repository_of, upwards
from dativo_lint.documents.folder import is_there
from dativo_lint.errors import UsageError, near_path
from dativo_lint.settings.settings import Settings, settings_from
from dativo_lint.settings.source import (
    ALL_NAMES,
    Source,
    read_source,
    settings_file_in,
)

if TYPE_CHECKING:
    from pathlib import Path


def find_root(start: str | Path) -> str:
    """The root of what is in a folder: the nearest folder upwards with `.git`, else the highest
    with a settings file, else the folder itself."""
    real = os.path.realpath(start)
    return _root_of(real) or real


def start_of_run(paths: Sequence[str]) -> str:
    """The folder from which a run on some paths looks for its settings and its root.

    Raises UsageError for paths that have different roots.
    """
    starts = starts_of_run(paths)
    if len(starts) > 1:
        roots = " and ".join(sorted(map(find_root, starts)))
        are_in = f"the paths are in {len(starts)} repositories, {roots}"
        raise UsageError(f"{are_in}; expected those of one, or --root")
    return next(iter(starts))


def starts_of_run(paths: Sequence[str]) -> dict[str, list[str]]:
    """Folders from which runs look for their settings and roots, each with its paths.

    The current folder for what has its root, or none at all; else the folder of the first path
    with a root: an editor may run from anywhere.
    """
    here = os.path.realpath(current_folder())
    folders: dict[str | None, str] = {_root_of(here): here}
    starts: dict[str, list[str]] = {}
    rootless: list[str] = []
    for path in paths:
        folder = _folder_of(path)
        root = _root_of(folder)
        if root is None:
            rootless.append(path)
        else:
            starts.setdefault(folders.setdefault(root, folder), []).append(path)
    starts.setdefault(next(iter(starts), here), []).extend(rootless)
    return starts


def current_folder() -> str:
    """The current folder; raises UsageError where it is gone, or cannot be read."""
    try:
        return os.getcwd()
    except OSError as error:
        raise UsageError(f"the current folder cannot be read: {error.strerror}") from error


def find_settings(
    start: str | Path,
    *,
    root: str | Path | None = None,
    file: str | Path | None = None,
    isolated: bool = False,
    over: Mapping[str, Any] | None = None,
) -> Settings:
    """The settings for a run that starts in a folder.

    They are in `.dativo-lint.yml`, or `pyproject.toml` with `[tool.dativo-lint]`, of the root, and
    of the folders below it for what is in these. `root` is that of `start` by default. `file` names
    a settings file instead of all of these, `isolated` ignores them; `over` has the options of the
    command line, in the form of settings. Raises UsageError for a file that cannot be used.
    """
    start = os.path.realpath(start)
    if root is None:
        root = repository_of(start) or start if isolated else find_root(start)
    elif not os.path.isdir(root):
        raise UsageError(f"--root: {root} is not a folder")
    root = os.path.realpath(root)
    if file is not None:
        above, name = os.path.split(os.fspath(file).rstrip(os.sep))
        path = os.path.join(os.path.realpath(above), name)
        if not is_there(path):
            raise UsageError(f"settings file not found: {path}{near_path(path)}")
        sources = [read_source(path, root)]
    else:
        sources = [] if isolated else [*_sources_of(root)]
    own = sources[0] if sources and not sources[0].folder else Source("given")
    below = [source for source in sources if source.folder]
    return settings_from(
        own.data, root, own.document, file=own.file or None, over=over, below=below
    )


def _sources_of(root: str) -> Iterator[Source]:
    """The settings files of a repository, those of outer folders first. Raises UsageError for the
    root's; what is wrong with another is its fault."""
    files = files_called(ALL_NAMES, root)
    paths = {os.path.dirname(path): path for path in sorted(files) if "/" in path}
    if (file := _file_in(root, root)) is not None:
        yield read_source(file, root)
    for folder in sorted(paths, key=lambda path: path.split("/")):
        full = os.path.join(root, folder)
        try:
            if (file := _file_in(full, root)) is not None:
                yield read_source(file, root, f"{folder}/")
        except UsageError as error:
            file = os.path.join(root, paths[folder])
            yield Source(paths[folder], file=file, folder=f"{folder}/", fault=error)


def _file_in(folder: str, root: str) -> str | None:
    """The settings file in a folder; raises UsageError for one that is outside of the root."""
    file = settings_file_in(folder, root)
    # Messages about settings show them.
    if file is not None and not is_within(os.path.realpath(file), root):
        raise UsageError(f"settings file {file} is a link out of the repository")
    return file


def _folder_of(path: str) -> str:
    """The nearest existing folder of a path; of a glob, one above everything that it matches."""
    full = os.path.abspath(path.replace("\0", "\ufffd"))
    is_folder = os.path.isdir(full) and not os.path.islink(full)
    above = upwards(full if is_folder else os.path.dirname(full))
    return os.path.realpath(next(filter(os.path.isdir, above)))


def _root_of(folder: str) -> str | None:
    """The root of a folder, where there is one: that with `.git`, else the highest with a settings
    file, but none above a settings file that says `root: true`."""
    highest = repository_of(folder)
    for above in upwards(folder) if highest is None else ():
        file = settings_file_in(above)
        if file is not None:
            highest = above
            if read_source(file, above).data.get("root"):
                break
    return highest
