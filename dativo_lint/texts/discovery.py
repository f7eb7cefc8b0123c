"""Discovery: which files the arguments of a run stand for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from msgspec import Struct

from dativo_lint.texts.globs import compile_glob, is_glob, path_matcher

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".yaml", ".yml", ".json")
_NEVER_WALKED = frozenset({".git", ".terraform", "node_modules", ".venv"})


class Discovery(Struct, frozen=True):
    """What arguments stand for; paths are relative to the root, with forward slashes.

    `named` were named one by one, `walked` found in folders and by globs; `missing` are arguments
    that stand for nothing, `outside` those that leave the root.
    """

    named: tuple[str, ...] = ()
    walked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


def find_root(start: str | Path) -> str:
    """The root of the repository: the nearest folder upwards with `.git`, else `start`."""
    real = os.path.realpath(start)
    return next((it for it in upwards(real) if os.path.exists(os.path.join(it, ".git"))), real)


def upwards(folder: str) -> Iterator[str]:
    """A folder, and each that it lies in, innermost first."""
    before = ""
    while folder != before:
        yield folder
        before, folder = folder, os.path.dirname(folder)


def is_within(path: str, folder: str) -> bool:
    """Whether a path is that of a folder, or of something in it; both are absolute."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def discover(
    root: str | Path,
    arguments: Sequence[str],
    *,
    start: str | Path | None = None,
    respect_gitignore: bool = True,
    suffixes: tuple[str, ...] = SUFFIXES,
) -> Discovery:
    """Find the files that arguments stand for; relative ones are seen from `start`, or from here.

    A file that is named is taken whatever its name, and though git ignores it. Of a folder, the
    files with one of the suffixes are taken; of a glob too, unless it says itself how they end.
    """
    walk = _Walk(os.path.realpath(root), respect_gitignore, suffixes)
    here = os.path.realpath(start if start is not None else os.getcwd())
    named: dict[str, None] = {}
    walked: dict[str, None] = {}
    missing: list[str] = []
    outside: list[str] = []
    for argument in arguments:
        full = os.path.join(here, argument)
        path = walk.relative(full)
        if path is None:
            outside.append(argument)
        elif os.path.isdir(full):
            walked.update(dict.fromkeys(walk.files(path)))
        elif os.path.lexists(full):
            named[path] = None
        elif is_glob(path) and (found := dict.fromkeys(walk.matching(path))):
            walked.update(found)
        else:
            missing.append(argument)
    kept = (path for path in walked if path not in named)
    return Discovery(tuple(named), tuple(kept), tuple(missing), tuple(outside))


def locate(root: str | Path, path: str) -> str | None:
    """The path from the root of something that may not be there; None where it lies outside.

    A relative path is seen from here.
    """
    walk = _Walk(os.path.realpath(root), False, ())
    return walk.relative(os.path.join(os.path.realpath(os.getcwd()), path))


def matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether a path matches one of the patterns, which read much as those of .gitignore do."""
    return path_matcher(tuple(patterns))


_name_of = attrgetter("name")


class _Walk:
    """Walks below a root, whose real path is given, and tells paths relative to it."""

    def __init__(self, root: str, respects_gitignore: bool, suffixes: tuple[str, ...]) -> None:
        self._root = root
        self._suffixes = suffixes
        self._respects_gitignore = respects_gitignore

    def relative(self, full: str) -> str | None:
        """The path of something from the root; None where it leads, or lies, outside."""
        above, name = os.path.split(os.path.normpath(full.replace("\0", "\ufffd")))
        path = os.path.join(os.path.realpath(above), name)
        real = os.path.realpath(path)
        if os.path.isdir(real):
            path = real
        for it in (real, path):
            if not is_within(it, self._root):
                return None
        return os.path.relpath(path, self._root).replace(os.sep, "/")

    def files(self, path: str) -> Iterator[str]:
        """The files below a folder, sorted folder by folder."""
        return (file for file in self._below(path) if file.endswith(self._suffixes))

    def matching(self, pattern: str) -> Iterator[str]:
        """The files that a glob stands for, and those below the folders that it stands for."""
        names = pattern.split("/")
        fixed = next(at for at, name in enumerate(names) if is_glob(name))
        shows_hidden = any(name.startswith(".") for name in names[fixed:])
        glob, below = compile_glob(pattern), compile_glob(f"{pattern}/**")
        ending = re.split(r"[*?\]]", names[-1])[-1]
        tells_ending = "." in ending or ending == names[-1]
        for file in self._below("/".join(names[:fixed]) or "."):
            parts = file.split("/")
            if not shows_hidden and any(part.startswith(".") for part in parts[fixed:]):
                continue
            has_suffix = file.endswith(self._suffixes)
            if (has_suffix and below.matches(parts)) or (tells_ending and glob.matches(parts)):
                yield file

    def _below(self, path: str) -> Iterator[str]:
        """The files below a folder that git does not ignore, with whatever is no folder."""
        from dativo_lint.texts.gitignore import Ignores  # a hook names the files, and walks nowhere

        above = Ignores.above(self._root, path) if self._respects_gitignore else None
        pending = [(path, above)]
        while pending:
            here, ignores = pending.pop()
            try:
                with os.scandir(os.path.join(self._root, here)) as entries:
                    found = sorted(entries, key=_name_of)
            except OSError:
                continue
            if ignores is not None and any(entry.name == ".gitignore" for entry in found):
                ignores = ignores.within(here)
            is_ignored = None if ignores is None else ignores.test()
            above_it = "" if here == "." else f"{here}/"
            folders = []
            for entry in found:
                below = f"{above_it}{entry.name}"
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_folder and entry.name in _NEVER_WALKED:
                    continue
                if is_ignored is not None and is_ignored(below, is_folder):
                    continue
                if is_folder:
                    folders.append((below, ignores))
                elif not (entry.is_symlink() and entry.is_dir()):
                    yield below
            pending += reversed(folders)
