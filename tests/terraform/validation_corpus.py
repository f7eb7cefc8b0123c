"""Variables with validation blocks as modules have them, and values that they are given."""

from __future__ import annotations

import json
from typing import Any, NamedTuple


class Case(NamedTuple):
    """A module of variables, and the values of them, in JSON."""

    declared: str
    values: str


def _variable(name: str, type_: str, rules: tuple[tuple[str, str], ...], more: str = "") -> str:
    blocks = "".join(
        f"  validation {{\n    condition     = {condition}\n    error_message = {message}\n  }}\n"
        for condition, message in rules
    )
    return f'variable "{name}" {{\n  type = {type_}\n{more}{blocks}}}\n'


_MESSAGE = '"Not this."'
_TEXTS: tuple[Any, ...] = ("", "a", "prod", "Prod", "my-name-1", "-x", "x-", "a" * 64, "1", 5, True)
_NULLABLE: tuple[Any, ...] = (None, *_TEXTS)
_NUMBERS: tuple[Any, ...] = (0, 1, -1, 2.5, "7", 30, 365, 1e9, "x", None)
_LISTS: tuple[Any, ...] = ([], ["a"], ["a", "b", "a"], ["prod", 1], [None], None, "a", [["a"]])

_ONE_RULE: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("string", 'contains(["dev", "staging", "prod"], var.x)', _NULLABLE),
    ("string", 'var.x == null || contains(["dev", "prod"], var.x)', _NULLABLE),
    ("string", 'var.x == null ? true : contains(["dev", "prod"], var.x)', _NULLABLE),
    ("string", 'try(contains(["dev", "prod"], var.x), true)', _NULLABLE),
    ("string", 'contains(["dev", "prod"], coalesce(var.x, "dev"))', _NULLABLE),
    ("string", "length(var.x) > 0 && length(var.x) <= 63", _NULLABLE),
    ("string", "length(trimspace(var.x)) > 0", (" ", "\t\n", "a", "\u00a0", None)),
    ("string", 'can(regex("^[a-z][a-z0-9-]{0,61}[a-z0-9]$", var.x))', _NULLABLE),
    ("string", 'can(regex("^[a-z]+$", var.x))', ("abc", "abc\n", "aBc", "", "a-b")),
    ("string", 'length(regexall("[^a-zA-Z0-9]", var.x)) == 0', _NULLABLE),
    (
        "string",
        'can(regex("^(?:arn:aws:iam::[0-9]{12}:role/[\\\\w+=,.@-]+)?$", var.x))',
        ("", "arn:aws:iam::123456789012:role/x", "arn:aws:iam::1:role/x", "x"),
    ),
    (
        "string",
        'can(regex("^([0-9]{1,3}\\\\.){3}[0-9]{1,3}/[0-9]{1,2}$", var.x))',
        ("10.0.0.0/8", "10.0.0/8", "1.2.3.4/33", "", "a"),
    ),
    (
        "string",
        "can(cidrhost(var.x, 0))",
        ("10.0.0.0/8", "10.0.0.0", "10.0.0.0/33", "fd00::/8", "x", "", "10.0.0.1/24", None),
    ),
    ("string", "can(cidrnetmask(var.x))", ("10.0.0.0/8", "fd00::/8", "1.2.3.4", "")),
    (
        "string",
        'startswith(var.x, "gs://") || startswith(var.x, "s3://")',
        ("gs://b", "s3://b", "http://b", "", None),
    ),
    ("string", 'var.x == lower(var.x) && !strcontains(var.x, "_")', ("a", "A", "a_b", "é", "É")),
    (
        "string",
        'can(tonumber(var.x)) ? tonumber(var.x) > 0 : var.x == "auto"',
        ("auto", "5", "-5", "x", "1e3", ""),
    ),
    ("string", 'can(formatdate("YYYY", var.x))', ("2024-01-01T00:00:00Z", "x")),
    (
        "string",
        'try(timecmp(var.x, "2024-01-01T00:00:00Z"), -1) >= 0',
        ("2024-01-01T00:00:00Z", "2023-12-31T23:59:59Z", "2025-06-01T00:00:00+02:00", "x"),
    ),
    (
        "string",
        'can(jsondecode(var.x)) && try(jsondecode(var.x).Version, "") == "2012-10-17"',
        ('{"Version": "2012-10-17"}', "{}", "[]", "x", '"s"'),
    ),
    (
        "string",
        'element(split(".", var.x), 0) != "" && length(split(".", var.x)) >= 2',
        ("a.b", "a", ".b", "", "a..b"),
    ),
    ("string", 'index(["a", "b"], var.x) >= 0', ("a", "b", "c")),
    ("string", "lookup({ dev = true, prod = false }, var.x, false)", ("dev", "prod", "x")),
    ("string", 'substr(var.x, 0, 3) == "abc"', ("abc", "abcd", "ab", "")),
    ("string", 'replace(var.x, "/[^a-z]/", "") == var.x', ("abc", "a1", "")),
    ("string", "var.x != null", _NULLABLE),
    ("string", 'var.x != "" && var.x != null', _NULLABLE),
    ("number", "var.x >= 1 && var.x <= 365", _NUMBERS),
    ("number", "var.x == null ? true : var.x > 0", _NUMBERS),
    ("number", "var.x > 0 && floor(var.x) == var.x", _NUMBERS),
    ("number", "contains([1, 7, 30, 365], var.x)", _NUMBERS),
    ("number", "var.x % 5 == 0", (0, 5, 7, 2.5, -10, "15")),
    ("number", "pow(2, floor(log(var.x, 2))) == var.x", (1, 2, 3)),
    ("number", "coalesce(var.x, 5) == 5", (None, 5, 6)),
    ("bool", "var.x", (True, False, None, "true", "yes", 1)),
    ("bool", "var.x == true || var.x == null", (True, False, None)),
    ("any", 'var.x == "a"', ("a", 1, ["a"], {"a": 1}, None)),
    ("any", "can(keys(var.x))", ({}, {"a": 1}, [], "x", None)),
    ("any", "length(var.x) > 0", ("", "a", [], [1], {}, {"a": 1}, 5, None)),
    ("any", 'try(var.x.a, var.x["b"], false) == 1', ({"a": 1}, {"b": 1}, {"c": 1}, [1], "x")),
    ("list(string)", "length(var.x) > 0", _LISTS),
    ("list(string)", "length(var.x) == length(distinct(var.x))", _LISTS),
    ("list(string)", 'alltrue([for s in var.x : contains(["a", "b"], s)])', _LISTS),
    ("list(string)", 'alltrue([for s in var.x : can(regex("^[a-z]$", s))])', _LISTS),
    ("list(string)", 'anytrue([for s in var.x : s == "a"])', _LISTS),
    ("list(string)", 'length(setsubtract(var.x, ["a", "b"])) == 0', _LISTS),
    ("list(string)", "var.x == null || length(var.x) < 3", _LISTS),
    ("list(string)", 'contains(var.x, "a")', _LISTS),
    ("list(string)", 'try(var.x[0], "a") == "a"', _LISTS),
    ("list(string)", 'var.x == tolist(["a"])', _LISTS),
    ("list(string)", 'var.x == ["a"]', _LISTS),
    ("list(string)", 'join(",", sort(var.x)) != "a"', _LISTS),
    ("set(string)", 'length(setintersection(var.x, ["a"])) == 1', _LISTS),
    ("set(string)", 'var.x == toset(["a", "b"])', _LISTS),
    ("set(string)", "length(var.x) <= 2", _LISTS),
    ("list(any)", "length(var.x) > 0", ([], [1, "a"], [1, [2]], [{"a": 1}], None, "x")),
    (
        "map(string)",
        'alltrue([for k, v in var.x : can(regex("^[A-Z]", k)) && length(v) < 5])',
        ({}, {"A": "x"}, {"a": "x"}, {"A": "xxxxx"}, {"A": 1}, {"A": None}, None, []),
    ),
    (
        "map(string)",
        'contains(keys(var.x), "CostCenter")',
        ({}, {"CostCenter": "1"}, {"costcenter": "1"}, None),
    ),
    ("map(string)", 'lookup(var.x, "env", "none") != "none"', ({}, {"env": "p"}, {"env": "none"})),
    (
        "map(string)",
        'length(setsubtract(["a", "b"], keys(var.x))) == 0',
        ({}, {"a": "1"}, {"a": "1", "b": "2"}, {"a": "1", "b": "2", "c": "3"}),
    ),
    (
        "map(any)",
        'alltrue([for v in values(var.x) : v != ""])',
        ({}, {"a": "x"}, {"a": ""}, {"a": 1, "b": ""}, {"a": [1]}),
    ),
    (
        'map(object({ size = number, kind = optional(string, "std") }))',
        'alltrue([for k, v in var.x : v.size > 0 && contains(["std", "hi"], v.kind)])',
        (
            {},
            {"a": {"size": 1}},
            {"a": {"size": 0}},
            {"a": {"size": 1, "kind": "lo"}},
            {"a": {"size": "2", "kind": "hi", "z": 1}},
            {"a": {}},
            {"a": {"size": 1, "kind": None}},
        ),
    ),
    (
        "object({ name = string, days = optional(number, 30), tags = optional(map(string)) })",
        "length(var.x.name) > 2 && var.x.days <= 90 && try(length(var.x.tags) < 3, true)",
        (
            {"name": "abc"},
            {"name": "ab"},
            {"name": "abc", "days": 91},
            {"name": "abc", "tags": {}},
            {"name": "abc", "tags": {"a": 1, "b": 2, "c": 3}},
            {"days": 1},
            None,
            {"name": None},
        ),
    ),
    (
        "object({ a = optional(string), b = optional(string) })",
        "(var.x.a == null) != (var.x.b == null)",
        ({}, {"a": "1"}, {"b": "1"}, {"a": "1", "b": "2"}, {"c": 1}, None),
    ),
    (
        "list(object({ name = string, port = optional(number, 80) }))",
        (
            "length(distinct(var.x[*].name)) == length(var.x) "
            "&& alltrue([for o in var.x : o.port < 1024])"
        ),
        (
            [],
            [{"name": "a"}],
            [{"name": "a"}, {"name": "a"}],
            [{"name": "a", "port": 8080}],
            [{"name": "a"}, {"name": "b", "port": "443"}],
            [{}],
            None,
        ),
    ),
    (
        "list(object({ name = string, labels = optional(list(string), []) }))",
        'alltrue(flatten([for o in var.x : [for l in o.labels : startswith(l, "x-")]]))',
        ([], [{"name": "a"}], [{"name": "a", "labels": ["x-1"]}], [{"name": "a", "labels": ["y"]}]),
    ),
    (
        "tuple([string, number])",
        'var.x[0] != "" && var.x[1] > 0',
        (["a", 1], ["", 1], ["a", "0"], ["a"], {"a": 1}),
    ),
    ("list(number)", "sum(var.x) == 100", ([100], [50, "50"], [99], [], None, [33.3, 66.7])),
    ("list(number)", "max(var.x...) - min(var.x...) < 10", ([1, 5], [1, 20], [], [3])),
    ("list(list(string))", "length(flatten(var.x)) == 2", ([["a"], ["b"]], [["a", "b"]], [[]], [])),
    (
        "string",
        '!can(regex("[[:upper:]]", var.x)) && can(regex("^[[:alnum:]-]+$", var.x))',
        ("abc", "Abc", "a-1", "a_1", ""),
    ),
    ("string", 'can(regex("(?i)^prod", var.x)) == false', ("prod", "PROD-1", "dev", "xprod")),
    (
        "string",
        'can(regex("^\\\\d{4}-\\\\d{2}-\\\\d{2}$", var.x))',
        ("2024-01-02", "2024-1-2", "٢٠٢٤-٠١-٠٢"),
    ),
)

