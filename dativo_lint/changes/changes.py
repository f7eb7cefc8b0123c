"""Changes: what differs between a commit and the work tree, and the repository as it was."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Sequence
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from dativo_lint.documents.discovery import SUFFIXES, repository_of
from dativo_lint.documents.document import Limits
from dativo_lint.documents.folder import Folder
from dativo_lint.documents.globs import path_matcher
from dativo_lint.documents.past_folder import PastFolder
from dativo_lint.engine.dependents import Touched
from dativo_lint.engine.loading import job_loader
from dativo_lint.engine.selection import FileSelection, Given
from dativo_lint.git.files import GitError
from dativo_lint.git.history import Blob, blobs, changed_files, merge_base, renamed_since
from dativo_lint.settings.settings import Settings
from dativo_lint.settings.source import PROJECT_FILE, TABLE

_SETTINGS_SUFFIXES = (".yaml", ".yml", ".toml")


class Change(Struct, frozen=True):
    """What differs between a `commit` and the work tree of a repository: `paths` from the root,
    which is the folder `inside` it."""

    repository: str
    inside: str
    commit: str
    paths: frozenset[str]

    def blobs(self, is_wanted: Callable[[str], bool], most: int) -> dict[str, Blob]:
        """Files of the commit, by their paths from the root."""
        found = blobs(
            self.repository, self.commit, lambda path: is_wanted(self.from_root(path)), most
        )
        return {self.from_root(path): blob for path, blob in found.items()}

    def renames(self) -> dict[str, str]:
        """The files that git takes for renamed, by their paths at the commit."""
        renames = renamed_since(self.repository, self.commit)
        return {self.from_root(old): self.from_root(new) for old, new in renames.items()}

    def from_root(self, path: str) -> str:
        """A path of the repository, from the root."""
        return path if self.inside == "." else posixpath.relpath(path, self.inside)


class State(Struct, frozen=True, eq=False):
    """The repository at one time, with the files that may hold jobs."""

    folder: Folder
    settings: Settings
    files: tuple[str, ...]


def change_since(root: str, ref: str) -> Change:
    """What differs from the merge base of a commit and HEAD. Raises GitError."""
    repository = repository_of(root)
    if repository is None:
        raise GitError(f"{root} is not in a git repository")
    inside = os.path.relpath(root, repository).replace(os.sep, "/")
    change = Change(repository, inside, merge_base(repository, ref), frozenset())
    changed = changed_files(repository, change.commit)
    return replace(change, paths=frozenset(map(change.from_root, changed)))


def is_policy(change: Change, now: State) -> bool:
    """Whether settings, rules or the like changed, so that every job is affected."""
    if any("" in folders for folders in governed(change, now)):
        return True
    projects = [it for it in change.paths if posixpath.basename(it) == PROJECT_FILE]
    limits = Limits()
    contents = [now.folder.read(path, limits) for path in projects]
    if projects:
        past = change.blobs(lambda path: path in projects, limits.file_bytes)
        contents += [blob.content or b"" for blob in past.values()]
    return any(TABLE[-1].encode() in it for it in contents if isinstance(it, bytes))


def governed(change: Change, now: State) -> list[Sequence[str]]:
    """The folders whose jobs the changed settings and rules concern, of each file with these."""
    gone = tuple(path for path in change.paths if now.folder.kind(path) is None)
    return [*filter(None, map(_selector(now, deleted=gone).governed, change.paths))]


def _selector(state: State, deleted: Sequence[str] = ()) -> FileSelection:
    given = Given((), changed=True, deleted=deleted, all_files=lambda: state.files)
    return FileSelection(state.folder, state.settings, given)


def scheduled(change: Change, now: State) -> frozenset[str]:
    """The jobs that runner files start, or started, in which something changed."""
    names = _selector(now).runner_paths
    names += tuple(filter(path_matcher(now.settings.runners), change.paths))
    runners = Touched(change.paths, real=now.folder.real).by(names)
    if not runners:
        return frozenset()
    past = past_of(change, now, lambda path: path in runners)
    jobs = set()
    for state in (now, past):
        for path, entries in job_loader(_selector(state)).all_schedules.items():
            files = [entry.document.path for entry in entries]
            if Touched(runners, real=state.folder.real).by(files):
                jobs.add(path)
    return frozenset(jobs)


def past_of(
    change: Change, now: State, is_wanted: Callable[[str], bool] = lambda path: True
) -> State:
    """The repository as it was, as far as some of the changed paths go, under the settings of
    now."""
    changed = frozenset(filter(is_wanted, change.paths))
    limits = now.settings.limits
    found = change.blobs(changed.__contains__, max(limits.file_bytes, limits.rendered_bytes))
    files = {path: blob.content for path, blob in found.items() if not blob.is_link}
    links = {path: os.fsdecode(blob.content or b"") for path, blob in found.items() if blob.is_link}
    folder = PastFolder(now.folder, now.settings.root, changed, files, links)
    before = [path for path in now.files if path not in changed]
    before += [it for it in found if it.lower().endswith(SUFFIXES) and folder.kind(it) == "file"]
    return State(folder, now.settings, tuple(before))


def write_settings(change: Change, folder: str) -> None:
    """Write what settings may be in, at the commit, below an empty folder; links last, so that
    nothing is written through one."""
    files = change.blobs(
        lambda path: path.lower().endswith(_SETTINGS_SUFFIXES), Limits().file_bytes
    )
    for path, blob in sorted(files.items(), key=lambda item: item[1].is_link):
        target = os.path.join(folder, path)
        if blob.content is None or not {"..", "."}.isdisjoint(path.split("/")):
            continue
        with suppress(OSError, ValueError):
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if blob.is_link:
                os.symlink(blob.content, os.fsencode(target))
            else:
                with open(target, "wb") as stream:
                    stream.write(blob.content)
