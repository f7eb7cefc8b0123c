"""Globs: patterns of paths, matched in a time that no pattern can blow up."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

_CLASS = r"\[([!^]|(?![!^]))(\][^\]]*|[^\]]+)\]"
_ANY_FOLDERS = "**"


def is_glob(text: str) -> bool:
    """Whether a text holds a sign that a glob gives a meaning."""
    return "*" in text or "?" in text or "[" in text


class NamePattern(Struct, frozen=True):
    """A pattern of one name: `*` for any characters, `?` for one, `[a-z]` for one of some."""

    pieces: tuple[re.Pattern[str], ...]
    """What stands between the stars; each piece matches a fixed number of characters."""
    lengths: tuple[int, ...]

    def matches(self, name: str) -> bool:
        """Whether it is the pattern of a name; every piece is sought once, from the left."""
        first, last = self.pieces[0], self.pieces[-1]
        if len(self.pieces) == 1:
            return first.fullmatch(name) is not None
        end = len(name) - self.lengths[-1]
        if first.match(name) is None or end < self.lengths[0] or last.match(name, end) is None:
            return False
        at = self.lengths[0]
        for piece in self.pieces[1:-1]:
            found = piece.search(name, at, end)
            if found is None:
                return False
            at = found.end()
        return True


class PlainName(Struct, frozen=True):
    """The pattern of one name that is only itself, as most are."""

    name: str

    def matches(self, name: str) -> bool:
        """Whether it is the pattern of a name."""
        return name == self.name


Step = NamePattern | PlainName | None
"""What stands for one name of a path, or for any folders."""


class Glob(Struct, frozen=True):
    """A pattern of a path; a step is the pattern of one name, or None for any folders at all."""

    steps: tuple[Step, ...]

    def matches(self, names: Sequence[str]) -> bool:
        """Whether it is the pattern of a path, given as its names."""
        at = step = 0
        back_at, back_step = 0, -1
        while at < len(names):
            pattern = self.steps[step] if step < len(self.steps) else None
            if step < len(self.steps) and pattern is None:
                back_at, back_step = at, step
                step += 1
            elif pattern is not None and pattern.matches(names[at]):
                at += 1
                step += 1
            elif back_step >= 0:
                back_at += 1
                at, step = back_at, back_step + 1
            else:
                return False
        return all(rest is None for rest in self.steps[step:])


def compile_glob(pattern: str) -> Glob:
    """The glob of a pattern; `**` as a whole name stands for any number of folders."""
    steps: list[Step] = []
    for name in pattern.split("/"):
        if name == _ANY_FOLDERS:
            if not steps or steps[-1] is not None:
                steps.append(None)
        elif name not in ("", "."):
            steps.append(_name_pattern(name))
    return Glob(tuple(steps))


def path_matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether one of some patterns is that of a path or of a folder above it.

    As in a .gitignore: a pattern without a slash before its end is one of names in any folder,
    and one that begins with `!` takes back what those before it match.
    """
    compiled = [_anchored(pattern) for pattern in patterns]
    if not compiled:
        return lambda path: False

    def matches(path: str) -> bool:
        names = [name for name in path.split("/") if name not in ("", ".")]
        for is_wanted, glob in reversed(compiled):
            if glob.matches(names):
                return is_wanted
        return False

    return matches


def _anchored(pattern: str) -> tuple[bool, Glob]:
    is_wanted = not pattern.startswith("!")
    pattern = pattern if is_wanted else pattern[1:]
    in_any_folder = "/" not in pattern.rstrip("/")
    glob = compile_glob(f"**/{pattern}" if in_any_folder else pattern)
    if glob.steps and glob.steps[-1] is not None:
        glob = Glob((*glob.steps, None))
    return is_wanted, glob


def _name_pattern(name: str) -> NamePattern | PlainName:
    """Split the pattern of a name at its stars."""
    if not is_glob(name) and "\\" not in name:
        return PlainName(name)
    pieces, lengths = [""], [0]
    at = 0
    while at < len(name):
        sign = name[at]
        in_class = re.compile(_CLASS).match(name, at) if sign == "[" else None
        if sign == "*":
            pieces.append("")
            lengths.append(0)
            at += 1
            continue
        if in_class is not None:
            pieces[-1] += _class_of(in_class)
            at = in_class.end()
        elif sign == "?":
            pieces[-1] += "."
            at += 1
        else:
            at += sign == "\\" and at + 1 < len(name)
            pieces[-1] += re.escape(name[at])
            at += 1
        lengths[-1] += 1
    compiled = tuple(re.compile(piece, re.DOTALL) for piece in pieces)
    return NamePattern(compiled, tuple(lengths))


def _class_of(found: re.Match[str]) -> str:
    """A regular expression for one of some characters; a range that runs backwards has none."""
    inside, signs, at = found[2], "", 0
    while at < len(inside):
        is_range = inside[at + 1 : at + 2] == "-" and at + 2 < len(inside)
        first, last = inside[at], inside[at + 2 if is_range else at]
        if first <= last:
            signs += f"{re.escape(first)}-{re.escape(last)}"
        at += 3 if is_range else 1
    if not signs:
        return "." if found[1] else "(?!)"
    return f"[{'^' if found[1] else ''}{signs}]"
