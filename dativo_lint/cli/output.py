"""Output: where a form of the report goes, and whether it is coloured."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from dativo_lint.misuse import Misuse


def wants_colour(asked: bool | None) -> bool:
    """Colour as asked for, else by FORCE_COLOR, NO_COLOR, and whether a terminal reads it."""
    if asked is not None:
        return asked
    if os.environ.get("FORCE_COLOR"):
        return True
    if os.environ.get("NO_COLOR"):
        return False
    return bool(sys.stdout.isatty()) and os.environ.get("TERM") != "dumb"


def show(text: str) -> None:
    """Print a text as UTF-8 whatever the locale says; a report must not fail on a letter."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def write_whole(path: str, text: str) -> None:
    """Write a file whole or not at all; raises Misuse where it cannot be written."""
    target = Path(path)
    try:
        if target.exists() and not target.is_file():
            # A pipe or device has no half-written state, and cannot be replaced.
            target.write_text(text, "utf-8", "backslashreplace")
            return
        handle, name = tempfile.mkstemp(dir=target.resolve().parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(text)
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
            os.chmod(name, mode)
            os.replace(name, target.resolve())
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise Misuse(f"cannot write {path}: {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
