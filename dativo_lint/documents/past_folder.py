"""A folder as it was: some of its files replaced by what they were, all others as they are."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.discovery import is_within
from dativo_lint.documents.document import Fault, FaultKind, Limits, too_large
from dativo_lint.documents.folder import Folder, Kind, leaves
from dativo_lint.documents.place import start_of

_MOST_LINKS = 40
"""As many as Linux follows on the way to one file."""


class PastFolder(Struct, frozen=True, eq=False, dict=True):
    """The folder `today` on the disk, as it was before some paths `changed`.

    `files` has the content of those that were files, None where it is too large, and `links` where
    those led that were links. What else changed was not there.
    """

    today: Folder
    root: str
    changed: frozenset[str]
    files: Mapping[str, bytes | None]
    links: Mapping[str, str]

    def read(self, path: str, limits: Limits) -> bytes | Fault:
        """See `Folder`."""
        at = self._at(path)
        if at is None:
            return Fault(FaultKind.UNREADABLE, "outside the repository", start_of(path))
        if at in self.files:
            past = self.files[at]
            is_small = past is not None and len(past) <= limits.file_bytes
            return past if past is not None and is_small else too_large(path, limits)
        if at in self._names:
            return Fault(FaultKind.NOT_A_FILE, "it is a folder, expected a file", start_of(path))
        if self._was_not_there(at):
            return Fault(FaultKind.UNREADABLE, "no such file", start_of(path))
        content = self.today.read(at, limits)
        return replace(content, place=start_of(path)) if isinstance(content, Fault) else content

    def kind(self, path: str) -> Kind | None:
        """See `Folder`."""
        at = self._at(path)
        if at in self.files:
            return "file"
        if at in self._names:
            return "folder"
        if at is None or self._was_not_there(at):
            return None
        kind = self.today.kind(at)
        # git knows no empty folders: one with nothing but new files was not there.
        is_new = kind == "folder" and at in self._above_changed and not self.names(at)
        return None if is_new else kind

    def names(self, path: str) -> list[str]:
        """See `Folder`."""
        at = self._at(path)
        if at is None:
            return []
        names = set(self._names.get(at, ()))
        if not self._was_not_there(at):
            for name in self.today.names(at):
                below = posixpath.normpath(posixpath.join(at, name))
                is_same = below not in self.changed and below not in self._above_changed
                if is_same or self.kind(below) is not None:
                    names.add(name)
        return sorted(names)

    def is_outside(self, path: str) -> bool:
        """See `Folder`."""
        return self._at(path) is None

    def real(self, path: str) -> str:
        """See `Folder`."""
        return self._at(path) or path

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        """The names of what is kept here, by the folders that they were in."""
        names: dict[str, set[str]] = {}
        for path in (*self.files, *self.links):
            for below in (path, *folders_above(path)):
                names.setdefault(posixpath.dirname(below) or ".", set()).add(
                    posixpath.basename(below)
                )
        return names

    @cached_property
    def _above_changed(self) -> frozenset[str]:
        return frozenset(above for path in self.changed for above in folders_above(path))

    def _was_not_there(self, at: str) -> bool:
        """Whether nothing of today was at a path: it, or what it is in, is new or was a file."""
        return at in self.changed or any(above in self.changed for above in folders_above(at))

    def _at(self, path: str) -> str | None:
        """Where a path led, after following links; None where that is outside."""
        if leaves(path):
            return None
        left, at, links = path.split("/")[::-1], "", 0
        while left:
            name = left.pop()
            if name in ("", "."):
                continue
            if name == "..":
                if not at:
                    return None
                at = posixpath.dirname(at)
                continue
            at = posixpath.join(at, name)
            target = self._target(at)
            if target is None:
                continue
            links += 1
            if links > _MOST_LINKS:
                return path
            at = posixpath.dirname(at)
            if os.path.isabs(target):
                if not is_within(target, self.root):
                    return None
                at, target = "", os.path.relpath(target, self.root)
            left += target.split("/")[::-1]
        return at or "."

    def _target(self, at: str) -> str | None:
        """Where a link led; None for what was none."""
        if at in self.links or self._was_not_there(at):
            return self.links.get(at)
        try:
            return os.readlink(os.path.join(self.root, at))
        except (OSError, ValueError):
            return None


def folders_above(path: str) -> Iterator[str]:
    """The folders that a path is in, innermost first, but for the root."""
    folder = posixpath.dirname(path)
    while folder.strip("/"):
        yield folder
        folder = posixpath.dirname(folder)
