"""The one exception: the tool was given something that it cannot work with."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import islice

from dativo_lint.documents.globs import is_glob
from dativo_lint.documents.place import Place
from dativo_lint.names import LONGEST, close_names

_MOST_ENTRIES = 1000
"""Entries of a folder that are compared with a path that is not there."""
_NEAR_PATH = 0.8


class UsageError(Exception):
    """A bad argument, setting or rule file; its text names what is wrong and what was expected.

    `place` says where, when the wrong thing stands in a file. The text of several has a line each.
    """

    def __init__(self, message: str, place: Place | None = None) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place


class NothingToCheck(UsageError):
    """There is nothing to check; `skipped` tells of files why they were not judged."""

    def __init__(self, message: str, skipped: Mapping[str, str]) -> None:
        super().__init__(f"{message}\ndativo-lint doctor shows why files were not recognised")
        self.skipped = skipped


def hold(faults: Sequence[UsageError]) -> None:
    """Raise faults that were met together as one; nothing where there are none."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise UsageError("\n".join(map(str, faults)))


def not_there(path: str) -> str:
    """What is wrong with an argument that leads to no file."""
    if is_glob(path):
        return f"{path}: the glob matches no file"
    return f"{path}: no such file or folder{near_path(path)}"


def near_path(path: str) -> str:
    """What to put behind a message about a path that is not there: the nearest one that is."""
    above, name = os.path.split(os.path.normpath(path))
    while above and not os.path.isdir(above):
        above, name = os.path.split(above)
    near: list[str] = []
    with suppress(OSError, ValueError), os.scandir(above or ".") as entries:
        names = [entry.name for entry in islice(entries, _MOST_ENTRIES)]
        near = close_names(name[:LONGEST], names, likeness=_NEAR_PATH)
    return f'; did you mean "{os.path.join(above, near[0])}"?' if near else ""
