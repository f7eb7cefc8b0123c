"""References: what a job names, and where it leads inside the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from msgspec import Struct, field

from dativo_lint.subject.said import Said
from dativo_lint.texts.document import ABSENT
from dativo_lint.texts.folder import Folder
from dativo_lint.texts.witness import Facts

_RUN_TIME = r"\$(\{|[A-Za-z_])"
_OUTSIDE = "outside"
_MOST_FOLLOWED = 1_024
"""References that are remembered for the jobs that follow."""
_LONGEST = 4096
"""Characters of a path; no file system knows a longer one."""


class Lead(str, Enum):
    """What became of a reference."""

    FOUND = "found"
    MISSING = "missing"
    OUTSIDE = "outside"
    OPEN = "open"
    MALFORMED = "malformed"
    REMOTE = "remote"


_SETTLED = (Lead.FOUND, Lead.OPEN)
"""What becomes of a reference from the root, where no other folder is looked at."""


class Reference(Struct, frozen=True, eq=False):
    """A path that a job names.

    `path` is relative to the repository root where the reference leads to something in it, be it
    of another kind than wanted; `tried` are the paths inside the repository that were looked at, in
    that order.
    """

    said: Said
    lead: Lead
    path: str | None = None
    tried: tuple[str, ...] = ()


_Followed = tuple[Lead, str | None, tuple[str, ...]]
"""Of a reference: its lead, its path, and the paths that were tried."""


class Resolver(Struct, frozen=True, eq=False):
    """Follows paths as the platform would, inside the repository only.

    `prefixes` maps the beginnings of container paths to folders relative to the root; of several
    that fit, the longest counts.
    """

    folder: Folder
    prefixes: Mapping[str, str]
    _kinds: dict[str, str | None] = field(default_factory=dict)
    _followed: dict[tuple[str, str, str], _Followed] = field(default_factory=dict)
    _rooted: dict[tuple[str, str], _Followed | None] = field(default_factory=dict)
    _facts: dict[tuple[str, str, str], Facts] = field(default_factory=dict)

    def follow(self, said: Said, wanted: str) -> Reference:
        """Follow a field that names a `wanted` thing, "file" or "folder"."""
        return self.follow_from(said.document.path.rpartition("/")[0], said, said.value, wanted)

    def follow_from(self, beside: str, said: Said, written: Any, wanted: str) -> Reference:
        """As `follow`, of what is known to be written, in a file of the folder `beside`."""
        # The jobs of a folder name the same connectors and modules again and again.
        key = (written, beside, wanted)
        found = self._followed.get(key) if written.__class__ is str else None
        if found is not None:
            return Reference(said, *found)
        if written is ABSENT or written is None or written == "":
            return Reference(said, Lead.MISSING)
        if not isinstance(written, str) or "\0" in written:
            return Reference(said, Lead.MALFORMED)
        self._make_room()
        found = self._followed[key] = self._from_root(written, wanted) or self._follow(*key)
        return Reference(said, *found)

    def _from_root(self, written: str, wanted: str) -> _Followed | None:
        """Where a path leads that leads somewhere from the root, from whichever folder."""
        key = (written, wanted)
        if key not in self._rooted:
            found = self._follow(written, "", wanted)
            self._rooted[key] = found if found[0] in _SETTLED else None
        return self._rooted[key]

    def _make_room(self) -> None:
        if len(self._followed) >= _MOST_FOLLOWED:
            for remembered in (self._followed, self._rooted, self._facts, self._kinds):
                remembered.clear()

    def facts(self, said: Said, wanted: str) -> Facts:
        """The answers of the folder on which it hangs where a reference leads."""
        written = said.value
        if not isinstance(written, str):
            return ()
        key = (written, said.document.path.rpartition("/")[0], wanted)
        found = self._facts.get(key)
        if found is None:
            tried = self._followed[key][2] if key in self._followed else self._follow(*key)[2]
            found = self._facts[key] = tuple(fact for path in tried for fact in self._asked(path))
        return found

    def _asked(self, path: str) -> Iterator[tuple[str, str, str | None]]:
        """What `_kind` asks of the folder, and is told."""
        if len(path) <= _LONGEST:
            kind = self._kind(path)
            yield "kind", path, None if kind == _OUTSIDE else kind
            if kind in (None, _OUTSIDE):
                yield "outside", path, kind

    def _follow(self, written: str, beside: str, wanted: str) -> _Followed:
        """Where a path leads that is written in a file of the folder `beside`."""
        if "$" in written and re.search(_RUN_TIME, written):
            return Lead.OPEN, None, ()
        tried: dict[str, None] = {}
        other = None
        for path in self._candidates(written, beside):
            if _leaves(path) or path in tried:
                continue
            tried[path] = None
            kind = self._kind(path) if len(path) <= _LONGEST else None
            if kind == _OUTSIDE:
                return Lead.OUTSIDE, None, tuple(tried)
            if kind in (wanted, "unreadable"):  # reading it tells why it cannot be had
                return Lead.FOUND, path, tuple(tried)
            if kind is not None and other is None:
                other = path
        return Lead.MISSING if tried else Lead.OUTSIDE, other, tuple(tried)

    def _candidates(self, written: str, beside: str) -> Iterator[str]:
        """Where a path may lead: from the root, from its own folder, and from those between.

        The folders between serve a project that lies in a folder of a larger repository.
        """
        fitting = [prefix for prefix in self.prefixes if _begins(written, prefix)]
        if fitting:
            prefix = max(fitting, key=len)
            written = posixpath.join(self.prefixes[prefix], written[len(prefix) :].lstrip("/"))
        from_root = posixpath.normpath(written)
        yield from_root
        is_final = len(written) > _LONGEST or (bool(fitting) and _leaves(from_root))
        beside = "" if is_final else beside
        while beside:
            yield posixpath.normpath(posixpath.join(beside, written))
            beside = posixpath.dirname(beside)

    def _kind(self, path: str) -> str | None:
        """What a path leads to: a kind of the folder's, or that it leaves by a symbolic link."""
        if path not in self._kinds:
            kind: str | None = self.folder.kind(path)
            if kind is None and self.folder.is_outside(path):
                kind = _OUTSIDE
            self._kinds[path] = kind
        return self._kinds[path]


def _begins(path: str, prefix: str) -> bool:
    """Whether a path begins with the whole names of a prefix."""
    return path == prefix or path.startswith(f"{prefix.rstrip('/')}/")


def _leaves(path: str) -> bool:
    return path.startswith(("../", "/")) or path == ".."
