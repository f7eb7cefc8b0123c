"""The functions of Terraform's language, by name.

https://developer.hashicorp.com/terraform/language/functions lists them; what they do with odd
arguments is Terraform's own, and held against it in the tests. A function that is not here, such as
those that read files, look at the clock or belong to a provider, comes to an unknown value.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from dativo_lint.terraform.signature import Function

_GROUPS: Final = {
    "counting": (
        *("abs", "ceil", "floor", "log", "max", "min", "parseint", "pow", "range", "signum"),
        "sum",
    ),
    "encoding": (
        *("base64decode", "base64encode", "base64sha256", "base64sha512", "jsondecode"),
        *("jsonencode", "md5", "sha1", "sha256", "sha512", "urlencode", "uuidv5", "yamldecode"),
    ),
    "formatting": ("format", "formatlist"),
    "maps": (
        *("coalesce", "keys", "length", "lookup", "merge", "nonsensitive", "sensitive", "tobool"),
        *("tolist", "tomap", "tonumber", "toset", "tostring", "transpose", "values", "zipmap"),
    ),
    "matching": ("regex", "regexall", "replace"),
    "networks": (
        *("basename", "cidrhost", "cidrnetmask", "cidrsubnet", "cidrsubnets", "dirname"),
        *("pathexpand", "timecmp"),
    ),
    "rows": (
        *("alltrue", "anytrue", "chunklist", "coalescelist", "compact", "concat", "contains"),
        *("distinct", "element", "flatten", "index", "matchkeys", "one", "reverse", "slice"),
        "sort",
    ),
    "sets": ("setintersection", "setproduct", "setsubtract", "setunion"),
    "texts": (
        *("chomp", "endswith", "indent", "join", "lower", "split", "startswith", "strcontains"),
        *("strrev", "substr", "title", "trim", "trimprefix", "trimspace", "trimsuffix", "upper"),
    ),
}
"""Of each group, which is a module: its functions, so that only the groups that are called load."""
GROUPS: Final = {name: group for group, names in _GROUPS.items() for name in names}
"""The group of each function."""


def function_named(name: str) -> Function | None:
    """A function, or None for one that is not evaluated."""
    group = GROUPS.get(name)
    return None if group is None else functions_of(group)[name]


@cache
def functions_of(group: str) -> dict[str, Function]:
    """The functions of a group, by name."""
    # As `importlib.import_module`, which takes 0.4 ms to import.
    module = __import__(f"dativo_lint.terraform.functions.{group}", fromlist=["FUNCTIONS"])
    return {function.name: function for function in module.FUNCTIONS}
