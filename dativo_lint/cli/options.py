"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from dativo_lint.cli.output import AUTO, COLORS, shared_options
from dativo_lint.errors import UsageError
from dativo_lint.findings.shards import Shard
from dativo_lint.jobs.suppression_comment import day_of
from dativo_lint.names import nearest
from dativo_lint.rulebook.rule import Rule
from dativo_lint.settings.effective import is_named
from dativo_lint.settings.files import (
    current_folder,
    find_settings,
    start_of_run,
    starts_of_run,
)
from dativo_lint.settings.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


_SHARD = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


class _Path(click.Path):
    """A path that shells complete; its reader reports errors."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path as it is written."""
        return value


PATH = _Path()


def color_option(command: Command) -> Command:
    """`--color`, of a function that becomes a command."""
    option = click.option(
        "--color",
        type=click.Choice(COLORS),
        expose_value=False,
        callback=_keep,
        help=f"Force or disable colour.  [default: {AUTO}]",
    )
    return option(command)


def settings_options(command: Command) -> Command:
    """`--config`, `--isolated`, `--root` and `--color`, of a function that becomes a command."""
    isolated = click.option("--isolated", is_flag=True, help="Ignore settings files.")
    config = click.option(
        "--config",
        metavar="FILE",
        type=PATH,
        help="The only settings file, instead of .dativo-lint.yml and pyproject.toml.",
    )
    root = click.option(
        "--root",
        metavar="FOLDER",
        type=PATH,
        expose_value=False,
        callback=_keep,
        help="The root, instead of the nearest folder with .git or else the highest with settings.",
    )
    return config(isolated(root(color_option(command))))


def _keep(context: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.obj[option.name] = value


def shard_option(command: Command) -> Command:
    """`--shard`, of a function that becomes a command."""
    option = click.option(
        "--shard",
        metavar="N/TOTAL",
        callback=_shard,
        help="Lint only the Nth of TOTAL parts of the files, such as 3/8; dativo-lint merge merges"
        " the reports of all parts.",
    )
    return option(command)


def _shard(_context: click.Context, _option: click.Parameter, written: str | None) -> Shard | None:
    if written is None:
        return None
    numbers = _SHARD.fullmatch(written)
    shard = Shard(int(numbers[1]), int(numbers[2])) if numbers else Shard(0, 0)
    if not 1 <= shard.number <= shard.of:
        hint = (
            f"1/{shard.of} to {shard.of}/{shard.of}"
            if shard.of
            else "a part and the number of parts, such as 3/8"
        )
        raise UsageError(f'--shard is "{written}"; expected {hint}')
    return shard


def last_day(_context: click.Context, option: click.Parameter, written: str | None) -> date | None:
    """The last day on which something is accepted. Raises UsageError for one that is over."""
    if written is None:
        return None
    day = day_of(written)
    if day is None or day < date.today():
        hint = "a day, YYYY-MM-DD" if day is None else "today or a later day"
        raise UsageError(f'{option.opts[0]} is "{written}"; expected {hint}')
    return day


def form_option(*forms: str, help: str | None = None) -> Callable[[Command], Command]:
    """`--format`, of which the first form is the default."""
    text = help or f"Output format.  [default: {forms[0]}]"
    choice = click.Choice(forms)
    return click.option("--format", "form", type=choice, default=forms[0], help=text)


def rule_names(
    _context: click.Context, _option: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The built-in rules and families that a word on the command line may become."""
    from dativo_lint.rulebook.load import builtin_rules

    known = {name for rule in builtin_rules() for name in (rule.id, rule.family)}
    return [CompletionItem(name) for name in sorted(known) if name.startswith(incomplete)]


def settings_for(
    config: str | None,
    isolated: bool,
    over: Mapping[str, Any] | None = None,
    *,
    paths: Sequence[str] = (),
) -> Settings:
    """The settings for a run on some paths, overridden by the command line.

    Raises UsageError for paths of several repositories.
    """
    if _root() is None:
        start_of_run(paths)
    return settings_by_root(config, isolated, over or {}, paths=paths)[0][0]


def hold_one_choice(config: str | None, isolated: bool) -> None:
    """Raise UsageError for a settings file beside the wish to have none."""
    if config is not None and isolated:
        raise UsageError("--config names a settings file, and --isolated asks for none")


def settings_by_root(
    config: str | None, isolated: bool, over: Mapping[str, Any], *, paths: Sequence[str]
) -> list[tuple[Settings, list[str]]]:
    """The same for each repository in which some of the paths are, with these paths."""
    hold_one_choice(config, isolated)
    root = _root()
    starts = starts_of_run(paths) if root is None else {current_folder(): [*paths]}
    return [
        (find_settings(start, root=root, file=config, isolated=isolated, over=over), own)
        for start, own in starts.items()
    ]


def _root() -> str | None:
    return shared_options().get("root")


def names(written: tuple[str, ...], option: str) -> tuple[str, ...]:
    """The names in repeated or comma-separated values.

    Raises UsageError for an option or argument without a name.
    """
    parts = [[part.strip() for part in words.split(",")] for words in written]
    if not all(map(any, parts)):
        raise UsageError(f'{option} is ""; expected a name')
    return tuple(part for each in parts for part in each if part)


def known_names(written: tuple[str, ...], option: str, rules: Collection[Rule]) -> tuple[str, ...]:
    """The same for rules, families and globs. Raises UsageError for an unknown one."""
    wanted = names(written, option)
    known = {name for rule in rules for name in (rule.id, rule.family)}
    for name in wanted:
        if not any(is_named(rule, (name,)) for rule in rules):
            raise UsageError(f'unknown rule or family "{name}"{nearest(name, known)}')
    return wanted
