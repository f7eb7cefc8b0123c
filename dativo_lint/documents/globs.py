"""Globs: patterns of paths, translated to RE2, which matches in linear time.

`*` matches any characters of a name, `?` one, `[a-z]` and `[!a-z]` one of some, `**` as a whole
name any number of folders; a backslash makes the next character literal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import re2

if TYPE_CHECKING:
    from dativo_lint.documents.folder import Folder

_CLASS = re.compile(r"\[([!^]|(?![!^]))(\][^\]]*|[^\]]+)\]")
_ANY_FOLDERS = "**"
_FullMatch = Callable[[bytes], object]
_NOTHING = r"[^\x00-\x{10FFFF}]"


class GlobError(ValueError):
    """A pattern that is too large for RE2."""


def is_glob(text: str) -> bool:
    """Whether a text holds a sign that a glob gives a meaning."""
    return "*" in text or "?" in text or "[" in text


def glob_matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a glob matches a path, written without `./`. Raises GlobError."""
    matches = _compiled(glob_regex(pattern))
    return lambda path: matches(_bytes_of(path)) is not None


def path_matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether one of some patterns matches a path or a folder above it.

    As in a .gitignore: a pattern without a slash before its end matches names in any folder, and
    one that begins with `!` undoes the matches of those before it. Raises GlobError.
    """
    return _path_matcher(tuple(patterns))


@lru_cache(maxsize=256)
def _path_matcher(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    rules = [_rule(pattern) for pattern in reversed(patterns)]

    def matches(path: str) -> bool:
        if not rules:
            return False
        content = _bytes_of("/".join(_names(path)))
        return next((wanted for wanted, full_match in rules if full_match(content)), False)

    return matches


def glob_below(folder: str, pattern: str) -> str:
    """A pattern of `path_matcher` for paths in a folder, as one for paths from further up."""
    if not folder:
        return pattern
    sign, name = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    in_any_folder = "" if "/" in name.rstrip("/") else f"{_ANY_FOLDERS}/"
    literal = re.sub(r"[\\*?\[]", r"\\\g<0>", folder.strip("/"))
    return f"{sign}/{literal}/{in_any_folder}{name}"


def expand_glob(folder: Folder, pattern: str) -> list[str]:
    """The files of a folder that a glob without `**` matches, and the folders on the way to them
    that cannot be listed."""
    paths = [""]
    closed: list[str] = []
    for name in _names(pattern):
        matches = glob_matcher(name)
        closed += [path for path in paths if folder.kind(path or ".") == "unreadable"]
        pairs = [(above, below) for above in paths for below in folder.names(above or ".")]
        paths = [f"{above}/{below}".lstrip("/") for above, below in pairs if matches(below)]
    return closed + [path for path in paths if folder.kind(path) in ("file", "unreadable")]


def glob_regex(pattern: str, *, or_below: bool = False) -> str:
    """The regular expression, for RE2, of the paths that a glob matches.

    With `or_below`, also of everything in folders that it matches.
    """
    names = _names(pattern)
    if or_below and names[-1:] != [_ANY_FOLDERS]:
        names.append(_ANY_FOLDERS)
    parts = []
    for number, name in enumerate(names):
        is_last = number == len(names) - 1
        if name != _ANY_FOLDERS:
            parts += [_name_regex(name), "" if is_last else "/"]
        elif not is_last:
            parts.append("" if names[number + 1] == _ANY_FOLDERS else "(?:[^/]+/)*")
        elif parts and parts[-1] == "/":
            parts[-1] = "(?:/.*)?"
        else:
            parts.append(".*")
    return f"(?s){''.join(parts)}"


def _rule(pattern: str) -> tuple[bool, _FullMatch]:
    is_wanted = not pattern.startswith("!")
    pattern = pattern if is_wanted else pattern[1:]
    in_any_folder = "/" not in pattern.rstrip("/")
    anchored = f"{_ANY_FOLDERS}/{pattern}" if in_any_folder else pattern
    return is_wanted, _compiled(glob_regex(anchored, or_below=True))


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name not in ("", ".")]


def _name_regex(name: str) -> str:
    parts, at = [], 0
    last_bracket = name.rfind("]")  # a class that nothing closes is not sought again and again
    while at < len(name):
        sign = name[at]
        in_class = _CLASS.match(name, at) if sign == "[" and at < last_bracket else None
        if in_class is not None:
            parts.append(_class_regex(in_class[2], is_negated=bool(in_class[1])))
            at = in_class.end()
            continue
        if sign in "*?":
            parts.append("[^/]*" if sign == "*" else "[^/]")
        else:
            at += sign == "\\" and at + 1 < len(name)
            parts.append(_escape(name[at]))
        at += 1
    return "".join(parts)


def _class_regex(inside: str, *, is_negated: bool) -> str:
    """One of some characters, or one of all others; a range that runs backwards has none."""
    ranges, at = [], 0
    while at < len(inside):
        is_range = inside[at + 1 : at + 2] == "-" and at + 2 < len(inside)
        first, last = inside[at], inside[at + 2 if is_range else at]
        # No class matches the slash: `[.-0]` is a dot or a zero.
        ranges += [(first, min(last, ".")), (max(first, "0"), last)]
        at += 3 if is_range else 1
    signs = "".join(f"{_escape(first)}-{_escape(last)}" for first, last in ranges if first <= last)
    if is_negated:
        return f"[^/{signs}]"
    return f"[{signs}]" if signs else _NOTHING


def _escape(sign: str) -> str:
    return sign if sign.isalnum() else rf"\x{{{ord(sign):x}}}"


@lru_cache(maxsize=1024)
def _compiled(regex: str) -> _FullMatch:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    try:
        full_match: _FullMatch = re2.compile(_bytes_of(regex), options).fullmatch
    except re2.error as error:
        raise GlobError(str(error)) from error
    return full_match


def _bytes_of(text: str) -> bytes:
    # Half characters are no UTF-8; a name that holds some is matched as if they were "?".
    return text.encode("utf-8", "replace")
