"""What a function takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct

from dativo_lint.terraform.types import ANY, Type
from dativo_lint.terraform.values import Value


class Takes(Struct, frozen=True):
    """What a parameter takes: arguments are converted to its type.

    `null_lately` marks one that takes null from Terraform 1.16 only. One that takes what is
    `unknown` may be given values of which parts are; else the result is unknown then.
    """

    type: Type = ANY
    null: bool = False
    unknown: bool = False
    null_lately: bool = False


UNKNOWN_TOO: Final = Takes(unknown=True)
WHATEVER: Final = Takes(null=True, unknown=True)


Body: TypeAlias = Callable[..., Value | tuple[Value, int]]
"""Takes the converted arguments, and raises CallFailed, Unsuitable, or TooMuch.

It gives a value, or a value and the steps that it took where these hang on more than the size of
the arguments.
"""


class Function(Struct, frozen=True):
    """A function; `returns` is the type of a result that is not known."""

    parameters: tuple[tuple[str, Takes], ...]
    body: Body
    returns: Type = ANY
    variadic: tuple[str, Takes] | None = None

    def parameter(self, at: int) -> tuple[str, Takes]:
        """The parameter for the argument at a position."""
        if at < len(self.parameters) or self.variadic is None:
            return self.parameters[at]
        return self.variadic


REGISTERED: Final[dict[str, Function]] = {}
"""The functions of the groups that have been imported, by name."""

_Body = TypeVar("_Body", bound=Body)


def function(
    name: str,
    /,
    *,
    returns: Type = ANY,
    variadic: tuple[str, Type | Takes] | None = None,
    **parameters: Type | Takes,
) -> Callable[[_Body], _Body]:
    """Registers a body as the function of that name, with the names of its parameters in order."""
    taken = tuple((name, _takes(it)) for name, it in parameters.items())
    rest = None if variadic is None else (variadic[0], _takes(variadic[1]))

    def register(body: _Body) -> _Body:
        REGISTERED[name] = Function(taken, body, returns, rest)
        return body

    return register


def _takes(type_: Type | Takes) -> Takes:
    return type_ if isinstance(type_, Takes) else Takes(type_)
