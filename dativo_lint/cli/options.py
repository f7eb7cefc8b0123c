"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

import click

from dativo_lint.cli.output import AUTO, COLORS, shared_options
from dativo_lint.errors import UsageError
from dativo_lint.findings.shards import Shard
from dativo_lint.jobs.suppression_comment import day_of
from dativo_lint.names import nearest
from dativo_lint.rulebook.rule import Rule
from dativo_lint.settings.effective import is_named
from dativo_lint.settings.files import current_folder, find_settings, start_of_run, starts_of_run
from dativo_lint.settings.settings import Settings

Record = TypeVar("Record")
Command = TypeVar("Command", bound=Callable[..., Any])
Option = Callable[[Command], Command]
"""What makes an option or argument of a function that becomes a command."""

_SHARD = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


def together(*options: Callable[[Any], Any]) -> Callable[[Command], Command]:
    """Several options as one."""

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def picked(kind: type[Record], options: dict[str, Any]) -> Record:
    """A record whose fields are called like options, which are taken out of these."""
    fields: Sequence[str] = getattr(kind, "__struct_fields__", ())
    return kind(**{name: options.pop(name) for name in fields})


class _Path(click.Path):
    """A path that shells complete; its reader reports errors."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path as it is written."""
        return value


def _keep(context: click.Context, option: click.Parameter, value: str | bool | None) -> None:
    """Keep an option for whoever asks `shared_options`."""
    if value is not None:
        context.obj[option.name] = value


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


def _last_day(_context: click.Context, option: click.Parameter, written: str | None) -> date | None:
    if written is None:
        return None
    day = day_of(written)
    if day is None or day < date.today():
        hint = "a day, YYYY-MM-DD" if day is None else "today or a later day"
        raise UsageError(f'{option.opts[0]} is "{written}"; expected {hint}')
    return day


def names(
    _context: click.Context, option: click.Parameter, written: tuple[str, ...]
) -> tuple[str, ...]:
    """The names in repeated or comma-separated values.

    Raises UsageError for an option or argument without a name.
    """
    parts = [[part.strip() for part in words.split(",")] for words in written]
    if not all(map(any, parts)):
        name = option.opts[0] if isinstance(option, click.Option) else option.human_readable_name
        raise UsageError(f'{name} is ""; expected a name')
    return tuple(part for each in parts for part in each if part)


def rule_names(_context: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
    """The built-in rules and families that a word on the command line may become."""
    from dativo_lint.rulebook.load import builtin_rules

    known = {name for rule in builtin_rules() for name in (rule.id, rule.family)}
    return sorted(name for name in known if name.startswith(incomplete))


path_argument = partial(click.argument, type=_Path())
PATHS = path_argument("paths", nargs=-1)
file_option = partial(click.option, metavar="FILE", type=_Path())
rule_option = partial(
    click.option, multiple=True, metavar="RULE", callback=names, shell_complete=rule_names
)
"""Repeatable names of rules and families."""
day_option = partial(click.option, metavar="DAY", callback=_last_day)
"""The last day on which something is accepted; one that is over is refused."""
shard_option = click.option(
    "--shard",
    metavar="N/TOTAL",
    callback=_shard,
    help="Lint only the Nth of TOTAL parts of the files, such as 3/8; dativo-lint merge merges"
    " the reports of all parts.",
)
cache_option = file_option(
    "--cache-dir",
    metavar="FOLDER",
    help="The folder of the cache.  [default: in the user's cache folder]",
)
_kept = partial(click.option, expose_value=False, callback=_keep)
color_option = _kept(
    "--color", type=click.Choice(COLORS), help=f"Force or disable colour.  [default: {AUTO}]"
)
settings_options = together(
    _kept(
        "--config",
        metavar="FILE",
        type=_Path(),
        help="The only settings file, instead of .dativo-lint.yml and pyproject.toml.",
    ),
    _kept("--isolated", is_flag=True, help="Ignore settings files."),
    _kept(
        "--root",
        metavar="FOLDER",
        type=_Path(),
        help="The root, instead of the nearest folder with .git or else the highest with settings.",
    ),
    color_option,
)
"""The options that `settings_for` goes by."""


def form_option(*forms: str, help: str | None = None) -> Callable[[Command], Command]:
    """`--format`, of which the first form is the default."""
    text = help or f"Output format.  [default: {forms[0]}]"
    choice = click.Choice(forms)
    return click.option("--format", "form", type=choice, default=forms[0], help=text)


def settings_for(
    paths: Sequence[str] = (), over: Mapping[str, Any] = MappingProxyType({})
) -> Settings:
    """The settings for a run on some paths, overridden by the command line.

    Raises UsageError for paths of several repositories.
    """
    if shared_options().get("root") is None:
        start_of_run(paths)
    return settings_by_root(paths, over)[0][0]


def settings_by_root(
    paths: Sequence[str], over: Mapping[str, Any] = MappingProxyType({})
) -> list[tuple[Settings, list[str]]]:
    """The same for each repository in which some of the paths are, with these paths."""
    hold_one_choice()
    options, find = shared_options(), settings_finder(over)
    root, config = options.get("root"), options.get("config")
    starts = starts_of_run(paths) if root is None else {current_folder(): [*paths]}
    return [(find(start, root=root, file=config), own) for start, own in starts.items()]


def settings_finder(over: Mapping[str, Any]) -> Callable[..., Settings]:
    """What finds settings, overridden by the command line."""
    is_isolated = bool(shared_options().get("isolated"))
    return partial(find_settings, isolated=is_isolated, over=over)


def hold_one_choice() -> None:
    """Raise UsageError for a settings file beside the wish to have none."""
    options = shared_options()
    if options.get("config") is not None and options.get("isolated"):
        raise UsageError("--config names a settings file, and --isolated asks for none")


def hold_known(wanted: Collection[str], rules: Collection[Rule]) -> None:
    """Raise UsageError for an unknown one of some rules, families and globs."""
    known = {name for rule in rules for name in (rule.id, rule.family)}
    for name in wanted:
        if not any(is_named(rule, (name,)) for rule in rules):
            raise UsageError(f'unknown rule or family "{name}"{nearest(name, known)}')
