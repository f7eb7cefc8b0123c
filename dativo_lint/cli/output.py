"""Output: where a form of the report goes, and whether it is coloured."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from types import MappingProxyType
from typing import Any

import click
from msgspec.structs import replace

from dativo_lint.documents.document import Fault, FaultKind
from dativo_lint.documents.quoting import quoted
from dativo_lint.errors import UsageError
from dativo_lint.jobs.job import Job
from dativo_lint.reports.columns import table
from dativo_lint.reports.escape import csv_text, harmless, json_text, visible
from dativo_lint.reports.style import PLAIN, Style

AUTO = "auto"
COLORS = (AUTO, "always", "never")
_NARROWEST = 40
_ELSEWHERE = (80, 24)
"""Columns and lines of other output than a terminal, unless COLUMNS is set."""


def wants_colour(asked: str, stream: object) -> bool:
    """Colour as asked for, else by FORCE_COLOR, NO_COLOR, and whether a terminal reads it."""
    if asked != AUTO:
        return asked == "always"
    forced = os.environ.get("FORCE_COLOR")
    if forced:
        return forced != "0"
    return not os.environ.get("NO_COLOR") and is_capable(stream)


def screen(style: Style = PLAIN, root: str = "", *, is_wrapped: bool = True) -> Style:
    """The style of standard output: as wide as the terminal if lines are wrapped, and with paths
    from the current folder if the root is given."""
    is_coloured = wants_colour(shared_options().get("color") or AUTO, sys.stdout)
    return replace(
        style,
        colour=is_coloured,
        width=max(_terminal_width(), _NARROWEST) if is_wrapped else style.width,
        is_wrapped=is_wrapped,
        breaks_words=is_terminal(sys.stdout),
        links=is_coloured and is_capable(sys.stdout),
        folder=os.path.realpath(os.curdir).replace(os.sep, "/") if root else "",
        root=os.path.realpath(root).replace(os.sep, "/") if root else "/",
    )


def shared_options() -> dict[str, Any]:
    """The options that are the same for every command: `color`, `root`, `config`, `isolated`."""
    context = click.get_current_context(silent=True)
    options: dict[str, Any] = {} if context is None else context.obj
    return options


def _terminal_width() -> int:
    import shutil  # few runs need it

    return shutil.get_terminal_size(_ELSEWHERE).columns


def is_capable(stream: object) -> bool:
    """Whether a stream is a terminal that can do more than print."""
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: object) -> bool:
    """Whether a stream, which may be closed, is a terminal."""
    isatty = getattr(stream, "isatty", None)
    return bool(isatty is not None and not getattr(stream, "closed", False) and isatty())


def show(text: str | Iterable[str]) -> None:
    """Print a text, whole or in pieces, as UTF-8 in every locale.

    A closed pipe is ignored. Raises UsageError if nothing can be written.
    """
    if sys.stdout is None:  # closed by the parent process
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


def show_json(content: Mapping[str, object]) -> None:
    """Print the answer of a command as JSON, with the version of its shape."""
    show(json_text({"version": 1, **content}))


def show_parts(parts: Iterable[str]) -> None:
    """Print texts and tables with a blank line between them."""
    show("\n\n".join(parts) + "\n")


def shown_table(
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    pages: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A table for the screen of cells that may hold anything."""
    return table(headers, (tuple(map(visible, row)) for row in rows), screen(), pages)


def shown_csv(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Values as comma-separated texts that no spreadsheet takes for a formula."""
    return csv_text([headers, *([harmless(cell_text(value)) for value in row] for row in rows)])


def cell_text(value: object) -> str:
    """A value in a cell; one of several is listed, and one that is not there is empty."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def tell(message: str) -> None:
    """Print a message of the tool on standard error."""
    sys.stderr.write(f"dativo-lint: {visible(message)}\n")
    sys.stderr.flush()


class LeftOut:
    """The files that could not be read, each reported on standard error."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def report(self, fault: Fault) -> None:
        """Report one file."""
        self.faults.append(fault)
        tell(f"{fault.place}: {fault.message}")

    def checked(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """The jobs; those whose asset could not be read are reported."""
        for job in jobs:
            if job.asset_is_unknown and not job.asset_is_open:
                path = job.references["asset_path"].field
                message = f"asset {quoted(path.value)} could not be read; its tags are missing"
                self.report(Fault(FaultKind.UNREADABLE, message, path.place))
            yield job


def plain(value: Any) -> Any:
    """A value of a document for JSON: dates, bytes and odd numbers as strings."""
    if isinstance(value, dict):
        fields = {}
        for key, item in value.items():
            fields[key if isinstance(key, str) else str(key)] = plain(item)
        return fields
    if isinstance(value, (list, tuple, set)):
        items = []
        # A comprehension would be a second frame a level.
        for item in value:
            items.append(plain(item))
        return items
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    return value if isinstance(value, (str, int)) or value is None else str(value)


def drop_output() -> None:
    """Redirect standard output to nowhere, or Python would report the error again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def hold_writable(path: str) -> None:
    """Raise UsageError for a file that cannot be written, before a long run starts."""
    from pathlib import Path  # few runs write files

    target = Path(path)
    if target.is_dir():
        raise UsageError(f"cannot write {path}: it is a folder")
    if not target.parent.is_dir():
        raise UsageError(f"cannot write {path}: there is no folder {target.parent}")


def write_whole(path: str, pieces: Iterable[str]) -> None:
    """Write a file completely or not at all; raises UsageError if it cannot be written."""
    from pathlib import Path

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
        except BaseException:  # an interrupt, too, leaves no temporary file
            os.unlink(name)
            raise
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
