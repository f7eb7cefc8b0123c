"""git: the history of a repository, without running any program that the repository names."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from tempfile import TemporaryDirectory

from msgspec import Struct

from dativo_lint.git.files import PARTIAL, GitError, ask, run

_HASH = re.compile("[0-9a-f]{40,64}")
_LINK = "120000"


def merge_base(repository: str, ref: str) -> str:
    """The commit from which a commit and HEAD have gone apart. Raises GitError."""
    if not ref or ref.startswith("-"):
        raise GitError(f'"{ref}" is not a commit; expected a branch, a tag or a hash')
    commit = _commit(repository, ref)
    if commit is None:
        remote = f"origin/{ref}"
        hint = f'; did you mean "{remote}"?' if _commit(repository, remote) else ""
        raise GitError(f'git does not know "{ref}"{hint}{_shallow(repository)}')
    if _commit(repository, "HEAD") is None:
        raise GitError("HEAD has no commit yet")
    try:
        return ask(repository, ["merge-base", commit, "HEAD"])[0].strip()
    except GitError as error:
        if str(error):
            raise
        hint = _shallow(repository)
        raise GitError(f'"{ref}" and HEAD have no commit in common{hint}') from error


def _commit(repository: str, ref: str) -> str | None:
    try:
        answer = ask(repository, ["rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}"])[0]
    except GitError as error:
        if str(error):
            raise
        return None
    return answer.strip() if _HASH.fullmatch(answer.strip()) else None


def _shallow(repository: str) -> str:
    """What to do about a clone without its history; empty for any other."""
    is_shallow = ask(repository, ["rev-parse", "--is-shallow-repository"])[0].strip() == "true"
    return "; the clone is shallow: fetch its history (fetch-depth: 0)" if is_shallow else ""


def changed_files(repository: str, commit: str) -> tuple[str, ...]:
    """The files that differ between a commit and the work tree, or are only in one of them, with
    those that git neither tracks nor ignores. A submodule is one file. Raises GitError."""
    options = ("--name-only", "--no-renames", "--no-ext-diff", "--ignore-submodules=dirty", "-z")
    differing = _diff(repository, [*options, commit])
    others, _ = ask(repository, ["ls-files", "-z", "--others", "--exclude-standard"])
    paths = [*differing.split("\0"), *others.split("\0")]
    # Another repository inside is listed as a folder, with a slash at its end.
    return tuple(dict.fromkeys(path for path in paths if path and not path.endswith("/")))


def renamed_since(repository: str, commit: str) -> dict[str, str]:
    """The files that git takes for renamed since a commit, by their names then. Raises GitError."""
    options = ("--find-renames", "--diff-filter=R", "--no-ext-diff", "--ignore-submodules=all")
    words = _diff(repository, ["--name-status", "-z", *options, commit]).split("\0")
    return dict(zip(words[1::3], words[2::3], strict=False))


def _diff(repository: str, arguments: Sequence[str]) -> str:
    """What `git diff` prints; it writes down in an index which files it found to be unchanged, so
    that it gets a copy, with the time by which it tells files that changed right after it."""
    index = ask(repository, ["rev-parse", "--git-path", "index"])[0].rstrip("\n")
    extra = _no_filters(repository)
    with TemporaryDirectory(prefix="dativo-lint-") as folder:
        with suppress(OSError):
            copy = shutil.copy2(os.path.join(repository, index), os.path.join(folder, "index"))
            extra["GIT_INDEX_FILE"] = copy
        return ask(repository, ["diff", *arguments, "--"], extra)[0]


def _no_filters(repository: str) -> dict[str, str]:
    """Settings under which git compares contents without the programs that its filters name."""
    names = ("config", "-z", "--name-only", "--get-regexp", r"^filter\.")
    try:
        keys = dict.fromkeys(filter(None, ask(repository, names)[0].split("\0")))
    except GitError:  # there are none
        return {}
    count = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    extra = {"GIT_CONFIG_COUNT": str(count + len(keys))}
    for number, key in enumerate(keys, count):
        extra[f"GIT_CONFIG_KEY_{number}"] = key
        extra[f"GIT_CONFIG_VALUE_{number}"] = "false" if key.endswith(".required") else ""
    return extra


class Blob(Struct, frozen=True):
    """A file of a commit: its content, None if it is too large; of a link, where it leads."""

    content: bytes | None
    is_link: bool = False


def blobs(
    repository: str, commit: str, is_wanted: Callable[[str], bool], most: int
) -> dict[str, Blob]:
    """Files of a commit by path, as git stores them: nothing is checked out, and no attribute or
    filter applies. Larger ones than `most` bytes are not read. Raises GitError."""
    listed, _ = ask(repository, ["ls-tree", "-r", "-z", "--full-tree", commit])
    entries = {}
    for line in filter(None, listed.split("\0")):
        head, _, path = line.partition("\t")
        mode, kind, name = head.split(" ")
        if kind == "blob" and is_wanted(path):
            entries[path] = (name, mode == _LINK)
    names = sorted({name for name, _ in entries.values()})
    sizes = ask(repository, ["cat-file", "--batch-check"], asked="\n".join([*names, ""]))[0]
    small = []
    for name, line in zip(names, sizes.splitlines(), strict=True):
        if line.endswith(" missing"):
            raise GitError(PARTIAL)
        if int(line.rpartition(" ")[2]) <= most:
            small.append(name)
    stream = run(repository, ["cat-file", "--batch"], {}, "\n".join([*small, ""]))[0]
    contents: dict[str, bytes] = {}
    at = 0
    for name in small:
        start = stream.index(b"\n", at) + 1
        end = start + int(stream[at:start].split()[2])
        contents[name], at = stream[start:end], end + 1
    return {path: Blob(contents.get(name), is_link) for path, (name, is_link) in entries.items()}


def committed_lines(
    repository: str, paths: Iterable[str]
) -> Iterator[tuple[str, list[tuple[str, date]]]]:
    """Some files, each with its lines in the last commit, and the day on which each was written.

    A file that is not in it has none; one of which git does not know the days is left out. Raises
    GitError, also for a repository without its whole history.
    """
    if hint := _shallow(repository):
        raise GitError(f"the days of lines are not known{hint}")
    # Without any commit there is no HEAD.
    has_commits = bool(ask(repository, ["rev-list", "--max-count=1", "--all"])[0])
    listed = ask(repository, ["ls-tree", "-rz", "--name-only", "HEAD"])[0] if has_commits else ""
    committed = set(listed.split("\0"))
    for path in paths:
        if path not in committed:
            yield path, []
            continue
        # The commit is asked, not the work tree: to read that may run a filter of the repository.
        blame = ["blame", "--line-porcelain", "--no-textconv", "HEAD", "--", path]
        with suppress(GitError):  # a file that no commit has
            yield path, list(_blamed(ask(repository, blame)[0]))


def _blamed(porcelain: str) -> Iterator[tuple[str, date]]:
    """The lines of a file and their days, of what git says about each."""
    day = date.max
    for line in porcelain.split("\n"):
        if line.startswith("author-time "):
            try:
                day = date.fromtimestamp(int(line.rpartition(" ")[2]))
            except (ValueError, OverflowError, OSError):  # nobody checks what a commit says
                day = date.max
        elif line.startswith("\t"):
            yield line[1:].rstrip("\r"), day
