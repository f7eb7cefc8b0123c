"""The command line: one command a file; this room alone prints and exits."""

from __future__ import annotations

import contextlib
from importlib import import_module

import click

from dativo_lint import __version__
from dativo_lint.cli.output import drop_output
from dativo_lint.misuse import Misuse
from dativo_lint.reports.escape import visible

MISUSED = 2
BROKEN = 3
INTERRUPTED = 130
COMMANDS = ("check", "tags", "module", "coverage", "rules", "explain", "schema", "config")
"""Every command; a module of this name stands beside this one."""


class _Commands(click.Group):
    """The commands, each imported when it is asked for; `check` is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*COMMANDS, "--help", "-h", "--version"):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = getattr(import_module(f"dativo_lint.cli.{cmd_name}"), cmd_name)
        return found


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a command, check is meant: dativo-lint jobs/",
)
@click.version_option(__version__, prog_name="dativo-lint", message="%(prog)s %(version)s")
def command() -> None:
    """Lint Dativo ETL jobs: will what a job declares arrive, legally and consistently?"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and tell its exit code; nothing raises past it.

    0 clean, 1 a finding at or above the level that fails, 2 misuse, 3 the tool itself failed.
    """
    try:
        return int(command.main(arguments, prog_name="dativo-lint", standalone_mode=False) or 0)
    except Misuse as misuse:
        return _fail(str(misuse), MISUSED)
    except click.exceptions.Abort:
        return _fail("interrupted", INTERRUPTED)
    except click.ClickException as error:
        return _fail(_worded(error), MISUSED)
    except BrokenPipeError:
        drop_output()
        return 0
    except Exception as error:  # noqa: BLE001  no traceback ever reaches a user
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f" ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace else ""
        kind = type(error).__name__
        return _fail(f"internal error: {kind}: {error}{where}; please report it", BROKEN)


def _worded(error: click.ClickException) -> str:
    """What click says against the arguments, in the words of this tool."""
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    see = f" (see {context.command_path} --help)" if context is not None else ""
    return f"{message[:1].lower()}{message[1:]}{see}"


def _fail(message: str, code: int) -> int:
    lines = map(visible, message.split("\n"))
    with contextlib.suppress(OSError, ValueError):  # nobody is there to be told
        click.echo("dativo-lint: " + "\n  ".join(lines), err=True)
    return code
