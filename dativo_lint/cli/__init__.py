"""The command line: one command a file; only this package prints and exits."""

from __future__ import annotations

import gc
import sys

from dativo_lint.cli.commands import run
from dativo_lint.cli.output import AUTO, drop_output, wants_colour
from dativo_lint.errors import UsageError
from dativo_lint.reports.escape import visible
from dativo_lint.reports.style import Ink, Style

CLEAN, FOUND, USAGE, BROKEN, INTERRUPTED = 0, 1, 2, 3, 130
"""The exit codes."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code; nothing raises past it.

    0 clean, 1 a finding at or above the level that fails, 2 a usage error, 3 the tool failed.
    """
    # A run leaves no cycles behind, so there is nothing for the collector to find.
    was_enabled = gc.isenabled()
    gc.disable()
    shared: dict[str, str | None] = {}
    try:
        return run(arguments, shared)
    except UsageError as error:
        return fail(str(error), USAGE, shared)
    except KeyboardInterrupt:
        return fail("interrupted", INTERRUPTED, shared)
    except BrokenPipeError:
        drop_output()
        return 0
    except Exception as error:  # noqa: BLE001  no traceback ever reaches a user
        message = f"internal error: {_described(error)}; please report it"
        return fail(message, BROKEN, shared)
    finally:
        if arguments is None:
            gc.freeze()  # as the process ends, Python would look through all that is left
        elif was_enabled:
            gc.enable()


def _described(error: Exception) -> str:
    """An error with the line of the code that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace else ""
    return f"{type(error).__name__}: {error}{where}"


def fail(message: str, code: int, shared: dict[str, str | None]) -> int:
    """Tell an error on standard error; the code is returned as it is."""
    lines = map(visible, message.split("\n"))
    style = Style(colour=wants_colour(shared.get("color") or AUTO, sys.stderr))
    try:
        if sys.stderr is not None:
            name = style.paint("dativo-lint:", Ink.ERROR)
            sys.stderr.write(f"{name} " + "\n  ".join(lines) + "\n")
            sys.stderr.flush()
    except (OSError, ValueError):
        pass  # nobody is there to read it
    return code
