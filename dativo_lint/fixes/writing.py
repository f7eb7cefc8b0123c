"""Writing: files replaced as a whole, if they are still as they were read."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from dativo_lint.errors import UsageError
from dativo_lint.fixes.texts import Contents

_PREFIX = ".dativo-lint."
"""Of temporary files, which no run takes for an input."""


class _Ready(Struct, frozen=True):
    """A new content beside the file that it will replace; `name` is what messages call it."""

    name: str
    target: str
    temporary: str
    before: bytes | None


def write_all(changes: Mapping[str, tuple[Mapping[str, bytes | None], Contents]]) -> None:
    """Replace files below some roots, with their contents before and after; None is no file yet.

    All contents are on the disk, and all files still as they were before, when the first one is
    replaced: what one edit needs may be in another file, so all are replaced or none, unless the
    disk itself fails in between. Raises UsageError, which says what was replaced and what was not.
    """
    ready: list[_Ready] = []
    created: list[str] = []
    problems: list[str] = []
    top = os.path.commonpath([*changes]) if changes else ""
    try:
        for root, (before, after) in changes.items():
            for path, content in after.items():
                name = os.path.relpath(os.path.join(root, path), top).replace(os.sep, "/")
                created += _missing_folders(os.path.join(root, path))
                try:
                    ready.append(_prepare(name, root, path, before[path], content))
                except OSError as error:
                    problems.append(_problem(name, error))
        for file in ready:
            try:
                _hold_same(file.target, file.before)
            except OSError as error:
                problems.append(_problem(file.name, error))
        if problems:
            raise UsageError("\n".join([*problems, "no file was changed"]))
        for at, file in enumerate(ready):
            try:
                _hold_same(file.target, file.before)
                os.replace(file.temporary, file.target)
            except OSError as error:
                done = [f"{other.name} is written" for other in ready[:at]]
                left = [f"{other.name} is not written, either" for other in ready[at + 1 :]]
                raise UsageError("\n".join([_problem(file.name, error), *left, *done])) from error
    finally:
        for file in ready:
            with suppress(OSError):  # once it has replaced its file, it is gone
                os.unlink(file.temporary)
        for folder in sorted(created, key=len, reverse=True):
            with suppress(OSError):  # it is not empty, or was not created
                os.rmdir(folder)


def _missing_folders(path: str) -> list[str]:
    """The folders above a file that are not there."""
    above = os.path.dirname(path)
    return [] if os.path.lexists(above) else [above, *_missing_folders(above)]


def hold_replaceable(root: str, path: str) -> str:
    """Where the file behind a path really is; raises OSError if it cannot be replaced exactly."""
    real_root = os.path.realpath(root)
    target = os.path.realpath(os.path.join(real_root, path))
    if not Path(target).is_relative_to(real_root):
        raise PermissionError("it is outside the repository")
    status = os.stat(target)
    if not stat.S_ISREG(status.st_mode):
        raise OSError("it is not a regular file")
    if status.st_nlink > 1:
        raise OSError("it has another name (a hard link), which would keep the old content")
    if not os.access(target, os.W_OK):
        raise PermissionError("no permission to write it")
    if not os.access(os.path.dirname(target), os.W_OK | os.X_OK):
        raise PermissionError("no permission to write to its folder")
    if not _may_own(status):
        raise PermissionError("it belongs to another user or group")
    return target


def _may_own(status: os.stat_result) -> bool:
    """Whether a new file may be given the owner and group of another."""
    if sys.platform == "win32" or os.geteuid() == 0:
        return True
    groups = {os.getegid(), *os.getgroups()}
    return status.st_uid == os.geteuid() and status.st_gid in groups


def _hold_free(root: str, path: str) -> str:
    """Where a new file will be, whose folder is created; raises OSError if it cannot be there."""
    real_root = os.path.realpath(root)
    target = os.path.join(real_root, path)
    above = os.path.realpath(os.path.dirname(target))
    if not Path(above).is_relative_to(real_root):
        raise PermissionError("it is outside the repository")
    os.makedirs(above, exist_ok=True)
    return os.path.join(above, os.path.basename(target))


def _prepare(name: str, root: str, path: str, before: bytes | None, content: bytes) -> _Ready:
    """Write a content beside its file, with the mode and owner of that. Raises OSError."""
    target = _hold_free(root, path) if before is None else hold_replaceable(root, path)
    _hold_same(target, before)
    status = os.stat(target) if before is not None else None
    handle, temporary = tempfile.mkstemp(prefix=_PREFIX, dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if status is None:
            mask = os.umask(0o022)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
            return _Ready(name, target, temporary, before)
        own = os.stat(temporary)
        if hasattr(os, "chown") and (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
            os.chown(temporary, status.st_uid, status.st_gid)
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
    except BaseException:  # an interrupt, too, leaves no temporary file
        os.unlink(temporary)
        raise
    return _Ready(name, target, temporary, before)


def _hold_same(target: str, before: bytes | None) -> None:
    """Raise OSError for a file that is no longer what was read, or where none was."""
    if before is None:
        if os.path.lexists(target):
            raise FileExistsError("something is there already")
        return
    if os.path.islink(target) or not os.path.isfile(target):
        raise OSError("something else is there now")
    if Path(target).read_bytes() != before:
        raise OSError("it was changed meanwhile")


def _problem(name: str, error: OSError) -> str:
    return f"cannot write {name}: {(error.strerror or str(error)).lower()}"
