"""The command line: one command a file; this room alone prints and exits."""

from __future__ import annotations

import gc
import os
import sys

MISUSED = 2
BROKEN = 3
INTERRUPTED = 130
_COLLECTED = 200_000
"""Objects made, beyond those that died, after which circles of dead ones are searched for: nearly
all dies without, and with Python's own threshold the search takes a tenth of the time."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and tell its exit code; nothing raises past it.

    0 clean, 1 a finding at or above the level that fails, 2 misuse, 3 the tool itself failed.
    """
    before = gc.get_threshold()
    # Before anything else is imported: what an import makes stays.
    gc.set_threshold(_COLLECTED)
    try:
        return _ended(arguments)
    finally:
        gc.set_threshold(*before)
        if arguments is None:
            # The process ends. Python would search all that there is once more: 15 ms of the 120
            # that a run over one file takes.
            gc.freeze()


def _ended(arguments: list[str] | None) -> int:
    from dativo_lint.misuse import Misuse

    try:
        code = _checked(sys.argv[1:] if arguments is None else arguments)
        if code is None:
            from dativo_lint.cli.commands import run  # it needs click

            code = run(arguments)
    except Misuse as misuse:
        return _fail(str(misuse), MISUSED)
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:
        from dativo_lint.cli.output import drop_output

        drop_output()
        return 0
    except Exception as error:  # noqa: BLE001  no traceback ever reaches a user
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace else ""
        kind = type(error).__name__
        return _fail(f"internal error: {kind}: {error}{where}; please report it", BROKEN)
    return code


def _checked(arguments: list[str]) -> int | None:
    """The exit code of a plain `check`; None where click has to read the arguments.

    It has to complete words for a shell, and to unfold globs where the shell does not.
    """
    from dativo_lint.cli.declared import for_check, plain

    own = for_check(arguments)
    if own is None or "_DATIVO_LINT_COMPLETE" in os.environ or os.name == "nt":
        return None
    from dativo_lint.cli.check import check  # other commands need not know the linter

    values = plain(check, own)
    try:
        return None if values is None else check(**values)
    except KeyboardInterrupt:
        _tell("\n")
        raise


def _fail(message: str, code: int) -> int:
    from dativo_lint.reports.escape import visible  # all it takes is for those who are told

    lines = map(visible, message.split("\n"))
    _tell("dativo-lint: " + "\n  ".join(lines) + "\n")
    return code


def _tell(text: str) -> None:
    try:
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()
    except (OSError, ValueError):
        return  # nobody is there to be told
