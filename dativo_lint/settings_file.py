"""Settings files: the one that a run is under is found, and read with the places of its fields."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dativo_lint.documents.discovery import is_within, repository_of, upwards
from dativo_lint.documents.document import Document, FaultKind, Limits, Reading
from dativo_lint.documents.folder import is_there
from dativo_lint.errors import UsageError, hold
from dativo_lint.settings import FILE_NAMES, Settings, settings_from

if TYPE_CHECKING:
    from pathlib import Path

PROJECT_FILE = "pyproject.toml"
TABLE = ("tool", "dativo-lint")


def find_root(start: str | Path) -> str:
    """The root of what is in a folder: the nearest folder upwards with `.git`, else the nearest
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
    here = os.path.realpath(os.getcwd())
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


def find_settings(
    start: str | Path,
    *,
    root: str | Path | None = None,
    file: str | Path | None = None,
    isolated: bool = False,
    over: Mapping[str, Any] | None = None,
) -> Settings:
    """The settings for a run that starts in a folder.

    The nearest `.dativo-lint.yml`, or `pyproject.toml` with `[tool.dativo-lint]`, from `start`
    upwards to the root; `root` is that of `start` by default. `file` names a settings file instead,
    `isolated` ignores all of them; `over` has the options of the command line, in the form of
    settings. Raises UsageError for a file that cannot be used.
    """
    start = os.path.realpath(start)
    if root is None:
        root = repository_of(start) or start if isolated else find_root(start)
    elif not os.path.isdir(root):
        raise UsageError(f"--root: {root} is not a folder")
    root = os.path.realpath(root)
    found, document = None, None
    if file is not None:
        above, name = os.path.split(os.fspath(file).rstrip(os.sep))
        found = os.path.join(os.path.realpath(above), name)
        if not is_there(found):
            raise UsageError(f"settings file not found: {found}")
        document = _read(found, root)
    elif not isolated:
        folders = upwards(start if is_within(start, root) else root)
        inside = (folder for folder in folders if is_within(folder, root))
        found = next(filter(None, map(_file_in, inside)), None)
        document = None if found is None else _read(found, root)
    data = document.data if document is not None and document.data is not None else {}
    return settings_from(data, root, document, file=found, over=over)


def _folder_of(path: str) -> str:
    """The nearest existing folder of a path; of a glob, one above everything that it matches."""
    full = os.path.abspath(path.replace("\0", "\ufffd"))
    is_folder = os.path.isdir(full) and not os.path.islink(full)
    above = upwards(full if is_folder else os.path.dirname(full))
    return os.path.realpath(next(filter(os.path.isdir, above)))


def _root_of(folder: str) -> str | None:
    return repository_of(folder) or next(filter(_file_in, upwards(folder)), None)


def _file_in(folder: str) -> str | None:
    """The settings file of just this folder."""
    files = [os.path.join(folder, name) for name in FILE_NAMES]
    if all(map(os.path.lexists, files)):
        raise UsageError(f"two settings files: {' and '.join(files)}; expected one")
    project = os.path.join(folder, PROJECT_FILE)
    is_project = is_there(project) and not os.path.isdir(project)
    if is_project and TABLE[-1].encode() in _content(project) and _table_of(project, folder):
        files.append(project)
    return next(filter(is_there, files), None)


def _read(file: str, root: str) -> Document | None:
    if os.path.splitext(file)[1] == ".toml":
        table = _table_of(file, root)
        if table is None:
            raise UsageError(f"{_name_of(file, root)}: expected a table [{'.'.join(TABLE)}]")
        return table
    from dativo_lint.documents.yaml_reader import read_yaml  # not every shop has decided something

    reading = read_yaml(_name_of(file, root), _content(file))
    if [fault.kind for fault in reading.faults] == [FaultKind.EMPTY]:
        return None
    _hold_readable(reading)
    document = reading.documents[0]
    if len(reading.documents) > 1:
        raise UsageError("expected one document of settings", reading.documents[1].place(()))
    if document.data is not None and not isinstance(document.data, dict):
        raise UsageError("expected a mapping of settings", document.place(()))
    return document


def _table_of(file: str, root: str) -> Document | None:
    """The table of settings in a pyproject.toml; None where it has none."""
    from dativo_lint.documents.toml_reader import read_table  # few repositories use it

    reading = read_table(_name_of(file, root), _content(file), TABLE)
    _hold_readable(reading)
    return reading.documents[0] if reading.documents else None


def _hold_readable(reading: Reading) -> None:
    hold([UsageError(fault.message, fault.place) for fault in reading.faults])


def _content(file: str) -> bytes:
    most = Limits().file_bytes
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):
            raise UsageError(f"settings file is not a file: {file}")
        with open(file, "rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise UsageError(f"settings file {file}: {error.strerror or error}") from error
    if len(content) > most:
        raise UsageError(f"settings file {file}: more than {most} bytes")
    return content


def _name_of(file: str, root: str) -> str:
    name = os.path.relpath(file, root) if is_within(file, root) else file
    return name.replace(os.sep, "/")
