"""Folders: where texts come from, a disk or a mapping in memory, and never from outside."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from dativo_lint.texts.document import Fault, FaultKind, Limits, Reading
from dativo_lint.texts.place import start_of

Kind = Literal["file", "folder", "other"]


class Folder(Protocol):
    """A repository; paths are relative to its root, with forward slashes."""

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """The content of a file, or why it cannot be had; what is no regular file is not opened."""
        ...

    def kind(self, path: str) -> Kind | None:
        """What is there, after following links; None where nothing is, or it lies outside."""
        ...

    def names(self, path: str) -> list[str]:
        """The sorted names in a folder; none where there is no such folder."""
        ...

    def is_outside(self, path: str) -> bool:
        """Whether a path leaves the root, by `..` or through a symbolic link."""
        ...


@dataclass(frozen=True)
class DiskFolder:
    """A folder on the disk."""

    root: str | Path

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """See `Folder`."""
        if self.is_outside(path):
            return _fault(FaultKind.UNREADABLE, path, "it lies outside the repository")
        try:
            status = os.stat(self._full(path))
            if not stat.S_ISREG(status.st_mode):
                return _fault(FaultKind.NOT_A_FILE, path, f"{_name_of(status.st_mode)}, not a file")
            if status.st_size > limits.file_bytes:
                return _too_large(path, limits)
            with open(self._full(path), "rb") as stream:
                content = stream.read(limits.file_bytes + 1)
        except FileNotFoundError:
            return _fault(FaultKind.UNREADABLE, path, "no such file")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            return _fault(FaultKind.UNREADABLE, path, reason.lower())
        return content if len(content) <= limits.file_bytes else _too_large(path, limits)

    def kind(self, path: str) -> Kind | None:
        """See `Folder`."""
        if self.is_outside(path):
            return None
        try:
            mode = os.stat(self._full(path)).st_mode
        except (OSError, ValueError):
            return None
        if stat.S_ISREG(mode):
            return "file"
        return "folder" if stat.S_ISDIR(mode) else "other"

    def names(self, path: str) -> list[str]:
        """See `Folder`."""
        try:
            return [] if self.is_outside(path) else sorted(os.listdir(self._full(path)))
        except (OSError, ValueError):
            return []

    def is_outside(self, path: str) -> bool:
        """See `Folder`."""
        if _leaves(path):
            return True
        root = os.path.realpath(self.root)
        try:
            real = os.path.realpath(self._full(path))
        except (OSError, ValueError):
            return False
        return real != root and not real.startswith(root.rstrip(os.sep) + os.sep)

    def _full(self, path: str) -> str:
        return os.path.join(self.root, path)


@dataclass(frozen=True)
class MemoryFolder:
    """Texts in memory by path; folders exist where a path leads through them."""

    files: Mapping[str, str | bytes]

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """See `Folder`."""
        written = self.files.get(posixpath.normpath(path))
        if written is None:
            if self.kind(path) == "folder":
                return _fault(FaultKind.NOT_A_FILE, path, "a folder, not a file")
            return _fault(FaultKind.UNREADABLE, path, "no such file")
        content = written if isinstance(written, bytes) else written.encode()
        return content if len(content) <= limits.file_bytes else _too_large(path, limits)

    def kind(self, path: str) -> Kind | None:
        """See `Folder`."""
        path = posixpath.normpath(path)
        if path in self.files:
            return "file"
        return "folder" if path == "." or self.names(path) else None

    def names(self, path: str) -> list[str]:
        """See `Folder`."""
        path = posixpath.normpath(path)
        above = "" if path == "." else f"{path}/"
        below = (it[len(above) :] for it in self.files if it.startswith(above))
        return sorted({it.partition("/")[0] for it in below})

    def is_outside(self, path: str) -> bool:
        """See `Folder`."""
        return _leaves(path)


def read_text(folder: Folder, path: str, limits: Limits = Limits()) -> Reading:
    """Read a file as YAML or, where it is called `.json`, as JSON; what cannot be had is a fault."""
    content = folder.read(path, limits)
    if isinstance(content, Fault):
        return Reading(path, "", (), (content,))
    return read_content(path, content, limits)


def read_content(path: str, content: bytes, limits: Limits = Limits()) -> Reading:
    """Read a content as YAML or, where its path is called `.json`, as JSON."""
    if path.endswith(".json"):
        from dativo_lint.texts.json_reader import read_json  # few runs read JSON

        return read_json(path, content, limits)
    from dativo_lint.texts.yaml_reader import read_yaml

    return read_yaml(path, content, limits)


def _fault(kind: FaultKind, path: str, message: str) -> Fault:
    return Fault(kind, message, start_of(path))


def _too_large(path: str, limits: Limits) -> Fault:
    message = f"more than {limits.file_bytes} bytes, the setting limits.file_bytes"
    return _fault(FaultKind.LIMIT, path, message)


def _leaves(path: str) -> bool:
    normal = posixpath.normpath(path)
    return normal.startswith(("../", "/")) or normal == ".."


def _name_of(mode: int) -> str:
    names = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a named pipe", stat.S_IFSOCK: "a socket"}
    return names.get(stat.S_IFMT(mode), "a device")
