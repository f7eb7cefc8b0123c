"""Discovery: which files the arguments of a run stand for."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SUFFIXES = (".yaml", ".yml", ".json")
_NEVER_WALKED = frozenset({".git", ".terraform", "node_modules", ".venv", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Discovery:
    """What arguments stand for; paths are relative to the root, with forward slashes.

    `named` were named one by one, `walked` found in folders and by globs; `missing` are arguments
    that stand for nothing, `outside` those that leave the root.
    """

    named: tuple[str, ...] = ()
    walked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


def find_root(start: Path) -> Path:
    """The root of the repository: the nearest folder upwards with `.git`, else `start`."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return start


def discover(root: Path, arguments: Sequence[str], *, start: Path | None = None) -> Discovery:
    """Find the files that arguments stand for; relative ones are seen from `start`, or from here."""
    root = root.resolve()
    start = start or Path.cwd()
    named: dict[str, None] = {}
    walked: dict[str, None] = {}
    missing, outside = [], []
    for argument in arguments:
        full = os.path.normpath(os.path.join(start, argument))
        relative = os.path.relpath(full, root)
        if relative.startswith(".." + os.sep) or relative == "..":
            outside.append(argument)
        elif os.path.isdir(full):
            walked.update(dict.fromkeys(_walk(root, full)))
        elif os.path.lexists(full):
            named[_slashed(relative)] = None
        elif found := [it for it in _expand(full, start, argument)]:
            for path in found:
                inside = _slashed(os.path.relpath(path, root))
                if os.path.isdir(path):
                    walked.update(dict.fromkeys(_walk(root, path)))
                else:
                    walked[inside] = None
        else:
            missing.append(argument)
    kept = tuple(path for path in walked if path not in named)
    return Discovery(tuple(named), kept, tuple(missing), tuple(outside))


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path matches one of the patterns, which read as those of .gitignore do."""
    patterns = tuple(patterns)
    if not patterns:
        return lambda path: False
    from pathspec import GitIgnoreSpec  # only settings with patterns pay for it

    return GitIgnoreSpec.from_lines(patterns).match_file


def _expand(full: str, start: Path, argument: str) -> list[str]:
    if not any(sign in argument for sign in "*?["):
        return []
    return sorted(glob.glob(full, recursive=True))


def _walk(root: Path, folder: str) -> Iterator[str]:
    """The text files below a folder that git does not ignore, sorted."""
    ignores = _Ignores(str(root), folder)
    pending = [folder]
    while pending:
        here = pending.pop()
        try:
            with os.scandir(here) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        ignores.enter(here, {entry.name for entry in found})
        folders = []
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _NEVER_WALKED and not ignores(entry.path, is_folder=True):
                    folders.append(entry.path)
            elif entry.name.endswith(SUFFIXES) and not entry.is_dir():
                if not ignores(entry.path, is_folder=False):
                    yield _slashed(os.path.relpath(entry.path, root))
        pending += reversed(folders)


class _Ignores:
    """What git ignores, by the .gitignore files from the root down."""

    def __init__(self, root: str, folder: str) -> None:
        self._root = root
        self._specs: dict[str, GitIgnoreSpec] = {}
        self._add(root, os.path.join(root, ".git", "info", "exclude"))
        above = os.path.relpath(folder, root)
        here = root
        for name in above.split(os.sep) if above != "." else ():
            self._add(here, os.path.join(here, ".gitignore"))
            here = os.path.join(here, name)

    def enter(self, folder: str, names: set[str]) -> None:
        """Take in the .gitignore of a folder."""
        if ".gitignore" in names:
            self._add(folder, os.path.join(folder, ".gitignore"))

    def __call__(self, path: str, *, is_folder: bool) -> bool:
        """Whether git ignores a path; the nearest file that has a word on it decides."""
        here = os.path.dirname(path)
        while self._specs:
            spec = self._specs.get(here)
            if spec is not None:
                name = _slashed(os.path.relpath(path, here)) + ("/" if is_folder else "")
                said = spec.check_file(name).include
                if said is not None:
                    return said
            if here in (self._root, os.path.dirname(here)):
                return False
            here = os.path.dirname(here)
        return False

    def _add(self, folder: str, file: str) -> None:
        try:
            with open(file, encoding="utf-8", errors="replace") as stream:
                lines = stream.read().splitlines()
        except OSError:
            return
        from pathspec import GitIgnoreSpec  # only repositories that ignore something pay for it

        before = self._specs.get(folder)
        spec = GitIgnoreSpec.from_lines(lines)
        self._specs[folder] = before + spec if before is not None else spec


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/")
