"""A folder as a commit leaves it, while files that it deletes are still on the disk."""

from __future__ import annotations

import posixpath

from msgspec import Struct

from dativo_lint.documents.document import Fault, FaultKind, Limits
from dativo_lint.documents.folder import Folder, Kind
from dativo_lint.documents.place import start_of


class HidingFolder(Struct, frozen=True):
    """A folder without some files, which a commit deletes although they still exist."""

    folder: Folder
    hidden: frozenset[str]

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """See `Folder`."""
        if posixpath.normpath(path) in self.hidden:
            return Fault(FaultKind.UNREADABLE, "no such file", start_of(path))
        return self.folder.read(path, limits)

    def kind(self, path: str) -> Kind | None:
        """See `Folder`."""
        return None if posixpath.normpath(path) in self.hidden else self.folder.kind(path)

    def names(self, path: str) -> list[str]:
        """See `Folder`."""
        below = (posixpath.normpath(posixpath.join(path, it)) for it in self.folder.names(path))
        return [posixpath.basename(it) for it in below if it not in self.hidden]

    def is_outside(self, path: str) -> bool:
        """See `Folder`."""
        return self.folder.is_outside(path)
