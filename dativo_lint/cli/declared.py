"""Options declared without click, and plain arguments read by them; click reads all others.

Importing click, and making its command, takes 25 ms of the 60 that a run over one file may last,
and nearly every run is given paths and well-spelled options. So `plain` reads those, and leaves
whatever it does not know for sure, a wrong word and `--help` above all, for the command that
`as_click` makes from the same declarations.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct

if TYPE_CHECKING:
    import click

Told = TypeVar("Told", bound=Callable[..., Any])

COMMANDS = ("check", "tags", "module", "coverage", "rules", "explain", "schema", "config", "cache")
"""Every command; a module of this name stands beside this one."""

_DIGITS = 6
"""Of a number that is surely small enough."""

DECLARED = "declared_options"
"""What holds the options that are declared of a function."""


class Option(Struct, frozen=True):
    """An option as click takes it: its spellings, and what is said of it.

    `type` is a tuple of the words that there are, os.PathLike, or int for a number from 1 on.
    """

    spelled: tuple[str, ...]
    said: Mapping[str, Any]

    @property
    def parameter(self) -> str:
        """The parameter of the function that takes the value."""
        named = [it for it in self.spelled if not it.startswith("-")]
        return named[0] if named else self._long[0].partition("/")[0][2:].replace("-", "_")

    @property
    def values(self) -> Mapping[str, Any]:
        """What the option says, by spelling, where it takes no value; nothing where it does."""
        if self.said.get("is_flag"):
            return dict.fromkeys(self._long, True)
        on, _, off = self._long[0].partition("/")
        return {on: True, off: False} if off else {}

    @property
    def _long(self) -> list[str]:
        return [it for it in self.spelled if it.startswith("--")]


def option(*spelled: str, **said: Any) -> Callable[[Told], Told]:
    """Declare an option of a function, in the words of `click.option`."""

    def declare(function: Told) -> Told:
        others = getattr(function, DECLARED, ())
        setattr(function, DECLARED, (Option(spelled, said), *others))
        return function

    return declare


def for_check(arguments: Sequence[str]) -> Sequence[str] | None:
    """The arguments of the command `check`, which is meant where none is named; None of others."""
    if arguments[:1] == ["check"]:
        return arguments[1:]
    is_named = arguments and arguments[0] in (*COMMANDS, "--help", "-h", "--version")
    return None if is_named else arguments


def plain(function: Callable[..., Any], arguments: Iterable[str]) -> dict[str, Any] | None:
    """The parameters of a function that takes `paths` and options, as click would give them.

    None where click should read the arguments, or tell what is wrong with them.
    """
    options: tuple[Option, ...] = getattr(function, DECLARED)
    by_name = {name: one for one in options for name in one.spelled if name.startswith("--")}
    flags = {name: (one, value) for one in options for name, value in one.values.items()}
    read: dict[str, Any] = {one.parameter: _default(one) for one in options}
    paths: list[str] = []
    left = list(arguments)[::-1]
    while left:
        word = left.pop()
        name, sign, value = word.partition("=")
        if word[:1] != "-" or word == "-":
            paths.append(word)
        elif word in flags:
            one, read[flags[word][0].parameter] = flags[word]
        elif name not in by_name or by_name[name].values:
            return None
        else:
            one = by_name[name]
            value = value if sign else left.pop() if left else "-"
            if not _is_sure(one, value):
                return None
            many = one.said.get("multiple", False)
            its = int(value) if one.said.get("type") is int else value
            read[one.parameter] = (*read[one.parameter], its) if many else its
    return {"paths": tuple(paths), **read}


def as_click(function: Callable[..., Any]) -> click.Command:
    """The command of click for a function that takes `paths` and the options declared of it."""
    import click  # what is plain is read without it

    def call(**values: Any) -> Any:
        return function(**values)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    options: Sequence[Option] = getattr(function, DECLARED)
    for one in reversed(options):
        said = dict(one.said)
        if said.get("type") is os.PathLike:
            said["type"] = click.Path()
        elif said.get("type") is int:
            said["type"] = click.IntRange(min=1)
        elif "type" in said:
            said["type"] = click.Choice(said["type"])
        call = click.option(*one.spelled, **said)(call)
    return click.command()(click.argument("paths", nargs=-1)(call))


def _default(one: Option) -> Any:
    if one.said.get("multiple"):
        return ()
    return False if one.said.get("is_flag") else None


def _is_sure(one: Option, value: str) -> bool:
    """Whether a value is surely right, and surely no option of its own."""
    words = one.said.get("type")
    if words is int:
        return value.isascii() and value.isdigit() and value[:1] != "0" and len(value) < _DIGITS
    return value[:1] != "-" and words is not os.PathLike and (words is None or value in words)
