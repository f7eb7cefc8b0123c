"""Settings files: the one that a run is under is found, and read with the places of its fields."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dativo_lint.documents.discovery import find_root, is_within, upwards
from dativo_lint.documents.document import Document, FaultKind, Limits, Reading
from dativo_lint.documents.folder import is_there
from dativo_lint.errors import UsageError, hold
from dativo_lint.settings import Settings, settings_from

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAMES = (".dativo-lint.yml", ".dativo-lint.yaml")
PROJECT_FILE = "pyproject.toml"
TABLE = ("tool", "dativo-lint")


def start_of_run(paths: Sequence[str]) -> str:
    """The folder from which a run looks for its settings and its root.

    The current one; but where that is in no repository that holds one of the paths, and the
    first path is in another, the folder of that path: an editor may run from anywhere.
    """
    here = os.getcwd()
    root = find_root(here)
    full = [os.path.abspath(path) for path in paths if os.path.exists(path)]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in full]
    if not folders or (_is_repository(root) and any(is_within(path, root) for path in folders)):
        return here
    return folders[0] if _is_repository(find_root(folders[0])) else here


def find_settings(
    start: str | Path,
    *,
    file: str | Path | None = None,
    isolated: bool = False,
    over: Mapping[str, Any] | None = None,
) -> Settings:
    """The settings for a run that starts in a folder.

    The nearest `.dativo-lint.yml`, or `pyproject.toml` with `[tool.dativo-lint]`, from `start`
    upwards to the repository root and no further; outside of a repository, its folder is the root.
    `file` names one instead, `isolated` looks for none; `over` is what the command line says, in
    the form of settings. Raises UsageError for a file that cannot be used.
    """
    start = os.path.realpath(start)
    root = find_root(start)
    found, document = None, None
    if file is not None:
        above, name = os.path.split(os.fspath(file).rstrip(os.sep))
        found = os.path.join(os.path.realpath(above), name)
        if not is_there(found):
            raise UsageError(f"settings file {found} is not there")
        document = _read(found, root)
    elif not isolated:
        found, document = _nearest(start, root)
        if found is not None and not _is_repository(root):
            root = os.path.dirname(found)
    data = document.data if document is not None and document.data is not None else {}
    return settings_from(data, root, document, file=found, over=over)


def _is_repository(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


def _nearest(start: str, root: str) -> tuple[str | None, Document | None]:
    """The settings file for a folder, sought upwards, in a repository as far as its root."""
    is_repository = _is_repository(root)
    for folder in upwards(start):
        files = [os.path.join(folder, name) for name in FILE_NAMES]
        if all(map(os.path.lexists, files)):
            raise UsageError(f"two settings files: {' and '.join(files)}; expected one")
        files = [file for file in files if is_there(file)]
        if files:
            return files[0], _read(files[0], root if is_repository else folder)
        project = os.path.join(folder, PROJECT_FILE)
        is_project = is_there(project) and not os.path.isdir(project)
        if is_project and TABLE[-1].encode() in _content(project):
            document = _table_of(project, root if is_repository else folder)
            if document is not None:
                return project, document
        if is_repository and folder == root:
            break
    return None, None


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
            raise UsageError(f"settings file {file} is no file")
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
