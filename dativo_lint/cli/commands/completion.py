"""The command `completion`: print the script with which a shell completes the command line."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from dativo_lint.cli.options import color_option
from dativo_lint.cli.output import show

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@color_option
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a SHELL: bash, zsh or fish.

    \b
    bash: echo 'eval "$(dativo-lint completion bash)"' >> ~/.bashrc
    zsh:  echo 'eval "$(dativo-lint completion zsh)"' >> ~/.zshrc
    fish: dativo-lint completion fish > ~/.config/fish/completions/dativo-lint.fish
    """
    of_shell = get_completion_class(shell)
    if of_shell is not None:
        command_line = context.find_root().command
        show(of_shell(command_line, {}, "dativo-lint", "_DATIVO_LINT_COMPLETE").source())
