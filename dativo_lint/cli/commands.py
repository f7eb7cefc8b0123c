"""The commands, each in a module of its name that is imported when it is asked for."""

from __future__ import annotations

import os
from importlib import import_module

import click

from dativo_lint.errors import UsageError
from dativo_lint.version import __version__

COMMANDS = (
    *("check", "tags", "module", "coverage", "baseline"),
    *("rules", "explain", "schema", "config", "cache"),
)
_NEAR = 0.75
"""How alike a word and the command that was meant are, see difflib."""
_NO_PATHS = (*COMMANDS, "-h", "--help", "--version")


class _Commands(click.Group):
    """The commands; `check` is meant where none is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_named = bool(args) and args[0] in _NO_PATHS
        if args and not is_named and not args[0].startswith("-"):
            _hold_no_slip(args[0])
        return super().parse_args(ctx, args if is_named else ["check", *args])

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"dativo_lint.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command


def _hold_no_slip(word: str) -> None:
    """Raise UsageError for a word that is no path, and nearly a command."""
    if os.path.lexists(word):
        return
    from difflib import get_close_matches  # few runs name paths that are not there

    near = get_close_matches(word, COMMANDS, n=1, cutoff=_NEAR)
    if near:
        raise UsageError(f'unknown command or path "{word}"; did you mean "{near[0]}"?')


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Without a command, check is meant: dativo-lint jobs/",
)
@click.version_option(__version__, prog_name="dativo-lint", message="%(prog)s %(version)s")
def _command() -> None:
    """Lint Dativo ETL jobs: will what a job declares arrive, legally and consistently?"""


def run(arguments: list[str] | None) -> int:
    """Run the command that the arguments name, and return its exit code.

    Raises UsageError for what click says against them, KeyboardInterrupt where somebody interrupts.
    """
    try:
        return int(_command.main(arguments, prog_name="dativo-lint", standalone_mode=False) or 0)
    except click.exceptions.Abort as abort:
        raise KeyboardInterrupt from abort
    except click.ClickException as error:
        raise UsageError(_worded(error)) from error


def _worded(error: click.ClickException) -> str:
    """What click says against the arguments, in the words of this tool."""
    # Older versions of click print the help themselves.
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        return f"a command is missing\n{error.format_message()}"
    message = error.format_message().rstrip(".")
    context = error.ctx if isinstance(error, click.UsageError) else None
    see = f" (see {context.command_path} --help)" if context is not None else ""
    return f"{message[:1].lower()}{message[1:]}{see}"
