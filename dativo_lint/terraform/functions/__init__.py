"""The functions of Terraform's language, by name.

https://developer.hashicorp.com/terraform/language/functions lists them; what they do with odd
arguments is Terraform's own, and held against it in the tests. A function that is not here, such as
those that look at the clock or belong to a provider, comes to an unknown value.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

from dativo_lint.terraform.signature import REGISTERED, Function

_GROUPS: Final = {
    "counting": "abs ceil floor max min parseint pow range signum sum",
    "encoding": "base64decode base64encode base64sha256 base64sha512 md5 sha1 sha256 sha512"
    " textdecodebase64 textencodebase64 urlencode uuidv5",
    "formatting": "format formatlist",
    "maps": "coalesce keys length lookup merge nonsensitive sensitive tobool tolist tomap tonumber"
    " toset tostring transpose values zipmap",
    "matching": "regex regexall replace",
    "networks": "cidrhost cidrnetmask cidrsubnet cidrsubnets",
    "notations": "csvdecode jsondecode jsonencode yamldecode yamlencode",
    "rows": "chunklist coalescelist compact concat distinct element flatten index matchkeys one"
    " reverse slice sort",
    "sets": "alltrue anytrue contains setintersection setproduct setsubtract setunion",
    "texts": "basename chomp dirname endswith indent join lower pathexpand split startswith"
    " strcontains strrev substr title trim trimprefix trimspace trimsuffix upper",
    "times": "formatdate timeadd timecmp",
}
GROUP_OF: Final = {name: group for group, names in _GROUPS.items() for name in names.split()}
"""The file of each function; it is imported when one of its functions is first called."""


@cache
def find_function(name: str) -> Function | None:
    """The function of a name; None for one that is not evaluated."""
    if name not in GROUP_OF:
        return None
    import_module(f"{__name__}.{GROUP_OF[name]}")
    return REGISTERED[name]
