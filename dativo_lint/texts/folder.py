"""Folders: where texts come from, a disk or a mapping in memory, and never from outside."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from dativo_lint.texts.document import Fault, FaultKind, Limits, Reading
from dativo_lint.texts.place import start_of

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["file", "folder", "other"]

_NAMES = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_STEPS = frozenset({"", ".", ".."})
# Should a pipe take the place of a file after it was looked at, opening it must not wait.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


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


class DiskFolder:
    """A folder on the disk, for one run: where its own folders lead is looked up once."""

    def __init__(self, root: str | Path) -> None:
        self.root = root
        self._real: dict[str, tuple[str, bool]] = {}

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """See `Folder`."""
        try:
            real, status = self._found(path)
            if real is None:
                return _fault(FaultKind.UNREADABLE, path, "it lies outside the repository")
            if not stat.S_ISREG(status.st_mode):
                name = _NAMES.get(stat.S_IFMT(status.st_mode), "something else")
                return _fault(FaultKind.NOT_A_FILE, path, f"it is {name}, expected a file")
            if status.st_size > limits.file_bytes:
                return _too_large(path, limits)
            content = _content(real, status.st_size, limits.file_bytes)
        except FileNotFoundError:
            return _fault(FaultKind.UNREADABLE, path, "no such file")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            return _fault(FaultKind.UNREADABLE, path, reason.lower())
        return content if len(content) <= limits.file_bytes else _too_large(path, limits)

    def kind(self, path: str) -> Kind | None:
        """See `Folder`."""
        try:
            real, status = self._found(path)
        except (OSError, ValueError):
            return None
        mode = status.st_mode if real is not None else 0
        if stat.S_ISREG(mode):
            return "file"
        if stat.S_ISDIR(mode):
            return "folder"
        return "other" if mode else None

    def names(self, path: str) -> list[str]:
        """See `Folder`."""
        try:
            real = self._locate(path)
            return sorted(os.listdir(real)) if real is not None else []
        except (OSError, ValueError):
            return []

    def is_outside(self, path: str) -> bool:
        """See `Folder`."""
        try:
            return self._locate(path) is None
        except (OSError, ValueError):
            return False

    def _found(self, path: str) -> tuple[str | None, os.stat_result]:
        """The real path of what a path leads to, None where that lies outside, and its status."""
        above, slash, name = path.rpartition("/")
        if slash != path and name not in _STEPS and ".." not in path:
            # Nearly always there is a file in a folder that was looked up before: one question.
            real, is_inside = self._real_folder(above)
            if is_inside:
                real = f"{real}{os.sep}{name}"
                status = os.lstat(real)
                if not stat.S_ISLNK(status.st_mode):
                    return real, status
        located = self._locate(path)
        return located, os.stat(located if located is not None else os.path.realpath(self.root))

    def _locate(self, path: str) -> str | None:
        """The real path of what a path leads to; None where that lies outside the root."""
        if _leaves(path):
            return None
        above, name = posixpath.split(path)
        real = os.path.join(self._real_folder(above)[0], name)
        if name in _STEPS or os.path.islink(real):
            real = os.path.realpath(real)
        return real if _is_within(real, self._real_folder("")[0]) else None

    def _real_folder(self, path: str) -> tuple[str, bool]:
        """The real path of a folder, and whether it lies inside the root."""
        found = self._real.get(path)
        if found is None:
            real = self._real_below(path)
            is_inside = not path or _is_within(real, self._real_folder("")[0])
            found = self._real[path] = real, is_inside
        return found

    def _real_below(self, path: str) -> str:
        """The real path of a folder; where no step from the root on is a link, nothing is asked of
        the steps that lead to the root."""
        names = path.split("/")
        if _STEPS.isdisjoint(names):
            real = self._real_folder("")[0]
            for name in names:
                real = os.path.join(real, name)
                if os.path.islink(real):
                    break
            else:
                return real
        return os.path.realpath(os.path.join(self.root, path))


class MemoryFolder(Struct, frozen=True, dict=True):
    """Texts in memory by path; folders exist where a path leads through them."""

    files: Mapping[str, str | bytes]

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """See `Folder`."""
        if _leaves(path):
            return _fault(FaultKind.UNREADABLE, path, "it lies outside the repository")
        written = self.files.get(posixpath.normpath(path))
        if written is None:
            if self.kind(path) == "folder":
                return _fault(FaultKind.NOT_A_FILE, path, "it is a folder, expected a file")
            return _fault(FaultKind.UNREADABLE, path, "no such file")
        content = written if isinstance(written, bytes) else written.encode(errors="surrogatepass")
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
    """Read a file as JSON where it is called `.json`, else as YAML."""
    content = folder.read(path, limits)
    if isinstance(content, Fault):
        return Reading(path, "", (), (content,))
    return read_content(path, content, limits)


def read_content(path: str, content: bytes, limits: Limits = Limits()) -> Reading:
    """Read a content as JSON where its path is called `.json`, else as YAML."""
    if path.endswith(".json"):
        from dativo_lint.texts.json_reader import read_json  # few runs read JSON

        return read_json(path, content, limits)
    return _read_yaml()(path, content, limits)


@cache
def _read_yaml() -> Callable[[str, bytes, Limits], Reading]:
    """What reads YAML: few runs that the cache tells need it."""
    from dativo_lint.texts.yaml_reader import read_yaml  # once, for to ask again takes 2 µs

    return read_yaml


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


def _too_large(path: str, limits: Limits) -> Fault:
    message = f"more than {limits.file_bytes} bytes, the setting limits.file_bytes"
    return _fault(FaultKind.LIMIT, path, message)


def _is_within(real: str, root: str) -> bool:
    return real == root or real.startswith(root.rstrip(os.sep) + os.sep)


def _leaves(path: str) -> bool:
    normal = posixpath.normpath(path)
    return normal.startswith(("../", "/")) or normal == ".."
