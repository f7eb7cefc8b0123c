"""Discovery: the files that the arguments of a run select."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec import Struct

from dativo_lint.documents.folder import is_there
from dativo_lint.documents.globs import GlobError, glob_matcher, is_glob
from dativo_lint.documents.walk import walked_files
from dativo_lint.git.files import (
    FileList,
    GitError,
    deleted_files,
    files_by_name,
    ignored_files,
    listed_files,
    refs_of_hook,
)

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES = (".yaml", ".yml", ".json")
_SKIPPED = (".terraform", "node_modules", ".venv")
"""Names of folders that hold what others wrote; they are passed over unless git tracks them."""


class Discovery(Struct, frozen=True):
    """The files that arguments select; paths are relative to the root, with forward slashes.

    `named` are single files, `walked` those in folders and from globs; `missing` are arguments that
    match nothing, `outside` those that leave the root, but for links to files. `unreadable` are
    folders that cannot be listed, whose files are not among `walked`, and .gitignore files; `links`
    are arguments that are links to folders, by their own names.
    """

    named: tuple[str, ...] = ()
    walked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


class _Search(Struct, frozen=True):
    """A folder, which of the files below it an argument selects, and the folders that can contain
    them."""

    folder: str
    is_wanted: Callable[[str], bool]
    may_hold: Callable[[str], bool] = lambda folder: True


def repository_of(real: str) -> str | None:
    """The nearest folder upwards with `.git`, a folder or a file."""
    return next((at for at in upwards(real) if os.path.lexists(os.path.join(at, ".git"))), None)


def inside_repository(root: str) -> tuple[str, str]:
    """The repository of a folder, or the folder itself, and what paths from the folder begin with
    there."""
    repository = repository_of(root) or root
    return repository, _prefix_of(os.path.relpath(root, repository).replace(os.sep, "/"))


def upwards(folder: str) -> Iterator[str]:
    """A folder and its parents, innermost first."""
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
    suffixes: tuple[str, ...] = SUFFIXES,
    only_tracked: bool = False,
) -> Discovery:
    """Find the files that arguments select; relative ones are relative to `start`, or to the
    current folder.

    A file that is named is always selected, even if git ignores it. Of a folder, the files with one
    of the suffixes, in any case, are selected; of a glob too, unless it ends with a suffix itself.
    With `only_tracked`, only files that git tracks, where git can be used.
    """
    root = os.path.realpath(root)
    here = os.path.realpath(start if start is not None else os.getcwd())
    named: dict[str, None] = {}
    missing: dict[str, None] = {}
    outside: list[str] = []
    links: list[str] = []
    searches: dict[str, _Search] = {}
    for argument in arguments:
        full = os.path.join(here, argument)
        path = _relative(root, full, keeps_links=True)
        if path is None:
            outside.append(argument)
        elif os.path.isdir(full):
            if os.path.islink(full):
                above, name = os.path.split(full)
                links.append(os.path.relpath(os.path.join(os.path.realpath(above), name), root))
            searches[argument] = _Search(path, lambda file: file.lower().endswith(suffixes))
        elif not os.path.lexists(full) and (search := _search_of(path, suffixes)) is not None:
            searches[argument] = search
            missing[argument] = None
        elif is_there(full):
            named[path] = None
        else:
            missing[argument] = None
    walked: dict[str, None] = {}
    unreadable: dict[str, None] = {}
    lists = _list_files(root, [search.folder for search in searches.values()], only_tracked)
    for argument, search in searches.items():
        closed = list(filter(search.may_hold, lists[search.folder].unreadable))
        unreadable.update(dict.fromkeys(closed))
        below = tuple(f"{folder}/" for folder in closed)
        files = filter(search.is_wanted, lists[search.folder].files)
        wanted = sorted(file for file in files if not file.startswith(below))
        walked.update(dict.fromkeys(wanted))
        if wanted or closed:
            missing.pop(argument, None)
    return Discovery(
        tuple(named),
        tuple(path for path in walked if path not in named),
        tuple(missing),
        tuple(outside),
        tuple(unreadable),
        tuple(links),
    )


def files_called(names: Sequence[str], root: str) -> list[str]:
    """The files below a root that have one of some names; paths are relative to it."""
    repository = repository_of(root)
    inside = os.path.relpath(root, repository or root).replace(os.sep, "/")
    try:
        files = files_by_name(repository, names, _SKIPPED) if repository is not None else None
    except GitError:
        files = None
    if files is None:
        walked = walked_files(repository or root, inside, skipped=_SKIPPED)
        files = (*walked.files, *walked.unsure)
    prefix = _prefix_of(inside)
    return [
        path[len(prefix) :]
        for path in files
        if path.startswith(prefix) and path.rpartition("/")[2] in names
    ]


def ignored(root: str) -> tuple[str, ...]:
    """The files below a root that a run could read if git did not ignore them; none without git."""
    repository, inside = inside_repository(root)
    try:
        paths = ignored_files(repository, SUFFIXES, _SKIPPED)
    except GitError:
        return ()
    return tuple(path[len(inside) :] for path in paths if path.startswith(inside))


def locate(root: str | Path, path: str) -> str | None:
    """The path from the root of what may not exist, seen from here; None where it is outside."""
    return _relative(os.path.realpath(root), os.path.join(os.path.realpath(os.getcwd()), path))


def _relative(root: str, full: str, *, keeps_links: bool = False) -> str | None:
    """The path of something from the root; None where it is, or leads, outside: but not of a link
    to a file that is kept, which reading tells."""
    above, name = os.path.split(os.path.normpath(full.replace("\0", "\ufffd")))
    path = os.path.join(os.path.realpath(above), name)
    real = os.path.realpath(path)
    if os.path.isdir(real):
        path = real
    if not (is_within(path, root) and (keeps_links or is_within(real, root))):
        return None
    return os.path.relpath(path, root).replace(os.sep, "/")


def _search_of(pattern: str, suffixes: tuple[str, ...]) -> _Search | None:
    """The files that a glob matches, and those below the folders that it matches."""
    names = pattern.split("/")
    fixed = next((at for at, name in enumerate(names) if is_glob(name)), None)
    if fixed is None:
        return None
    shows_hidden = any(name.startswith(".") for name in names[fixed:])
    ending = re.split(r"[*?\]]", names[-1])[-1]
    tells_ending = "." in ending or ending == names[-1]
    try:
        is_match, is_below = glob_matcher(pattern), glob_matcher(f"{pattern}/**")
    except GlobError:
        return None

    def is_wanted(file: str) -> bool:
        if not shows_hidden and any(name.startswith(".") for name in file.split("/")[fixed:]):
            return False
        return (file.lower().endswith(suffixes) and is_below(file)) or (
            tells_ending and is_match(file)
        )

    def may_hold(folder: str) -> bool:
        depth = len(folder.split("/"))
        return "**" in names or is_below(folder) or glob_matcher("/".join(names[:depth]))(folder)

    return _Search("/".join(names[:fixed]) or ".", is_wanted, may_hold)


def deleted(root: str) -> tuple[str, ...]:
    """The files below the root that a commit deletes; none without git.

    Raises GitError where a hook names commits that git does not have.
    """
    if repository_of(root) is None:
        return ()
    repository, inside = inside_repository(root)
    try:
        paths = deleted_files(repository)
    except GitError as error:
        if refs := refs_of_hook():
            message = f"git cannot list what {refs} deletes; expected two commits"
            raise GitError(f"{message} in PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF") from error
        return ()
    return tuple(path[len(inside) :] for path in paths if path.startswith(inside))


def _list_files(root: str, folders: Sequence[str], only_tracked: bool) -> dict[str, FileList]:
    """The files below each of some folders, with one call of git for each repository."""
    groups: dict[str, list[str]] = {}
    for folder in folders:
        repository = repository_of(os.path.normpath(os.path.join(root, folder))) or root
        groups.setdefault(repository, []).append(folder)
    lists = {}
    for repository, members in groups.items():
        listed = _list_repository(root, repository, members, only_tracked)
        for folder in members:
            prefix = _prefix_of(folder)
            lists[folder] = FileList(
                tuple(path for path in listed.files if path.startswith(prefix)),
                tuple(path for path in listed.unreadable if f"{path}/".startswith(prefix)),
            )
    return lists


def _list_repository(
    root: str, repository: str, folders: Sequence[str], only_tracked: bool
) -> FileList:
    """The files below the common parent of some folders of one repository."""
    top = os.path.commonpath([os.path.normpath(os.path.join(root, name)) for name in folders])
    inside = os.path.relpath(top, repository).replace(os.sep, "/")
    names = {name for folder in folders for name in folder.split("/")}
    skipped = [name for name in _SKIPPED if name not in names]
    listed: FileList | None = None
    if os.path.lexists(os.path.join(repository, ".git")):
        with suppress(GitError):  # without git, the folder is walked
            listed = listed_files(repository, inside, skipped=skipped, only_tracked=only_tracked)
    listed = listed or walked_files(repository, inside, skipped=skipped)
    there = (path for path in listed.unsure if _is_file(os.path.join(repository, path)))
    before = len(_prefix_of(inside))
    prefix = _prefix_of(os.path.relpath(top, root).replace(os.sep, "/"))
    return FileList(
        tuple(f"{prefix}{path[before:]}" for path in (*listed.files, *there)),
        tuple(f"{prefix}{path[before:]}".rstrip("/") or "." for path in listed.unreadable),
    )


def _prefix_of(folder: str) -> str:
    return "" if folder == "." else f"{folder}/"


def _is_file(full: str) -> bool:
    """Whether something is there that is no folder, nor a link to one."""
    return not os.path.isdir(full) and is_there(full)
