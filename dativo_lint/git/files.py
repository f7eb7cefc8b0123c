"""git: the files of a repository, without running any program that the repository names."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta

from msgspec import Struct

_SECONDS = 30
_FIRST_DAY = date(1970, 1, 2)
_OPTIONS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.pager=cat"),
)
_UNREADABLE = r"(?m)^warning: (?:could not open directory|unable to access) '(?!/|\.git/)(.*?)/?': "


class FileList(Struct, frozen=True):
    """Paths of files, relative to the given folder.

    `unreadable` are folders that cannot be listed, and .gitignore files that cannot be read.
    `unsure` are links, and files that have been deleted or cannot be looked at; pipes and the like
    are among the `files`.
    """

    files: tuple[str, ...]
    unreadable: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()


def listed_files(
    repository: str, folder: str = ".", *, skipped: Sequence[str] = (), only_tracked: bool = False
) -> FileList:
    """The files below a folder that git tracks, and those that it neither tracks nor ignores,
    unless `only_tracked`.

    `repository` is the absolute path of the top folder of a work tree; `folder` and the result are
    relative to it. Files of other repositories inside are left out, and so are untracked files in
    folders with a `skipped` name. Raises GitError if git cannot be used: it is not installed,
    fails, or takes too long.
    """
    arguments = ["ls-files", "-z", "--cached"]
    if not only_tracked:
        arguments += ["--others", "--exclude-standard"]
        arguments += [f"--exclude={name}/" for name in skipped]
    listed, warnings = ask(repository, [*arguments, "--", folder])
    # Another repository inside is listed as a folder, with a slash at its end.
    paths = dict.fromkeys(path for path in listed.split("\0") if not path.endswith("/"))
    paths.pop("", None)
    usual, special = _seen_in(repository, {folder, *map(posixpath.dirname, paths)})
    if not only_tracked:
        ignored = ignored_among(repository, special)
        paths.update(dict.fromkeys(path for path in special if path not in ignored))
    seen = usual.union(special)
    return FileList(
        tuple(filter(seen.__contains__, paths)),
        tuple(re.findall(_UNREADABLE, warnings)),
        tuple(path for path in paths if path not in seen),
    )


def files_by_name(repository: str, names: Iterable[str], skipped: Iterable[str]) -> tuple[str, ...]:
    """As the files of `listed_files`, but only those with one of some names. Raises GitError."""
    arguments = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    arguments += [*(f"--exclude={name}/" for name in skipped), "--"]
    arguments += [f":(glob)**/{name}" for name in names]
    listed, _ = ask(repository, arguments, {"GIT_LITERAL_PATHSPECS": "0"})
    return tuple(filter(None, listed.split("\0")))


def ignored_files(
    repository: str, suffixes: Iterable[str], skipped: Iterable[str]
) -> tuple[str, ...]:
    """The files that git ignores, of those with some suffixes that are in no folder with a
    `skipped` name. Raises GitError."""
    arguments = ["ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--"]
    arguments += [f":(glob,icase)**/*{suffix}" for suffix in suffixes]
    arguments += [f":(exclude,glob)**/{name}/**" for name in skipped]
    listed, _ = ask(repository, arguments, {"GIT_LITERAL_PATHSPECS": "0"})
    return tuple(filter(None, listed.split("\0")))


def head(repository: str) -> str:
    """The commit of a work tree; empty where there is none, or no git."""
    with suppress(GitError):  # no commit yet
        return ask(repository, ["rev-parse", "HEAD"])[0].strip()
    return ""


def _seen_in(repository: str, folders: Iterable[str]) -> tuple[set[str], list[str]]:
    """The files in some folders, and the pipes, sockets and devices, of which git tells nothing."""
    usual: set[str] = set()
    special: list[str] = []
    for folder in sorted(folders):
        above = "" if folder in ("", ".") else f"{folder}/"
        with suppress(OSError), os.scandir(os.path.join(repository, folder)) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    usual.add(above + entry.name)
                elif not (entry.is_dir(follow_symlinks=False) or entry.is_symlink()):
                    special.append(above + entry.name)
    return usual, special


def ignored_among(repository: str, paths: Collection[str]) -> frozenset[str]:
    """Those of some paths of a work tree that git ignores; none without git."""
    # Names are taken as they are, but this command refuses the option that says so.
    asked = "".join(f"./{path}\0" for path in paths)
    command, is_literal = ["check-ignore", "-z", "--stdin"], {"GIT_LITERAL_PATHSPECS": "0"}
    with suppress(GitError):  # none is ignored
        listed = ask(repository, command, is_literal, asked)[0] if paths else ""
        return frozenset(path[2:] for path in listed.split("\0")[:-1])
    return frozenset()


def deleted_files(repository: str) -> tuple[str, ...]:
    """The files that a commit deletes, by their old names, with renamed ones.

    The commit is the one in progress, or all from `PRE_COMMIT_FROM_REF` to `PRE_COMMIT_TO_REF`, as
    pre-commit and prek set them. Raises GitError.
    """
    refs = refs_of_hook()
    arguments = ["diff", "--name-only", "--no-renames", "--diff-filter=D", "--no-ext-diff", "-z"]
    arguments += ["--end-of-options", refs] if refs else ["--cached"]
    # The index of a commit of some files, or with --all, is another than that of the repository.
    index = os.environ.get("GIT_INDEX_FILE")
    is_here = index is not None and os.path.realpath(os.getcwd()) == repository
    extra = {"GIT_INDEX_FILE": os.path.abspath(index)} if index is not None and is_here else {}
    listed, _ = ask(repository, [*arguments, "--"], extra)
    return tuple(filter(None, listed.split("\0")))


def renamed_files(repository: str, inside: str, since: date) -> dict[str, str]:
    """The files that were renamed since a day, in commits or in what is staged, by the names that
    they had then, each with the name that it has now: those whose paths begin with `inside`, and
    without that. Raises GitError."""
    options = ["--no-ext-diff", "--find-renames", "--diff-filter=R", "--name-status", "-z"]
    options += [f"--relative={inside}"] if inside else []
    # Git takes no day before 1970, and a commit of that day may have another date elsewhere.
    day = max(since, _FIRST_DAY) - timedelta(days=1)
    # A signature is checked by a program that the repository's settings name.
    log = ["log", "--no-show-signature", f"--since={day.isoformat()}", "--format="]
    staged, _ = ask(repository, ["diff", "--cached", *options, "HEAD", "--"])
    committed, _ = ask(repository, [*log, *options, "HEAD", "--"])
    # Each rename is R with how alike the files are, the old name, and the new one; newest first.
    words = [word for word in (staged + committed).split("\0") if word]
    names: dict[str, str] = {}
    for old, new in zip(words[1::3], words[2::3], strict=True):
        names[old] = names.get(new, new)
    return names


def refs_of_hook() -> str:
    """The commits that a hook is run over, `FROM...TO`; empty where it is run over a commit."""
    refs = [os.environ.get(f"PRE_COMMIT_{name}_REF", "") for name in ("FROM", "TO")]
    return "...".join(refs) if all(refs) else ""


PARTIAL = "the clone lacks objects; expected one that is not partial"


class GitError(Exception):
    """git cannot be used, or fails."""


def run(
    repository: str, arguments: Sequence[str], extra: Mapping[str, str], asked: str
) -> tuple[bytes, bytes]:
    """What a command of git prints for an input, with its warnings. Raises GitError."""
    import subprocess  # a run with nothing to ask does without

    places = (os.path.join(folder, "git") for folder in os.get_exec_path())
    program = next((place for place in places if _is_program(place)), None)
    # A program inside the repository is not git: PATH may contain the current folder.
    if program is None or _is_within(os.path.realpath(program), repository):
        raise GitError("git is not installed")
    # The settings of a repository may put its work tree elsewhere.
    command = [os.path.abspath(program), *_OPTIONS, f"--work-tree={repository}", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and nothing that a repository names
            command,
            cwd=repository,
            env={**_environment(repository), **extra},
            input=os.fsencode(asked),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        if b"lazy fetch" in error.stderr or b"promisor remote" in error.stderr:
            raise GitError(PARTIAL) from error
        reason = os.fsdecode(error.stderr).strip().partition("\n")[0]
        raise GitError(re.sub("^(fatal|error): ", "", reason)) from error
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise GitError(str(error)) from error
    return done.stdout, done.stderr


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def ask(
    repository: str,
    arguments: Sequence[str],
    extra: Mapping[str, str] | None = None,
    asked: str = "",
) -> tuple[str, str]:
    """The same as text."""
    answer, warnings = run(repository, arguments, extra or {}, asked)
    return os.fsdecode(answer), os.fsdecode(warnings)


def _environment(repository: str) -> dict[str, str]:
    """The environment variables for git.

    A hook runs with GIT_DIR, GIT_INDEX_FILE and others that would make git look elsewhere; those
    that name the user's own settings stay.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_")
        or (name.startswith("GIT_CONFIG_") and name != "GIT_CONFIG_PARAMETERS")
    }
    return kept | {
        "LC_ALL": "C",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_CEILING_DIRECTORIES": os.path.dirname(repository),
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        # Objects that a partial clone lacks are not fetched: that may use the network, or run
        # programs.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "",
    }


def _is_within(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip(os.sep) + os.sep)
