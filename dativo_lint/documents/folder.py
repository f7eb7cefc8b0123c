"""Folders: where texts come from, and never from outside."""

from __future__ import annotations

import errno
import os
import posixpath
import stat
from typing import TYPE_CHECKING, Literal, Protocol

from dativo_lint.documents.document import Fault, FaultKind, Limits, Reading, too_large
from dativo_lint.documents.place import start_of

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["file", "folder", "other", "unreadable"]

_NAMES = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL}
"""Errors for something that does not exist; all others mean that it is not accessible."""
_DOTS = {"", ".", ".."}
_MOST_FOLDERS = 100
"""A deeper path is looked up as a whole."""
_OUTSIDE = "outside the repository"
# If a pipe replaces a file after the check, opening it must not wait.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class Folder(Protocol):
    """A repository; paths are relative to its root, with forward slashes."""

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """The content of a file, or why it cannot be had; what is no regular file is not opened."""
        ...

    def kind(self, path: str) -> Kind | None:
        """The kind of a path, after following links; None where nothing is, or it is outside.

        "unreadable" is anything inaccessible: a file that cannot be read, a folder that cannot be
        listed, anything in a folder that cannot be entered, a loop of links.
        """
        ...

    def names(self, path: str) -> list[str]:
        """The sorted names in a folder; none where there is no such folder."""
        ...

    def is_outside(self, path: str) -> bool:
        """Whether a path leaves the root, by `..` or through a symbolic link."""
        ...

    def real(self, path: str) -> str:
        """Where a path leads, after following links; as it is where that is outside or unknown."""
        ...


class DiskFolder:
    """A folder on the disk, for one run: where its own folders lead is looked up once."""

    def __init__(self, root: str | Path) -> None:
        self.root = root
        self._real_root = os.path.realpath(root)
        self._prefix = self._real_root.rstrip(os.sep) + os.sep
        self._real_folders: dict[str, str] = {"": self._prefix}

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        try:
            located = self._look_at(path)
            if located is None:
                return _fault(FaultKind.UNREADABLE, path, _OUTSIDE)
            real, status = located
            if not stat.S_ISREG(status.st_mode):
                if stat.S_ISDIR(status.st_mode) and not _may_list(real):
                    return _fault(FaultKind.UNREADABLE, path, "no permission to list the folder")
                name = _NAMES.get(stat.S_IFMT(status.st_mode), "not a regular file")
                return _fault(FaultKind.NOT_A_FILE, path, f"it is {name}, expected a file")
            if status.st_size > limits.file_bytes:
                return too_large(path, limits)
            content = _content(real, status.st_size, limits.file_bytes)
        except FileNotFoundError:
            return _fault(FaultKind.UNREADABLE, path, "no such file")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            return _fault(FaultKind.UNREADABLE, path, reason.lower())
        return content if len(content) <= limits.file_bytes else too_large(path, limits)

    def kind(self, path: str) -> Kind | None:
        try:
            located = self._look_at(path)
        except ValueError:
            return None
        except OSError as error:
            return None if error.errno in NOT_THERE else "unreadable"
        if located is None:
            return None
        real, mode = located[0], located[1].st_mode
        if stat.S_ISDIR(mode):
            return "folder" if _may_list(real) else "unreadable"
        if not stat.S_ISREG(mode):
            return "other"
        return "file" if os.access(real, os.R_OK) else "unreadable"

    def names(self, path: str) -> list[str]:
        try:
            real = self._locate(path)
            return sorted(os.listdir(real)) if real is not None else []
        except (OSError, ValueError):
            return []

    def is_outside(self, path: str) -> bool:
        try:
            return self._locate(path) is None
        except (OSError, ValueError):
            return False

    def real(self, path: str) -> str:
        """See `Folder`."""
        try:
            real = self._locate(path)
        except (OSError, ValueError):
            return path
        if real is None or real == self._real_root:
            return path if real is None else "."
        return real[len(self._prefix) :].replace(os.sep, "/")

    def _look_at(self, path: str) -> tuple[str, os.stat_result] | None:
        """The real path of a path, with its status; None where that is outside the root. Raises
        OSError."""
        if leaves(path):
            return None
        named = self._named(path)
        if named is not None and self._is_inside(named):
            status = os.lstat(named)
            if not stat.S_ISLNK(status.st_mode):
                return named, status
        real = self._locate(path)
        return None if real is None else (real, os.stat(real))

    def _locate(self, path: str) -> str | None:
        """The real path of what a path leads to; None where that lies outside the root."""
        real = None if leaves(path) else self._real(path)
        return real if real is not None and self._is_inside(real) else None

    def _is_inside(self, real: str) -> bool:
        return real.startswith(self._prefix) or real == self._real_root

    def _real(self, path: str) -> str:
        """Where a path leads; each folder on the way is looked at once."""
        named = self._named(path)
        if named is None or os.path.islink(named):
            return os.path.realpath(os.path.join(self._real_root, path))
        return named

    def _named(self, path: str) -> str | None:
        """Where a path leads, unless a link stands there; None where that is not told by names."""
        above, _, name = path.rpartition("/")
        if name in _DOTS:
            return None
        folder = self._real_folders.get(above)
        if folder is None:
            if path.count("/") > _MOST_FOLDERS:
                return None
            folder = self._real_folders[above] = self._real(above).rstrip(os.sep) + os.sep
        return folder + name


def is_there(full: str) -> bool:
    """Whether something exists; anything inaccessible does."""
    try:
        os.lstat(full)
    except ValueError:
        return False
    except OSError as error:
        return error.errno not in NOT_THERE
    return True


def read_content(path: str, content: bytes, limits: Limits = Limits()) -> Reading:
    """Read a content as JSON where its path is called `.json`, else as YAML."""
    if path.lower().endswith(".json"):
        from dativo_lint.documents.json_reader import read_json  # few runs read JSON

        return read_json(path, content, limits)
    from dativo_lint.documents.yaml_reader import (
        read_yaml,  # a run that the cache answers reads none
    )

    return read_yaml(path, content, limits)


def _may_list(folder: str) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def _content(real: str, size: int, most: int) -> bytes:
    """The content of a file of a size, as it is now; one byte more than `most` is enough."""
    file = os.open(real, _FLAGS)
    try:
        content = os.read(file, min(size, most) + 1)
        while size < len(content) <= most and (more := os.read(file, most + 1 - len(content))):
            content += more
        return content
    finally:
        os.close(file)


def _fault(kind: FaultKind, path: str, message: str) -> Fault:
    return Fault(kind, message, start_of(path))


def leaves(path: str) -> bool:
    """Whether a path leaves the root of its own accord."""
    if ".." not in path:
        return path.startswith("/")
    normal = posixpath.normpath(path)
    return normal.startswith(("../", "/")) or normal == ".."
