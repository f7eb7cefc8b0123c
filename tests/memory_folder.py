"""A folder in memory, for what is no question of the disk."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from msgspec import Struct

from dativo_lint.documents.document import Fault, FaultKind, Limits, too_large
from dativo_lint.documents.folder import Kind, leaves
from dativo_lint.documents.place import start_of


class MemoryFolder(Struct, frozen=True, dict=True):
    """Texts in memory by path; folders exist where a path leads through them."""

    files: Mapping[str, str | bytes]

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """See `Folder`."""
        if leaves(path):
            return Fault(FaultKind.UNREADABLE, "outside the repository", start_of(path))
        written = self.files.get(posixpath.normpath(path))
        if written is None:
            if self.kind(path) == "folder":
                return Fault(
                    FaultKind.NOT_A_FILE, "it is a folder, expected a file", start_of(path)
                )
            return Fault(FaultKind.UNREADABLE, "no such file", start_of(path))
        content = written if isinstance(written, bytes) else written.encode(errors="surrogatepass")
        return content if len(content) <= limits.file_bytes else too_large(path, limits)

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
        below = (file[len(above) :] for file in self.files if file.startswith(above))
        return sorted({name.partition("/")[0] for name in below})

    def is_outside(self, path: str) -> bool:
        """See `Folder`."""
        return leaves(path)

    def real(self, path: str) -> str:
        """See `Folder`."""
        return path
