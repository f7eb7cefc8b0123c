"""What a function takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct

from dativo_lint.terraform.types import ANY, Type
from dativo_lint.terraform.values import Value


class Parameter(Struct, frozen=True):
    """A parameter: arguments are converted to its type.

    `took_no_null` marks one that takes null from Terraform 1.16 only. One that `takes_unknown`
    values may be given values of which parts are unknown; else the result is unknown then.
    """

    name: str
    type: Type = ANY
    takes_null: bool = False
    takes_unknown: bool = False
    took_no_null: bool = False


Body: TypeAlias = Callable[..., Value | tuple[Value, int]]
"""Takes the converted arguments, and raises CallFailed, Unsuitable, or TooMuch.

It gives a value, or a value and the steps that it took where these hang on more than the size of
the arguments.
"""


class Function(Struct, frozen=True):
    """A function; `returns` is the type of a result that is not known."""

    parameters: tuple[Parameter, ...]
    body: Body
    returns: Type = ANY
    variadic: Parameter | None = None

    def parameter(self, at: int) -> Parameter:
        """The parameter for the argument at a position."""
        if at < len(self.parameters) or self.variadic is None:
            return self.parameters[at]
        return self.variadic


REGISTERED: Final[dict[str, Function]] = {}
"""The functions of the groups that have been imported, by name."""

_Body = TypeVar("_Body", bound=Body)


def function(
    name: str, *parameters: Parameter, returns: Type = ANY, variadic: Parameter | None = None
) -> Callable[[_Body], _Body]:
    """Registers a body as the function of that name."""

    def register(body: _Body) -> _Body:
        REGISTERED[name] = Function(parameters, body, returns, variadic)
        return body

    return register
