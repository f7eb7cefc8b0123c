"""Pruning: a folder is marked as a cache, and what was not used of late leaves it."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

_KEPT_STATES = 4
_KEPT_SECONDS = 30 * 24 * 3600
_NAME = re.compile(r"[0-9a-f]{32}")
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder holds a cache of dativo-lint.\n"
"""What tells backups to leave the folder out, see https://bford.info/cachedir/."""


def mark(cache: str) -> None:
    """Tell backups and git to pass a folder over.

    Raises OSError where the disk has something against it.
    """
    top = Path(cache)
    for name, text in (("CACHEDIR.TAG", _TAG), (".gitignore", "*\n")):
        if not (top / name).exists():
            (top / name).write_text(text, encoding="utf-8")


def prune(cache: str, folder: str) -> None:
    """Drop old states of a repository, whose folder in a cache is given, and old repositories.

    Raises OSError as above.
    """
    top, repository = Path(cache), Path(folder)
    _drop(_newest_first(repository)[_KEPT_STATES:])
    long_ago = time.time() - _KEPT_SECONDS
    _drop([it for it in _newest_first(top) if it.stat().st_mtime < long_ago])


def _newest_first(folder: Path) -> list[Path]:
    """The folders in a folder that this tool has made."""
    found = [it for it in folder.iterdir() if _NAME.fullmatch(it.name) and it.is_dir()]
    return sorted(found, key=lambda it: -it.stat().st_mtime)


def _drop(folders: Sequence[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
