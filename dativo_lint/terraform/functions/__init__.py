"""The functions of Terraform's language (https://developer.hashicorp.com/terraform/language/functions)
by name; one that is not here, such as those that look at the clock, comes to an unknown value."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any, Final, TypeAlias, TypeVar

from msgspec import Struct

from dativo_lint.terraform.failures import NotKnown
from dativo_lint.terraform.syntax import normal
from dativo_lint.terraform.types import ANY, BOOL, STRING, Type
from dativo_lint.terraform.values import Value, boolean, list_value, numeric, text

_GROUPS: Final = {
    "counting": "abs ceil floor max min parseint pow range signum sum",
    "encoding": "base64decode base64encode base64sha256 base64sha512 md5 sha1 sha256 sha512"
    " textdecodebase64 textencodebase64 urlencode uuidv5",
    "formatting": "format formatlist",
    "maps": "coalesce issensitive keys length lookup merge nonsensitive sensitive tobool tolist"
    " tomap tonumber toset tostring transpose values zipmap",
    "matching": "regex regexall replace",
    "networks": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "notations": "csvdecode jsondecode jsonencode yamldecode yamlencode",
    "rows": "alltrue anytrue chunklist coalescelist compact concat contains distinct element"
    " flatten index matchkeys one reverse setintersection setproduct setsubtract setunion slice"
    " sort",
    "texts": "basename chomp dirname endswith indent join lower pathexpand split startswith"
    " strcontains strrev substr title trim trimprefix trimspace trimsuffix upper",
    "times": "formatdate timeadd timecmp",
}
GROUP_OF: Final = {name: group for group, names in _GROUPS.items() for name in names.split()}
"""The file of each function; it is imported when one of its functions is first called."""


class Takes(Struct, frozen=True):
    """What a parameter takes: arguments are converted to its type. `null_lately` marks one that
    takes null from Terraform 1.16 only; without `unknown`, parts that are make the result so."""

    type: Type = ANY
    null: bool = False
    unknown: bool = False
    null_lately: bool = False


UNKNOWN_TOO: Final = Takes(unknown=True)
WHATEVER: Final = Takes(null=True, unknown=True)


Body: TypeAlias = Callable[..., Value | tuple[Value, int]]
"""From converted arguments to a value, with its steps where these depend on more than their size.
Raises CallFailed, Unsuitable, NotKnown, or TooMuch."""


class Function(Struct, frozen=True):
    """A function; `returns` is the type of a result that is not known, and `cost` the steps that a
    call takes for 8 parts of its arguments."""

    parameters: tuple[tuple[str, Takes], ...]
    body: Body
    returns: Type = ANY
    variadic: tuple[str, Takes] | None = None
    cost: int = 1

    def parameter(self, at: int) -> tuple[str, Takes]:
        """The parameter for the argument at a position."""
        if at < len(self.parameters) or self.variadic is None:
            return self.parameters[at]
        return self.variadic


_REGISTERED: Final[dict[str, Function]] = {}
"""The functions of the groups that have been imported."""

_Body = TypeVar("_Body", bound=Body)
_PlainBody = TypeVar("_PlainBody", bound=Callable[..., Any])


def function(
    name: str,
    /,
    *,
    returns: Type = ANY,
    variadic: tuple[str, Type | Takes] | None = None,
    cost: int = 1,
    **parameters: Type | Takes,
) -> Callable[[_Body], _Body]:
    """Registers a body as the function of that name, with the names of its parameters in order."""
    takes = tuple((parameter, _takes(type_)) for parameter, type_ in parameters.items())
    rest = None if variadic is None else (variadic[0], _takes(variadic[1]))

    def register(body: _Body) -> _Body:
        _REGISTERED[name] = Function(takes, body, returns, rest, cost)
        return body

    return register


def plain_function(
    name: str,
    /,
    *,
    returns: Type,
    variadic: tuple[str, Type] | None = None,
    **parameters: Type,
) -> Callable[[_PlainBody], _PlainBody]:
    """Registers a body that works on what is in its arguments, texts, numbers and booleans, none of
    them null, and comes to a text, a number, a boolean, or a list of these, as `returns` says."""

    def register(body: _PlainBody) -> _PlainBody:
        def on_values(*values: Value) -> Value:
            return _as_value(body(*[value.data for value in values]), returns)

        function(name, returns=returns, variadic=variadic, cost=1, **parameters)(on_values)
        return body

    return register


def _as_value(result: Any, type_: Type) -> Value:
    if isinstance(result, list):
        return list_value(type_.element, [_as_value(part, type_.element) for part in result])
    if type_ is STRING:
        return text(normal(result))
    return boolean(result) if type_ is BOOL else numeric(result)


def known(value: Value, type_: Type | None = None) -> Any:
    """What is in an argument. Raises NotKnown, for a result of that type, where it is unknown."""
    if not value.is_known:
        raise NotKnown(value.reason, type_)
    return value.data


def _takes(type_: Type | Takes) -> Takes:
    return type_ if isinstance(type_, Takes) else Takes(type_)


@cache
def find_function(name: str) -> Function | None:
    """The function of a name; None for one that is not evaluated."""
    if name not in GROUP_OF:
        return None
    import_module(f"{__name__}.{GROUP_OF[name]}")
    return _REGISTERED[name]
