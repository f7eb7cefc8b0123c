"""The commands: each is a module of this package, with a click command of the module's name.

A module is imported when its command is asked for.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from dativo_lint.cli.output import COLORS
from dativo_lint.errors import UsageError
from dativo_lint.names import nearest
from dativo_lint.version import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

DEFAULT = "check"
_FILES = {name[:-3] for name in os.listdir(os.path.dirname(__file__)) if name.endswith(".py")}
COMMANDS = (DEFAULT, *sorted(_FILES - {DEFAULT, "__init__"}))
"""Every command by name, the default one first."""
_MANY = 12
"""Choices of which a message lists all."""
_HELP = ("-h", "--help")
_VERSION = ("--version", "-v", "--verbose")


class _Commands(click.Group):
    """The commands; `check` is meant where none is named, and options may be before the name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_ours = args[:1] and args[0] in (*COMMANDS, *_HELP)
        is_version = "--version" in args and set(args) <= {*_VERSION}
        is_completed = ctx.resilient_parsing and not args
        if not (is_ours or is_version or is_completed):
            args = self._with_command(ctx, args)
        return super().parse_args(ctx, args)

    def _with_command(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments with their command in front."""
        for at, word in enumerate(args):
            if word in COMMANDS and self._are_options(ctx, word, args[:at]):
                return [word, *args[:at], *args[at + 1 :]]
        for at, word in enumerate(args):
            if not word.startswith("-") and self._are_options(ctx, DEFAULT, args[:at]):
                if not os.path.lexists(word):
                    self._hold_no_slip(ctx, word, args[:at])
                break
        return [DEFAULT, *args]

    def _are_options(self, ctx: click.Context, name: str, args: Sequence[str]) -> bool:
        """Whether these are options of a command, and nothing else."""
        command = self.get_command(ctx, name)
        if command is None:
            return False
        try:
            return not command.make_parser(click.Context(command)).parse_args([*args])[1]
        except click.UsageError:
            return False

    def _hold_no_slip(self, ctx: click.Context, word: str, before: Sequence[str]) -> None:
        """Raise UsageError for a word that is no path, and a command or nearly one."""
        command = self.get_command(ctx, word)
        if command is None:
            is_option = f"--{word}" in (*_HELP, *_VERSION)
            hint = f'; did you mean "--{word}"?' if is_option else nearest(word, COMMANDS)
            if hint:
                raise UsageError(f'unknown command or path "{word}"{hint}')
            return
        known = {name for option in command.params for name in option.opts}
        options = [word.partition("=")[0] for word in before if word.startswith("-")]
        other = next((word for word in options if word not in known), options[0])
        raise UsageError(f"{other} is not an option of {word} (see dativo-lint {word} --help)")

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__name__}.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        items = super().shell_complete(ctx, incomplete)
        default = self.get_command(ctx, DEFAULT)
        items += default.shell_complete(ctx, incomplete) if default is not None else []
        if items:  # beside commands, bash would show the files only
            return items
        from click.shell_completion import CompletionItem  # no run needs it

        return [CompletionItem(incomplete, type="file")]


def _show_version(context: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if not is_asked or context.resilient_parsing:
        return
    click.echo(f"dativo-lint {__version__}")
    if context.params.get("verbose"):
        from dativo_lint.cli.commands.doctor import environment

        click.echo("\n".join(environment()))
    context.exit()


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": [*_HELP]},
    epilog="The default command is check: dativo-lint jobs/",
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    is_eager=True,
    expose_value=True,
    help="With --version, also show Python, the platform and the dependencies.",
)
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def command_line(verbose: bool) -> None:
    """Lint the tags, references and Terraform modules of Dativo ETL jobs."""


def run(arguments: list[str] | None, shared: dict[str, str | None]) -> int:
    """Run the command that the arguments name, and return its exit code.

    `shared` receives the options that every command has. Raises UsageError for what click
    finds wrong with the arguments, KeyboardInterrupt at an interrupt.
    """
    shared["color"] = _colour(sys.argv[1:] if arguments is None else arguments)
    try:
        code = command_line.main(
            arguments, prog_name="dativo-lint", standalone_mode=False, obj=shared
        )
        return int(code or 0)
    except click.exceptions.Abort as abort:
        raise KeyboardInterrupt from abort
    except click.ClickException as error:
        raise UsageError(_worded(error)) from error


def _colour(arguments: Sequence[str]) -> str | None:
    """What `--color` asks for, which goes for errors in the arguments, too."""
    for word, following in zip(arguments, [*arguments, ""][1:], strict=True):
        name, _, value = word.partition("=")
        if name == "--color" and (value or following) in COLORS:
            return value or following
    return None


def _worded(error: click.ClickException) -> str:
    """An error of click about the arguments, as this tool writes it."""
    # Older versions of click print the help themselves.
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        return f"a command is missing\n{error.format_message()}"
    context = error.ctx if isinstance(error, click.UsageError) else None
    see = f" (see {context.command_path} --help)" if context is not None else ""
    # Older versions of click have no error of its own for commands, and suggest none.
    unknown = re.match(r"No such command '(.*?)'", error.format_message())
    if unknown is not None and context is not None and isinstance(context.command, click.Group):
        hint = nearest(unknown[1], context.command.commands)
        return f"no such command: {unknown[1]}{hint}{see}"
    if isinstance(error, click.NoSuchOption):
        options = context.command.params if context is not None else []
        names = {
            name.removeprefix("--") for it in options for name in (*it.opts, *it.secondary_opts)
        }
        hint = nearest(error.option_name.strip("-"), names).replace('"', '"--', 1)
        return f"no such option: {error.option_name}{hint}{see}"
    message = " ".join(error.format_message().split()).rstrip(".")
    message = message.replace(". Choose from:", "; expected one of:")
    if isinstance(error, click.BadParameter) and error.param is not None and error.message:
        is_option = error.param.param_type_name == "option"
        argument = error.param.human_readable_name.strip("[]")
        name = error.param.opts[0] if is_option else f"argument {argument}"
        command = context.command.name or "" if context is not None else ""
        noun = name.strip("-") if is_option else command.rstrip("s")
        return f"{_of_value(name, noun, error.param.type, error.message.rstrip('.'))}{see}"
    if isinstance(error, click.MissingParameter) and error.param is not None:
        missing = error.param.human_readable_name.strip("[]")
        choices = getattr(error.param.type, "choices", ())
        expected = f"; expected one of: {', '.join(map(str, choices))}" if choices else ""
        return f"missing {error.param.param_type_name} {missing}{expected}{see}"
    return f"{message[:1].lower()}{message[1:]}{see}".replace("'", '"')


def _of_value(name: str, noun: str, type_: object, message: str) -> str:
    """The message about a value of an option or argument, with the choice that was meant."""
    value = message.partition(" is not ")[0].strip("'\"")
    if isinstance(type_, click.IntRange):
        return f'{name} is "{value}"; expected a whole number of at least {type_.min}'
    if isinstance(type_, click.FloatRange):
        return f'{name} is "{value}"; expected a number from {type_.min} to {type_.max}'
    if not isinstance(type_, click.Choice):
        return f"{name}: {message}"
    choices = list(map(str, type_.choices))
    hint = nearest(value, choices)
    if len(choices) > _MANY and hint:
        return f'unknown {noun} "{value}"{hint}'
    return f'{name} is "{value}"; expected one of: {", ".join(choices)}{hint}'
