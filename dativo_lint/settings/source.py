"""Settings sources: one file of settings or of a preset, read with the places of its fields."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from dativo_lint.documents.discovery import is_within
from dativo_lint.documents.document import Document, FaultKind, Limits, Reading
from dativo_lint.documents.folder import is_there
from dativo_lint.documents.place import Place, start_of
from dativo_lint.errors import UsageError, hold

FILE_NAMES = (".dativo-lint.yml", ".dativo-lint.yaml")
PROJECT_FILE = "pyproject.toml"
ALL_NAMES = (*FILE_NAMES, PROJECT_FILE)
TABLE = ("tool", "dativo-lint")
OF_PRESETS = ("preset", "ignore", "rules", "overrides")
"""Settings that a preset may have."""
OF_FOLDERS = ("root", *OF_PRESETS, "ignores")
"""Settings that a file below the root may have: those of the rules for what is below it."""


class Source(Struct, frozen=True):
    """A file of settings or of a preset: its data, and `name`, what messages call it.

    `file` is its absolute path, empty for a preset of the linter. It is for what is in `folder`,
    which is relative to the root and ends with a slash; empty for the root. `fault` is why it could
    not be read.
    """

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    document: Document | None = None
    file: str = ""
    folder: str = ""
    fault: UsageError | None = None

    def key_place(self, *route: str | int) -> Place | None:
        """Where a setting is named, if it is in a file."""
        return None if self.document is None else self.document.key_place(route)

    def place(self, *route: str | int) -> Place | None:
        """Where the value of a setting is, if it is in a file."""
        return None if self.document is None else self.document.place(route)

    def origin(self, *route: str | int) -> str:
        """The place of a setting, as it is shown."""
        return str(self.key_place(*route) or self.name)


def words(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list of strings, which may be written as one string, or be absent."""
    written = data.get(name)
    if written is None:
        return ()
    return (written,) if isinstance(written, str) else tuple(map(str, written))


def hold_shape(source: Source) -> None:
    """Raise UsageError for all unknown settings and wrong values of a source."""
    if source.data:  # an empty file is valid, and its schema need not be read
        from dativo_lint.rulebook.shape import misshapen
        from dativo_lint.schemas import schema

        hold(misshapen(dict(source.data), schema("settings"), source.document, noun="setting"))


def hold_only(source: Source, names: Sequence[str], expected: str) -> None:
    """Raise UsageError for settings that a source may not have; `expected` says where they go."""
    hold(
        [
            UsageError(f'"{name}" {expected}', source.key_place(name))
            for name in source.data
            if name not in names
        ]
    )


def read_source(file: str, root: str, folder: str = "") -> Source:
    """A file of settings, by its absolute path. Raises UsageError for one that cannot be used."""
    name = _name_of(file, root)
    if os.path.splitext(file)[1] == ".toml":
        document = _table_of(file, root)
        if document is None:
            raise UsageError(f"{name}: expected a table [{'.'.join(TABLE)}]")
    else:
        document = _yaml_of(file, name)
    data = document.data if document is not None and document.data is not None else {}
    if not isinstance(data, dict):
        raise UsageError("expected a mapping of settings", start_of(name))
    return Source(name, data, document, file, folder)


def settings_file_in(folder: str, root: str | None = None) -> str | None:
    """The settings file of just this folder, which may be below a root. Raises UsageError for two,
    and for a project file that cannot be read."""
    files = [os.path.join(folder, name) for name in FILE_NAMES]
    if all(map(os.path.lexists, files)):
        raise UsageError(f"two settings files: {' and '.join(files)}; expected one")
    project = os.path.join(folder, PROJECT_FILE)
    is_project = is_there(project) and not os.path.isdir(project)
    if (
        is_project
        and TABLE[-1].encode() in _content(project)
        and _table_of(project, root or folder)
    ):
        files.append(project)
    return next(filter(is_there, files), None)


def _yaml_of(file: str, name: str) -> Document | None:
    from dativo_lint.documents.yaml_reader import read_yaml  # not every shop has decided something

    reading = read_yaml(name, _content(file))
    if [fault.kind for fault in reading.faults] == [FaultKind.EMPTY]:
        return None
    _hold_readable(reading)
    if len(reading.documents) > 1:
        raise UsageError("expected one document of settings", reading.documents[1].place(()))
    return reading.documents[0]


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
