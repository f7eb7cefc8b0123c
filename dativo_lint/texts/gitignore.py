"""What git ignores, by the .gitignore files from the root down."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

_MOST_BYTES = 1024 * 1024
_MOST_STARS = 2
"""The time that Python's regular expressions take to fail grows with the power of the stars in
one name, and with that of the `**` in a path. A pattern with more is passed over, so that what it
ignores is linted: better than a text that can make the linter hang."""
_ABOVE = "ps_d"
"""The group in pathspec's regular expressions that takes part where a folder above is matched."""
_PLAIN = re.compile(r"(\*?)([\w.-]*[\w-])(/?)", re.ASCII)
"""Lines that are read without pathspec, which takes 20 ms to import: nearly all are such."""


class _PlainRules(Struct, frozen=True):
    """Lines that each ignore a name, or all names with an ending, wherever below."""

    names: frozenset[str]
    folder_names: frozenset[str]
    endings: tuple[str, ...]
    folder_endings: tuple[str, ...]
    ignores: bool = True

    def with_others(self, other: _PlainRules) -> _PlainRules:
        """These and others as one."""
        return _PlainRules(
            self.names | other.names,
            self.folder_names | other.folder_names,
            self.endings + other.endings,
            self.folder_endings + other.folder_endings,
        )

    def matches(self, path: str, is_folder: bool) -> bool:
        name = path[path.rfind("/") + 1 :]
        if name in self.names or name.endswith(self.endings):
            return True
        return is_folder and (name in self.folder_names or name.endswith(self.folder_endings))


_NO_RULES = _PlainRules(frozenset(), frozenset(), (), ())


class _Rule(Struct, frozen=True):
    """One line of a .gitignore."""

    pattern: re.Pattern[str]
    ignores: bool
    is_for_folders: bool

    def matches(self, path: str, is_folder: bool) -> bool:
        if self.is_for_folders and not is_folder:
            return False
        found = self.pattern.search(path)
        return found is not None and found.groupdict().get(_ABOVE) is None


class Ignores(Struct, frozen=True):
    """The rules in force in a folder; each file's hold for paths from its own folder on.

    `plain` are all of them, where there are no others.
    """

    root: str
    files: tuple[tuple[str, tuple[_Rule | _PlainRules, ...]], ...] = ()
    plain: _PlainRules | None = _NO_RULES

    @classmethod
    def above(cls, root: str, path: str) -> Ignores:
        """The rules in force in a folder but for its own, whose path is relative to the root."""
        ignores = cls(root)._with_file("", ".git/info/exclude")
        names = [] if path == "." else path.split("/")
        for depth in range(len(names)):
            ignores = ignores.within("/".join(names[:depth]) or ".")
        return ignores

    def within(self, path: str) -> Ignores:
        """The same and the rules of a folder below."""
        prefix = "" if path == "." else f"{path}/"
        return self._with_file(prefix, f"{prefix}.gitignore")

    def test(self) -> Callable[[str, bool], bool]:
        """Tells of a path, and of whether it is a folder, whether git ignores it, none of the
        folders above it being ignored."""
        return self._hold_for if self.plain is None else self.plain.matches

    def _hold_for(self, path: str, is_folder: bool) -> bool:
        for prefix, rules in reversed(self.files):
            below = path[len(prefix) :]
            for rule in reversed(rules):
                if rule.matches(below, is_folder):
                    return rule.ignores
        return False

    def _with_file(self, prefix: str, path: str) -> Ignores:
        rules = tuple(_rules(_content(os.path.join(self.root, path))))
        if not rules:
            return self
        plain = self.plain
        for rule in rules:
            if plain is not None:
                plain = plain.with_others(rule) if isinstance(rule, _PlainRules) else None
        return Ignores(self.root, (*self.files, (prefix, rules)), plain)


def _rules(content: str) -> Iterator[_Rule | _PlainRules]:
    plain: list[re.Match[str]] = []
    for line in content.split("\n") if content else ():
        pattern = line if line.endswith("\\ ") else line.rstrip()
        if found := _PLAIN.fullmatch(pattern):
            plain.append(found)
            continue
        is_for_folders = pattern.endswith("/")
        compiled = _compiled(pattern[:-1] if is_for_folders else pattern) if pattern else None
        if compiled is not None:
            if plain:
                yield _plain_rules(plain)
                plain = []
            yield _Rule(compiled[0], compiled[1], is_for_folders)
    if plain:
        yield _plain_rules(plain)


def _plain_rules(lines: Sequence[re.Match[str]]) -> _PlainRules:
    told: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        star, name, slash = line.groups()
        told.setdefault((star, slash), []).append(name)
    names, folder_names = (frozenset(told.get(("", slash), ())) for slash in ("", "/"))
    endings, folder_endings = (tuple(told.get(("*", slash), ())) for slash in ("", "/"))
    return _PlainRules(names, folder_names, endings, folder_endings)


def _compiled(pattern: str) -> tuple[re.Pattern[str], bool] | None:
    """The regular expression of a pattern, and whether what it matches is ignored."""
    from pathspec import GitIgnoreSpec  # only repositories that ignore something pay for it

    names = pattern.split("/")
    stars = sum(max(0, name.count("*") - 1) for name in names if name != "**")
    if stars > _MOST_STARS or names.count("**") > _MOST_STARS:
        return None
    try:
        (found,) = GitIgnoreSpec.from_lines([pattern]).patterns
    except ValueError:
        return None
    regex = getattr(found, "regex", None)
    return None if found.include is None or regex is None else (regex, found.include)


def _content(file: str) -> str:
    """The text of a .gitignore; empty where it is no sensible one."""
    try:
        status = os.lstat(file)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MOST_BYTES:
            return ""
        with open(file, encoding="utf-8", errors="surrogateescape", newline="\n") as stream:
            return stream.read(_MOST_BYTES)
    except OSError:
        return ""
