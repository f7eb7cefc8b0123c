"""Writing: files replaced as a whole, if they are still as they were read."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress

from msgspec import Struct

_CHANGED = "it was changed meanwhile"


class _Ready(Struct, frozen=True):
    """A new content beside the file that it will replace."""

    path: str
    target: str
    temporary: str
    before: bytes


def write_all(root: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> dict[str, str]:
    """Replace files below a root with new contents; why each that was left alone was.

    All contents are on the disk before the first file is replaced, so that a full disk changes
    none. A file that is no longer what it was before is left alone.
    """
    refused: dict[str, str] = {}
    ready: list[_Ready] = []
    real_root = os.path.realpath(root)
    try:
        for path, content in after.items():
            if content == before[path]:
                continue
            target = os.path.realpath(os.path.join(real_root, path))
            if os.path.commonpath((real_root, target)) != real_root:
                refused[path] = "it is outside the repository"
                continue
            try:
                ready.append(_prepare(path, target, before[path], content))
            except OSError as error:
                refused[path] = (error.strerror or str(error)).lower()
        if refused:
            # One edit may need the other: all are made, or none.
            return {**{it.path: "another file cannot be written" for it in ready}, **refused}
        while ready:
            file = ready.pop(0)
            try:
                if _content(file.target) != file.before:
                    raise OSError(_CHANGED)
                os.replace(file.temporary, file.target)
            except OSError as error:
                refused[file.path] = (error.strerror or str(error)).lower()
                _remove(file.temporary)
            except BaseException:
                _remove(file.temporary)
                raise
        return refused
    finally:
        for left in ready:
            _remove(left.temporary)


def _prepare(path: str, target: str, before: bytes, content: bytes) -> _Ready:
    """Write a content beside its file, with the mode and owner of that. Raises OSError."""
    status = os.stat(target)
    if not stat.S_ISREG(status.st_mode):
        raise OSError("it is not a regular file")
    if _content(target) != before:
        raise OSError(_CHANGED)
    if not os.access(target, os.W_OK):
        raise PermissionError("it may not be written")
    name = os.path.basename(target)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=f".{name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        made = os.stat(temporary)
        if hasattr(os, "chown") and (made.st_uid, made.st_gid) != (status.st_uid, status.st_gid):
            os.chown(temporary, status.st_uid, status.st_gid)
        os.chmod(temporary, stat.S_IMODE(status.st_mode))
    except BaseException:
        os.unlink(temporary)
        raise
    return _Ready(path, target, temporary, before)


def _remove(temporary: str) -> None:
    with suppress(OSError):
        os.unlink(temporary)


def _content(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()
