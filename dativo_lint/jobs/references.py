"""References: what a job names, and where it leads inside the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from enum import Enum

from msgspec import Struct

from dativo_lint.documents.document import ABSENT
from dativo_lint.documents.folder import Folder
from dativo_lint.jobs.field_ref import FieldRef

_RUN_TIME = r"\$(\{.*\}|[A-Za-z_])"
_OUTSIDE = "outside"
_LONGEST = 4096
"""Characters of a path; no file system knows a longer one."""


class Resolution(str, Enum):
    """What became of a reference."""

    FOUND = "found"
    MISSING = "missing"
    OUTSIDE = "outside"
    OPEN = "open"
    MALFORMED = "malformed"
    REMOTE = "remote"


class Reference(Struct, frozen=True, eq=False):
    """A path that a job names.

    `path` is relative to the repository root where the reference leads to something in it, be it
    of another kind than wanted; `tried` are the paths inside the repository that were looked at, in
    that order.
    """

    field: FieldRef
    resolution: Resolution
    path: str | None = None
    tried: tuple[str, ...] = ()


class Resolver(Struct, frozen=True, eq=False):
    """Follows paths as the platform would, inside the repository only.

    `prefixes` maps the beginnings of container paths to folders relative to the root; of several
    that fit, the longest counts.
    """

    folder: Folder
    prefixes: Mapping[str, str]

    def follow(self, field: FieldRef, wanted: str) -> Reference:
        """Follow a field that names a `wanted` thing, "file" or "folder"."""
        written = field.value
        if written is ABSENT or written is None or written == "":
            return Reference(field, Resolution.MISSING)
        if not isinstance(written, str) or "\0" in written:
            return Reference(field, Resolution.MALFORMED)
        beside = field.document.path.rpartition("/")[0]
        return Reference(field, *self._follow(written, beside, wanted))

    def _follow(
        self, written: str, beside: str, wanted: str
    ) -> tuple[Resolution, str | None, tuple[str, ...]]:
        """Lead, path and paths tried of what is written in a file of the folder `beside`."""
        if "$" in written and re.search(_RUN_TIME, written):
            return Resolution.OPEN, None, ()
        tried: dict[str, None] = {}
        other = None
        for path in self._candidates(written, beside):
            if _leaves(path) or path in tried:
                continue
            tried[path] = None
            kind = self._kind(path) if len(path) <= _LONGEST else None
            if kind == _OUTSIDE:
                return Resolution.OUTSIDE, None, tuple(tried)
            if kind in (wanted, "unreadable"):  # reading it returns the reason
                return Resolution.FOUND, path, tuple(tried)
            if kind is not None and other is None:
                other = path
        return Resolution.MISSING if tried else Resolution.OUTSIDE, other, tuple(tried)

    def _candidates(self, written: str, beside: str) -> Iterator[str]:
        """The paths to search: from the root, from the job's own folder, and from those between.

        The folders between serve a project in a folder of a larger repository.
        """
        fitting = [prefix for prefix in self.prefixes if _begins(written, prefix)]
        if fitting:
            prefix = max(fitting, key=len)
            written = posixpath.join(self.prefixes[prefix], written[len(prefix) :].lstrip("/"))
        from_root = posixpath.normpath(written)
        yield from_root
        is_final = len(written) > _LONGEST or (bool(fitting) and _leaves(from_root))
        beside = "" if is_final else beside
        while beside.strip("/"):
            yield posixpath.normpath(posixpath.join(beside, written))
            beside = posixpath.dirname(beside)

    def _kind(self, path: str) -> str | None:
        """What a path leads to: a kind of the folder's, or that it leaves by a symbolic link."""
        kind = self.folder.kind(path)
        return _OUTSIDE if kind is None and self.folder.is_outside(path) else kind


def _begins(path: str, prefix: str) -> bool:
    """Whether a path begins with the whole names of a prefix."""
    return path == prefix or path.startswith(f"{prefix.rstrip('/')}/")


def _leaves(path: str) -> bool:
    return path.startswith(("../", "/")) or path == ".."
