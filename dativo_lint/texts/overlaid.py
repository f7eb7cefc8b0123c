"""Overlaid folders: a folder in which one file has another content than it has on the disk."""

from __future__ import annotations

from msgspec import Struct

from dativo_lint.texts.document import Fault, FaultKind, Limits
from dativo_lint.texts.folder import Folder, Kind
from dativo_lint.texts.place import start_of
from dativo_lint.texts.source import limit_message


class OverlaidFolder(Struct, frozen=True):
    """A folder with one file as an editor holds it, which may not have been saved yet."""

    folder: Folder
    path: str
    content: bytes

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """See `Folder`."""
        if path != self.path:
            return self.folder.read(path, limits)
        if len(self.content) > limits.file_bytes:
            message = limit_message("file_bytes", limits.file_bytes, "bytes")
            return Fault(FaultKind.LIMIT, message, start_of(path))
        return self.content

    def kind(self, path: str) -> Kind | None:
        """See `Folder`."""
        if path == self.path:
            return "file"
        found = self.folder.kind(path)
        return "folder" if found is None and self._is_below(path) else found

    def names(self, path: str) -> list[str]:
        """See `Folder`."""
        names = set(self.folder.names(path))
        if self._is_below(path):
            above = "" if path == "." else f"{path}/"
            names.add(self.path[len(above) :].partition("/")[0])
        return sorted(names)

    def is_outside(self, path: str) -> bool:
        """See `Folder`."""
        return path != self.path and self.folder.is_outside(path)

    def _is_below(self, path: str) -> bool:
        return path == "." or self.path.startswith(f"{path}/")
