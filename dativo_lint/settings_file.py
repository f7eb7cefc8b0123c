"""Settings files: the one that a run is under is found, and read with the places of its fields."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from dativo_lint.misuse import Misuse, hold
from dativo_lint.settings import Settings, settings_from
from dativo_lint.texts.discovery import find_root
from dativo_lint.texts.document import Document, FaultKind, Limits, Reading
from dativo_lint.typed import Any

FILE_NAMES = (".dativo-lint.yml", ".dativo-lint.yaml")
PROJECT_FILE = "pyproject.toml"
TABLE = ("tool", "dativo-lint")


def start_of_run(paths: Sequence[str]) -> Path:
    """The folder from which a run looks for its settings and its root.

    The current one; but where that is in no repository that holds one of the paths, and the
    first path is in another, the folder of that path: an editor may run from anywhere.
    """
    here = Path.cwd()
    root = find_root(here)
    full = [Path(os.path.abspath(path)) for path in paths if os.path.exists(path)]
    folders = [path if path.is_dir() else path.parent for path in full]
    if not folders or (_is_repository(root) and any(it.is_relative_to(root) for it in folders)):
        return here
    return folders[0] if _is_repository(find_root(folders[0])) else here


def find_settings(
    start: Path,
    *,
    file: Path | None = None,
    isolated: bool = False,
    over: Mapping[str, Any] | None = None,
) -> Settings:
    """The settings for a run that starts in a folder.

    The nearest `.dativo-lint.yml`, or `pyproject.toml` with `[tool.dativo-lint]`, from `start`
    upwards to the repository root and no further; `file` names one instead, `isolated` looks for
    none; `over` is what the command line says, in the form of settings. Raises Misuse for a file
    that cannot be used.
    """
    start = start.resolve()
    root = find_root(start)
    if file is not None:
        file = Path(os.path.realpath(file.parent), file.name)
        if not os.path.isfile(file):
            raise Misuse(f"settings file {file} is not there, or no file")
    document = None
    if file is not None or not isolated:
        file, document = _read(file, root) if file is not None else _nearest(start, root)
    data = document.data if document is not None and document.data is not None else {}
    return settings_from(data, root, document, file=file, over=over)


def _is_repository(folder: Path) -> bool:
    return os.path.exists(folder / ".git")


def _nearest(start: Path, root: Path) -> tuple[Path | None, Document | None]:
    for folder in (start, *start.parents):
        for name in FILE_NAMES:
            if os.path.isfile(folder / name):
                return _read(folder / name, root)
        project = folder / PROJECT_FILE
        if os.path.isfile(project) and TABLE[-1].encode() in _content(project):
            if (document := _table_of(project, root)) is not None:
                return project, document
        if folder == root:
            break
    return None, None


def _read(file: Path, root: Path) -> tuple[Path, Document | None]:
    if file.suffix == ".toml":
        table = _table_of(file, root)
        if table is None:
            raise Misuse(f"{_name_of(file, root)}: expected a table [{'.'.join(TABLE)}]")
        return file, table
    from dativo_lint.texts.yaml_reader import read_yaml  # not every shop has decided something

    reading = read_yaml(_name_of(file, root), _content(file))
    if [fault.kind for fault in reading.faults] == [FaultKind.EMPTY]:
        return file, None
    _hold_readable(reading)
    document = reading.documents[0]
    if len(reading.documents) > 1:
        raise Misuse("expected one document of settings", reading.documents[1].place(()))
    if document.data is not None and not isinstance(document.data, dict):
        raise Misuse("expected a mapping of settings", document.place(()))
    return file, document


def _table_of(file: Path, root: Path) -> Document | None:
    """The table of settings in a pyproject.toml; None where it has none."""
    from dativo_lint.texts.toml_reader import read_table  # few repositories use it

    reading = read_table(_name_of(file, root), _content(file), TABLE)
    _hold_readable(reading)
    return reading.documents[0] if reading.documents else None


def _hold_readable(reading: Reading) -> None:
    hold([Misuse(fault.message, fault.place) for fault in reading.faults])


def _content(file: Path) -> bytes:
    most = Limits().file_bytes
    try:
        with file.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise Misuse(f"settings file {file}: {error.strerror or error}") from error
    if len(content) > most:
        raise Misuse(f"settings file {file}: more than {most} bytes")
    return content


def _name_of(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()
