"""Folders with some files in another state than on the disk: unsaved, edited, or taken away."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from msgspec import Struct

from dativo_lint.documents.document import Fault, FaultKind, Limits, too_large
from dativo_lint.documents.folder import Folder, Kind
from dativo_lint.documents.place import start_of


class _OtherFolder(Struct, frozen=True):
    """A folder that is another one in all that it does not say otherwise."""

    folder: Folder

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """See `Folder`."""
        return self.folder.read(path, limits)

    def kind(self, path: str) -> Kind | None:
        """See `Folder`."""
        return self.folder.kind(path)

    def names(self, path: str) -> list[str]:
        """See `Folder`."""
        return self.folder.names(path)

    def is_outside(self, path: str) -> bool:
        """See `Folder`."""
        return self.folder.is_outside(path)

    def real(self, path: str) -> str:
        """See `Folder`."""
        return self.folder.real(path)


class OverlaidFolder(_OtherFolder, frozen=True):
    """A folder with one file as an editor has it, possibly unsaved."""

    path: str
    content: bytes

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        if path == self.path:
            return _limited(path, self.content, limits)
        return super().read(path, limits)

    def kind(self, path: str) -> Kind | None:
        if path == self.path:
            return "file"
        kind = super().kind(path)
        return "folder" if kind is None and self._is_below(path) else kind

    def names(self, path: str) -> list[str]:
        names = set(super().names(path))
        if self._is_below(path):
            above = "" if path == "." else f"{path}/"
            names.add(self.path[len(above) :].partition("/")[0])
        return sorted(names)

    def is_outside(self, path: str) -> bool:
        return path != self.path and super().is_outside(path)

    def _is_below(self, path: str) -> bool:
        return path == "." or self.path.startswith(f"{path}/")


class EditedFolder(_OtherFolder, frozen=True):
    """A folder with some of its files as they would be after edits, by their real paths."""

    contents: Mapping[str, bytes]

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        content = self.contents.get(self.real(path))
        return super().read(path, limits) if content is None else _limited(path, content, limits)


class HidingFolder(_OtherFolder, frozen=True):
    """A folder without some files, which a commit takes away though they are still there."""

    hidden: frozenset[str]

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        if posixpath.normpath(path) in self.hidden:
            return Fault(FaultKind.UNREADABLE, "no such file", start_of(path))
        return super().read(path, limits)

    def kind(self, path: str) -> Kind | None:
        return None if posixpath.normpath(path) in self.hidden else super().kind(path)

    def names(self, path: str) -> list[str]:
        below = (posixpath.normpath(posixpath.join(path, name)) for name in super().names(path))
        return [posixpath.basename(at) for at in below if at not in self.hidden]


def _limited(path: str, content: bytes, limits: Limits) -> bytes | Fault:
    return content if len(content) <= limits.file_bytes else too_large(path, limits)
