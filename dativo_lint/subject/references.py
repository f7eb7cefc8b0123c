"""References: what a job names, and where it leads inside the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from dativo_lint.subject.said import Said
from dativo_lint.texts.document import ABSENT
from dativo_lint.texts.folder import Folder

_RUN_TIME = re.compile(r"\$(\{|[A-Za-z_])")


class Lead(str, Enum):
    """What became of a reference."""

    FOUND = "found"
    MISSING = "missing"
    OUTSIDE = "outside"
    OPEN = "open"
    MALFORMED = "malformed"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A path that a job names.

    `path` is relative to the repository root where the reference leads to something in it;
    `tried` are the paths that were looked at, in order.
    """

    said: Said
    lead: Lead
    path: str | None = None
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolver:
    """Follows paths as the platform would, inside the repository only.

    `prefixes` maps the beginnings of container paths to folders relative to the root.
    """

    folder: Folder
    prefixes: Mapping[str, str]

    def follow(self, said: Said, wanted: str) -> Reference:
        """Follow a field that names a `wanted` thing, "file" or "folder"."""
        written = said.value
        if written is ABSENT or written is None or written == "":
            return Reference(said, Lead.MISSING)
        if not isinstance(written, str) or "\0" in written:
            return Reference(said, Lead.MALFORMED)
        if _RUN_TIME.search(written):
            return Reference(said, Lead.OPEN)
        candidates = self._candidates(written, posixpath.dirname(said.document.path))
        tried = candidates[:2]
        inside = [path for path in candidates if not _leaves(path)]
        for path in inside:
            if self.folder.is_outside(path):
                return Reference(said, Lead.OUTSIDE, tried=tried)
            if self.folder.kind(path) == wanted:
                return Reference(said, Lead.FOUND, path, tried)
        for path in inside:
            if self.folder.kind(path) is not None:
                return Reference(said, Lead.MISSING, path, tried)
        return Reference(said, Lead.MISSING if inside else Lead.OUTSIDE, tried=tried)

    def _candidates(self, written: str, beside: str) -> tuple[str, ...]:
        """Where a path may lead: from the root, from the job's folder, and from those between.

        The folders between serve a project that lies in a folder of a larger repository.
        """
        bases = ["", beside]
        while "/" in bases[-1]:
            bases.append(posixpath.dirname(bases[-1]))
        for prefix, target in self.prefixes.items():
            if written.startswith(prefix):
                written = posixpath.join(target, written[len(prefix) :])
                break
        return tuple(dict.fromkeys(posixpath.normpath(posixpath.join(it, written)) for it in bases))


def _leaves(path: str) -> bool:
    return path.startswith(("../", "/")) or path == ".."
