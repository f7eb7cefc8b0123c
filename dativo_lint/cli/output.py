"""Output: where a form of the report goes, and whether it is coloured."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from dativo_lint.documents.document import Fault
from dativo_lint.errors import UsageError
from dativo_lint.reports.escape import visible
from dativo_lint.reports.style import Style

AUTO = "auto"
COLORS = (AUTO, "always", "never")
_NARROWEST, _WIDEST = 40, 140
"""Between how many columns text for a terminal is wrapped."""


def wants_colour(asked: str = AUTO) -> bool:
    """Colour as asked for, else by FORCE_COLOR, NO_COLOR, and whether a terminal reads it."""
    if asked != AUTO:
        return asked == "always"
    forced = os.environ.get("FORCE_COLOR")
    if forced:
        return forced != "0"
    return not os.environ.get("NO_COLOR") and _is_capable(sys.stdout)


def on_terminal(style: Style, color: str, root: str) -> Style:
    """A style for standard output; paths are from the current folder below the root."""
    is_shown = is_terminal(sys.stdout)
    width = _terminal_width() if is_shown else style.width
    is_coloured = wants_colour(color)
    return replace(
        style,
        colour=is_coloured,
        width=min(max(width, _NARROWEST), _WIDEST),
        is_wrapped=is_shown,
        links=is_coloured and _is_capable(sys.stdout),
        folder=os.path.realpath(os.curdir).replace(os.sep, "/"),
        root=os.path.realpath(root).replace(os.sep, "/"),
    )


def _terminal_width() -> int:
    import shutil  # most runs are not on a terminal

    return shutil.get_terminal_size().columns


def _is_capable(stream: object) -> bool:
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: object) -> bool:
    """Whether somebody watches a stream, which may be closed."""
    isatty = getattr(stream, "isatty", None)
    return bool(isatty is not None and not getattr(stream, "closed", False) and isatty())


def show(text: str | Iterable[str]) -> None:
    """Print a text, whole or in pieces, as UTF-8 whatever the locale says; a report must
    not fail on a letter.

    A reader who has seen enough is no reason to stop. Raises UsageError where nothing can be
    written.
    """
    if sys.stdout is None:  # closed by whoever started us
        return
    try:
        sys.stdout.flush()
        for piece in (text,) if isinstance(text, str) else text:
            sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        drop_output()
    except OSError as error:
        drop_output()
        raise UsageError(f"cannot write to standard output: {error.strerror or error}") from error


class LeftOut:
    """Tells somebody beside the output which files are left out, and why; `is_any` if there are."""

    is_any = False

    def tell(self, fault: Fault) -> None:
        """Tell it of one file."""
        self.is_any = True
        where, why = visible(str(fault.place)), visible(fault.message)
        sys.stderr.write(f"dativo-lint: {where}: {why}; what is in it is left out\n")


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as comma-separated values."""
    import csv  # few reports are in this form

    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def harmless(text: str) -> str:
    """A text that no terminal obeys and no spreadsheet takes for a formula."""
    shown = visible(text)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@") else shown


def plain(value: Any) -> Any:
    """A value of a document as JSON can tell it: dates, bytes and odd numbers become text."""
    if isinstance(value, dict):
        told = {}
        for key, below in value.items():
            told[key if isinstance(key, str) else str(key)] = plain(below)
        return told
    if isinstance(value, (list, tuple, set)):
        items = []
        # A comprehension would be a second frame a level.
        for item in value:
            items.append(plain(item))
        return items
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    return value if isinstance(value, (str, int)) or value is None else str(value)


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table for a terminal, its cells as they are; without a line end."""
    from tabulate import tabulate  # takes longer to import than a file to lint

    return tabulate(list(rows), headers=headers, disable_numparse=True)


def drop_output() -> None:
    """Send standard output nowhere, or Python would complain once more on its way out."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def hold_writable(path: str) -> None:
    """Raise UsageError for a file that cannot be written, before a long run is made for it."""
    target = Path(path)
    if target.is_dir():
        raise UsageError(f"cannot write {path}: it is a folder")
    if not target.parent.is_dir():
        raise UsageError(f"cannot write {path}: there is no folder {target.parent}")


def write_whole(path: str, pieces: Iterable[str]) -> None:
    """Write a file whole or not at all; raises UsageError where it cannot be written."""
    target = Path(path)
    try:
        if target.exists() and not target.is_file():
            # A pipe or device has no half-written state, and cannot be replaced.
            with target.open("w", encoding="utf-8", errors="backslashreplace") as stream:
                stream.writelines(pieces)
            return
        import tempfile  # few runs write files, and it imports much

        handle, name = tempfile.mkstemp(dir=target.resolve().parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
                stream.writelines(pieces)
            mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
            os.chmod(name, mode)
            os.replace(name, target.resolve())
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
