"""Modules of our own writing, most with mistakes, each a mapping of file names to texts."""

from __future__ import annotations

import json
from typing import Any


def _json(data: Any) -> dict[str, str]:
    return {"main.tf.json": json.dumps(data, indent=1)}


def _native(*blocks: str) -> dict[str, str]:
    return {"main.tf": "\n".join(blocks) + "\n"}


_VALIDATION = 'variable "a" {{\n  validation {{\n{}\n  }}\n}}'

MODULES: dict[str, dict[str, str]] = {
    "a clean module": _native(
        'variable "a" {\n  type = list(string)\n  default = ["x", "${1 + 2}"]\n}',
        'output "o" {\n  value = var.a[0]\n}',
        "locals {\n  l = 1\n}\nlocals {\n  m = local.l\n}",
    ),
    "an empty file": {"main.tf": ""},
    "labels without quotes": _native("variable a {}", "output b {\n  value = 1\n}"),
    "names twice declared": _native(
        'variable "a" {}\nvariable "a" {}',
        'output "o" {\n  value = 1\n}\noutput "o" {\n  value = 1\n}',
        "locals {\n  x = 1\n}\nlocals {\n  x = 2\n}",
    ),
    "names twice declared in two files": {
        "b.tf": 'variable "a" {}\n',
        "a.tf": 'variable "a" {}\n',
        "c.tf.json": '{"variable": {"a": {}}}\n',
    },
    "names that cannot be": _native(
        'variable "version" {}\nvariable "a.b" {}\nvariable "1a" {}\nvariable "provider" {}',
        'variable "é" {}\nvariable "a-b" {}\nvariable "-a" {}\nvariable "" {}',
        'output "a b" {\n  value = 1\n}',
    ),
    "reserved names": _native(
        'variable "source" {}\nvariable "providers" {}\nvariable "count" {}',
        'variable "for_each" {}\nvariable "depends_on" {}\nvariable "lifecycle" {}',
        'variable "locals" {}\nvariable "ignore_nested_deprecations" {}',
    ),
    "no label": _native("variable {}"),
    "one label too many": _native('variable "a" "b" {}', 'locals "x" {}'),
    "labels of resources": _native('resource "a" {}', 'data "x" "y" "z" {}'),
    "names of resources": _native('resource "null_x" "1a" {}', 'data "a_b" "c d" {}'),
    "resources twice": _native('resource "a_b" "c" {}\nresource "a_b" "c" {}\ndata "a_b" "c" {}'),
    "unknown blocks": _native('vairable "a" {}', "foo {}", "x = 1"),
    "unknown parts of a variable": _native('variable "a" {\n  typ = string\n  foo {}\n}'),
    "unknown parts of an output": _native('output "a" {\n  value = 1\n  foo = 2\n  bar {}\n}'),
    "quoted types": _native(
        'variable "a" {\n  type = "string"\n}',
        'variable "b" {\n  type = "list"\n}',
        'variable "c" {\n  type = "foo"\n}',
    ),
    "null where it cannot be": _native('variable "a" {\n  default = null\n  nullable = false\n}'),
    "defaults that need evaluation": _native(
        'variable "a" {\n  default = var.b\n}',
        'variable "b" {\n  default = f(1)\n}',
        'variable "c" {\n  default = "${x}"\n}',
        'variable "d" {\n  default = [for x in [1] : x]\n}',
        'variable "e" {\n  default = { a = b }\n}',
        'variable "f" {\n  default = 1 + 2\n}',
    ),
    "flags and texts": _native(
        'variable "a" {\n  sensitive = "true"\n  nullable = "0"\n  ephemeral = false\n}',
        'variable "b" {\n  sensitive = "x"\n}\nvariable "c" {\n  nullable = 1\n}',
        'variable "d" {\n  description = 5\n}\nvariable "e" {\n  description = null\n}',
        'variable "f" {\n  sensitive = null\n}\nvariable "g" {\n  description = []\n}',
        'output "o" {\n  value = 1\n  sensitive = "x"\n}',
    ),
    "validation without condition": _native(_VALIDATION.format('    error_message = "x."')),
    "validation without message": _native(_VALIDATION.format("    condition = var.a > 1")),
    "validation with more": _native(
        _VALIDATION.format('    condition = var.a > 1\n    error_message = "x."\n    foo = 1')
    ),
    "validation of nothing": _native(
        _VALIDATION.format('    condition = true\n    error_message = "x."')
    ),
    "validation of something else": _native(
        'variable "b" {}\n'
        + _VALIDATION.format('    condition = var.b == "x"\n    error_message = "x."')
    ),
    "validation by index": _native(
        _VALIDATION.format('    condition = var["a"] > 1\n    error_message = "x."')
    ),
    "conditions of outputs": _native(
        'variable "x" {}',
        'output "o" {\n  value = 1\n\n  precondition {\n    condition = var.x == 1\n  }\n\n'
        '  precondition {\n    condition = var.x == 1\n    error_message = "x"\n    n = 1\n  }\n}',
    ),
    "outputs without value": _native('output "a" {}\noutput "b" {\n}'),
    "calls": _native('module "m" {}', 'module "n" {\n  source = "./n"\n}\nmodule "n" {\n}'),
    "providers twice": _native(
        'provider "aws" {}\nprovider "aws" {}',
        'provider "aws" {\n  alias = "x"\n}\nprovider "aws" {\n  alias = "x"\n}',
    ),
    "version constraints": _native(
        'terraform {\n  required_version = ">= 1.0, < 2.0, != 1.5.0"\n}',
        'terraform {\n  required_version = "foo"\n}',
        'terraform {\n  required_version = ">= 1.x"\n}',
        'terraform {\n  required_version = "~> 1.2-beta"\n}',
        'terraform {\n  required_version = ""\n}',
        'terraform {\n  required_version = ">= 1,"\n}',
        'terraform {\n  required_version = "=> 1"\n}',
    ),
    "blocks in locals": _native("locals {\n  a {}\n  b = 1\n}"),
    "overrides": {
        "main.tf": (
            'variable "a" {\n  type = number\n  validation {\n    condition = var.a > 1\n'
            '    error_message = "x."\n  }\n}\n'
        ),
        "override.tf": 'variable "a" {\n  default = 5\n}\nvariable "zz" {}\n',
        "b_override.tf": (
            'variable "a" {\n  validation {\n    condition = var.a > 2\n'
            '    error_message = "y."\n  }\n}\nlocals {\n  q = 1\n}\noutput "o" {\n  value = 1\n}\n'
        ),
    },
    "overrides in json": {
        "main.tf": 'variable "a" {}\n',
        "override.tf.json": '{"variable": {"a": {"default": 1}, "b": {}}}\n',
    },
    "json that is clean": _json(
        {
            "//": "a comment",
            "variable": [{"a": {"//": "another", "type": "list(string)", "default": ["${x}"]}}],
            "output": {"o": [{"value": "${var.a[0]}"}]},
            "locals": [{"x": 1}, {"y": "a ${1 + 1} b"}],
        }
    ),
    "json in a list": _json([{"variable": {"a": {}}}, {"variable": {"a": {}}}]),
    "json null for blocks": _json({"variable": None, "output": {"o": None}, "locals": None}),
    "json without labels": _json({"variable": [], "output": {}}),
    "json scalars for blocks": _json({"variable": 5}),
    "json scalars for names": _json({"variable": {"a": "x"}}),
    "json scalars for locals": _json({"locals": [1]}),
    "json comment among names": _json({"variable": {"//": "y"}}),
    "json unknown blocks": _json({"vairable": {}, "x": 1}),
    "json unknown parts": _json({"variable": {"a": {"typ": 1}}, "output": {"o": {"val": 1}}}),
    "json arguments twice": {
        "main.tf.json": (
            '{"variable": {"a": {\n"default": 1,\n"default": 2}},\n"variable": {"b": {}},\n'
            '"output": {"o": {"value": 1},\n"o": {"value": 2}}}\n'
        )
    },
    "json names twice": _json({"output": {"o": [{"value": 1}, {"value": 2}]}}),
    "json validations": _json(
        {
            "variable": {
                "a": {"validation": {"condition": "${var.a > 1}", "error_message": "x."}},
                "b": {"validation": [{"condition": "${var.b > 1}", "error_message": "x."}]},
                "c": {"validation": [{"condition": "var.c > 1", "error_message": "x."}]},
                "d": {"validation": [{"condition": "${var.d > 1}"}]},
            }
        }
    ),
    "json templates": _json({"locals": {"a": "${b", "c": "x ${d e}", "f": "$${g} %%{h}"}}),
    "json flags": _json(
        {"variable": {"a": {"description": "${x}", "sensitive": "true", "nullable": "x"}}}
    ),
    "count with for_each": _native(
        'resource "a_b" "c" {\n  count = 1\n  for_each = {}\n}',
        'data "a_b" "c" {\n  for_each = {}\n\n  count = 1\n}',
        'module "m" {\n  source = "./m"\n  count = 1\n  for_each = {}\n}',
        'resource "a_b" "d" {\n  count = 1\n}',
    ),
    "lifecycles": _native(
        'resource "a_b" "right" {\n  lifecycle {\n    create_before_destroy = true\n'
        "    prevent_destroy = false\n    ignore_changes = all\n"
        "    replace_triggered_by = [a_b.other]\n  }\n}",
        'resource "a_b" "other" {\n  lifecycle {\n    ignore_changes = [tags, x[0].y]\n'
        '    create_before_destroy = "true"\n  }\n}',
    ),
    "lifecycles that are wrong": _native(
        'resource "a_b" "c" {\n  lifecycle {\n    create_before_destroy = "x"\n'
        "    ignore_change = [input]\n    ignore_changes = input\n    foo {}\n"
        '    replace_triggered_by = "x"\n  }\n}',
        'resource "a_b" "d" {\n  lifecycle {}\n\n  lifecycle {}\n}',
        'resource "a_b" "e" {\n  lifecycle {\n    prevent_destroy = null\n  }\n}',
        'data "a_b" "f" {\n  lifecycle {\n    create_before_destroy = true\n'
        "    ignore_changes = all\n  }\n}",
    ),
    "what lifecycles refer to": _native(
        'variable "x" {}',
        'resource "a_b" "c" {\n  lifecycle {\n    ignore_changes = "all"\n  }\n}',
        'resource "a_b" "d" {\n  lifecycle {\n    ignore_changes = [\n      tags,\n      "tags",\n'
        '      "x[0].y",\n      x["y"],\n      1,\n      "a b",\n      x[*],\n      f(x),\n'
        "      (x),\n    ]\n  }\n}",
        'resource "a_b" "e" {\n  lifecycle {\n    ignore_changes = ["*"]\n  }\n}',
        *(
            f'resource "a_b" "by{number}" {{\n  lifecycle {{\n    replace_triggered_by = [{text}]\n'
            "  }\n}"
            for number, text in enumerate(
                [
                    *("a_b.c", "a_b.c.id", "data.a_b.c", "a_b.c[0]", "a_b.c[each.key]"),
                    *("a_b.c[count.index].id", "(a_b.c)", '"x"', '"a_b.c"', "var.x", "local.x"),
                    *("module.x", "self.id", "path.module", "1", "f(1)", "null", "each.key"),
                    *("a_b.c[var.x]", "a_b.c, var.x"),
                ]
            )
        ),
    ),
    "flags of lifecycles": _native(
        'variable "x" {}',
        'resource "a_b" "c" {\n  lifecycle {\n    prevent_destroy = var.x\n'
        '    create_before_destroy = tobool("true")\n  }\n}',
        'resource "a_b" "d" {\n  lifecycle {\n    prevent_destroy = !false\n  }\n}',
    ),
    "conditions of resources": _native(
        'variable "x" {}',
        'resource "a_b" "c" {\n  lifecycle {\n    precondition {\n'
        '      condition = a_b.c.id == var.x\n      error_message = "x"\n    }\n'
        '    postcondition {\n      condition = self.id == var.x\n      error_message = "x"\n'
        "    }\n    postcondition {\n      condition = a_b.c.id == 1\n"
        '      error_message = "x"\n    }\n  }\n}',
        'data "a_b" "c" {\n  lifecycle {\n    precondition {\n'
        '      condition = a_b.c.id == var.x\n      error_message = "x"\n    }\n'
        "    postcondition {\n      condition = data.a_b.c.id == var.x\n"
        '      error_message = "x"\n    }\n  }\n}',
        'resource "a_b" "d" {\n  lifecycle {\n    precondition {\n      condition = var.x\n'
        '    }\n    postcondition {\n      error_message = "x"\n      other = 1\n'
        "    }\n  }\n}",
    ),
    "required providers twice": _native(
        "terraform {\n  required_providers {\n    a = {\n"
        '      source = "terraform.io/builtin/terraform"\n    }\n  }\n\n  required_providers {}\n}',
        "terraform {\n  required_providers {}\n}",
    ),
    "entries of required providers": _native(
        "terraform {\n  required_providers {\n    a = {\n"
        '      source  = "terraform.io/builtin/terraform"\n      version = "abc"\n    }\n'
        '    b = ">= 1, < 2"\n    c = "soon"\n    d = {\n      sauce = "x/d"\n    }\n'
        '    e = {\n      source = "x/e"\n      version = "~> 1.0, != 1.2"\n'
        "      configuration_aliases = [e.one]\n    }\n  }\n}",
    ),
    "blocks about state": _native(
        "moved {\n  from = terraform_data.a\n}\n\nmoved {\n  to = terraform_data.a\n}\n\n"
        'removed {\n}\n\nimport {\n  id = "x"\n}\n\nresource "terraform_data" "a" {}'
    ),
    "json of resources": _json(
        {
            "variable": {"x": {}},
            "terraform": [{"required_providers": {}}, {"required_providers": {}}],
            "resource": {
                "a_b": {
                    "c": {"count": 1, "for_each": {}},
                    "d": {
                        "lifecycle": {
                            "create_before_destroy": "x",
                            "ignore_changes": "all",
                            "replace_triggered_by": "a_b.e",
                            "precondition": [
                                {"condition": "${a_b.d.id == var.x}", "error_message": "x"},
                                {"condition": "${a_b.c.id == var.x}"},
                            ],
                        }
                    },
                    "e": {"lifecycle": {"ignore_changes": ["tags"], "ignore_change": []}},
                }
            },
        }
    ),
    "json that breaks off": {"main.tf.json": '{"variable": {'},
    "json that is no json": {"main.tf.json": "variable {}"},
}
"""By what they show."""