_WHOLE = (
    # Two rules, both of which may fail.
    (
        _variable(
            "x",
            "string",
            (
                ("length(var.x) > 2", '"Too short: ${var.x}."'),
                (
                    '!startswith(var.x, "a")',
                    "<<-EOT\n      No a in front,\n      please.\n    EOT\n",
                ),
            ),
        ),
        ("x", "abc", "a", "xyz", None),
    ),
    # A message that cannot be evaluated spoils a condition that holds.
    (
        _variable(
            "x",
            "string",
            (('var.x == null || var.x != ""', '"Got ${var.x}."'),),
            "  default = null\n",
        ),
        ("a", "", None),
    ),
    (
        _variable(
            "x", "string", (('var.x == "d"', _MESSAGE),), '  default  = "d"\n  nullable = false\n'
        ),
        ("d", "e", None),
    ),
    (
        _variable("x", "string", (('var.x == "d"', _MESSAGE),), "  nullable = false\n"),
        ("d", "e", None),
    ),
    (
        _variable("x", "string", (("var.x", _MESSAGE),)),
        ("true", "false", "x", "1", None),
    ),
    (
        _variable("x", "any", (("var.x.ok", _MESSAGE),)),
        ({"ok": True}, {"ok": None}, {"ok": "x"}, {}, {"ok": []}),
    ),
    (
        _variable(
            "x", "string", (("length(var.x) > 3 && var.x != local.no", '"  Not ${local.no}. "'),)
        )
        + 'locals {\n  no = "${local.stem}-x"\n  stem = "abc"\n}\n',
        ("abc-x", "abcd", "a"),
    ),
    (
        _variable("x", "number", (("var.y == null || var.x < var.y", '"Not below ${var.y}."'),))
        + 'variable "y" {\n  type    = number\n  default = 10\n}\n',
        (5, 10, 11),
    ),
)


def cases() -> list[Case]:
    """All modules with all their values."""
    found = [
        Case(_variable("x", type_, ((condition, _MESSAGE),)), json.dumps({"x": value}))
        for type_, condition, values in _ONE_RULE
        for value in values
    ]
    found += [
        Case(declared, json.dumps({"x": value})) for declared, values in _WHOLE for value in values
    ]
    return [*dict.fromkeys(found)]
