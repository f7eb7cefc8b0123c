"""Walks: the files below a folder without git, except those that .gitignore files exclude."""

from __future__ import annotations

import os
import stat
import warnings
from collections.abc import Collection, Iterable, Iterator

import re2
from msgspec import Struct

from dativo_lint.documents.folder import NOT_THERE
from dativo_lint.git.files import FileList

_MOST_BYTES = 1024 * 1024


class _Rule(Struct, frozen=True):
    """One line of a .gitignore; its pattern is for paths below the folder of that file."""

    folder: str
    pattern: re2._Regexp
    ignores: bool
    is_for_folders: bool

    def matches(self, path: str, is_folder: bool) -> bool:
        if self.is_for_folders and not is_folder:
            return False
        below = path[len(self.folder) :].encode("utf-8", "replace")
        match = self.pattern.search(below)
        # The group matches where a folder above matches and is not ignored.
        return match is not None and match.groupdict().get(b"ps_d") is None


def walked_files(top: str, folder: str = ".", *, skipped: Collection[str] = ()) -> FileList:
    """The files below a folder; `top` is the highest folder whose .gitignore counts.

    `folder` and the paths in the answer are relative to it. Other repositories inside are not
    walked, nor folders that links lead to, nor those whose name is `skipped`.
    """
    files: list[str] = []
    unreadable: list[str] = []
    unsure: list[str] = []
    rules_above = _rules_above(top, folder)
    pending = [(folder, rules_above)] if rules_above is not None else []
    while pending:
        here, rules = pending.pop()
        try:
            with os.scandir(os.path.join(top, here)) as scanned:
                entries = list(scanned)
        except OSError as error:
            unreadable += () if error.errno in NOT_THERE else (here,)
            continue
        prefix = "" if here == "." else f"{here}/"
        if any(entry.name == ".gitignore" for entry in entries):
            if not os.access(os.path.join(top, prefix, ".gitignore"), os.R_OK):
                unreadable.append(f"{prefix}.gitignore")
            rules = (*_rules_in(top, prefix, ".gitignore"), *rules)
        for entry in entries:
            if entry.name == ".git":
                continue
            path = f"{prefix}{entry.name}"
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and (entry.name in skipped or _is_repository(entry.path)):
                continue
            if _is_ignored(path, is_folder, rules):
                continue
            if is_folder:
                pending.append((path, rules))
            else:
                (unsure if entry.is_symlink() else files).append(path)
    return FileList(tuple(files), tuple(unreadable), tuple(unsure))


def _is_repository(folder: str) -> bool:
    return os.path.lexists(os.path.join(folder, ".git"))


def _is_ignored(path: str, is_folder: bool, rules: Iterable[_Rule]) -> bool:
    return next((rule.ignores for rule in rules if rule.matches(path, is_folder)), False)


def _rules_above(top: str, folder: str) -> tuple[_Rule, ...] | None:
    """The rules in force in a folder before its own; None where they ignore the folder itself."""
    rules = tuple(_rules_in(top, "", ".git/info/exclude"))
    names = [] if folder == "." else folder.split("/")
    for depth in range(len(names)):
        prefix = "".join(f"{name}/" for name in names[:depth])
        rules = (*_rules_in(top, prefix, ".gitignore"), *rules)
        if _is_ignored("/".join(names[: depth + 1]), True, rules):
            return None
    return rules


def _rules_in(top: str, prefix: str, name: str) -> Iterator[_Rule]:
    """The rules of one file, the last one first."""
    for line in reversed(_content(os.path.join(top, prefix, name)).split("\n")):
        pattern = line if line.endswith("\\ ") else line.rstrip()
        is_for_folders = pattern.endswith("/")
        compiled = _compiled(pattern[:-1] if is_for_folders else pattern) if pattern else None
        if compiled is not None:
            yield _Rule(prefix, *compiled, is_for_folders)


def _compiled(pattern: str) -> tuple[re2._Regexp, bool] | None:
    """The regular expression of a pattern, and whether what it matches is ignored."""
    from pathspec import GitIgnoreSpec  # few repositories are walked without git

    options = re2.Options()
    options.log_errors = False
    try:
        with warnings.catch_warnings():
            # Python's own expressions, into which the pattern goes first, know no `[[:alpha:]]`.
            warnings.simplefilter("ignore", FutureWarning)
            (parsed,) = GitIgnoreSpec.from_lines([pattern]).patterns
        if parsed.include is None or parsed.regex is None:
            return None
        regex = f"(?s){parsed.regex.pattern}".encode("utf-8", "replace")
        return re2.compile(regex, options), parsed.include
    except (ValueError, re2.error):
        return None  # what it ignores is linted


def _content(file: str) -> str:
    """The content of a .gitignore; empty where it is invalid."""
    try:
        status = os.lstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            return ""
        with open(file, encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
            return stream.read(_MOST_BYTES)
    except OSError:
        return ""
